package conflict_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
)

// asked is what the check says of a parcel and the red line: the overlap and the features that merely touch.
func asked(t *testing.T, p conflict.ParcelResult) (overlap geo.Area, touching int) {
	t.Helper()
	i := slices.IndexFunc(p.Checked, func(c conflict.Checked) bool { return c.Theme == layers.Redline })
	if i < 0 {
		t.Fatalf("the red line was not asked completely: %v", codes(p))
	}
	return p.Checked[i].Area, p.Checked[i].Touching
}

// What lies at a border is no conflict, what lies inside is one, however small or large; metres around 109.5 E, where
// two zones of three degrees meet.
func TestBordersAndSizes(t *testing.T) {
	const grown = "POLYGON((-50000 -50000,50000 -50000,50000 50000,-50000 50000,-50000 -50000))"
	for name, tc := range map[string]struct {
		parcel, redline string
		verdict         analysis.Verdict
		overlap         geo.Area
		touching        int
	}{
		"bad-input 85 a sliver of 0.1 mm": {
			hectare, "POLYGON((99.9999 0,200 0,200 100,99.9999 100,99.9999 0))", analysis.Clear, 0, 1,
		},
		"bad-input 85 a gap of 0.1 mm": {
			hectare, "POLYGON((100.0001 0,200 0,200 100,100.0001 100,100.0001 0))", analysis.Clear, 0, -1,
		},
		"bad-input 86 identical": {hectare, hectare, analysis.Prohibited, 1e4, 0},
		"bad-input 86 identical, from another corner": {
			hectare, "POLYGON((100 100,0 100,0 0,100 0,100 100))", analysis.Prohibited, 1e4, 0,
		},
		"bad-input 86 fully inside": {hectare, block, analysis.Prohibited, 1e4, 0},
		"bad-input 86 inside, along a border": {
			"POLYGON((-500 0,-400 0,-400 100,-500 100,-500 0))", block, analysis.Prohibited, 1e4, 0,
		},
		"bad-input 86 around it": {block, hectare, analysis.Prohibited, 1e4, 0},
		"bad-input 86 touches in a point": {
			hectare, "POLYGON((100 100,200 100,200 200,100 200,100 100))", analysis.Clear, 0, 1,
		},
		"bad-input 86 touches along a line": {hectare, nextDoor, analysis.Clear, 0, 1},
		"bad-input 86 touches with a vertex": {
			hectare, "POLYGON((100 37,200 0,200 100,100 37))", analysis.Clear, 0, 1,
		},
		"bad-input 88 across the border of two zones": {
			"POLYGON((-50 0,50 0,50 100,-50 100,-50 0))", block, analysis.Prohibited, 1e4, 0,
		},
		"bad-input 90 a hundredth of a square metre": {
			"POLYGON((0 0,0.1 0,0.1 0.1,0 0.1,0 0))", block, analysis.Prohibited, 0.01, 0,
		},
		"bad-input 90 10,000 square kilometres": {grown, block, analysis.Prohibited, 1e6, 0},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t, redline(tc.redline), protected(feature{faraway, "core"}))
			if strings.Contains(name, "10,000") {
				c = newCity(t, redline(tc.redline), protected())
			}
			p := c.check(options(), parcel(t, 1, tc.parcel)).Parcels[0]
			wantVerdict(t, p, tc.verdict)
			overlap, touching := asked(t, p)
			if d := math.Abs(float64(overlap - tc.overlap)); d > math.Min(nearly, float64(tc.overlap)/100+1e-9) {
				t.Errorf("overlap %.6f m², want %.6f", overlap, tc.overlap)
			}
			if tc.touching >= 0 && touching != tc.touching {
				t.Errorf("%d touching, want %d", touching, tc.touching)
			}
		})
	}
}

// Borders that are the same but for the last digits, as files of two offices have them, are what made other engines
// fail: every answer here is complete, and no shared border is a conflict.
func TestBordersThatNearlyCoincide(t *testing.T) {
	const seed = 20260525
	random := rand.New(rand.NewPCG(seed, 1))
	for _, digits := range []float64{1e-9, 1e-8, 1e-7} { // degrees: 0.1 mm, 1 mm, 1 cm
		t.Run(fmt.Sprintf("bad-input 85 shared border off by %g degrees", digits), func(t *testing.T) {
			c := newCity(t, redline(wavy(-500, 0), faraway), protected(feature{faraway, "core"}))
			p := parcel(t, 1, wavy(0, 500))
			p.Geometry = shaken(random, p.Geometry, digits)
			p.Area = ellipsoid.Area(p.Geometry)
			got := c.check(options(), p).Parcels[0]
			wantVerdict(t, got, analysis.Clear)
			if overlap, touching := asked(t, got); overlap != 0 || touching != 1 {
				t.Errorf("seed %d: overlap %.4f m², %d touching", seed, overlap, touching)
			}
		})
		t.Run(fmt.Sprintf("bad-input 87 the same polygon off by %g degrees", digits), func(t *testing.T) {
			c := newCity(t, redline(wavy(0, 500)), protected(feature{faraway, "core"}))
			p := parcel(t, 1, wavy(0, 500))
			p.Geometry = shaken(random, p.Geometry, digits)
			p.Area = ellipsoid.Area(p.Geometry)
			got := c.check(options(), p).Parcels[0]
			wantVerdict(t, got, analysis.Prohibited)
			const border, metres = 2500, 111e3 // length of the border with its waves; of a degree
			overlap, _ := asked(t, got)
			if lost := float64(p.Area - overlap); lost < -nearly || lost > border*metres*digits+nearly {
				t.Errorf("seed %d: overlap %.4f m² of %.4f", seed, overlap, p.Area)
			}
		})
	}
}

// wavy is a block between two eastings with two hundred vertices on the easting 0, in steps that are no round numbers.
func wavy(from, to float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "POLYGON((")
	wave := func(i int) string { return fmt.Sprintf("%.7f %.7f,", 7*math.Sin(float64(i)/3), float64(i)*2.5+0.1/3) }
	if from < 0 {
		for i := range 200 {
			b.WriteString(wave(i))
		}
		fmt.Fprintf(&b, "%[1]g 500,%[1]g 0,%s", from, strings.TrimSuffix(wave(0), ","))
	} else {
		for i := range 200 {
			b.WriteString(wave(199 - i))
		}
		fmt.Fprintf(&b, "%[1]g 0,%[1]g 500,%s", to, strings.TrimSuffix(wave(199), ","))
	}
	return b.String() + "))"
}

// shaken moves every vertex by up to so many degrees each way.
func shaken(random *rand.Rand, mp orb.MultiPolygon, digits float64) orb.MultiPolygon {
	out := mp.Clone()
	for _, p := range out {
		for _, r := range p {
			for i := range r {
				r[i][0] += (2*random.Float64() - 1) * digits
				r[i][1] += (2*random.Float64() - 1) * digits
			}
			r[len(r)-1] = r[0]
		}
	}
	return out
}
