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

// place is a row's key: an index into the regions, or outside, and a river.
type place struct {
	region int
	river  string
}

// result adds the parts up.
func (s *survey) result() Result {
	r := Result{
		Zones: s.zonesRef, Regions: s.Regions, Numerator: s.Numerator, Provenance: s.provenance(),
		Total: Row{Stated: math.NaN()},
	}
	if s.polygons {
		r.Line = s.Line
	}
	rows, lengths := s.rows()
	r.StatedUnit = s.state(rows, lengths)
	for _, at := range s.order(rows) {
		row := *rows[at]
		row.Rate = s.rate(row)
		r.Rows = append(r.Rows, row)
		r.Total = r.Total.plus(row)
	}
	r.Total.Rate = s.rate(r.Total)
	r.Gaps = s.gaps
	return r
}

// rows adds the parts up by place, and each zone's length by place.
func (s *survey) rows() (map[place]*Row, []map[place]geo.Length) {
	lengths := make([]map[place]geo.Length, len(s.zones))
	for i := range lengths {
		lengths[i] = map[place]geo.Length{}
	}
	rows := map[place]*Row{}
	for _, p := range s.parts {
		at := place{p.region, p.river}
		if rows[at] == nil {
			rows[at] = &Row{River: p.river, Stated: math.NaN()}
			if p.region != outside {
				rows[at].Code, rows[at].Name = s.regions[p.region].code, s.regions[p.region].name
			}
		}
		rows[at].Lengths[s.zones[p.zone].number] += p.length
		lengths[p.zone][at] += p.length
	}
	for i, z := range s.zones {
		for at, l := range lengths[i] {
			if l >= speck {
				rows[at].Zones[z.number]++
			}
		}
	}
	maps.DeleteFunc(rows, func(_ place, row *Row) bool { return row.sum() < speck })
	return rows, lengths
}

func (r *Row) sum() geo.Length {
	r.Total = 0
	for _, l := range r.Lengths {
		r.Total += l
	}
	return r.Total
}

// order sorts places by region, outside last, then by river.
func (s *survey) order(rows map[place]*Row) []place {
	return slices.SortedFunc(maps.Keys(rows), func(a, b place) int {
		if (a.region == outside) != (b.region == outside) {
			return cmp.Compare(b.region, a.region)
		}
		return cmp.Or(cmp.Compare(a.region, b.region), strings.Compare(a.river, b.river))
	})
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
func (s *survey) state(rows map[place]*Row, lengths []map[place]geo.Length) string {
	var sum float64
	var measured geo.Length
	stated, silent := 0, 0
	for i, z := range s.zones {
		row, own := most(rows, lengths[i])
		if row == nil {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(z.stated), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
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

// most is the row in which most of a zone lies, the first in order between equals, and the zone's whole length.
func most(rows map[place]*Row, lengths map[place]geo.Length) (*Row, geo.Length) {
	var best place
	var longest, sum geo.Length
	for at, l := range lengths {
		if rows[at] == nil {
			continue
		}
		first := at.region < best.region || at.region == best.region && at.river < best.river
		if l > longest || l == longest && first {
			best, longest = at, l
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(lengths), byPlace) {
		sum += lengths[at]
	}
	if longest == 0 {
		return nil, 0
	}
	return rows[best], sum
}

func byPlace(a, b place) int {
	return cmp.Or(cmp.Compare(a.region, b.region), strings.Compare(a.river, b.river))
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
	p := analysis.Provenance{
		Refs: []layers.Ref{s.zonesRef}, Method: ellipsoid.Geodesic, Program: s.Program, At: s.Now(),
	}
	if s.polygons {
		p.Refs = append(p.Refs, s.Line)
	}
	if s.Regions != (layers.Ref{}) {
		p.Refs = append(p.Refs, s.Regions)
	}
	slices.SortFunc(p.Refs, layers.Ref.Compare)
	return p
}

// metres is a length for a sentence, where a decimetre is enough; tables are rounded by layers/report.
func metres(l geo.Length) string { return strconv.FormatFloat(float64(l), 'f', 1, 64) }
