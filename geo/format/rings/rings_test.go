package rings_test

import (
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format/rings"
)

// square runs clockwise from its lower left corner, as Esri's formats wind shells.
func square(x, y, size float64) orb.Ring {
	return orb.Ring{{x, y}, {x, y + size}, {x + size, y + size}, {x + size, y}, {x, y}}
}

func turned(r orb.Ring) orb.Ring {
	r = r.Clone()
	r.Reverse()
	return r
}

func TestGroup(t *testing.T) {
	shell, hole, island := square(0, 0, 10), turned(square(1, 1, 8)), square(2, 2, 6)
	for name, c := range map[string]struct {
		rings  []orb.Ring
		want   orb.MultiPolygon
		turned bool
	}{
		"no ring":                 {nil, nil, false},
		"hole before its shell":   {[]orb.Ring{hole, shell}, orb.MultiPolygon{{shell, hole}}, false},
		"hole wound like a shell": {[]orb.Ring{shell, turned(hole)}, orb.MultiPolygon{{shell, turned(hole)}}, true},
		"island in a lake":        {[]orb.Ring{shell, hole, island}, orb.MultiPolygon{{shell, hole}, {island}}, false},
		"ring without area":       {[]orb.Ring{{{1, 1}, {2, 2}, {1, 1}}}, orb.MultiPolygon{{{{1, 1}, {2, 2}, {1, 1}}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, wrong, ok := rings.Group(c.rings)
			if !ok || wrong != c.turned || !orb.Equal(got, c.want) {
				t.Errorf("%v, turned %v, ok %v; want %v, turned %v", got, wrong, ok, c.want, c.turned)
			}
		})
	}
}

func TestGroupGivesUp(t *testing.T) {
	all := make([]orb.Ring, 12_000) // one in another: sorting them would take minutes
	for i := range all {
		all[i] = square(float64(i), float64(i), float64(100_000-2*i))
	}
	if got, _, ok := rings.Group(all); ok || got != nil {
		t.Errorf("%d polygons", len(got))
	}
}

func TestSignedArea(t *testing.T) {
	if a, b := rings.SignedArea(square(1e7, 1e7, 2)), rings.SignedArea(turned(square(1e7, 1e7, 2))); a != -4 || b != 4 {
		t.Errorf("clockwise %v, counter-clockwise %v", a, b)
	}
}
