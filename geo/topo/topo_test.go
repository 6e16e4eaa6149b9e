package topo_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/geo/topo"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/peterstace/simplefeatures/geom"
)

func parse(t *testing.T, s string) orb.Geometry {
	t.Helper()
	g, err := wkt.Unmarshal(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return g
}

// Each case is small enough to draw. want is the first rule found, "" when valid; at its place, when it is unique.
var cases = []struct {
	name, wkt string
	want      topo.Rule
	at        *orb.Point
	// repaired is the area after repair in square degrees, negative when there must be none.
	repaired float64
}{
	{"square", "POLYGON((0 0,4 0,4 4,0 4,0 0))", "", nil, 16},
	{"square the other way round", "POLYGON((0 0,0 4,4 4,4 0,0 0))", "", nil, 16},
	{"repeated point", "POLYGON((0 0,4 0,4 0,4 4,0 4,0 0))", "", nil, 16},
	{"bow-tie", "POLYGON((0 0,4 4,4 0,0 4,0 0))", topo.SelfIntersection, &orb.Point{2, 2}, 8},
	{"spike outwards", "POLYGON((0 0,4 0,4 2,9 2,4 2,4 4,0 4,0 0))", topo.Spike, &orb.Point{9, 2}, 16},
	{"spike inwards", "POLYGON((0 0,4 0,4 2,1 2,4 2,4 4,0 4,0 0))", topo.Spike, &orb.Point{1, 2}, 16},
	{"spike at the first point", "POLYGON((-3 0,4 0,4 4,0 4,0 0,-3 0))", topo.Spike, &orb.Point{-3, 0}, 16},
	{"spike with a bend", "POLYGON((0 0,4 0,4 2,6 2,6 3,6 2,4 2,4 4,0 4,0 0))", topo.Spike, &orb.Point{6, 3}, 16},
	{"two lobes at a point", "POLYGON((0 0,2 2,4 0,4 4,2 2,0 4,0 0))", topo.RingSelfIntersection, &orb.Point{2, 2}, 8},
	{"hole as part of the shell", "POLYGON((0 0,8 0,8 8,0 8,0 0,2 4,4 2,0 0))", topo.RingSelfIntersection, nil, 58},
	{"hole", "POLYGON((0 0,8 0,8 8,0 8,0 0),(2 2,4 2,4 4,2 4,2 2))", "", nil, 60},
	{"hole touching its shell", "POLYGON((0 0,8 0,8 8,0 8,0 0),(0 4,2 2,2 6,0 4))", "", nil, 60},
	{"hole touching in two points", "POLYGON((0 0,8 0,8 8,0 8,0 0),(0 4,4 2,8 4,4 6,0 4))", topo.DisconnectedInterior, nil, 48},
	{
		"ring of holes", "POLYGON((0 0,8 0,8 8,0 8,0 0),(2 2,6 2,4 1,2 2),(2 2,4 6,2 5,2 2),(6 2,6 5,4 6,6 2))",
		topo.DisconnectedInterior, nil, 56,
	},
	{"hole on the border", "POLYGON((0 0,8 0,8 8,0 8,0 0),(0 2,2 2,2 4,0 4,0 2))", topo.SelfIntersection, nil, 60},
	{"hole crossing its shell", "POLYGON((0 0,8 0,8 8,0 8,0 0),(6 2,10 2,10 4,6 4,6 2))", topo.SelfIntersection, nil, -1},
	{"hole crossing at vertices", "POLYGON((0 0,4 0,8 0,8 8,0 8,0 0),(4 0,6 2,8 0,6 -2,4 0))", topo.SelfIntersection, nil, -1},
	{"hole outside", "POLYGON((0 0,4 0,4 4,0 4,0 0),(5 1,6 1,6 2,5 2,5 1))", topo.HoleOutsideShell, &orb.Point{5, 1}, -1},
	{"hole around the shell", "POLYGON((2 2,3 2,3 3,2 3,2 2),(0 0,8 0,8 8,0 8,0 0))", topo.HoleOutsideShell, nil, -1},
	{"nested holes", "POLYGON((0 0,8 0,8 8,0 8,0 0),(1 1,7 1,7 7,1 7,1 1),(3 3,5 3,5 5,3 5,3 3))", topo.NestedHoles, &orb.Point{3, 3}, -1},
	{"hole of the shell's size", "POLYGON((0 0,8 0,8 8,0 8,0 0),(0 0,8 0,8 8,0 8,0 0))", topo.SelfIntersection, nil, -1},
	{"two points", "POLYGON((0 0,4 0,0 0))", topo.TooFewPoints, nil, -1},
	{"flat ring", "POLYGON((0 0,4 0,8 0,0 0))", topo.Spike, nil, -1},
	{"flat hole", "POLYGON((0 0,8 0,8 8,0 8,0 0),(2 2,4 2,6 2,2 2))", topo.Spike, nil, 64},
	{"two parts", "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((2 0,3 0,3 1,2 1,2 0)))", "", nil, 2},
	{"parts touching at a point", "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((1 1,2 1,2 2,1 2,1 1)))", "", nil, 2},
	{"parts sharing an edge", "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((1 0,2 0,2 1,1 1,1 0)))", topo.SelfIntersection, nil, 2},
	{"parts overlapping", "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((2 2,6 2,6 6,2 6,2 2)))", topo.OverlappingParts, nil, -1},
	{"parts crossing at vertices", "MULTIPOLYGON(((0 0,2 0,4 2,2 4,0 4,0 0)),((2 0,6 0,6 4,2 4,0 2,2 0)))", topo.OverlappingParts, nil, -1},
	{"same part twice", "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((0 0,4 0,4 4,0 4,0 0)))", topo.SelfIntersection, nil, -1},
	{"part in a part", "MULTIPOLYGON(((0 0,8 0,8 8,0 8,0 0)),((2 2,4 2,4 4,2 4,2 2)))", topo.NestedShells, &orb.Point{2, 2}, -1},
	{"part in a hole", "MULTIPOLYGON(((0 0,8 0,8 8,0 8,0 0),(1 1,7 1,7 7,1 7,1 1)),((2 2,4 2,4 4,2 4,2 2)))", "", nil, 32},
	{"part touching the hole it is in", "MULTIPOLYGON(((0 0,8 0,8 8,0 8,0 0),(1 1,7 1,7 7,1 7,1 1)),((1 1,4 2,4 4,1 1)))", "", nil, 31},
	{"part filling a hole", "MULTIPOLYGON(((0 0,8 0,8 8,0 8,0 0),(1 1,7 1,7 7,1 7,1 1)),((1 1,7 1,7 7,1 7,1 1)))", topo.SelfIntersection, nil, 64},
	{"line", "LINESTRING(0 0,1 1,1 0,0 1)", "", nil, 0},
	{"line of one place", "LINESTRING(1 1,1 1)", topo.TooFewPoints, &orb.Point{1, 1}, -1},
	{"lines, one of them a point", "MULTILINESTRING((0 0,1 1),(3 3,3 3))", topo.TooFewPoints, &orb.Point{3, 3}, 0},
	{"overlap counted twice", "POLYGON((0 0,6 0,6 4,2 4,2 -2,4 -2,4 6,0 6,0 0))", topo.SelfIntersection, nil, -1},
}

func TestCheckNamesRuleAndPlace(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := topo.Check(parse(t, c.wkt))
			switch {
			case c.want == "" && len(found) == 0:
			case c.want == "" || len(found) == 0:
				t.Errorf("got %v, want %q", found, c.want)
			case found[0].Rule != c.want:
				t.Errorf("got %v, want %q", found, c.want)
			case c.at != nil && found[0].At != *c.at:
				t.Errorf("got %v, want it at %v", found, *c.at)
			}
		})
	}
}

func area(g orb.Geometry) float64 {
	switch g := g.(type) {
	case orb.Polygon:
		return float64(overlay.AreaOf(orb.MultiPolygon{g}))
	case orb.MultiPolygon:
		return float64(overlay.AreaOf(g))
	}
	return 0
}

func TestRepairMendsWhatHasOneReading(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := parse(t, c.wkt)
			fixed, done, err := topo.Repair(g)
			if c.repaired < 0 {
				if geo.CodeOf(err) != "ingest.geometry.ambiguous" {
					t.Fatalf("got %v, %v, want an error", fixed, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.want != "" && len(done) == 0 {
				t.Error("nothing said to be done")
			}
			if got := area(fixed); math.Abs(got-c.repaired) > 1e-7 {
				t.Errorf("area %v, want %v: %v", got, c.repaired, fixed)
			}
			if left := topo.Check(fixed); len(left) > 0 {
				t.Errorf("still broken: %v: %v", left, fixed)
			}
		})
	}
}

func TestCheckRefusesWhatIsNoNumber(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		p := orb.Polygon{{{0, 0}, {4, 0}, {4, bad}, {0, 4}, {0, 0}}}
		if got := topo.Check(p); len(got) != 1 || got[0].Rule != topo.InvalidCoordinate {
			t.Errorf("%v: got %v", bad, got)
		}
		if _, _, err := topo.Repair(p); geo.CodeOf(err) != "ingest.geometry.ambiguous" {
			t.Errorf("%v: repaired with %v", bad, err)
		}
	}
}

func TestCheckSurvivesEmptiness(t *testing.T) {
	for _, g := range []orb.Geometry{
		nil,
		orb.Polygon{},
		orb.Polygon{{}},
		orb.MultiPolygon{{}},
		orb.MultiPolygon{{{}}, nil},
		orb.LineString{},
		orb.Ring{},
		orb.Polygon{{{1, 1}}},
		orb.Collection{nil, orb.Polygon{}},
	} {
		t.Run(fmt.Sprintf("%T %v", g, g), func(t *testing.T) {
			topo.Check(g)
			if _, _, err := topo.Repair(g); err == nil && g != nil && topo.Check(g) != nil {
				t.Error("repaired nothing without a word")
			}
		})
	}
}

// toSimple hands a geometry to the other engine unchecked.
func toSimple(p orb.Polygon) geom.Polygon {
	var rings []geom.LineString
	for _, r := range p {
		var flat []float64
		for _, v := range r {
			flat = append(flat, v[0], v[1])
		}
		rings = append(rings, geom.NewLineString(geom.NewSequence(flat, geom.DimXY)))
	}
	return geom.NewPolygon(rings)
}

// On small grids the other engine is exact as well, and must give the same verdict.
func TestCheckAgreesWithSimpleFeatures(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	valid := 0
	for i := range 20000 {
		p := orb.Polygon{randomRing(r, 3+r.IntN(4), 8)}
		for range r.IntN(3) {
			p = append(p, randomRing(r, 3+r.IntN(2), 8))
		}
		found := topo.Check(p)
		err := toSimple(p).Validate()
		if (err == nil) != (len(found) == 0) {
			t.Fatalf("case %d: %v\nfound %v\nother engine: %v", i, p, found, err)
		}
		if err == nil {
			valid++
		}
	}
	if valid < 300 {
		t.Errorf("only %d valid cases", valid)
	}
}

func TestCheckOfPartsAgreesWithSimpleFeatures(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	valid := 0
	for i := range 20000 {
		var mp orb.MultiPolygon
		var other []geom.Polygon
		for range 2 + r.IntN(2) {
			p := orb.Polygon{randomRing(r, 3, 7)}
			mp, other = append(mp, p), append(other, toSimple(p))
		}
		found := topo.Check(mp)
		err := geom.NewMultiPolygon(other).Validate()
		if (err == nil) != (len(found) == 0) {
			t.Fatalf("case %d: %v\nfound %v\nother engine: %v", i, mp, found, err)
		}
		if err == nil {
			valid++
		}
	}
	if valid < 300 {
		t.Errorf("only %d valid cases", valid)
	}
}

func randomRing(r *rand.Rand, n, size int) orb.Ring {
	var ring orb.Ring
	for range n {
		ring = append(ring, orb.Point{float64(r.IntN(size)), float64(r.IntN(size))})
	}
	return append(ring, ring[0])
}

// Found by FuzzCheck: with coordinates of very different size a corner was taken for a spike.
func TestCheckIsExactForAllExponents(t *testing.T) {
	top := orb.Point{2.61773395118493e-310, 131072}
	ring := orb.Ring{top, {0, 0}, {0, 9.005004792076203e-308}, {0, 1.398043286095289e-76}, top}
	for range ring[1:] {
		if v := topo.Check(ring); v != nil {
			t.Errorf("%v: %v", ring, v)
		}
		ring = append(ring[1:], ring[1])
	}
}
