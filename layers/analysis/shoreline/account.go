package shoreline

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// place is a row's key: the code of a region, "" outside all, and a river.
type place struct{ code, river string }

// result adds the segments up.
func (s *survey) result() Result {
	r := s.begin()
	r.Segments, r.Encroachments = s.segments(), s.found
	r.Banks, r.ByZone = s.banks(r.Segments), s.byZone(r.Segments)
	rows, lengths := s.rows(r.Segments)
	r.StatedUnit = s.state(rows, lengths)
	s.addUp(&r, rows)
	return r
}

func (s *survey) begin() Result {
	r := Result{
		Zones: s.zonesRef, Regions: s.Regions, Lengths: s.Lengths, Numerator: s.Numerator, Landuse: s.Landuse,
		Activities: s.Activities, Provenance: s.provenance(), Total: Row{Stated: math.NaN()},
	}
	if s.along() {
		r.Line = s.Line
	}
	return r
}

// addUp puts the rows in order and sums them.
func (s *survey) addUp(r *Result, rows map[place]*Row) {
	for _, at := range slices.SortedFunc(maps.Keys(rows), byPlace) {
		row := *rows[at]
		row.Total = 0
		for _, l := range row.Lengths { // in this order, so that a rate is never above one
			row.Total += l
		}
		row.Rate = s.rate(row)
		r.Rows = append(r.Rows, row)
		r.Total = r.Total.plus(row)
	}
	r.Total.Rate = s.rate(r.Total)
	r.Gaps = s.gaps
}

// rows adds segments up by place, and each zone's length by place.
func (s *survey) rows(all []Segment) (map[place]*Row, map[int64]map[place]geo.Length) {
	rows, lengths := map[place]*Row{}, map[int64]map[place]geo.Length{}
	for _, g := range all {
		at := place{g.Code, g.River}
		if rows[at] == nil {
			rows[at] = &Row{Code: g.Code, Name: g.Name, River: g.River, Stated: math.NaN()}
		}
		row := rows[at]
		row.Lengths[g.Number] += g.Length
		if lengths[g.Zone] == nil {
			lengths[g.Zone] = map[place]geo.Length{}
		}
		if lengths[g.Zone][at] == 0 {
			row.Zones[g.Number]++
		}
		lengths[g.Zone][at] += g.Length
	}
	return rows, lengths
}

func (s *survey) rate(r Row) float64 {
	if r.Total == 0 {
		return math.NaN()
	}
	protected := geo.Length(0)
	for _, n := range s.Numerator {
		protected += r.Lengths[n]
	}
	return float64(protected / r.Total)
}

// state adds up the lengths that the delivery states and gives the unit they seem to be in.
func (s *survey) state(rows map[place]*Row, lengths map[int64]map[place]geo.Length) string {
	var sum float64
	var measured geo.Length
	stated, silent := 0, 0
	for _, z := range s.zones {
		row, own := most(rows, lengths[z.id])
		if row == nil {
			continue
		}
		v := number(z.stated)
		if math.IsNaN(v) {
			silent++
			continue
		}
		stated++
		row.Stated = known(row.Stated) + v
		sum, measured = sum+v, measured+own
	}
	if stated > 0 && silent > 0 {
		s.gap(s.zonesRef.Layer, "shoreline.stated.partial", "ref", s.zonesRef, "count", silent)
	}
	return unitOf(sum, measured)
}

// number reads a length as it is stated; NaN when it is none.
func number(text string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// most is the row in which most of a zone lies, the first in order between equals, and the zone's whole length.
func most(rows map[place]*Row, lengths map[place]geo.Length) (*Row, geo.Length) {
	var best place
	var longest, sum geo.Length
	for _, at := range slices.SortedFunc(maps.Keys(lengths), byPlace) {
		l := lengths[at]
		sum += l
		if l > longest {
			best, longest = at, l
		}
	}
	if longest == 0 {
		return nil, 0
	}
	return rows[best], sum
}

// byPlace orders by region, what lies outside of all last, then by river.
func byPlace(a, b place) int {
	if (a.code == "") != (b.code == "") {
		return strings.Compare(b.code, a.code)
	}
	return cmp.Or(strings.Compare(a.code, b.code), strings.Compare(a.river, b.river))
}

// unitOf judges by size: a stated sum within a half of the measured one is in metres, a thousandth of that in km.
func unitOf(stated float64, measured geo.Length) string {
	near := func(ratio float64) bool { return math.Abs(ratio-1) <= 0.5 }
	switch {
	case measured > 0 && near(stated/float64(measured)):
		return "m"
	case measured > 0 && near(stated*1000/float64(measured)):
		return "km"
	}
	return ""
}

func (r Row) plus(o Row) Row {
	for i := range r.Lengths {
		r.Lengths[i] += o.Lengths[i]
		r.Zones[i] += o.Zones[i]
	}
	r.Total += o.Total
	if !math.IsNaN(o.Stated) {
		r.Stated = known(r.Stated) + o.Stated
	}
	return r
}

// known is v, or zero where there is none yet.
func known(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

func (s *survey) provenance() analysis.Provenance {
	p := analysis.Provenance{Refs: []layers.Ref{s.zonesRef}, Program: s.Program, At: s.Now()}
	if s.Lengths == Measured {
		p.Method = ellipsoid.Geodesic
	}
	if s.along() {
		p.Refs = append(p.Refs, s.Line)
	}
	for _, ref := range []layers.Ref{s.Regions, s.Landuse, s.Activities} {
		if ref != (layers.Ref{}) {
			p.Refs = append(p.Refs, ref)
		}
	}
	slices.SortFunc(p.Refs, layers.Ref.Compare)
	return p
}

// metres is a length for a sentence, where a decimetre is enough; tables are rounded by layers/report.
func metres(l geo.Length) string { return strconv.FormatFloat(float64(l), 'f', 1, 64) }
