package table

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/rings"
)

// parcel is one parcel of a list of boundary points while its rows arrive.
type parcel struct {
	values  map[string]string // by meaning: number, name, owner, area
	unit    string            // of the area
	extra   []string          // of the other columns
	points  []rings.Vertex    // A is the northing or latitude
	numbers map[string]int    // ring numbers as delivered
	problem *geo.Problem
}

// pointList gathers the parcels of a list of boundary points.
type pointList struct {
	columns columns
	limits  format.Limits
	notes   *format.Notes
	title   title
	current map[string]string // the title block that holds for the rows
	filled  map[string]string // the last value of the columns that tell parcels apart
	parcels []*parcel
	byKey   map[string]*parcel
	extra   []int  // other columns
	varying []bool // which of them differ inside a parcel
	points  int64
	zone    int // before all eastings, 0 for none
	mixed   *geo.Problem
	seen    bool
}

// groups are the columns, or lines of a title block, that tell parcels apart.
var groups = []string{"number", "name", "owner", "area"}

func newPointList(c columns, limits format.Limits, notes *format.Notes) *pointList {
	p := &pointList{columns: c, limits: limits, notes: notes, byKey: map[string]*parcel{}, filled: map[string]string{}}
	known := map[int]bool{}
	for _, at := range c.at {
		known[at] = true
	}
	for i, name := range c.names {
		if !known[i] && name != "" {
			p.extra = append(p.extra, i)
		}
	}
	p.varying = make([]bool, len(p.extra))
	return p
}

// gather reads all rows. Those before the head of the columns are the title.
func (p *pointList) gather(ctx context.Context, s source, head int64) error {
	return s.each(ctx, func(n int64, cells []string) error {
		if n < head {
			p.title.take(cells)
			return nil
		}
		if n == head {
			p.turnPage()
			return nil
		}
		return p.row(n, cells)
	})
}

func (p *pointList) turnPage() {
	p.current, p.title.values = p.title.values, nil
	clear(p.filled)
}

func (p *pointList) row(n int64, cells []string) error {
	if len(cells) > maxColumns && !blank(cells[maxColumns:]) {
		return geo.NewProblem("ingest.table.too-many-columns", "row", n, "limit", maxColumns)
	}
	north, east := p.columns.axes()
	a, b := p.columns.cell(cells, north), p.columns.cell(cells, east)
	va, okA := number(a)
	vb, okB := number(b)
	switch {
	case okA && okB:
		return p.point(n, va, vb, cells)
	case p.pageHead(cells):
		p.turnPage()
		return nil
	case okA || okB || endsWithDigit(p.columns.cell(cells, "label")):
		return p.wrong(n, a, b, cells)
	case p.title.take(cells):
		return nil
	case a != "" || b != "":
		p.notes.Add(n, "ingest.table.line-passed-over", "text", clip(strings.Join(cells, " ")))
	}
	return nil
}

// pageHead tells whether a row is the head of the columns again, as on every page of a printed table.
func (p *pointList) pageHead(cells []string) bool {
	c := headOf(cells)
	if c.shape != boundary || len(c.at) != len(p.columns.at) {
		return false
	}
	for m, at := range c.at {
		if old, ok := p.columns.at[m]; !ok || old != at {
			return false
		}
	}
	return true
}

func endsWithDigit(text string) bool {
	return text != "" && text[len(text)-1] >= '0' && text[len(text)-1] <= '9'
}

// wrong spoils the parcel of a point that lacks a number: without it the boundary would be another one.
func (p *pointList) wrong(n int64, a, b string, cells []string) error {
	o, err := p.parcel(cells)
	if err != nil {
		return err
	}
	if o.problem == nil {
		o.problem = geo.NewProblem("ingest.table.point", "row", n, "a", clip(a), "b", clip(b))
	}
	return nil
}

func (p *pointList) point(n int64, a, b float64, cells []string) error {
	if p.points++; p.points > p.limits.MaxVertices {
		return geo.NewProblem("ingest.table.too-many-points", "limit", p.limits.MaxVertices)
	}
	o, err := p.parcel(cells)
	if err != nil {
		return err
	}
	ring := p.columns.cell(cells, "ring")
	ring = ring[:min(len(ring), maxRingName)]
	i, ok := o.numbers[ring]
	if !ok {
		i = len(o.numbers)
		o.numbers[ring] = i
	}
	o.points = append(o.points, rings.Vertex{A: a, B: b, Ring: i, Label: trailingInt(p.columns.cell(cells, "label"))})
	p.takeExtra(o, cells)
	p.prefix(n, b)
	return nil
}

// maxRingName bounds what is kept of a ring number.
const maxRingName = 32

// maxGroup bounds the texts by which parcels are told apart.
const maxGroup = 1024

// parcel is the one that a row belongs to. A blank cell means the value above it, as in merged cells.
func (p *pointList) parcel(cells []string) (*parcel, error) {
	values := map[string]string{}
	var key []string
	for _, g := range groups {
		text := p.current[g]
		if p.columns.has(g) {
			if own := p.columns.cell(cells, g); own != "" {
				p.filled[g] = own
			}
			text = p.filled[g]
		}
		if text = text[:min(len(text), maxGroup)]; text != "" {
			values[g] = strings.ToValidUTF8(text, "")
		}
		if !p.columns.has(g) || g == "number" || g == "name" && !p.columns.has("number") {
			key = append(key, text) // owner and area columns are attributes
		}
	}
	joined := strings.Join(key, "\x00")
	if o, ok := p.byKey[joined]; ok {
		return o, nil
	}
	if int64(len(p.parcels)) >= p.limits.MaxRecords {
		return nil, geo.NewProblem("ingest.table.too-many-rows", "limit", p.limits.MaxRecords)
	}
	o := &parcel{values: values, unit: p.unit(), numbers: map[string]int{}, extra: make([]string, len(p.extra))}
	p.parcels = append(p.parcels, o)
	p.byKey[joined] = o
	return o, nil
}

// unit is the unit of areas: that of the column's head or of the title.
func (p *pointList) unit() string {
	if at, ok := p.columns.at["area"]; ok {
		return bracketed(p.columns.names[at])
	}
	return p.title.areaUnit
}

// takeExtra keeps the values of other columns; one that differs inside a parcel belongs to points and is left out.
func (p *pointList) takeExtra(o *parcel, cells []string) {
	for k, at := range p.extra {
		if at >= len(cells) || p.varying[k] {
			continue
		}
		switch text := trim(cells[at]); {
		case text == "" || text == o.extra[k]:
		case o.extra[k] == "" && len(text) <= p.limits.MaxText:
			o.extra[k] = text
		default:
			p.varying[k] = true
		}
	}
}

// prefix watches the zone numbers before the eastings.
func (p *pointList) prefix(row int64, easting float64) {
	zone := int(easting / 1e6)
	if zone < 13 || zone > 45 || zone == 24 {
		zone = 0
	}
	if !p.seen {
		p.zone, p.seen = zone, true
	}
	if zone != p.zone && p.mixed == nil {
		p.mixed = geo.NewProblem("ingest.table.zones-mixed", "row", row, "first", p.zone, "second", zone)
	}
}

// dataset ends the gathering.
func (p *pointList) dataset(s format.Schema) *parcelSet {
	d := &parcelSet{schema: s}
	fields, values := p.fields()
	for i, o := range p.parcels {
		d.records = append(d.records, p.record(o, int64(i+1), values))
	}
	_, east := p.columns.axes()
	degrees := east == "longitude"
	p.title.declare(&d.schema, p.zone, degrees)
	if p.mixed != nil && !degrees {
		d.schema.Declared, d.schema.DeclaredProblem = nil, p.mixed
	}
	d.schema.Fields, d.schema.Count = fields, int64(len(d.records))
	d.schema.Notes = p.notes.Problems()
	return d
}

// fields are the attributes of parcels, and how each is found.
func (p *pointList) fields() ([]format.Field, []func(*parcel) any) {
	var fields []format.Field
	var values []func(*parcel) any
	for _, g := range groups {
		if !slices.ContainsFunc(p.parcels, func(o *parcel) bool { return o.values[g] != "" }) {
			continue
		}
		kind := format.Text
		if g == "area" {
			kind = format.Real
		}
		fields = append(fields, format.Field{Name: word("column." + g), Kind: kind})
		values = append(values, func(o *parcel) any { return o.value(g) })
	}
	var left []string
	for k, at := range p.extra {
		if p.varying[k] {
			left = append(left, clip(p.columns.names[at]))
			continue
		}
		fields = append(fields, format.Field{Name: p.columns.names[at]})
		values = append(values, func(o *parcel) any { return textOrNil(o.extra[k]) })
	}
	if left != nil {
		p.notes.Add(0, "ingest.table.columns-left-out", "names", strings.Join(left, ", "))
	}
	return fields, values
}

func textOrNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (o *parcel) value(group string) any {
	if group != "area" {
		return textOrNil(o.values[group])
	}
	if v := hectares(o.values["area"], o.unit); !math.IsNaN(v) {
		return v
	}
	return nil
}

func (p *pointList) record(o *parcel, row int64, values []func(*parcel) any) format.Record {
	r := format.Record{Row: row, Problem: o.problem, Parcel: &format.ParcelHeader{
		DeclaredHectares: hectares(o.values["area"], o.unit), DeclaredPoints: -1,
	}}
	for _, v := range values {
		r.Values = append(r.Values, v(o))
	}
	if r.Problem == nil {
		r.Geometry, r.Problem = o.geometry(row, p.notes)
	}
	o.points = nil
	return r
}

// geometry makes the parcel's polygons: rings by their numbers and closing points, holes by where they lie.
func (o *parcel) geometry(row int64, notes *format.Notes) (orb.Geometry, *geo.Problem) {
	found := rings.Split(o.points, func(what string) { notes.Add(row, "ingest.table."+what) })
	var closed []orb.Ring
	for i, points := range found {
		if n := rings.Places(points); n < 3 {
			return nil, geo.NewProblem("ingest.table.ring-short", "ring", i+1, "points", n)
		}
		ring := make(orb.Ring, 0, len(points)+1)
		for _, v := range points {
			ring = append(ring, orb.Point{v.B, v.A})
		}
		closed = append(closed, append(ring, ring[0]))
	}
	polygons, _, ok := rings.Group(closed)
	switch {
	case !ok:
		return nil, geo.NewProblem("ingest.table.too-many-rings", "rings", len(closed))
	case len(polygons) == 0:
		return nil, geo.NewProblem("ingest.table.ring-short", "ring", 1, "points", 0)
	case len(polygons) == 1:
		return polygons[0], nil
	}
	return polygons, nil
}
