package overlay_test

import (
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"greenshield/geo/internal/jtsxml"
	"greenshield/geo/overlay"
	"greenshield/geo/topo"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

const (
	jtsSuites = "../../../shared/data/overlay-jts-xml"
	// jtsWidth is the width, in parts of the extent, by which a border may be off: the suites write so many digits.
	jtsWidth = 1e-8
)

// jtsCase is one operation of a suite on regions.
type jtsCase struct {
	a, b  orb.MultiPolygon
	op    string // without the name of the JTS class that does it
	want  jtsxml.Text
	width float64 // in metres, by which a border may be off
	magnifier
}

// Every overlay of regions in the suites of the JTS Topology Suite. Lines and points are no regions: operations on
// them are left out, and where they belong to an expected result only its area counts.
func TestJTSOverlays(t *testing.T) {
	if names := jtsFiles(t); len(names) == 0 {
		t.Skip("shared/data/overlay-jts-xml is not beside the project")
	} else {
		compared, others := 0, 0
		for _, name := range names {
			run, err := jtsxml.Read(filepath.Join(jtsSuites, name))
			if err != nil {
				t.Fatal(err)
			}
			for i := range run.Cases {
				c, o := checkJTSCase(t, fmt.Sprintf("%s %d", strings.TrimSuffix(name, ".xml"), i+1), &run, &run.Cases[i])
				compared, others = compared+c, others+o
			}
		}
		t.Logf("%d operations on regions compared, %d on lines or points left out", compared, others)
		if compared < 450 {
			t.Errorf("only %d operations compared", compared)
		}
	}
}

func jtsFiles(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(jtsSuites, func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".xml" {
			name, _ := filepath.Rel(jtsSuites, path)
			names = append(names, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// checkJTSCase runs the overlays of one case and counts those on regions and those on anything else.
func checkJTSCase(t *testing.T, name string, run *jtsxml.Run, c *jtsxml.Case) (compared, others int) {
	t.Helper()
	for i, op := range c.Ops {
		kind := strings.ToLower(op.Name)
		kind = strings.TrimSuffix(strings.TrimSuffix(kind, "ng"), "sr")
		switch kind {
		case "intersection", "union", "difference", "symdifference", "overlayareatest", "unionarea", "unionlength":
		default:
			continue
		}
		args := jtsRegions(c, op.Args)
		if args == nil || kind == "unionlength" {
			others++
			continue
		}
		scale := run.Scale
		if len(op.Args) == 3 {
			scale, _ = strconv.ParseFloat(op.Args[2], 64)
		}
		o := jtsCase{a: args[0], b: args[1], op: kind, want: op.Expected}
		o.magnify(scale)
		expect(t, fmt.Sprintf("%s op %d %s", name, i+1, op.Name), o.check)
		compared++
	}
	return compared, others
}

// jtsRegions are the first two arguments, the second of which may be missing; nil when they are no regions.
func jtsRegions(c *jtsxml.Case, names []string) []orb.MultiPolygon {
	var out []orb.MultiPolygon
	for _, name := range names {
		if name != "A" && name != "B" {
			break
		}
		g, err := c.Argument(name).Orb()
		mp, ok := regions(g)
		if err != nil || !ok {
			return nil
		}
		out = append(out, mp)
	}
	if len(out) == 0 {
		return nil
	}
	return append(out, nil)
}

// regions is what g covers; ok is false when a part of it is a line or a point.
func regions(g orb.Geometry) (mp orb.MultiPolygon, ok bool) {
	switch g := g.(type) {
	case orb.Polygon:
		if len(g) == 0 {
			return nil, true
		}
		return orb.MultiPolygon{g.Clone()}, true
	case orb.MultiPolygon:
		return slices.DeleteFunc(g.Clone(), func(p orb.Polygon) bool { return len(p) == 0 }), true
	case orb.Collection:
		ok = true
		for _, member := range g {
			part, areal := regions(member)
			mp, ok = append(mp, part...), ok && areal
		}
		return mp, ok
	}
	return nil, false
}

// magnify brings a case with a fixed grid to our grid, and another to a size at which the grid does not show.
func (c *jtsCase) magnify(scale float64) {
	c.magnifier, c.width = magnifierOf(c.a, c.b), jtsWidth*magnifiedExtent
	if scale > 0 {
		c.magnifier, c.width = magnifier{by: scale * grid}, grid/1e3
	}
	c.put(c.a, c.b)
}

func (c *jtsCase) check(t *testing.T) error {
	t.Helper()
	switch c.op {
	case "overlayareatest":
		return c.checkAreas(t)
	case "unionarea":
		want, err := strconv.ParseFloat(string(c.want), 64)
		got := overlay.AreaOf(cleaned(t, c.a, overlay.NonZero))
		want *= c.by * c.by
		if d := math.Abs(float64(got) - want); err != nil || d > c.width*length(c.a)+1e-6*want {
			return fmt.Errorf("union of %v m², want %v: %w", got, want, err)
		}
		return nil
	}
	g, err := c.want.Orb()
	if err != nil {
		t.Fatal(err)
	}
	want, _ := regions(g)
	c.put(want)
	op := overlay.Op(slices.Index([]string{"intersection", "union", "difference", "symdifference"}, c.op))
	got := must(t, c.a, c.b, op)
	checkOGC(t, got)
	if err := difference(got, want, c.width); err != nil {
		return err
	}
	if op == overlay.Intersection {
		return c.checkArea(got)
	}
	return nil
}

// checkAreas is what JTS calls an overlay area test, for the outlines and for the area engine.
func (c *jtsCase) checkAreas(t *testing.T) error {
	t.Helper()
	o := outlines(t, c.a, c.b)
	for _, mp := range o.all() {
		checkOGC(t, mp)
	}
	a, b := cleaned(t, c.a, overlay.NonZero), cleaned(t, c.b, overlay.NonZero)
	area := func(mp orb.MultiPolygon) float64 { return float64(overlay.AreaOf(mp)) }
	most := 2 * grid * (length(c.a) + length(c.b))
	for name, gap := range map[string]float64{
		"A = A∩B + A−B":   area(a) - area(o.i) - area(o.d),
		"B = A∩B + B−A":   area(b) - area(o.i) - area(o.e),
		"A∪B = A + B−A":   area(o.u) - area(a) - area(o.e),
		"A△B = A−B + B−A": area(o.x) - area(o.d) - area(o.e),
	} {
		if !(math.Abs(gap) <= most) {
			return fmt.Errorf("%s fails by %v m²", name, gap)
		}
	}
	return c.checkArea(o.i)
}

// checkArea compares the area engine with the outline, and with the other engine's, on valid regions.
func (c *jtsCase) checkArea(outline orb.MultiPolygon) error {
	if topo.Check(c.a) != nil || topo.Check(c.b) != nil {
		return nil
	}
	other, failed := geom.Intersection(simple(c.a), simple(c.b))
	most := relative*math.Min(float64(overlay.AreaOf(c.a)), float64(overlay.AreaOf(c.b))) + 1e-12
	for form, got := range areas(c.a, c.b) {
		if err := overlay.Agree(got, outline, c.a, c.b); err != nil {
			return fmt.Errorf("%s: %w", form, err)
		}
		if d := math.Abs(float64(got) - other.Area()); failed == nil && !(d <= most) {
			return fmt.Errorf("%s: %.12g m², the other engine %.12g m²", form, float64(got), other.Area())
		}
	}
	return nil
}
