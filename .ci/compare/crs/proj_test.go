// Package crs compares geo/crs with PROJ. Run it with
//
//	go test ./.ci/compare/crs
//
// where cs2cs of PROJ (proj-bin) is installed; it skips itself elsewhere. Go leaves folders with a dot out of ./...
package crs_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/crs"
)

// points is the number of places per system.
const points = 3000

// The differences that are let pass, in metres. PROJ uses the same series, so that only rounding is left; its UTM on
// WGS 84 is compared with longitudes and latitudes of WGS 84.
const (
	forwardTolerance = 1e-7
	inverseTolerance = 1e-7
)

func TestAgainstPROJ(t *testing.T) {
	if _, err := exec.LookPath("cs2cs"); err != nil {
		t.Skipf("PROJ is not installed: %v", err)
	}
	for _, c := range []struct{ base, code int }{
		{4490, 4524},
		{4490, 4525},
		{4490, 4545},
		{4490, 4497},
		{4490, 4508},
		{4490, 4513},
		{4490, 4554},
		{4326, 3857},
		{4326, 32649},
		{4326, 32733},
	} {
		t.Run(fmt.Sprint(c.code), func(t *testing.T) { compare(t, c.base, c.code) })
	}
}

func compare(t *testing.T, base, code int) {
	s, err := crs.FromEPSG(code)
	if err != nil {
		t.Fatal(err)
	}
	places := places(s)
	theirs := cs2cs(t, base, code, places)
	var forward, inverse float64
	for i, p := range places {
		ours := s.FromLonLat(p)
		forward = math.Max(forward, math.Hypot(ours[0]-theirs[i][0], ours[1]-theirs[i][1]))
		back := s.ToLonLat(theirs[i])
		east := (back[0] - p[0]) * math.Cos(p[1]*math.Pi/180)
		inverse = math.Max(inverse, math.Hypot(east, back[1]-p[1])*111_320)
	}
	t.Logf("%d points: forward %.1e m, inverse %.1e m", len(places), forward, inverse)
	if !(forward <= forwardTolerance) || !(inverse <= inverseTolerance) {
		t.Errorf("differs from PROJ by %g m forward, %g m inverse", forward, inverse)
	}
}

func places(s crs.System) []orb.Point {
	rng := rand.New(rand.NewPCG(2024, uint64(s.EPSG())))
	list := make([]orb.Point, points)
	for i := range list {
		list[i] = orb.Point{s.CentralMeridian() + rng.Float64()*40 - 20, 18 + rng.Float64()*35}
		if i%2 == 0 { // half of them in and about the zone
			list[i][0] = s.CentralMeridian() + rng.Float64()*6 - 3
		}
	}
	return list
}

// cs2cs transforms degrees to eastings and northings. Axes come in the order of the definitions: latitude first on
// both geographic systems, northing first on the Chinese planes.
func cs2cs(t *testing.T, base, code int, places []orb.Point) []orb.Point {
	var in bytes.Buffer
	for _, p := range places {
		fmt.Fprintf(&in, "%.17g %.17g\n", p[1], p[0])
	}
	cmd := exec.Command("cs2cs", "-f", "%.9f", fmt.Sprintf("EPSG:%d", base), fmt.Sprintf("EPSG:%d", code))
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("cs2cs: %v", err)
	}
	var list []orb.Point
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		var x, y float64
		if _, err := fmt.Sscan(line, &x, &y); err != nil {
			t.Fatalf("cs2cs says %q: %v", line, err)
		}
		if base == 4490 {
			x, y = y, x
		}
		list = append(list, orb.Point{x, y})
	}
	if len(list) != len(places) {
		t.Fatalf("cs2cs answered %d of %d", len(list), len(places))
	}
	return list
}
