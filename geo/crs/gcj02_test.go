package crs_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
)

// place is one of eviltransform's: true degrees and what its GCJ-02 shows.
type place struct {
	name      string
	real, gcj orb.Point
}

func places(t *testing.T) []place {
	t.Helper()
	const path = "../../../shared/data/geodesy-gcj02-points/gcj02_points.csv"
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("the places are not here: %v", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []place
	for _, row := range rows[1:] {
		var v [4]float64
		for i := range v {
			v[i], _ = strconv.ParseFloat(row[1+i], 64)
		}
		list = append(list, place{row[0], orb.Point{v[1], v[0]}, orb.Point{v[3], v[2]}})
	}
	return list
}

// TestGCJ02 compares with places published with the model's public implementations.
func TestGCJ02(t *testing.T) {
	const tolerance = 1e-6 // degrees, as the publisher compares them
	for _, p := range places(t) {
		got := crs.GCJ02(p.real)
		if math.Abs(got[1]-p.gcj[1]) > tolerance || math.Abs(got[0]-p.gcj[0]) > tolerance {
			t.Errorf("%s: %v, want %v", p.name, got, p.gcj)
		}
	}
	if p := (orb.Point{2.35, 48.85}); crs.GCJ02(p) != p {
		t.Error("a point in Paris is shifted")
	}
}

// TestBD09 holds what is known of the second shift at the published places: Baidu shows them 0.0065° ± 0.0004° east and
// 0.006° ± 0.0004° north of where GCJ-02 does, by its two translations and its two waves.
func TestBD09(t *testing.T) {
	const wave = 0.0004 // 3e-6 rad of a radius of 130°, and 2e-5
	for _, p := range places(t) {
		got := crs.BD09(p.real)
		if math.Abs(got[0]-p.gcj[0]-0.0065) > wave || math.Abs(got[1]-p.gcj[1]-0.006) > wave {
			t.Errorf("%s: %v, GCJ-02 %v", p.name, got, p.gcj)
		}
	}
	if p := (orb.Point{2.35, 48.85}); crs.BD09(p) != p {
		t.Error("a point in Paris is shifted")
	}
}

func TestDisplaced(t *testing.T) {
	city, paris := orb.Point{109.6, 23.1}, orb.Point{2.35, 48.85}
	for _, c := range []struct {
		name, frame string
		at, want    orb.Point
		shown       bool
		least, most float64 // metres
	}{
		{"GCJ-02", "GCJ-02", city, crs.GCJ02(city), true, 50, 700},
		{"BD-09", "BD-09", city, crs.BD09(city), true, 500, 1700},
		{"no frame", "", city, city, false, 0, 0},
		{"none suspected", "none", city, city, false, 0, 0},
		{"another spelling", "gcj02", city, city, false, 0, 0},
		{"abroad", "BD-09", paris, paris, false, 0, 0},
		{"nowhere", "GCJ-02", orb.Point{math.Inf(1), 23}, orb.Point{math.Inf(1), 23}, false, math.NaN(), 0},
	} {
		got, shown := crs.Displaced(c.frame, c.at)
		metres := float64(ellipsoid.Length(orb.LineString{c.at, got}))
		if got != c.want || shown != c.shown || metres < c.least || metres > c.most {
			t.Errorf("%s: %v, %v, %.0f m", c.name, got, shown, metres)
		}
	}
}
