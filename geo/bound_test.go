package geo_test

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

func TestBoundIsThatOfOrb(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	ring := func(n int) orb.Ring {
		var out orb.Ring
		for range n {
			out = append(out, orb.Point{r.Float64()*360 - 180, r.Float64()*180 - 90})
		}
		return out
	}
	for name, g := range map[string]orb.Geometry{
		"a polygon":                     orb.Polygon{ring(50)},
		"a polygon with a hole":         orb.Polygon{ring(50), ring(5)},
		"one corner":                    orb.Polygon{ring(1)},
		"two polygons":                  orb.MultiPolygon{{ring(10)}, {ring(10), ring(3)}},
		"an empty polygon":              orb.Polygon{},
		"an empty ring":                 orb.Polygon{{}},
		"no polygons":                   orb.MultiPolygon{},
		"an empty polygon among others": orb.MultiPolygon{{ring(10)}, {}},
		"a line":                        orb.LineString(ring(10)),
		"a point":                       ring(1)[0],
	} {
		if got, want := geo.Bound(g), g.Bound(); got != want {
			t.Errorf("%s: %v, orb says %v", name, got, want)
		}
	}
}
