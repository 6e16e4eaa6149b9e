package city_test

import (
	"math"
	"os"
	"reflect"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/cmd/democity/city"
	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/topo"
	"greenshield/layers"
)

func build(t *testing.T, o city.Options) city.City {
	t.Helper()
	raw, err := os.ReadFile("../../../data/demo/names.json")
	if err != nil {
		t.Fatal(err)
	}
	names, err := city.ReadNames(raw)
	if err != nil {
		t.Fatal(err)
	}
	return city.Make(names, o)
}

// whole is the demo city itself, made once for all tests that only look at it.
var whole = sync.OnceValue(func() city.City {
	raw, err := os.ReadFile("../../../data/demo/names.json")
	if err != nil {
		panic(err)
	}
	names, err := city.ReadNames(raw)
	if err != nil {
		panic(err)
	}
	return city.Make(names, city.Options{})
})

func table(t *testing.T, c city.City, id layers.LayerID, vintage string) city.Table {
	t.Helper()
	for _, tb := range c.Tables {
		if tb.Layer.ID == id && tb.Vintage == vintage {
			return tb
		}
	}
	t.Fatalf("no %s@%s", id, vintage)
	return city.Table{}
}

func area(tb city.Table) geo.Area {
	sum := geo.Area(0)
	for _, r := range tb.Rows {
		sum += ellipsoid.Area(r.Geometry)
	}
	return sum
}

func TestSameSeedSameCity(t *testing.T) {
	a, b := build(t, city.Options{Scale: 0.2}), build(t, city.Options{Scale: 0.2})
	if !reflect.DeepEqual(a, b) {
		t.Fatal("two runs with the same seed differ")
	}
	if other := build(t, city.Options{Scale: 0.2, Seed: 2}); reflect.DeepEqual(a.Tables, other.Tables) {
		t.Fatal("another seed gives the same city")
	}
}

// Land use is a coverage: its patches add up to the districts, to the rounding of the sum, in both years.
func TestLandUseCoversTheDistricts(t *testing.T) {
	c := whole()
	want := area(table(t, c, "region", city.YearBefore))
	if square := float64(want) / 1e6; square < 8_000 || square > 18_000 {
		t.Errorf("the city has %.0f km², not the size of a prefecture", square)
	}
	const tolerance = 1 // m² on 10 000 km²
	for _, year := range []string{city.YearBefore, city.YearAfter} {
		if got := area(table(t, c, "landuse", year)); math.Abs(float64(got-want)) > tolerance {
			t.Errorf("land use of %s sums to %.2f m², the districts to %.2f", year, got, want)
		}
	}
}

func TestEveryGeometryIsValid(t *testing.T) {
	for _, tb := range whole().Tables {
		for k, r := range tb.Rows {
			if v := topo.Check(r.Geometry); len(v) > 0 {
				t.Errorf("%s@%s row %d: %v", tb.Layer.ID, tb.Vintage, k+1, v)
			}
			if len(r.Values) != len(tb.Fields) {
				t.Fatalf("%s@%s row %d has %d values for %d fields", tb.Layer.ID, tb.Vintage, k+1, len(r.Values), len(tb.Fields))
			}
		}
	}
}

func TestTheCityStraddlesTwoZonesAndChanges(t *testing.T) {
	c := whole()
	bound := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	for _, r := range table(t, c, "region", city.YearBefore).Rows {
		bound = bound.Union(r.Geometry.Bound())
	}
	if bound.Min[0] > 109.4 || bound.Max[0] < 110.2 {
		t.Errorf("the city spans %.2f°–%.2f° E, which is not on both sides of 109.5°", bound.Min[0], bound.Max[0])
	}
	for _, id := range []layers.LayerID{"landuse", "redline", "protected"} {
		if reflect.DeepEqual(table(t, c, id, city.YearBefore).Rows, table(t, c, id, city.YearAfter).Rows) {
			t.Errorf("%s did not change", id)
		}
	}
	if len(c.Parcels) != 8 {
		t.Errorf("%d sample parcels, want 8", len(c.Parcels))
	}
}

// Scale 25 is that of the benchmarks, 300,000 land-use patches and 1.5 million red-line vertices; a tenth of it tells
// whether the growth is right and takes a tenth of the time.
func TestScale(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a large city, which takes some seconds")
	}
	c := build(t, city.Options{Scale: 25.0 / 10})
	if n := len(table(t, c, "landuse", city.YearBefore).Rows); n < 270_000/10 || n > 380_000/10 {
		t.Errorf("%d land-use patches at scale 25/10", n)
	}
	vertices := 0
	for _, r := range table(t, c, "redline", city.YearAfter).Rows {
		vertices += count(r.Geometry)
	}
	if vertices < 1_200_000/10 || vertices > 3_500_000/10 {
		t.Errorf("%d red-line vertices at scale 25/10", vertices)
	}
}

func count(g orb.Geometry) int {
	switch g := g.(type) {
	case orb.Polygon:
		n := 0
		for _, r := range g {
			n += len(r)
		}
		return n
	case orb.MultiPolygon:
		n := 0
		for _, p := range g {
			n += count(p)
		}
		return n
	}
	return 0
}
