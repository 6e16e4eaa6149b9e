package report

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
	spreadsheet "greenshield/geo/format/table"
)

// PointParcel is a parcel of a boundary point table: its geometry, a polygon or multipolygon, in the plane of the
// table with the easting first, and its legal area.
type PointParcel struct {
	Number, Name string
	Geometry     orb.Geometry
	Area         geo.Area
}

// PointTable says what stands above and around a table of boundary points.
type PointTable struct {
	// Title is the name of the layer.
	Title string
	// System is the Gauss-Krüger plane of the coordinates.
	System crs.System
	// About are lines on where the data come from, for a sheet of their own.
	About   []string
	Program string
	At      time.Time
}

// BoundaryPoints writes the table of boundary points (界址点成果表, domain section 8): per parcel a heading with number,
// name, reference system, the area in the plane, which follows from the coordinates below it, and the legal area; then
// all points, ring by ring, with northing X and easting Y in metres, to the tenth of a millimetre, and the plane length
// of the edge to the next point; the first point closes each ring. Package table reads it back. Problems are
// "layer.export.plane-only", "layer.export.polygons-only" and "layer.export.too-many-points".
func BoundaryPoints(w io.Writer, t PointTable, parcels iter.Seq2[PointParcel, error], p Printer) error {
	if !t.System.Gauss() {
		return geo.NewProblem("layer.export.plane-only", "kind", "xlsx", "system", t.System.Title())
	}
	b := &pointBook{workbook: newWorkbook(p), t: t, numbers: map[string]int{}}
	b.begin()
	row := int64(0)
	for parcel, err := range parcels {
		if row++; err == nil {
			err = b.parcel(row, parcel)
		}
		if err != nil {
			return errors.Join(err, b.file.Close())
		}
	}
	b.end(b.word("points.note"))
	b.about()
	return b.finish(w, b.word("points.title", "layer", t.Title), t.Program, t.At)
}

// pointBook is a table of boundary points in the making. Parcels stand one below the other, each with the head of the
// columns, so that any of them can be cut out.
type pointBook struct {
	*workbook
	*sheet
	t       PointTable
	numbers map[string]int // how often a parcel's number occurred
	point   int            // style of coordinates and lengths
}

// check is that of the workbook, which the sheet has too.
func (b *pointBook) check(err error) { b.workbook.check(err) }

func (b *pointBook) begin() {
	h := heading{name: b.workbook.word("sheet.points"), columns: []column{
		{b.workbook.word("column.point"), 22},
		{b.workbook.word("column.ring"), 26},
		{b.workbook.word("column.northing"), 20},
		{b.workbook.word("column.easting"), 20},
		{b.workbook.word("column.edge"), 16},
	}}
	b.check(b.file.SetSheetName(b.file.GetSheetName(0), h.name))
	b.first = false
	b.page(h.name)
	b.sheet = &sheet{workbook: b.workbook, heading: h}
	var err error
	if b.stream, err = b.file.NewStreamWriter(h.name); err != nil {
		b.check(err)
		return
	}
	for i, c := range h.columns {
		b.check(b.stream.SetColWidth(i+1, i+1, c.width))
	}
	b.point = b.number(fourDecimals, "", false)
	b.line(b.workbook.word("points.title", "layer", b.t.Title), b.styles.title, 15)
}

// fourDecimals is the format of coordinates: a tenth of a millimetre, the grid of geo/overlay.
const fourDecimals = "0.0000"

// page prints upright on A4, as wide as the page, with page numbers.
func (b *pointBook) page(name string) {
	fit, size, one, many, portrait := true, 9, 1, 0, "portrait"
	b.check(b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.check(b.file.SetPageLayout(name, &excelize.PageLayoutOptions{
		Size: &size, Orientation: &portrait, FitToWidth: &one, FitToHeight: &many,
	}))
	b.check(b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&L&A&R&P / &N"}))
}

func (b *pointBook) parcel(row int64, p PointParcel) error {
	rings, err := ringsOf(p.Geometry)
	if err != nil {
		return geo.NewProblem("layer.export.polygons-only", "row", row, "kind", "xlsx").Because(err)
	}
	points := 0
	for _, r := range rings {
		points += len(r) + 1
	}
	if b.row+points+9 > mostRows {
		return geo.NewProblem("layer.export.too-many-points", "limit", mostRows)
	}
	b.headings(row, p)
	label := 1
	for i, r := range rings {
		first := label
		for k, v := range r {
			next := r[(k+1)%len(r)]
			b.vertex(label, i+1, v, math.Hypot(next[0]-v[0], next[1]-v[1]))
			label++
		}
		b.vertex(first, i+1, r[0], math.NaN())
	}
	return nil
}

// headings stand above a parcel, one to a row: readers take a number in the columns of coordinates for a point. A
// parcel without a number has that of its row; a number that occurs again gets a counter, so that two parcels stay two.
func (b *pointBook) headings(row int64, p PointParcel) {
	p.Number = cmp.Or(p.Number, strconv.FormatInt(row, 10))
	number := p.Number
	if b.numbers[p.Number]++; b.numbers[p.Number] > 1 {
		number = fmt.Sprintf("%s (%d)", p.Number, b.numbers[p.Number])
	}
	plane := geo.Area(ellipsoid.PlaneArea(p.Geometry))
	system := b.workbook.word("points.system", "system", b.t.System.Title(), "code", b.t.System.String())
	b.sheet.add(plain)
	b.line(system, b.styles.subtitle, 13)
	for _, pair := range [][2]any{
		{"points.number", number},
		{"points.name", p.Name},
		{"points.m2", Round(plane, SquareMetre)},
		{"points.hectares", Round(plane, Hectare)},
		{"points.legal", Round(p.Area, SquareMetre)},
	} {
		b.sheet.add(plain, b.workbook.word(pair[0].(string)), pair[1])
	}
	heads := make([]any, len(b.columns))
	for i, c := range b.columns {
		heads[i] = excelize.Cell{StyleID: b.styles.head, Value: spreadsheet.Guarded(c.head)}
	}
	b.put(heads, excelize.RowOpts{Height: b.headHeight()})
}

func (b *pointBook) vertex(label, ring int, v orb.Point, edge float64) {
	cells := []any{
		b.cell(plain, "J"+strconv.Itoa(label)), b.cell(plain, ring),
		b.metres(v[1]), b.metres(v[0]), b.metres(edge),
	}
	b.put(cells, excelize.RowOpts{})
}

// metres is a coordinate or length to four decimals, nothing when there is none.
func (b *pointBook) metres(v float64) excelize.Cell {
	if math.IsNaN(v) {
		return excelize.Cell{StyleID: b.point}
	}
	return excelize.Cell{StyleID: b.point, Value: math.Round(v*1e4) / 1e4}
}

// about writes the sheet on where the data come from, after which nothing may follow.
func (b *pointBook) about() {
	s := b.workbook.sheet(heading{
		name: b.workbook.word("sheet.provenance"), title: b.workbook.word("provenance.title"), subtitle: b.t.Title,
		columns: []column{{b.workbook.word("column.content"), 110}},
	})
	for _, line := range b.t.About {
		s.add(plain, line)
	}
	s.end()
}

// ringsOf are all rings of a polygon or multipolygon without their closing points, shells before their holes.
func ringsOf(g orb.Geometry) ([]orb.Ring, error) {
	var polygons orb.MultiPolygon
	switch g := g.(type) {
	case orb.Polygon:
		polygons = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		polygons = g
	}
	var out []orb.Ring
	for _, r := range slices.Concat(polygons...) {
		if n := len(r); n > 1 && r[0] == r[n-1] {
			r = r[:n-1]
		}
		if len(r) < 3 {
			return nil, errors.New("a ring with fewer than three points")
		}
		for _, v := range r {
			if s := v[0] + v[1]; math.IsNaN(s) || math.IsInf(s, 0) {
				return nil, fmt.Errorf("coordinate %v", v)
			}
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("a %T without rings", g)
	}
	return out, nil
}
