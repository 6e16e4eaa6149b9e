package topo_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"greenshield/geo/index"
	"greenshield/geo/internal/jtsxml"
	"greenshield/geo/overlay"
	"greenshield/geo/topo"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// bufferedOtherwise lists the cases of the JTS suites that fail by that measure, and why.
var bufferedOtherwise = map[string]string{
	"general/TestBuffer.xml/Degenerate polygon which caused error in ver 1.10":                         refused,
	"general/TestBuffer.xml/Degenerate polygon - ring is flat. This case tests a fix made in ver 1.12": refused,
	"general/TestBuffer.xml/Degenerate Polygon with too few points in ring":                            refused,
	"misc/TestBufferExternal2.xml/#18 Polygon - gid: 2518":                                             thin,
	"misc/TestBufferExternal2.xml/#19 Polygon - gid: 2519":                                             thin,
	"misc/TestBufferExternal2.xml/#21 Polygon - gid: 2521":                                             thin,
	"misc/TestBufferExternal2.xml/#34 Polygon - gid: 2534":                                             thin,
	"misc/TestBufferExternal2.xml/#39 Polygon - gid: 2539":                                             thin,
	"misc/TestBufferExternal2.xml/#41 Polygon - gid: 2541":                                             thin,
	"misc/TestBufferExternal2.xml/#42 Polygon - gid: 2542":                                             thin,
	"misc/TestBufferExternal2.xml/#50 Polygon - gid: 2550":                                             thin,
	"misc/TestBufferExternal2.xml/#55 Polygon - gid: 2555":                                             thin,
	"misc/TestBufferExternal2.xml/#77 Polygon - gid: 2577":                                             thin,
	"misc/TestBufferExternal2.xml/#78 Polygon - gid: 2578":                                             thin,
	"misc/TestBufferExternal2.xml/#82 Polygon - gid: 2582":                                             thin,
	"misc/TestBufferExternal2.xml/#87 Polygon - gid: 2587":                                             thin,
	"misc/TestBufferExternal2.xml/#92 Polygon - gid: 2592":                                             thin,
	"misc/TestBufferExternal2.xml/#94 Polygon - gid: 2594":                                             thin,
	"misc/TestBufferExternal2.xml/#95 Polygon - gid: 2595":                                             thin,
	"misc/TestBufferExternal2.xml/#98 Polygon - gid: 2598":                                             thin,
	"misc/TestBufferExternal2.xml/#99 Polygon - gid: 2599":                                             thin,
}

const (
	refused = "invalid input is refused, not buffered"
	thin    = "made by another program, with other arcs: of this polygon so little is left that they matter"
)

// TestBufferAgreesWithJTS judges as BufferResultMatcher of JTS does: what only one of the two buffers covers is less
// than a thousandth of the expected area, and no border lies farther than a hundredth of the distance from the other.
func TestBufferAgreesWithJTS(t *testing.T) {
	seen := 0
	eachJTS(t, func(t *testing.T, id string, _ *jtsxml.Run, c *jtsxml.Case, op *jtsxml.Op) {
		if op.Name != "buffer" {
			return
		}
		seen++
		distance, err := strconv.ParseFloat(op.Args[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		var o topo.BufferOptions
		if len(op.Args) > 2 {
			if o.Segments, err = strconv.Atoi(op.Args[2]); err != nil {
				t.Fatal(err)
			}
		}
		got, err := topo.Buffer(lines(t, c.Argument(op.Args[0])), distance, o)
		reason := bufferedOtherwise[id]
		if (err != nil) != (reason == refused) {
			t.Errorf("%s: %v", id, err)
		}
		if err != nil {
			return
		}
		if v := topo.Check(got); v != nil {
			t.Errorf("%s: buffer by %v: %v", id, distance, v)
		}
		checkDirections(t, got)
		fault := compareBuffers(got, areas(lines(t, op.Expected)), distance, reason == thin)
		if fault != "" {
			t.Errorf("%s: buffer by %v: %s", id, distance, fault)
		}
	})
	if seen != 163 {
		t.Errorf("saw %d", seen)
	}
}

func areas(g orb.Geometry) orb.MultiPolygon {
	mp, ok := g.(orb.MultiPolygon)
	if p, single := g.(orb.Polygon); single {
		mp, ok = orb.MultiPolygon{p}, true
	}
	if !ok {
		return nil
	}
	return slices.DeleteFunc(mp, func(p orb.Polygon) bool { return len(p) == 0 || len(p[0]) == 0 })
}

// compareBuffers says how two buffers differ, "" when they do not. In thin ones the arcs matter: a chord of an arc
// lies up to 1 − cos(π/32) of the distance too far inside, and that much times the perimeter is forgiven.
func compareBuffers(got, want orb.MultiPolygon, distance float64, thin bool) string {
	if len(want) == 0 || len(got) == 0 {
		if len(want) != len(got) {
			return fmt.Sprintf("got %v, want %v", got, want)
		}
		return ""
	}
	area := float64(overlay.AreaOf(want))
	only := area + float64(overlay.AreaOf(got)) - 2*float64(overlay.Area(got, want))
	if thin {
		if !(only < math.Abs(distance)*(1-math.Cos(math.Pi/32))*perimeter(want)) {
			return fmt.Sprintf("areas %v and %v, in one only %v", overlay.AreaOf(got), area, only)
		}
		return ""
	}
	if !(only < 1e-3*area) {
		return fmt.Sprintf("areas %v and %v, in one only %v", overlay.AreaOf(got), area, only)
	}
	near := max(math.Abs(distance)/100, 1e-8)
	if v, ok := strays(got, want, near); ok {
		return fmt.Sprintf("border at %v is not expected", v)
	}
	if v, ok := strays(want, got, near); ok {
		return fmt.Sprintf("border expected at %v", v)
	}
	return ""
}

// strays finds a vertex of a that is not near the border of b.
func strays(a, b orb.MultiPolygon, near float64) (orb.Point, bool) {
	edges := index.New[[2]orb.Point]()
	for _, p := range b {
		for _, ring := range p {
			for i := 1; i < len(ring); i++ {
				edges.Insert(orb.MultiPoint(ring[i-1:i+1]).Bound(), [2]orb.Point{ring[i-1], ring[i]})
			}
		}
	}
	for _, p := range a {
		for _, ring := range p {
			for _, v := range ring {
				found := false
				edges.Search(v.Bound().Pad(near), func(e [2]orb.Point) bool {
					found = planar.DistanceFromSegment(e[0], e[1], v) <= near
					return !found
				})
				if !found {
					return v, true
				}
			}
		}
	}
	return orb.Point{}, false
}

func TestBufferIsAsRoundAsAsked(t *testing.T) {
	const radius = 100.0
	at := orb.Point{500000, 2500000}
	for _, segments := range []int{0, 1, 2, 8, 256} {
		got, err := topo.Buffer(at, radius, topo.BufferOptions{Segments: segments})
		if err != nil || len(got) != 1 {
			t.Fatalf("%d segments: %v, %v", segments, got, err)
		}
		n := segments
		if n == 0 {
			n = 8
		}
		if len(got[0][0]) != 4*n+1 {
			t.Errorf("%d segments: %d points", segments, len(got[0][0]))
		}
		want := float64(2*n) * radius * radius * math.Sin(math.Pi/float64(2*n)) // a regular polygon of 4n corners
		if area := float64(overlay.AreaOf(got)); math.Abs(area-want) > 1e-4 {
			t.Errorf("%d segments: area %v, want %v", segments, area, want)
		}
	}
}

func TestBufferRefusesBadOptions(t *testing.T) {
	for _, c := range []struct {
		distance float64
		segments int
	}{{math.NaN(), 8}, {math.Inf(1), 8}, {1, -1}, {1, 257}} {
		if got, err := topo.Buffer(orb.Point{}, c.distance, topo.BufferOptions{Segments: c.segments}); err == nil {
			t.Errorf("%v: got %v", c, got)
		}
	}
}
