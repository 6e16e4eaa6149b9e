package gpkg

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
	"greenshield/layers"
)

// legalSystem is CGCS2000, longitude and latitude.
const legalSystem = 4490

type draft struct {
	store      *Store
	layer      layers.Layer
	vintage    layers.Vintage
	tally      *layers.Tally
	spool      *spool
	row        geopackage.Record // the memory of one row
	roles      roleWriter
	rows       int64
	index      geopackage.SpatialIndex
	tail       *tail // set when the rows were put behind the end of the file
	issues     []layers.Issue
	kinds      map[string]bool // geometry types met
	plainDates []bool
	done       bool
}

// Begin implements layers.Store.
func (s *Store) Begin(ctx context.Context, l layers.Layer, v layers.Vintage) (layers.Draft, error) {
	if err := errors.Join(ctx.Err(), layers.CheckDraft(l, v), checkFields(v.Fields)); err != nil {
		return nil, err
	}
	if err := s.checkWritable(); err != nil {
		return nil, err
	}
	if err := checkTheme(ctx, s.read, l); err != nil {
		return nil, problem(ctx, s.path, err)
	}
	ref, err := s.reserve(ctx, l.ID, v.Ref.Vintage)
	if err != nil {
		return nil, problem(ctx, s.path, err)
	}
	spool, err := newSpool(filepath.Dir(s.path))
	if err != nil {
		s.release(ref)
		return nil, problem(ctx, s.path, err)
	}
	v.Ref, v.Theme = ref, l.Theme
	v.Fields = append([]format.Field(nil), v.Fields...)
	d := &draft{store: s, layer: l, vintage: v, tally: layers.NewTally(v.Fields), spool: spool}
	d.kinds = map[string]bool{}
	d.plainDates = make([]bool, len(v.Fields))
	for i := range d.plainDates {
		d.plainDates[i] = true
	}
	return d, nil
}

// reserve gives the revision after all that were published or are being made in this process.
func (s *Store) reserve(ctx context.Context, id layers.LayerID, vintage string) (layers.Ref, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, err := selectLastRevision(ctx, s.read, id, vintage)
	if err != nil {
		return layers.Ref{}, err
	}
	ref := layers.Ref{Layer: id, Vintage: vintage, Revision: last + 1}
	for other := range s.reserved {
		if other.Layer == id && other.Vintage == vintage {
			ref.Revision = max(ref.Revision, other.Revision+1)
		}
	}
	s.reserved[ref] = true
	return ref, nil
}

func (s *Store) release(ref layers.Ref) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.reserved, ref)
}

// Ref implements layers.Draft.
func (d *draft) Ref() layers.Ref { return d.vintage.Ref }

// Append implements layers.Draft.
func (d *draft) Append(ctx context.Context, f layers.Feature) error {
	if d.done {
		return errors.New("append to a draft that is done")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := d.tally.Take(f)
	if err != nil {
		return err
	}
	if err := d.fillRow(f); err != nil {
		return fmt.Errorf("append feature %d to %s: %w", f.ID, d.Ref(), err)
	}
	return problem(ctx, d.store.path, d.spool.append(&d.row))
}

// fillRow makes the row of f: its number (which SQLite keeps beside the row), its geometry, the delivered values, ours.
func (d *draft) fillRow(f layers.Feature) error {
	r := &d.row
	r.Reset()
	r.Null()
	blob, err := r.Geometry(f.Geometry, legalSystem)
	if err != nil {
		return err
	}
	d.rows++
	if err := d.index.Add(d.rows, blob); err != nil {
		return err
	}
	d.kinds[f.Geometry.GeoJSONType()] = true
	for i, v := range f.Values {
		d.fillValue(i, v)
	}
	r.Real(float64(f.Area))
	r.Real(float64(f.Length))
	r.Hex(f.Hash[:])
	r.Written(func(b []byte) []byte { return d.roles.append(b, f.Roles) })
	return nil
}

// fillValue adds the value of a field; the tally lets no other kinds through.
func (d *draft) fillValue(field int, v any) {
	switch v := v.(type) {
	case string:
		if d.plainDates[field] && d.vintage.Fields[field].Kind == format.Date {
			_, err := time.Parse(time.DateOnly, v)
			d.plainDates[field] = err == nil
		}
		d.row.Text(v)
	case int64:
		d.row.Integer(v)
	case float64:
		d.row.Real(v)
	case bool:
		d.row.Truth(v)
	default:
		d.row.Null()
	}
}

// Commit implements layers.Draft.
func (d *draft) Commit(ctx context.Context, edit func(*layers.Vintage) error) (layers.Vintage, error) {
	if d.done {
		return layers.Vintage{}, errors.New("commit a draft that is done")
	}
	defer func() { _ = d.Discard() }() // only gives up the spool and the reservation
	if err := d.store.readyTail(ctx, d.spool.bytes); err != nil {
		return layers.Vintage{}, problem(ctx, d.store.path, err)
	}
	var v layers.Vintage
	err := d.store.transact(ctx, func(tx *sql.Tx) error {
		var err error
		if v, err = d.write(ctx, tx, edit); err != nil && d.tail != nil {
			return errors.Join(err, d.tail.cut())
		}
		return err
	})
	if err != nil {
		return layers.Vintage{}, err
	}
	return v, nil
}

func (d *draft) write(ctx context.Context, tx *sql.Tx, edit func(*layers.Vintage) error) (layers.Vintage, error) {
	v := d.vintage
	taken, err := refExists(ctx, tx, v.Ref)
	if err := errors.Join(err, checkTheme(ctx, tx, d.layer)); err != nil {
		return v, err
	}
	if taken {
		return v, geo.NewProblem("store.vintage.taken", "ref", v.Ref.String())
	}
	v.Published = d.store.Now().UTC().Round(0)
	d.tally.Fill(&v)
	table := d.table(v)
	if err := d.writeFeatures(ctx, tx, table, v.Bound); err != nil {
		return v, err
	}
	if v, err = layers.Edited(v, edit); err != nil {
		return v, err
	}
	if err := upsertLayer(ctx, tx, d.layer); err != nil {
		return v, err
	}
	if err := insertVintage(ctx, tx, vintageRow{vintage: v, table: table.Name}); err != nil {
		return v, err
	}
	if err := insertIssues(ctx, tx, v.Ref, d.issues); err != nil {
		return v, err
	}
	row, err := selectVintage(ctx, tx, schemaVersion, v.Ref)
	return row.vintage, err
}

func (d *draft) table(v layers.Vintage) geopackage.Table {
	return geopackage.Table{
		Name: tableName(v.Ref), Title: v.Ref.String(), Description: d.layer.Title, Geometry: d.kind(),
		System: legalSystem, Columns: columns(v.Fields, d.plainDates), Changed: v.Published,
	}
}

// kind is the geometry type of the table: the one that all features have, or any.
func (d *draft) kind() string {
	if len(d.kinds) != 1 {
		return "GEOMETRY"
	}
	for _, k := range []struct{ met, name string }{
		{orb.Point{}.GeoJSONType(), "POINT"},
		{orb.MultiPoint{}.GeoJSONType(), "MULTIPOINT"},
		{orb.LineString{}.GeoJSONType(), "LINESTRING"},
		{orb.MultiLineString{}.GeoJSONType(), "MULTILINESTRING"},
		{orb.Polygon{}.GeoJSONType(), "POLYGON"},
		{orb.MultiPolygon{}.GeoJSONType(), "MULTIPOLYGON"},
	} {
		if d.kinds[k.met] {
			return k.name
		}
	}
	return "GEOMETRY"
}

func (d *draft) writeFeatures(ctx context.Context, tx *sql.Tx, t geopackage.Table, bound orb.Bound) error {
	if err := geopackage.CreateFeatureTable(ctx, tx, t); err != nil {
		return err
	}
	if err := d.fill(ctx, tx, t); err != nil {
		return err
	}
	synced := d.tail.sync()
	if d.rows > 0 {
		if err := geopackage.SetExtent(ctx, tx, t.Name, bound); err != nil {
			return err
		}
	}
	err := geopackage.AddSpatialIndex(ctx, tx, t.Name, &d.index)
	return cmp.Or(err, <-synced)
}

// fill writes the rows, the quickest way that the file allows.
func (d *draft) fill(ctx context.Context, tx *sql.Tx, t geopackage.Table) error {
	if d.store.insertRows {
		return geopackage.InsertRecords(ctx, tx, t, d.spool.each)
	}
	end, err := d.store.openTail(ctx, d.spool.bytes)
	if err != nil {
		return err
	}
	if end == nil {
		return geopackage.FillTable(ctx, tx, t, d.spool.each, nil)
	}
	d.tail = end
	return geopackage.FillTable(ctx, tx, t, d.spool.each, end)
}

// Discard implements layers.Draft.
func (d *draft) Discard() error {
	if d.done {
		return nil
	}
	d.done = true
	d.store.release(d.vintage.Ref)
	return d.spool.close()
}
