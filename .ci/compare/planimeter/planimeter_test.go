// Package planimeter compares geo/ellipsoid with GeographicLib's Planimeter. Run it with
//
//	go test -v ./.ci/compare/planimeter
//
// where Planimeter (geographiclib-tools) is installed; it skips itself elsewhere. Go leaves folders with a dot out of
// ./...
package planimeter_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
)

// polygons is the number of random polygons.
const polygons = 300

// The differences that are let pass.
const (
	// A geodesic's own area is rounded at some 1e-5 m², whatever the polygon, so that two compilers differ by that.
	geodesicTolerance = 5e-4 // m²
	// Edges of the legal plane are cut at 10 m, where a geodesic leaves each by at most s³ tan B / 8R, 3e-5 m² at 53° N
	// (see the comment of geo/ellipsoid), and its own rounding comes with every piece.
	cut             = 10   // m
	vertexTolerance = 5e-5 // m² per vertex
	// The countries' edges are cut at 2 km, and there the geodesics bend; small islands have little area for it.
	countryTolerance = 1e-5 // relative
)

func planimeterOrSkip(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("Planimeter"); err != nil {
		t.Skipf("GeographicLib's tools are not installed: %v", err)
	}
}

// TestGeodesic compares the geodesic method on the corners.
func TestGeodesic(t *testing.T) {
	planimeterOrSkip(t)
	rings := randomRings()
	worst, relative, least, most := 0.0, 0.0, math.Inf(1), 0.0
	for i, theirs := range planimeter(t, rings) {
		least, most = math.Min(least, theirs), math.Max(most, theirs)
		difference := math.Abs(geodesic(t, orb.Polygon{rings[i]}) - theirs)
		worst, relative = math.Max(worst, difference), math.Max(relative, difference/theirs)
		if !(difference <= geodesicTolerance) {
			t.Errorf("polygon %d of %.3f m² differs by %.2e m²", i, theirs, difference)
		}
	}
	t.Logf("%d polygons of %.3g to %.3g m²: geodesic differs by at most %.1e m², relative %.1e",
		len(rings), least, most, worst, relative)
}

// TestLegal compares the legal area with geodesics that follow the edges of the legal plane.
func TestLegal(t *testing.T) {
	planimeterOrSkip(t)
	var small, dense []orb.Ring
	for _, r := range randomRings() {
		if r.Bound().Right()-r.Bound().Left() > 0.05 {
			continue // would need too many points
		}
		plane, _ := ellipsoid.Densify(ellipsoid.GeometryToPlane(r), cut)
		small = append(small, r)
		dense = append(dense, ellipsoid.GeometryFromPlane(plane).(orb.Ring))
	}
	if len(small) < polygons/2 {
		t.Fatalf("only %d small polygons", len(small))
	}
	corners := planimeter(t, small)
	worst, relative, undensified, perVertex := 0.0, 0.0, 0.0, 0.0
	for i, theirs := range planimeter(t, dense) {
		ours := float64(ellipsoid.Area(orb.Polygon{small[i]}))
		difference := math.Abs(ours - theirs)
		worst = math.Max(worst, difference)
		if theirs > 1e4 {
			relative = math.Max(relative, difference/theirs)
		}
		perVertex = math.Max(perVertex, difference/float64(len(dense[i])))
		undensified = math.Max(undensified, math.Abs(ours-corners[i])/corners[i])
		if !(difference <= vertexTolerance*float64(len(dense[i]))) {
			t.Errorf("polygon %d of %.3f m² with %d vertices differs by %.2e m²", i, theirs, len(dense[i]), difference)
		}
	}
	t.Logf("%d polygons: legal area differs by at most %.1e m² (%.1e per vertex), relative %.1e above 1 hm²; "+
		"from geodesics between the corners relative %.1e", len(small), worst, perVertex, relative, undensified)
}

// TestCountries compares the legal area of real outlines, in every part of the Earth, likewise.
func TestCountries(t *testing.T) {
	planimeterOrSkip(t)
	const path = "../../../../shared/data/geodesy-geographiclib/test_fixtures/countries.geojson"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("the countries are not here: %v", err)
	}
	countries, err := geojson.UnmarshalFeatureCollection(data)
	if err != nil {
		t.Fatal(err)
	}
	var dense []orb.Ring
	for _, f := range countries.Features {
		plane, _ := ellipsoid.Densify(ellipsoid.GeometryToPlane(f.Geometry), 2000)
		if g := ellipsoid.GeometryFromPlane(plane); g.Bound().Bottom() > -89 { // not Antarctica's edge along the pole
			dense = append(dense, shells(g)...)
		}
	}
	legal, worst := 0.0, 0.0
	for i, theirs := range planimeter(t, dense) {
		legal = math.Max(legal, math.Abs(float64(ellipsoid.Area(orb.Polygon{dense[i]}))-theirs)/theirs)
		worst = math.Max(worst, math.Abs(geodesic(t, orb.Polygon{dense[i]})-theirs)/theirs)
	}
	t.Logf("%d parts of countries: legal area differs by at most %.1e, geodesic by %.1e, relative", len(dense), legal, worst)
	if legal > countryTolerance || worst > 1e-12 || len(dense) < 200 {
		t.Errorf("%d parts, legal %g, geodesic %g", len(dense), legal, worst)
	}
}

func shells(g orb.Geometry) []orb.Ring {
	switch g := g.(type) {
	case orb.Polygon:
		return []orb.Ring{g[0]}
	case orb.MultiPolygon:
		var list []orb.Ring
		for _, p := range g {
			list = append(list, p[0])
		}
		return list
	}
	return nil
}

func geodesic(t *testing.T, p orb.Polygon) float64 {
	t.Helper()
	m, err := ellipsoid.Measure(p, ellipsoid.Geodesic, crs.System{})
	if err != nil {
		t.Fatal(err)
	}
	return m.SquareMetres
}

// randomRings are stars of 3 to 40 corners about places in China, from 10 m to 100 km across, either way round.
func randomRings() []orb.Ring {
	rng := rand.New(rand.NewPCG(2008, 32))
	list := make([]orb.Ring, polygons)
	for i := range list {
		centre := orb.Point{74 + 60*rng.Float64(), 4 + 49*rng.Float64()}
		size := 1e-4 * math.Pow(1e4, rng.Float64()*rng.Float64()) // degrees; most are small
		corners := 3 + rng.IntN(38)
		var r orb.Ring
		for k := range corners {
			sin, cos := math.Sincos(2 * math.Pi * (float64(k) + 0.8*rng.Float64()) / float64(corners))
			radius := size / 2 * (0.3 + 0.7*rng.Float64())
			r = append(r, orb.Point{centre[0] + radius*cos, centre[1] + radius*sin})
		}
		list[i] = append(r, r[0])
		if i%2 == 1 {
			list[i].Reverse()
		}
	}
	return list
}

// planimeter is the area of each ring in m² between geodesics on CGCS2000, without its sign.
func planimeter(t *testing.T, rings []orb.Ring) []float64 {
	t.Helper()
	var in bytes.Buffer
	for _, r := range rings {
		for _, p := range r[:len(r)-1] {
			fmt.Fprintf(&in, "%.17g %.17g\n", p[1], p[0])
		}
		in.WriteString("\n")
	}
	cmd := exec.Command("Planimeter", "-e", "6378137", "1/298.257222101", "-p", "9")
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("Planimeter: %v", err)
	}
	var list []float64
	for line := range strings.Lines(string(out)) {
		var corners int
		var perimeter, area float64
		if _, err := fmt.Sscan(line, &corners, &perimeter, &area); err != nil {
			t.Fatalf("Planimeter says %q: %v", line, err)
		}
		list = append(list, math.Abs(area))
	}
	if len(list) != len(rings) {
		t.Fatalf("Planimeter answered %d of %d", len(list), len(rings))
	}
	return list
}
