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

// shiftTolerance is in metres. PROJ's step to geodetic latitudes and ours are two different formulas.
const shiftTolerance = 1e-6

// TestOldDatumsAgainstPROJ takes places on Xi'an 1980 and Beijing 1954 to CGCS2000 with random parameters, in both
// conventions and with three of them, beside PROJ's own pipeline. Only this direction is compared: PROJ's inverse
// turns the rotations round by their transpose, which is not the inverse of a small-angle matrix.
func TestOldDatumsAgainstPROJ(t *testing.T) {
	if _, err := exec.LookPath("cct"); err != nil {
		t.Skipf("PROJ is not installed: %v", err)
	}
	rng := rand.New(rand.NewPCG(1980, 1954))
	worst := 0.0
	for _, c := range []struct {
		code             int
		plane, ellipsoid string
	}{
		{4610, "", "+a=6378140 +rf=298.257"},
		{2360, "+lon_0=108 +x_0=36500000", "+a=6378140 +rf=298.257"},
		{2382, "+lon_0=111 +x_0=500000", "+a=6378140 +rf=298.257"},
		{2333, "+lon_0=111 +x_0=19500000", "+a=6378140 +rf=298.257"},
		{4214, "", "+a=6378245 +rf=298.3"},
		{2413, "+lon_0=111 +x_0=37500000", "+a=6378245 +rf=298.3"},
		{21459, "+lon_0=111 +x_0=500000", "+a=6378245 +rf=298.3"},
	} {
		for _, shift := range []crs.Shift{
			randomShift(rng, crs.CoordinateFrame),
			randomShift(rng, crs.PositionVector),
			{X: 200 * rng.Float64(), Y: -200 * rng.Float64(), Z: 100 * rng.Float64()},
		} {
			difference := compareShift(t, c.code, helmert(c.plane, c.ellipsoid, shift), shift)
			worst = math.Max(worst, difference)
			if !(difference <= shiftTolerance) {
				t.Errorf("EPSG:%d by %v differs from PROJ by %g m", c.code, shift, difference)
			}
		}
	}
	t.Logf("largest difference %.1e m", worst)
}

func randomShift(rng *rand.Rand, r crs.Rotation) crs.Shift {
	v := func(size float64) float64 { return math.Round((2*rng.Float64()-1)*size*1e4) / 1e4 }
	return crs.Shift{X: v(200), Y: v(200), Z: v(200), RX: v(8), RY: v(8), RZ: v(8), Scale: v(20), Rotation: r}
}

// compareShift is the largest distance in metres between our points and PROJ's, from the old system to CGCS2000.
func compareShift(t *testing.T, code int, pipeline string, shift crs.Shift) float64 {
	s, err := crs.Shifted(fmt.Sprint(code), shift)
	if err != nil {
		t.Fatal(err)
	}
	places := places(s)
	for i, p := range places { // in the old system
		if s.Width() == 0 {
			p[0] += 105
		}
		places[i] = s.FromLonLat(p)
	}
	worst := 0.0
	for i, theirs := range cct(t, pipeline, places) {
		ours := s.ToLonLat(places[i])
		east := (ours[0] - theirs[0]) * math.Cos(ours[1]*math.Pi/180)
		worst = math.Max(worst, math.Hypot(east, ours[1]-theirs[1])*111_320)
		back := s.FromLonLat(ours)
		if d := math.Hypot(back[0]-places[i][0], back[1]-places[i][1]); d > shiftTolerance {
			t.Fatalf("%v came back %g away", places[i], d)
		}
	}
	return worst
}

// helmert is PROJ's pipeline from an old system, in degrees when it is no plane, to degrees on GRS 80.
func helmert(plane, ellipsoid string, s crs.Shift) string {
	convention := "coordinate_frame"
	if s.Rotation == crs.PositionVector {
		convention = "position_vector"
	}
	start := "+step +proj=unitconvert +xy_in=deg +xy_out=rad"
	if plane != "" {
		start = "+step +inv +proj=tmerc " + plane + " " + ellipsoid
	}
	return fmt.Sprintf("+proj=pipeline %s +step +proj=cart %s "+
		"+step +proj=helmert +x=%v +y=%v +z=%v +rx=%v +ry=%v +rz=%v +s=%v +convention=%s "+
		"+step +inv +proj=cart +ellps=GRS80 +step +proj=unitconvert +xy_in=rad +xy_out=deg",
		start, ellipsoid, s.X, s.Y, s.Z, s.RX, s.RY, s.RZ, s.Scale, convention)
}

// cct runs a pipeline of PROJ on points at height zero.
func cct(t *testing.T, pipeline string, points []orb.Point) []orb.Point {
	var in bytes.Buffer
	for _, p := range points {
		fmt.Fprintf(&in, "%.17g %.17g 0 0\n", p[0], p[1])
	}
	cmd := exec.Command("cct", append([]string{"-d", "14"}, strings.Fields(pipeline)...)...)
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("cct: %v", err)
	}
	var list []orb.Point
	for line := range strings.Lines(string(out)) {
		var p orb.Point
		if _, err := fmt.Sscan(line, &p[0], &p[1]); err != nil {
			t.Fatalf("cct says %q: %v", line, err)
		}
		list = append(list, p)
	}
	if len(list) != len(points) {
		t.Fatalf("cct answered %d of %d", len(list), len(points))
	}
	return list
}
