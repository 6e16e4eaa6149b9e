package city

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/layers"
)

// Distances from the bank, in degrees of about 111 km (latitude) or 102 km (longitude): the management line runs
// 150 m behind the bank and inside the shoreline zones, which are 300 m deep; the management range ends at the line.
const (
	lineOffset = 0.00135
	zoneDepth  = 0.00270
)

// bank is one side of a river as the points of consecutive mesh edges, in running order, with the landward direction.
type bank struct {
	river    string
	side     string // code: 1 left, 2 right
	pieces   [][]orb.Point
	cells    []int // landward cell of each piece
	waters   []int // water cell of each piece
	landward orb.Point
}

// banks are the four sides of the two rivers. The main river runs east, so its left bank is the northern one; the
// tributary runs south into it, so its left bank is the eastern one. The main river's left bank is open at the mouth.
func (b *builder) banks() []bank {
	r, s := b.river, b.stream
	south := bank{river: b.names.Rivers[0], side: "2", landward: orb.Point{0, -1}}
	north := bank{river: b.names.Rivers[0], side: "1", landward: orb.Point{0, 1}}
	for i := range b.nx {
		if !b.inside[r*b.nx+i] {
			continue
		}
		south.add(b.edge(i, r, true), (r-1)*b.nx+i, r*b.nx+i)
		if i != s {
			north.add(b.edge(i, r+1, true), (r+1)*b.nx+i, r*b.nx+i)
		}
	}
	western := bank{river: b.names.Rivers[1], side: "2", landward: orb.Point{-1, 0}}
	eastern := bank{river: b.names.Rivers[1], side: "1", landward: orb.Point{1, 0}}
	for j := r + 2; j < b.ny; j++ { // the first row belongs to the main river's zones
		if b.inside[j*b.nx+s] {
			western.add(b.edge(s, j, false), j*b.nx+s-1, j*b.nx+s)
			eastern.add(b.edge(s+1, j, false), j*b.nx+s+1, j*b.nx+s)
		}
	}
	return []bank{north, south, eastern, western}
}

func (k *bank) add(points []orb.Point, cell, water int) {
	k.pieces = append(k.pieces, points)
	k.cells = append(k.cells, cell)
	k.waters = append(k.waters, water)
}

// edge gives all points of the edge from node (i, j) along its row or column.
func (m *mesh) edge(i, j int, along bool) []orb.Point {
	at, to := m.at(i, j), m.at(i+1, j)
	inner := m.horizontals[at]
	if !along {
		to, inner = m.at(i, j+1), m.verticals[at]
	}
	out := append([]orb.Point{m.nodes[at]}, inner...)
	return append(out, m.nodes[to])
}

// stretch is a run of a bank's pieces that lies in one shoreline zone and one district.
type stretch struct {
	bank     bank
	zone     int // 1 to 4
	district int
	points   []orb.Point
}

// stretches cuts the banks where zone or district change, where pieces do not join, and after twelve pieces.
func (b *builder) stretches() []stretch {
	const most = 12
	var out []stretch
	for _, k := range b.banks() {
		count := 0
		for p, points := range k.pieces {
			zone, district := b.shoreZone(k.cells[p]), b.district[k.waters[p]]
			last := len(out) - 1
			if p > 0 && count < most && out[last].zone == zone && out[last].district == district &&
				out[last].points[len(out[last].points)-1] == points[0] {
				out[last].points = append(out[last].points, points[1:]...)
				count++
				continue
			}
			out = append(out, stretch{k, zone, district, append([]orb.Point(nil), points...)})
			count = 1
		}
	}
	return out
}

// shoreZone is the zone behind a bank: development and controlled use near towns, protection in the hills.
func (b *builder) shoreZone(c int) int {
	u, v := b.middle(c)
	switch {
	case b.town[c] > 0.45:
		return 4
	case b.town[c] > 0.20:
		return 3
	case hills(b.seed+800, 5*u, 5*v) > 0.52:
		return 1
	}
	return 2
}

// shift moves points landward by so many degrees.
func (s stretch) shift(by float64) []orb.Point {
	out := make([]orb.Point, len(s.points))
	for k, p := range s.points {
		out[k] = round(orb.Point{p[0] + by*s.bank.landward[0], p[1] + by*s.bank.landward[1]})
	}
	return out
}

// strip is the ring between the bank and its copy shifted landward.
func (s stretch) strip(depth float64) orb.Polygon {
	far := s.shift(depth)
	reverse(far)
	ring := append(append(orb.Ring{}, s.points...), far...)
	ring = append(ring, ring[0])
	if ring.Orientation() == orb.CW {
		ring.Reverse()
	}
	return orb.Polygon{ring}
}

// kilometres is a geodesic length in km with two decimals, as shoreline plans state it.
func kilometres(points []orb.Point) float64 {
	return math.Round(float64(ellipsoid.Length(orb.LineString(points)))/10) / 100
}

func (b *builder) shorelineZones() Table {
	t := Table{
		Layer: b.layer("shoreline", layers.Shoreline), Vintage: YearBefore,
		Fields: []format.Field{
			text("regionid", 5), text("rname", 30), text("type", 1), text("side", 2), number("len", 12, 2), text("county", 30),
			text("basis", 200),
		},
	}
	for k, s := range b.stretches() {
		values := append(b.shoreValues(k, s, s.shift(lineOffset)), b.names.Shoreline[s.zone-1])
		t.Rows = append(t.Rows, Row{s.strip(zoneDepth), values})
	}
	return t
}

func (b *builder) shorelineLines() Table {
	t := Table{
		Layer: b.layer("shoreline-lines", layers.Shoreline), Vintage: YearBefore,
		Fields: []format.Field{
			text("regionid", 5), text("rname", 30), text("type", 1), text("side", 2), number("len", 12, 2), text("county", 30),
		},
	}
	for k, s := range b.stretches() {
		line := s.shift(lineOffset)
		t.Rows = append(t.Rows, Row{orb.LineString(line), b.shoreValues(k, s, line)})
	}
	return t
}

func (b *builder) shoreValues(k int, s stretch, line []orb.Point) []any {
	id := fmt.Sprintf("%s%03d", map[string]string{"1": "L", "2": "R"}[s.bank.side], k+1)
	return []any{
		id, s.bank.river, fmt.Sprint(s.zone), s.bank.side, kilometres(line), b.names.Districts[s.district].Name,
	}
}

func (b *builder) banklines() Table {
	t := Table{
		Layer: b.layer("bankline", layers.Bankline), Vintage: YearBefore,
		Fields: []format.Field{text("rname", 30), text("side", 2)},
	}
	for _, s := range b.runs() {
		t.Rows = append(t.Rows, Row{orb.LineString(s.shift(lineOffset)), []any{s.bank.river, s.bank.side}})
	}
	return t
}

// runs are the banks cut only where their pieces do not join.
func (b *builder) runs() []stretch {
	var out []stretch
	for _, k := range b.banks() {
		for p, points := range k.pieces {
			last := len(out) - 1
			if p > 0 && out[last].points[len(out[last].points)-1] == points[0] {
				out[last].points = append(out[last].points, points[1:]...)
				continue
			}
			out = append(out, stretch{bank: k, points: append([]orb.Point(nil), points...)})
		}
	}
	return out
}

// riverAreas are the rivers' management ranges: the strips between the banks and the management lines, and the water.
func (b *builder) riverAreas() Table {
	t := Table{
		Layer: b.layer("river", layers.River), Vintage: YearBefore,
		Fields: []format.Field{text("BSM", 18), text("MC", 60)},
	}
	add := func(g orb.Geometry, river string) {
		t.Rows = append(t.Rows, Row{g, []any{fmt.Sprintf("%sR%03d", b.names.City.Code, len(t.Rows)+1), river}})
	}
	labels := make([]int, len(b.water))
	for c := range labels {
		labels[c] = none
		if b.water[c] {
			labels[c] = pick(c/b.nx == b.river, 0, 1)
		}
	}
	b.inOrder(labels, func(label int, mp orb.MultiPolygon) { add(polygon(mp), b.names.Rivers[label]) })
	for _, s := range b.runs() {
		add(s.strip(lineOffset), s.bank.river)
	}
	return t
}
