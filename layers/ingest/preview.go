package ingest

import (
	"context"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/ingest/codes"
)

// Preview is what a file looks like before anybody has said what it is: its fields, and every reference system that its
// numbers could be in, with the place where it would lie.
type Preview struct {
	FileName, Format, Encoding, Name, DeclaredText string
	// Declared is the system that the file names, zero when it names none that can be used; Problem says why then.
	Declared crs.System
	Problem  *geo.Problem
	Rows     int64
	// Unusable are the rows without coordinates, of which First says what the first one's trouble is.
	Unusable int64
	First    *geo.Problem
	Fields   []format.Field
	// Mapping says which field would play which role, Table as which table the fields are known, and Before is the
	// vintage whose mapping is proposed again; empty when the request names no theme.
	Mapping map[layers.Role]string
	Table   *codes.Table
	Before  layers.Ref
	Samples [][]any // the values of the first rows, parallel to Fields
	// Readings are the plausible interpretations, best first.
	Readings []Interpretation
	// Regions is the region vintage that they were held against; zero when none is published.
	Regions layers.Ref
}

// Interpretation is one way to read the numbers of a file.
type Interpretation struct {
	// System is the reference system, or the first of several when Zones, 3 or 6, says that each row lies in the zone
	// of its own number.
	System crs.System
	Zones  int
	// AxesExchanged says that the northing or latitude stands first.
	AxesExchanged bool
	// Declared says that the file itself names this system.
	Declared bool
	// Remark is a passable doubt, such as a place outside China.
	Remark *geo.Problem
	// Inside is the part of the sampled vertices that lie in the regions, -1 when none are published.
	Inside float64
	Bound  orb.Bound           // in CGCS2000 degrees
	Shape  orb.MultiLineString // a thinned sample of the outlines, in CGCS2000 degrees
}

const (
	previewRows  = 5    // sample values
	previewLines = 300  // outlines that a sample keeps
	previewTurns = 3000 // vertices that a sample keeps, over all its outlines
	askedPlaces  = 200  // vertices that are held against the regions
)

// Look reads a file for its numbers and fields, and guesses nothing: it says what could be, where that would lie, and
// leaves the choice to a person. A request that names a layer or a theme is also told which fields would be used; its
// vintage chooses the regions to hold the file against, "" the latest.
func Look(ctx context.Context, store layers.Store, req Request) (p Preview, err error) {
	data, err := openFile(ctx, req.Reading)
	if err != nil {
		return p, err
	}
	defer closing(data, &err)
	land, err := regionsOf(ctx, store, layers.Ref{}, req.Vintage)
	if err != nil {
		return p, err
	}
	l := look{asIs: newNumbers(), exchanged: newNumbers()}
	for rec, err := range data.Records(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return p, err
		}
		l.add(rec)
	}
	s := data.Schema()
	p = Preview{
		FileName: fileName(req.Reading), Format: s.Format, Encoding: s.Encoding, Name: s.Name, DeclaredText: s.DeclaredText,
		Problem: s.DeclaredProblem, Rows: l.asIs.rows, Unusable: l.asIs.rows - l.asIs.usable, First: l.asIs.first,
		Fields: s.Fields, Samples: l.samples, Readings: l.readings(s, land),
	}
	if s.Declared != nil {
		p.Declared = *s.Declared
	}
	if land != nil {
		p.Regions = land.vintage.Ref
	}
	return p, p.propose(ctx, store, req)
}

// propose finds the fields that the theme needs; a field that is missing is what the operator is asked for, and no error.
func (p *Preview) propose(ctx context.Context, store layers.Store, req Request) error {
	if req.Layer.Theme == "" {
		return nil
	}
	before, err := historyOf(ctx, store, req)
	if err != nil {
		return err
	}
	before.propose(&req.Reading)
	p.Before = req.beforeRef
	p.Table = req.Codes.Table(req.Layer.Theme, p.Fields)
	p.Mapping, _ = mapFields(req.Reading, req.Layer.Theme, p.Fields)
	return nil
}

// look gathers what a preview needs in one pass over the rows.
type look struct {
	asIs, exchanged numbers
	samples         [][]any
	lines           []orb.LineString // as delivered
	step, next      int              // every step-th row gives its outlines
}

func (l *look) add(rec format.Record) {
	l.asIs.add(rec, false)
	l.exchanged.add(rec, true)
	if len(l.samples) < previewRows {
		l.samples = append(l.samples, rec.Values)
	}
	if unusable(rec) != nil {
		return
	}
	if l.next--; l.next > 0 {
		return
	}
	l.step = max(l.step, 1)
	l.next = l.step
	l.lines = append(l.lines, outlines(rec.Geometry)...)
	for len(l.lines) > previewLines && l.step < 1<<30 {
		l.lines = everySecond(l.lines)
		l.step *= 2
		l.next = l.step
	}
}

func everySecond[T any](list []T) []T {
	half := list[:0]
	for i := 0; i < len(list); i += 2 {
		half = append(half, list[i])
	}
	return half
}

// outlines are the lines of a geometry: outer and inner rings, or the lines themselves.
func outlines(g orb.Geometry) []orb.LineString {
	switch g := g.(type) {
	case orb.LineString:
		return []orb.LineString{g}
	case orb.MultiLineString:
		return g
	case orb.Polygon:
		var out []orb.LineString
		for _, r := range g {
			out = append(out, orb.LineString(r))
		}
		return out
	case orb.MultiPolygon:
		var out []orb.LineString
		for _, p := range g {
			out = append(out, outlines(p)...)
		}
		return out
	case orb.Point:
		return []orb.LineString{{g, g}}
	case orb.MultiPoint:
		return []orb.LineString{orb.LineString(g)}
	}
	return nil
}

// readings are the interpretations of the numbers: those of the region first, then that of the file's own word, then
// in the order of crs.Interpretations.
func (l *look) readings(s format.Schema, land *regions) []Interpretation {
	if l.asIs.usable == 0 {
		return nil
	}
	lines := thinned(l.lines)
	var out []Interpretation
	for _, exchange := range []bool{false, true} {
		n := l.asIs
		if exchange {
			n = l.exchanged
		}
		for _, one := range n.interpretations(s.Declared) {
			one.AxesExchanged = exchange
			one.Declared = s.Declared != nil && *s.Declared == one.System && one.Zones == 0 && !exchange
			one.place(lines, land)
			if exchange && one.Remark != nil {
				continue // exchanged and outside of China or the zone: nobody means that
			}
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b Interpretation) int {
		switch {
		case a.Inside != b.Inside:
			return order(a.Inside > b.Inside)
		case a.Declared != b.Declared:
			return order(a.Declared)
		case (a.Remark == nil) != (b.Remark == nil):
			return order(a.Remark == nil)
		}
		return 0
	})
	return out
}

// Answer is what an operator who picks an interpretation says about the file, ready for Import or Parcels. Where the
// file names another system the answer overrules it, which the provenance records.
func (p Preview) Answer(i Interpretation) Reading {
	r := Reading{Zones: i.Zones, AxesExchanged: i.AxesExchanged}
	switch {
	case i.Zones != 0 || i.System == p.Declared:
	case p.Declared.IsZero() && p.Problem == nil:
		r.System = &i.System
	default:
		r.TreatAs = &i.System
	}
	return r
}

func order(first bool) int {
	if first {
		return -1
	}
	return 1
}

// interpretations are the systems that all numbers fit, and zones that each row fits.
func (n numbers) interpretations(declared *crs.System) []Interpretation {
	systems := crs.Interpretations(n.bound)
	if declared != nil && !slices.Contains(systems, *declared) && crs.Passable(crs.CheckNumbers(*declared, n.bound)) {
		systems = append([]crs.System{*declared}, systems...)
	}
	var out []Interpretation
	for _, s := range systems {
		if s.Geographic() && declared == nil && s.Notes() != nil && len(systems) > 1 {
			continue // degrees are degrees: WGS 84 would be read as CGCS2000
		}
		if s.Gauss() && s.Width() == 6 && !s.Prefixed() && (declared == nil || s != *declared) {
			continue // without a zone number it is the plane of the 3° zone with the same central meridian
		}
		out = append(out, Interpretation{System: s, Remark: crs.CheckNumbers(s, n.bound)})
	}
	for _, width := range []int{3, 6} {
		if zones := n.zones(width); len(zones) > 1 {
			out = append(out, Interpretation{System: zones[0], Zones: width})
		}
	}
	return out
}

// place finds where the lines would lie.
func (i *Interpretation) place(lines []orb.LineString, land *regions) {
	rows := settled{system: i.System, zones: i.Zones}
	i.Inside = -1
	asked, inside, step := 0, 0, max(1, turns(lines)/askedPlaces)
	n := 0
	for _, line := range lines {
		if i.AxesExchanged {
			line, _ = exchanged(line).(orb.LineString)
		}
		s := rows.of(line)
		moved := project.LineString(slices.Clone(line), s.ToLonLat)
		if !finite(moved) {
			continue
		}
		i.Bound = joined(i.Bound, moved.Bound(), len(i.Shape) == 0)
		i.Shape = append(i.Shape, moved)
		for _, p := range moved {
			if n++; land != nil && n%step == 0 {
				asked++
				if land.holds(p) {
					inside++
				}
			}
		}
	}
	if land != nil && asked > 0 {
		i.Inside = float64(inside) / float64(asked)
	}
}

func turns(lines []orb.LineString) int {
	n := 0
	for _, l := range lines {
		n += len(l)
	}
	return n
}

// thinned leaves out vertices so that no more than previewTurns remain, the ends of a line always.
func thinned(lines []orb.LineString) []orb.LineString {
	step := (turns(lines) + previewTurns - 1) / previewTurns
	if step <= 1 {
		return lines
	}
	out := make([]orb.LineString, len(lines))
	for i, line := range lines {
		own := max(1, min(step, len(line)/8)) // eight corners still show the shape
		for k := 0; k < len(line)-1; k += own {
			out[i] = append(out[i], line[k])
		}
		if len(line) > 0 {
			out[i] = append(out[i], line[len(line)-1])
		}
	}
	return out
}
