package crs_test

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
)

func bound(west, south, east, north float64) orb.Bound {
	return orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{east, north}}
}

func TestCheckNumbers(t *testing.T) {
	for _, c := range []struct {
		name     string
		code     int
		bound    orb.Bound
		want     string
		passable bool
	}{
		{"degrees in the city", 4490, bound(109, 22.5, 110.7, 24), "", true},
		{"degrees of an island of the south", 4490, bound(112, 4, 113, 5), "", true},
		{"degrees in Brazil", 4490, bound(-55, -5, -50, 0), "ingest.crs.outside-china", true},
		{"the whole world", 4326, bound(-180, -90, 180, 90), "ingest.crs.outside-china", true},
		{"degrees, latitude first", 4490, bound(22.5, 109, 24, 110.7), "ingest.crs.axes-swapped", false},
		{"degrees in the west, latitude first", 4490, bound(38, 75, 40, 79), "ingest.crs.axes-swapped", false},
		{"degrees in Finland", 4326, bound(24, 60, 26, 62), "ingest.crs.outside-china", true},
		{"metres called degrees", 4490, bound(36600000, 2500000, 36650000, 2550000), "ingest.crs.numbers-differ", false},
		{"nonsense called degrees", 4490, bound(400, 400, 500, 500), "ingest.crs.numbers-impossible", false},
		{"beyond everything", 4490, bound(1e8, 1e8, 1e9, 1e9), "ingest.crs.numbers-impossible", false},

		{"zone 36", 4524, bound(36600000, 2500000, 36650000, 2550000), "", true},
		{"zone 36 to its edge", 4524, bound(36345000, 2500000, 36655000, 2550000), "", true},
		{"zone 36 used far into 37", 4524, bound(36600000, 2500000, 36800000, 2550000), "ingest.crs.outside-zone", true},
		{"northing first", 4524, bound(2500000, 36600000, 2550000, 36650000), "ingest.crs.axes-swapped", false},
		{"prefix of 37", 4524, bound(37400000, 2500000, 37450000, 2550000), "ingest.crs.zone-mismatch", false},
		{"two prefixes", 4524, bound(36600000, 2500000, 37450000, 2550000), "ingest.crs.numbers-impossible", false},
		{"prefix of a 6° zone", 4524, bound(19400000, 2500000, 19450000, 2550000), "ingest.crs.numbers-differ", false},
		{"no prefix", 4524, bound(600000, 2500000, 650000, 2550000), "ingest.crs.numbers-differ", false},
		{"degrees called zone 36", 4524, bound(109, 22.5, 110.7, 24), "ingest.crs.numbers-differ", false},
		{"south of the equator", 4524, bound(36600000, -2500000, 36650000, -2400000), "ingest.crs.numbers-impossible", false},

		{"no prefix wanted", 4545, bound(600000, 2500000, 650000, 2550000), "", true},
		{"prefix not wanted", 4545, bound(36600000, 2500000, 36650000, 2550000), "ingest.crs.numbers-differ", false},
		{"other prefix not wanted", 4545, bound(37600000, 2500000, 37650000, 2550000), "ingest.crs.zone-mismatch", false},
		{"northing first, no prefix", 4545, bound(2500000, 600000, 2550000, 650000), "ingest.crs.axes-swapped", false},

		{"Web Mercator", 3857, bound(12190000, 2600000, 12200000, 2610000), "", true},
		{"Web Mercator in Brazil", 3857, bound(-6e6, -5e5, -5e6, 0), "ingest.crs.outside-china", true},
		{"degrees called Web Mercator", 3857, bound(109, 22.5, 110.7, 24), "ingest.crs.numbers-differ", false},
		{"UTM in Africa", 32733, bound(300000, 6200000, 400000, 6300000), "ingest.crs.outside-china", true},
		{"UTM far beyond its zone", 32733, bound(960000, 6200000, 1037000, 6250000), "ingest.crs.outside-china", true},
		{"prefix called UTM", 32649, bound(36600000, 2500000, 36650000, 2550000), "ingest.crs.numbers-differ", false},

		{"no numbers at all", 4524, orb.MultiPolygon{}.Bound(), "", true},
		{"not a number", 4524, bound(math.NaN(), 1, 2, 3), "ingest.crs.numbers-impossible", false},
		{"infinite", 4490, bound(109, 22, math.Inf(1), 24), "ingest.crs.numbers-impossible", false},
	} {
		p := crs.CheckNumbers(mustEPSG(t, c.code), c.bound)
		code := ""
		if p != nil {
			code = p.Code
		}
		if code != c.want || crs.Passable(p) != c.passable {
			t.Errorf("%s: %v, want %q", c.name, p, c.want)
		}
	}
}

func TestInterpretations(t *testing.T) {
	for _, c := range []struct {
		name  string
		bound orb.Bound
		first []int
		count int
	}{
		{"degrees", bound(109, 22.5, 110.7, 24), []int{4490, 4326}, 2},
		{"8 digits, 3° zone", bound(36600000, 2500000, 36650000, 2550000), []int{4524}, 1},
		{"8 digits, 6° zone", bound(19600000, 2500000, 19650000, 2550000), []int{4497}, 1},
		{"8 digits, 6° zone of the far east", bound(23400000, 5000000, 23450000, 5100000), []int{4501}, 1},
		{"6 digits", bound(600000, 2500000, 650000, 2550000), []int{4534, 4535}, 32},
		{"8 digits, 6° zone or Web Mercator", bound(13400000, 4000000, 13450000, 4050000), []int{4491, 3857}, 2},
		{"Web Mercator of the city", bound(12190000, 2600000, 12200000, 2610000), []int{3857}, 1},
		{"swapped", bound(2500000, 36600000, 2550000, 36650000), nil, 0},
		{"nothing", bound(1e8, 1e8, 1e9, 1e9), nil, 0},
	} {
		var codes []int
		for _, s := range crs.Interpretations(c.bound) {
			codes = append(codes, s.EPSG())
		}
		if len(codes) != c.count || !slices.Equal(codes[:len(c.first)], c.first) {
			t.Errorf("%s: %v, want %v and %d in all", c.name, codes, c.first, c.count)
		}
	}
}

// TestSentencesHaveTheirNumbers holds that a coordinate in a problem is not written with an exponent.
func TestSentencesHaveTheirNumbers(t *testing.T) {
	p := crs.CheckNumbers(mustEPSG(t, 4490), bound(36600000.25, 2500000, 36650000, 2550000))
	want := geo.NewProblem("ingest.crs.numbers-differ", "system", "China Geodetic Coordinate System 2000",
		"x", "36600000.25", "y", "2500000", "likely", "CGCS2000 / 3-degree Gauss-Kruger zone 36")
	if p.Error() != want.Error() {
		t.Errorf("%v, want %v", p, want)
	}
}
