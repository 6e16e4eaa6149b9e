package overlay_test

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// clipperCase is one entry of Clipper2's polygon tests: paths of whole numbers, and the area of the solution.
type clipperCase struct {
	caption, operation, rule string
	area                     float64
	paths                    [2][]orb.Ring // subjects and clips
}

func clipperCases(t *testing.T) []clipperCase {
	t.Helper()
	f, err := os.Open("../../../shared/data/overlay-clipper2/Tests/Polygons.txt")
	if err != nil {
		t.Skip("shared/data/overlay-clipper2 is not beside the project")
	}
	defer f.Close()
	var list []clipperCase
	kind := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		line := strings.TrimSpace(s.Text())
		key, value, named := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if key == "CAPTION" {
			list = append(list, clipperCase{caption: strings.TrimSuffix(value, ".")})
			continue
		}
		c := &list[max(len(list)-1, 0)]
		switch {
		case key == "CLIPTYPE":
			c.operation = value
		case key == "FILLRULE":
			c.rule = value
		case key == "SOL_AREA":
			c.area, _ = strconv.ParseFloat(value, 64)
		case line == "SUBJECTS":
			kind = 0
		case line == "CLIPS":
			kind = 1
		case line != "" && !named:
			c.paths[kind] = append(c.paths[kind], clipperPath(t, line))
		}
	}
	return list
}

func clipperPath(t *testing.T, line string) orb.Ring {
	t.Helper()
	var values []float64
	for _, field := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' }) {
		v, err := strconv.ParseFloat(field, 64)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, v)
	}
	var ring orb.Ring
	for i := 1; i < len(values); i += 2 {
		ring = append(ring, orb.Point{values[i-1], values[i]})
	}
	return append(ring, ring[0])
}

// region has every path wind the way it was drawn, which only Clipper knows: our shells always wind up and our holes
// down. What winds down in all is turned over, which changes nothing in the non-zero and the even-odd rule.
func (c *clipperCase) region(i int) orb.MultiPolygon {
	var up, down []orb.Ring
	for _, r := range c.paths[i] {
		if r.Orientation() == orb.CCW {
			up = append(up, r)
		} else {
			down = append(down, r)
		}
	}
	if len(up) == 0 {
		up, down = down, nil
	}
	var mp orb.MultiPolygon
	for k, r := range up {
		mp = append(mp, orb.Polygon{r})
		if k == 0 {
			mp[0] = append(mp[0], down...)
		}
	}
	return mp
}

// Clipper rounds every corner of a solution to whole numbers: that may cost half the square root of two times the
// perimeter; slabs are sharper. Two of its fill rules, positive and negative, mean nothing for regions without a
// direction, and are left out.
func TestClipperPolygons(t *testing.T) {
	compared, left := 0, 0
	for i, c := range clipperCases(t) {
		fill, ok := map[string]overlay.Fill{"EVENODD": overlay.EvenOdd, "NONZERO": overlay.NonZero}[c.rule]
		if !ok {
			left++
			continue
		}
		op, ok := map[string]overlay.Op{
			"INTERSECTION": overlay.Intersection, "UNION": overlay.Union, "DIFFERENCE": overlay.Difference,
		}[c.operation]
		if !ok {
			t.Fatalf("unknown operation %q", c.operation)
		}
		compared++
		if n := vertices(c.region(0)) + vertices(c.region(1)); raced && n > 40 && i%8 > 0 {
			continue
		}
		expect(t, c.caption, func(t *testing.T) error { return c.check(t, op, fill) })
	}
	t.Logf("%d cases compared, %d with other fill rules left out", compared, left)
	if compared < 189 {
		t.Errorf("only %d cases compared", compared)
	}
}

func (c *clipperCase) check(t *testing.T, op overlay.Op, fill overlay.Fill) error {
	t.Helper()
	a, b := c.region(0), c.region(1)
	out := must(t, cleaned(t, a, fill), cleaned(t, b, fill), op)
	checkOGC(t, out)
	got := float64(overlay.AreaOf(out))
	if c.area > 0 && math.Abs(got-c.area) > max(0.005*c.area, math.Sqrt2/2*length(out)) {
		return fmt.Errorf("outline %v, Clipper %v", got, c.area)
	}
	return checkPair(t, a, b, fill)
}
