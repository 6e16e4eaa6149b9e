package dxf

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
)

// errStopped ends a pass when its user wants no more rows.
var errStopped = errors.New("dxf: stopped")

// maxKinds bounds the kinds of entities and maxLayers the layers that are told apart.
const (
	maxKinds  = 100
	maxLayers = 100_000
)

// layer is what the table of layers says about one.
type layer struct {
	colour int
	hidden bool // frozen, or switched off
}

// reader makes one pass over a drawing. The first learns what there is to note; later ones hand the rows to out.
type reader struct {
	*pairs
	learn  bool
	limits format.Limits
	layers map[string]layer
	notes  *format.Notes
	out    func(format.Record) bool

	row    int64
	others map[string]int64   // entities that are not read, by kind
	bounds map[string][]bound // of closed polylines, by layer

	polygons int // bounds kept
}

func fields() []format.Field {
	return []format.Field{
		{Name: "layer"},
		{Name: "entity"},
		{Name: "handle"},
		{Name: "colour", Kind: format.Integer},
		{Name: "elevation", Kind: format.Real},
		{Name: "xdata"},
	}
}

// document reads all sections. A drawing ends with "EOF"; one that breaks off inside a section is refused.
func (r *reader) document() error {
	found := false
	for {
		err := r.next()
		switch {
		case errors.Is(err, io.EOF) && found:
			r.notes.Add(0, "ingest.dxf.no-end")
			return nil
		case errors.Is(err, io.EOF):
			return geo.NewProblem("ingest.dxf.no-entities")
		case err != nil:
			return err
		case r.is("EOF") && !found:
			return geo.NewProblem("ingest.dxf.no-entities")
		case r.is("EOF"):
			return nil
		case !r.is("SECTION"):
			return geo.NewProblem("ingest.dxf.syntax", "line", r.line, "found", clip(r.value))
		}
		name, err := r.section()
		if errors.Is(err, io.EOF) {
			return geo.NewProblem("ingest.dxf.truncated", "line", r.line)
		}
		if err != nil {
			return err
		}
		found = found || name == "ENTITIES"
	}
}

// section reads one section to its end and gives its name.
func (r *reader) section() (string, error) {
	if err := r.next(); err != nil {
		return "", err
	}
	if r.code != 2 {
		return "", geo.NewProblem("ingest.dxf.syntax", "line", r.line, "found", clip(r.value))
	}
	name := strings.TrimSpace(r.value)
	if err := r.toNext(nil); err != nil {
		return "", err
	}
	for !r.is("ENDSEC") {
		var err error
		switch {
		case r.is("EOF"):
			return "", io.EOF
		case name == "ENTITIES":
			err = r.entity(strings.TrimSpace(r.value))
		case name == "TABLES" && r.is("LAYER"):
			err = r.layer()
		default:
			err = r.toNext(nil)
		}
		if err != nil {
			return "", err
		}
	}
	return name, nil
}

// layer takes one row of the table of layers (DXF Reference, LAYER: 2 name, 62 colour, 70 flags).
func (r *reader) layer() error {
	name, l := "", layer{}
	err := r.toNext(func() {
		n, _ := r.integer()
		switch r.code {
		case 2:
			name = plain(r.value)
		case 62: // negative when the layer is switched off
			l.colour, l.hidden = max(n, -n), l.hidden || n < 0
		case 70:
			l.hidden = l.hidden || n&1 != 0
		}
	})
	if r.learn && len(r.layers) < maxLayers {
		r.layers[name] = l
	}
	return err
}

// entity takes one entity with all that belongs to it.
func (r *reader) entity(kind string) error {
	switch kind {
	case "LWPOLYLINE", "POLYLINE", "LINE":
	default:
		if kind != "SEQEND" && kind != "VERTEX" { // they belong to what is counted already
			r.count(kind)
		}
		return r.toNext(nil)
	}
	e := &entity{kind: kind, limit: r.limits.MaxVertices, room: r.limits.MaxText}
	if err := r.toNext(func() { e.group(r.pairs) }); err != nil {
		return err
	}
	for kind == "POLYLINE" && r.is("VERTEX") {
		v := &vertexGroup{}
		if err := r.toNext(func() { v.group(r.pairs) }); err != nil {
			return err
		}
		e.add(v)
	}
	if kind == "POLYLINE" && e.flags&(meshFlag|polyfaceFlag) != 0 {
		r.count("POLYLINE (mesh)")
		return nil
	}
	return r.emit(e)
}

func (r *reader) count(kind string) {
	kind = clip(kind)
	if _, ok := r.others[kind]; !ok && len(r.others) >= maxKinds {
		kind = "…"
	}
	r.others[kind]++
}

// emit makes a row of an entity. Those of paper space are the frame of a printed sheet, in centimetres on paper.
func (r *reader) emit(e *entity) error {
	if e.paper {
		r.count(e.kind + " (paper space)")
		return nil
	}
	if r.row++; r.row > r.limits.MaxRecords {
		return geo.NewProblem("ingest.dxf.too-many-records", "limit", r.limits.MaxRecords)
	}
	g := e.geometry()
	l, known := r.layers[e.layer]
	if r.learn {
		r.remark(e, g, l)
		return nil
	}
	colour := any(nil)
	switch {
	case e.hasColour && e.colour != byLayer:
		colour = int64(e.colour)
	case known && l.colour != 0:
		colour = int64(l.colour)
	}
	rec := format.Record{Row: r.row, Problem: e.problem}
	rec.Values = []any{e.layer, e.kind, text(e.handle), colour, e.elevation, text(e.xdata.String())}
	if e.problem == nil {
		rec.Geometry = g
	}
	if !r.out(rec) {
		return errStopped
	}
	return nil
}

// text is a text as an attribute, nil when it is empty.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// conclude adds the notes that need the whole drawing.
func (r *reader) conclude() {
	kinds := make([]string, 0, len(r.others))
	for kind, n := range r.others {
		kinds = append(kinds, fmt.Sprintf("%s %d", kind, n))
	}
	slices.Sort(kinds)
	if len(kinds) > 0 {
		r.notes.Add(0, "ingest.dxf.not-read", "kinds", strings.Join(kinds, ", "))
	}
	names := make([]string, 0, len(r.bounds))
	for name := range r.bounds {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if r.polygons > maxBounds || nested(r.bounds[name]) {
			r.notes.Add(0, "ingest.dxf.nested", "layer", clip(name))
		}
	}
}
