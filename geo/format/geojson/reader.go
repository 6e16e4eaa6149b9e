package geojson

import (
	"errors"
	"io"

	"greenshield/geo"
	"greenshield/geo/format"
)

// recordSeparator stands before each text of a GeoJSON text sequence (RFC 8142).
const recordSeparator = 0x1E

// errStopped ends a pass when its user wants no more rows.
var errStopped = errors.New("geojson: stopped")

// reader makes one pass over a document. The first pass learns the columns and what there is to note; later ones
// hand the rows to out.
type reader struct {
	*scanner
	learn   bool
	limits  format.Limits
	columns *columns
	notes   *format.Notes
	system  declared
	out     func(format.Record) bool

	row        int64 // the row that is being read
	rows       int64 // rows found so far
	roots      int64
	collection bool
}

// document reads the whole text: one object, or a sequence of features or geometries one behind the other.
func (r *reader) document() error {
	for {
		c, err := r.root()
		if errors.Is(err, io.EOF) && r.roots > 0 {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return geo.NewProblem("ingest.geojson.empty")
		}
		if err != nil {
			return err
		}
		if c != '{' && r.roots == 0 {
			return geo.NewProblem("ingest.geojson.root", "found", jsonKind(c))
		}
		if c != '{' || r.collection {
			return r.unexpected()
		}
		if err := r.rootObject(); err != nil {
			return err
		}
	}
}

// root shows the first byte of the next object, io.EOF when there is none.
func (r *reader) root() (byte, error) {
	for {
		c, ok := r.space()
		if !ok {
			return 0, r.err
		}
		if c != recordSeparator {
			return c, nil
		}
		r.pos++
	}
}

func (r *reader) rootObject() error {
	r.roots++
	before := r.rows
	r.row = r.rows + 1
	h := r.newShape()
	el, err := r.object(atRoot, 0, h)
	if err != nil {
		return err
	}
	if r.rows > before && el.kind != "FeatureCollection" {
		return wrongRoot(el)
	}
	switch el.kind {
	case "FeatureCollection":
		return r.finishCollection(el)
	case "Feature":
		return r.finishFeature(el)
	case "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection":
		return r.finishBare(el)
	}
	return wrongRoot(el)
}

func wrongRoot(el *element) error {
	switch {
	case el.kind == "Topology":
		return geo.NewProblem("ingest.geojson.topojson")
	case el.kind == "" && el.esri:
		return geo.NewProblem("ingest.geojson.esrijson")
	case el.kind == "":
		return geo.NewProblem("ingest.geojson.type-missing")
	}
	return geo.NewProblem("ingest.geojson.type", "type", clip(el.kind))
}

func (r *reader) finishCollection(el *element) error {
	if el.shape.problem != nil {
		return el.shape.problem
	}
	if !el.seen["features"] {
		return geo.NewProblem("ingest.geojson.no-features")
	}
	r.collection = true
	r.row = 0
	r.remark(el)
	return nil
}

func (r *reader) finishFeature(el *element) error {
	if err := r.countRow(); err != nil {
		return err
	}
	el.role = atFeature
	r.remark(el)
	return r.emit(el)
}

// finishBare makes a row of a geometry that stands alone.
func (r *reader) finishBare(el *element) error {
	if err := r.countRow(); err != nil {
		return err
	}
	r.remark(el)
	el.geometry, el.values, el.id = r.finishGeometry(el), nil, nil
	return r.emit(el)
}

func (r *reader) countRow() error {
	r.rows++
	r.row = r.rows
	if r.rows > r.limits.MaxRecords {
		return geo.NewProblem("ingest.geojson.too-many-records", "limit", r.limits.MaxRecords)
	}
	return r.ctx.Err()
}

func (r *reader) newShape() *shape {
	return &shape{learn: r.learn, limit: r.limits.MaxVertices}
}

// emit hands a finished row on. The learning pass has no use for it.
func (r *reader) emit(el *element) error {
	if r.learn {
		return nil
	}
	rec := format.Record{Row: r.row, Values: el.values, Problem: el.shape.problem}
	if rec.Problem == nil {
		rec.Geometry = el.geometry
	}
	if rec.Values == nil {
		rec.Values = make([]any, len(r.columns.list))
	}
	if i := r.columns.idName; i >= 0 {
		rec.Values[i] = el.id
	}
	if !r.out(rec) {
		return errStopped
	}
	return nil
}
