// Package geos_test compares geo/overlay with GEOS and with the JTS port of simplefeatures. Run it with
//
//	go test -v ./.ci/compare/geos
//
// where libgeos is installed (libgeos-c1v5 on Debian); it skips itself elsewhere.
package geos_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"text/tabwriter"

	"greenshield/.ci/compare/geos"
	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"
)

// The differences that are let pass.
const (
	// areaTolerance is relative to the smaller region.
	areaTolerance = 1e-9
	// outlineTolerance is the area in one outline only, in m² per metre of the borders of both regions: the grid.
	outlineTolerance = overlay.Grid
	// everyPair asks simplefeatures about one pair in so many: it takes a hundred times as long.
	everyPair = 10
)

// line is one line of the table: the largest differences of a family.
type line struct {
	family               string
	pairs, silent        int
	area, prepared, port float64 // relative to the smaller region
	absolute             float64 // m²
	outline              float64 // m² per metre
	invalid              int
	worst                string
}

func TestAgainstGEOS(t *testing.T) {
	version, err := geos.Open()
	if err != nil {
		t.Skipf("left out: %v", err)
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "family\tpairs\tarea, rel.\tarea, m²\tprepared, rel.\tJTS port, rel.\t"+
		"outlines, m²/m\tinvalid\tGEOS silent")
	for i, f := range families {
		r := rand.New(rand.NewPCG(2026, uint64(i)))
		l := line{family: f.name}
		for _, p := range f.make(r) {
			l.add(t, p)
		}
		fmt.Fprintf(w, "%s\t%d\t%.1e\t%.1e\t%.1e\t%.1e\t%.1e\t%d\t%d\n", l.family, l.pairs, l.area, l.absolute,
			l.prepared, l.port, l.outline, l.invalid, l.silent)
		if l.area > areaTolerance || l.prepared > areaTolerance || l.port > areaTolerance ||
			l.outline > outlineTolerance || l.invalid > 0 || l.silent*10 > l.pairs {
			t.Errorf("%s: beyond what is let pass; the worst pair is %s", l.family, l.worst)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Logf("GEOS %s\n%s", version, table.String())
}

// add compares one pair.
func (l *line) add(t *testing.T, p pair) {
	t.Helper()
	l.pairs++
	_, theirs, err := geos.Overlay(p.a, p.b, int(overlay.Intersection))
	if err != nil {
		l.silent++
		return
	}
	smaller := math.Min(planar.Area(p.a), planar.Area(p.b))
	ours := float64(overlay.Area(p.a, p.b))
	l.absolute = math.Max(l.absolute, math.Abs(ours-theirs))
	l.raise(&l.area, math.Abs(ours-theirs)/smaller, p)
	l.raise(&l.prepared, math.Abs(float64(overlay.Prepare(p.a).Overlap(p.b, nil))-theirs)/smaller, p)
	if l.pairs%everyPair == 1 {
		l.raise(&l.port, math.Abs(ported(t, p)-ours)/smaller, p)
	}
	borders := planar.Length(p.a) + planar.Length(p.b)
	for op := overlay.Intersection; op <= overlay.SymmetricDifference; op++ {
		l.addOutline(t, p, op, borders)
	}
}

// addOutline compares an outline by the area that lies in one of two only, as GEOS has it.
func (l *line) addOutline(t *testing.T, p pair, op overlay.Op, borders float64) {
	t.Helper()
	ours, err := overlay.Outline(p.a, p.b, op)
	if err != nil {
		t.Fatalf("op %d of %v: %v", op, p, err)
	}
	if valid, err := geos.Valid(ours); err != nil || !valid {
		l.invalid++
		l.worst = describe(p)
	}
	theirs, _, err := geos.Overlay(p.a, p.b, int(op))
	if err != nil {
		l.silent++
		return
	}
	_, apart, err := geos.Overlay(ours, areal(theirs), int(overlay.SymmetricDifference))
	if err != nil {
		l.silent++
		return
	}
	l.raise(&l.outline, apart/borders, p)
}

func (l *line) raise(most *float64, v float64, p pair) {
	if math.IsNaN(v) {
		v = math.Inf(1)
	}
	if v > *most {
		*most, l.worst = v, describe(p)
	}
}

func describe(p pair) string {
	const enough = 2000
	text := fmt.Sprintf("%v\n%v", p.a, p.b)
	return text[:min(len(text), enough)]
}

// areal is what g covers: GEOS adds the lines and points where borders only touch.
func areal(g orb.Geometry) orb.MultiPolygon {
	switch g := g.(type) {
	case orb.Polygon:
		if len(g) > 0 {
			return orb.MultiPolygon{g}
		}
	case orb.MultiPolygon:
		return g
	case orb.Collection:
		var mp orb.MultiPolygon
		for _, member := range g {
			mp = append(mp, areal(member)...)
		}
		return mp
	}
	return nil
}

// ported is the area of the intersection by the JTS port of simplefeatures.
func ported(t *testing.T, p pair) float64 {
	t.Helper()
	var in [2]geom.Geometry
	for i, mp := range []orb.MultiPolygon{p.a, p.b} {
		data, err := wkb.Marshal(mp)
		if err != nil {
			t.Fatal(err)
		}
		if in[i], err = geom.UnmarshalWKB(data, geom.NoValidate{}); err != nil {
			t.Fatal(err)
		}
	}
	out, err := geom.Intersection(in[0], in[1])
	if err != nil {
		t.Fatal(err)
	}
	return out.Area()
}
