package overlay

import (
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// Portion is how much of a polygon lies in one of several zones; the zone after the last is the outside of all.
type Portion struct {
	Zone int
	Area geo.Area
}

// Zones are polygons, administrative regions for example, by which others are split. Most of what is split lies deep
// within one zone; that is known from a raster over the zones, whose cells lie wholly in one zone or are mixed, without
// a look at any border. Zones do not change and may be used from many goroutines at once.
type Zones struct {
	zones []*Prepared
	box   rect
	side  float64 // of a cell
	per   float64 // cells per metre
	nx    int
	ny    int
	cells []int32 // the zone that a cell lies in, len(zones) for the outside, or mixed
}

const mixed = -1

// NewZones lays out zones. They may overlap: what lies in two counts in both.
func NewZones(zones []*Prepared) *Zones {
	const across = 512 // cells along the longer side
	z := &Zones{zones: zones, box: nowhere()}
	for _, p := range zones {
		if b := p.box(); !p.empty() {
			z.box = rect{min(z.box.x0, b.x0), min(z.box.y0, b.y0), max(z.box.x1, b.x1), max(z.box.y1, b.y1)}
		}
	}
	w, h := z.box.x1-z.box.x0, z.box.y1-z.box.y0
	if !(w > 0 && h > 0) {
		return z
	}
	z.side, z.per = max(w, h)/across, across/max(w, h)
	z.nx, z.ny = int(w*z.per)+1, int(h*z.per)+1
	z.cells = make([]int32, z.nx*z.ny)
	z.markBorders()
	z.fill()
	return z
}

const blank = -2

// markBorders marks the cells through which a border may pass.
func (z *Zones) markBorders() {
	for i := range z.cells {
		z.cells[i] = blank
	}
	for _, p := range z.zones {
		for _, r := range p.rings {
			for i := r.from; i < r.to; i++ {
				a, b := p.points[i], p.points[i+1]
				z.mark(rect{min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])})
			}
		}
	}
}

func (z *Zones) mark(r rect) {
	x0, y0, x1, y1 := z.span(&r)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			z.cells[y*z.nx+x] = mixed
		}
	}
}

// span is the cells that a rectangle within the raster meets.
func (z *Zones) span(r *rect) (x0, y0, x1, y1 int) {
	return int((r.x0 - z.box.x0) * z.per), int((r.y0 - z.box.y0) * z.per),
		int((r.x1 - z.box.x0) * z.per), int((r.y1 - z.box.y0) * z.per)
}

// fill gives the other cells their zone. Between two neighbours passes no border, so one cell speaks for all that can be
// reached from it.
func (z *Zones) fill() {
	var todo []int
	for i := range z.cells {
		if z.cells[i] != blank {
			continue
		}
		zone := z.zoneOf(i)
		z.cells[i] = zone
		for todo = append(todo[:0], i); len(todo) > 0; {
			k := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, n := range z.neighbours(k) {
				if n >= 0 && z.cells[n] == blank {
					z.cells[n] = zone
					todo = append(todo, n)
				}
			}
		}
	}
}

func (z *Zones) neighbours(k int) [4]int {
	out := [4]int{k - z.nx, k + z.nx, k - 1, k + 1}
	if k%z.nx == 0 {
		out[2] = -1
	}
	if k%z.nx == z.nx-1 {
		out[3] = -1
	}
	if out[1] >= len(z.cells) {
		out[1] = -1
	}
	return out
}

// zoneOf is the zone of a cell without borders: mixed where zones overlap.
func (z *Zones) zoneOf(k int) int32 {
	x, y := z.box.x0+float64(k%z.nx)*z.side, z.box.y0+float64(k/z.nx)*z.side
	cell := Prepare(boxOf(rect{x, y, x + z.side, y + z.side}))
	found := int32(len(z.zones))
	for i, p := range z.zones {
		if float64(p.Shared(cell)) > z.side*z.side/2 {
			if found != int32(len(z.zones)) {
				return mixed
			}
			found = int32(i)
		}
	}
	return found
}

// within is the zone that all of a box lies in, mixed when that is not known from the raster.
func (z *Zones) within(b *rect) int32 {
	if len(z.cells) == 0 || b.disjoint(z.box) {
		return int32(len(z.zones))
	}
	if b.x0 < z.box.x0 || b.y0 < z.box.y0 || b.x1 > z.box.x1 || b.y1 > z.box.y1 {
		return mixed
	}
	x0, y0, x1, y1 := z.span(b)
	zone := z.cells[y0*z.nx+x0]
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			if z.cells[y*z.nx+x] != zone {
				return mixed
			}
		}
	}
	return zone
}

// Split appends how much of p lies in each zone and outside all of them, in the order of the zones. Parts that are no
// more than rounding are left out, and the others add up to the area of p but where zones overlap each other.
func (z *Zones) Split(dst []Portion, p *Prepared) []Portion {
	area := p.Area()
	if p.empty() {
		return dst
	}
	box := p.box()
	if zone := z.within(&box); zone != mixed {
		return append(dst, Portion{int(zone), area})
	}
	first, rest := len(dst), area
	for i, zone := range z.zones {
		in := zone.Shared(p)
		switch {
		case in <= Rounding(area):
			continue
		case area-in <= Rounding(area):
			in = area // wholly inside: the whole area, to the last bit
		}
		dst = append(dst, Portion{i, in})
		rest -= in
	}
	switch {
	case rest > Rounding(area) || len(dst) == first:
		return append(dst, Portion{len(z.zones), rest})
	case rest < -Rounding(area): // zones that overlap
		return dst
	}
	// The rounding of the parts goes to the largest, so that they add up to the whole.
	largest := first
	for i := first; i < len(dst); i++ {
		if dst[i].Area > dst[largest].Area {
			largest = i
		}
	}
	dst[largest].Area += rest
	return dst
}

// SplitOutline says how much of an outline, which the outline engine has rounded to its grid, lies in each zone, as
// Split does. What would lie in another zone by that rounding alone counts where most of the outline lies.
func (z *Zones) SplitOutline(outline orb.MultiPolygon, s *Scratch) []Portion {
	p := s.Prepare(outline)
	portions := z.Split(nil, p)
	if len(portions) < 2 {
		return portions
	}
	portions, rest, largest := withoutNoise(portions, Noise(outline)), p.Area(), 0
	for i, q := range portions {
		if rest -= q.Area; q.Area > portions[largest].Area {
			largest = i
		}
	}
	portions[largest].Area += max(rest, 0) // less than nothing is left where zones overlap
	return portions
}

// Noise is the area by which the outline engine's rounding may put parts of an outline on the wrong side of a border that
// it runs along: half the grid times the perimeter.
func Noise(outline orb.MultiPolygon) geo.Area {
	return geo.Area(Grid / 2 * lengthWithin(outline, boundOf(outline)))
}

// withoutNoise drops portions that are no more than noise, but never the largest.
func withoutNoise(portions []Portion, noise geo.Area) []Portion {
	most := geo.Area(0)
	for _, q := range portions {
		most = max(most, q.Area)
	}
	return slices.DeleteFunc(portions, func(q Portion) bool { return q.Area <= noise && q.Area < most })
}

// Rounding is the area in m² that an overlap of a polygon of the given area may be off by: what two deliveries of one
// border differ by that are equal to a tenth of a millimetre, along ten metres, and the digits of the sums.
func Rounding(area geo.Area) geo.Area { return 1e-3 + area*1e-10 }
