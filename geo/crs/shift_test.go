package crs_test

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
)

// invented are seven parameters of no place, of the size that real ones have.
var invented = crs.Shift{X: 18.5, Y: -124.25, Z: -71.75, RX: 0.75, RY: -1.25, RZ: 2.5, Scale: -3.5}

func TestParseShift(t *testing.T) {
	three := crs.Shift{X: 1.5, Y: -2, Z: 3}
	vector := invented
	vector.Rotation = crs.PositionVector
	for _, c := range []struct {
		name, text string
		want       crs.Shift
		code       string
	}{
		{"the header's way to say none", ",,,,,,", crs.Shift{}, ""},
		{"zeros", "0,0,0,0,0,0,0", crs.Shift{}, ""},
		{"zeros with decimals and a sign", "0.0,-0,0.000,0,0,0,0", crs.Shift{}, ""},
		{"zeros of the other convention", "0,0,0,0,0,0,0,position-vector", crs.Shift{}, ""},
		{"empty", "", crs.Shift{}, ""},
		{"spaces", "  ", crs.Shift{}, ""},
		{"seven", "18.5,-124.25,-71.75,0.75,-1.25,2.5,-3.5", invented, ""},
		{"seven with spaces", " 18.5, -124.25 ,-71.75,\t0.75,-1.25,2.5,-3.5 ", invented, ""},
		{"full-width", "１８.５，－１２４．２５，-71.75，0.75，-1.25，2.5，-3.5", invented, ""},
		{"its own convention named", "18.5,-124.25,-71.75,0.75,-1.25,2.5,-3.5,Coordinate-Frame", invented, ""},
		{"the other convention", "18.5,-124.25,-71.75,0.75,-1.25,2.5,-3.5, position-vector", vector, ""},
		{"three", "1.5,-2,3", three, ""},
		{"some empty", "1.5,-2,3,,,,", three, ""},
		{"one", "5", crs.Shift{}, "ingest.crs.shift-malformed"},
		{"six", "1,2,3,4,5,6", crs.Shift{}, "ingest.crs.shift-malformed"},
		{"eight", "1,2,3,4,5,6,7,8", crs.Shift{}, "ingest.crs.shift-malformed"},
		{"a convention alone", "position-vector", crs.Shift{}, "ingest.crs.shift-malformed"},
		{"words", "a,b,c,d,e,f,g", crs.Shift{}, "ingest.crs.shift-malformed"},
		{"semicolons", "1;2;3;4;5;6;7", crs.Shift{}, "ingest.crs.shift-malformed"},
		{"not a number", "1,2,3,NaN,0,0,0", crs.Shift{}, "ingest.crs.shift-implausible"},
		{"infinite", "1,2,Inf,0,0,0,0", crs.Shift{}, "ingest.crs.shift-implausible"},
		{"rotations in degrees", "18.5,-124,-71,0.75,-120,2.5,-3.5", crs.Shift{}, "ingest.crs.shift-implausible"},
		{"a scale of one million", "18.5,-124,-71,0.75,-1,2.5,1e6", crs.Shift{}, "ingest.crs.shift-implausible"},
		{"translations in millimetres", "18500,-124250,-71750", crs.Shift{}, "ingest.crs.shift-implausible"},
		{"overflow", "1e999,0,0", crs.Shift{}, "ingest.crs.shift-malformed"},
	} {
		got, err := crs.ParseShift(c.text)
		if got != c.want || geo.CodeOf(err) != c.code {
			t.Errorf("%s: %+v, %v, want %+v, %s", c.name, got, err, c.want, c.code)
		}
		if again, err := crs.ParseShift(got.String()); err != nil || again != got {
			t.Errorf("%s: %q is read as %+v, %v", c.name, got, again, err)
		}
	}
}

func TestShifted(t *testing.T) {
	for _, c := range []struct {
		name, title    string
		code           int
		meridian, east float64
		width, zone    int
	}{
		{"EPSG:4610", "Xian 1980", 4610, 0, 0, 0, 0},
		{"EPSG:4214", "Beijing 1954", 4214, 0, 0, 0, 0},
		{"2360", "Xian 1980 / 3-degree Gauss-Kruger zone 36", 2360, 108, 36500000, 3, 36},
		{"2369", "Xian 1980 / 3-degree Gauss-Kruger zone 45", 2369, 135, 45500000, 3, 45},
		{"2370", "Xian 1980 / 3-degree Gauss-Kruger CM 75E", 2370, 75, 500000, 3, 25},
		{"2390", "Xian 1980 / 3-degree Gauss-Kruger CM 135E", 2390, 135, 500000, 3, 45},
		{"2327", "Xian 1980 / Gauss-Kruger zone 13", 2327, 75, 13500000, 6, 13},
		{"2348", "Xian 1980 / Gauss-Kruger CM 135E", 2348, 135, 500000, 6, 23},
		{"urn:ogc:def:crs:EPSG::2401", "Beijing 1954 / 3-degree Gauss-Kruger zone 25", 2401, 75, 25500000, 3, 25},
		{"2442", "Beijing 1954 / 3-degree Gauss-Kruger CM 135E", 2442, 135, 500000, 3, 45},
		{"21419", "Beijing 1954 / Gauss-Kruger zone 19", 21419, 111, 19500000, 6, 19},
		{"21459", "Beijing 1954 / Gauss-Kruger CM 111E", 21459, 111, 500000, 6, 19},
		{"Xian_1980_3_Degree_GK_Zone_36", "Xian 1980 / 3-degree Gauss-Kruger zone 36", 2360, 108, 36500000, 3, 36},
		{"Xian_1980_3_Degree_GK_CM_108E", "Xian 1980 / 3-degree Gauss-Kruger CM 108E", 2381, 108, 500000, 3, 36},
		{"Xian_1980_GK_Zone_19", "Xian 1980 / Gauss-Kruger zone 19", 2333, 111, 19500000, 6, 19},
		{"Beijing_1954_3_Degree_GK_Zone_37", "Beijing 1954 / 3-degree Gauss-Kruger zone 37", 2413, 111, 37500000, 3, 37},
		{"Beijing 1954 / Gauss-Kruger CM 111E", "Beijing 1954 / Gauss-Kruger CM 111E", 21459, 111, 500000, 6, 19},
		{"GCS_Xian_1980", "Xian 1980", 4610, 0, 0, 0, 0},
	} {
		s, err := crs.Shifted(c.name, invented)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if s.EPSG() != c.code || s.Title() != c.title || s.CentralMeridian() != c.meridian ||
			s.FalseEasting() != c.east || s.Width() != c.width || s.Zone() != c.zone || s.Shift() != invented {
			t.Errorf("%s: %d %q meridian %g easting %g width %d zone %d", c.name,
				s.EPSG(), s.Title(), s.CentralMeridian(), s.FalseEasting(), s.Width(), s.Zone())
		}
		if s.Accepted() || s.Gauss() || len(s.Notes()) != 1 || s.Notes()[0].Code != "ingest.crs.shifted" {
			t.Errorf("%s: accepted %v, notes %v", c.name, s.Accepted(), s.Notes())
		}
		if !strings.Contains(s.String(), invented.String()) {
			t.Errorf("%s: %q hides its parameters", c.name, s)
		}
		if again, _ := crs.Shifted(c.name, invented); again != s {
			t.Errorf("%s: two of it are not equal", c.name)
		}
		if other, _ := crs.Shifted(c.name, crs.Shift{X: 1}); other == s {
			t.Errorf("%s: other parameters make an equal system", c.name)
		}
	}
}

func TestShiftedRefusals(t *testing.T) {
	for _, c := range []struct{ name, system, parameters, want string }{
		{"no parameters", "EPSG:2360", "", "ingest.crs.old-datum"},
		{"the header's none", "EPSG:2360", ",,,,,,", "ingest.crs.old-datum"},
		{"a system that needs none", "EPSG:4524", "1,2,3", "ingest.crs.shift-unneeded"},
		{"web map", "GCJ-02", "1,2,3", "ingest.crs.obfuscated"},
		{"New Beijing is another datum", "EPSG:4555", "1,2,3", "ingest.crs.old-datum"},
		{"a code withdrawn by the register", "EPSG:21478", "1,2,3", "ingest.crs.old-datum"},
		{"a code between the families", "EPSG:2400", "1,2,3", "ingest.crs.unknown"},
		{"no system", " ", "1,2,3", "ingest.crs.shift-without-system"},
		{"parameters that are none", "EPSG:2360", "x", "ingest.crs.shift-malformed"},
		{"each possible, together 4 km", "EPSG:2360", "4000,-100,-70", "ingest.crs.shift-implausible"},
		{"a meridian that is no zone's", "Xian_1980_3_Degree_GK_CM_109E", "1,2,3", "ingest.crs.old-datum"},
		{"a zone that is none", "Xian_1980_3_Degree_GK_Zone_99", "1,2,3", "ingest.crs.old-datum"},
	} {
		s, err := crs.ParseShifted(c.system, c.parameters)
		if geo.CodeOf(err) != c.want || !s.IsZero() {
			t.Errorf("%s: %v, %v, want %s", c.name, s, err, c.want)
		}
	}
	if s, err := crs.ParseShifted("EPSG:4524", ",,,,,,"); err != nil || s != mustEPSG(t, 4524) {
		t.Errorf("a system of today without parameters: %v, %v", s, err)
	}
	for _, bad := range []crs.Shift{{RX: math.NaN()}, {Scale: math.Inf(1)}, {RZ: 3600}} {
		if s, err := crs.Shifted("EPSG:4610", bad); geo.CodeOf(err) != "ingest.crs.shift-implausible" || !s.IsZero() {
			t.Errorf("%+v: %v, %v", bad, s, err)
		}
	}
}

// TestShiftedRoundTrips goes from CGCS2000 to the old planes and back, with both conventions.
func TestShiftedRoundTrips(t *testing.T) {
	const tolerance = 1e-12 // degrees, 0.1 µm
	for _, name := range []string{"4610", "4214", "2360", "2381", "2333", "2412", "21419", "21459"} {
		for _, rotation := range []crs.Rotation{crs.CoordinateFrame, crs.PositionVector} {
			shift := invented
			shift.Rotation = rotation
			s, err := crs.Shifted(name, shift)
			if err != nil {
				t.Fatal(err)
			}
			for lat := 3.0; lat <= 54; lat += 3 {
				for d := -3.0; d <= 3; d += 0.7 {
					p := orb.Point{109 + d, lat}
					q := s.ToLonLat(s.FromLonLat(p))
					if math.Abs(q[1]-p[1]) > tolerance || math.Abs(q[0]-p[0]) > tolerance {
						t.Fatalf("%s: %v came back as %v", s, p, q)
					}
				}
			}
		}
	}
}

// TestShiftMoves holds directions: a translation towards the reader moves a place the way it points.
func TestShiftMoves(t *testing.T) {
	at := orb.Point{90, 0} // here X points west, Y up and Z north
	for _, c := range []struct {
		name        string
		shift       crs.Shift
		east, north float64 // metres
	}{
		{"X is west", crs.Shift{X: 100}, -100, 0},
		{"Y is up", crs.Shift{Y: 100}, 0, 0},
		{"Z is north", crs.Shift{Z: 100}, 0, 100},
		{"scale is up", crs.Shift{Scale: 100}, 0, 0},
		{"the vector turns east", crs.Shift{RZ: 1, Rotation: crs.PositionVector}, 30.9, 0},
		{"the frame turns east, the place west", crs.Shift{RZ: 1}, -30.9, 0},
	} {
		s, err := crs.Shifted("4610", c.shift)
		if err != nil {
			t.Fatal(err)
		}
		p := s.ToLonLat(at)
		east, north := (p[0]-at[0])*111_320, (p[1]-at[1])*110_574
		if math.Abs(east-c.east) > 0.1 || math.Abs(north-c.north) > 0.7 { // the ellipsoids differ in flattening
			t.Errorf("%s: %.2f m east, %.2f m north", c.name, east, north)
		}
	}
}

// TestShiftedNumbers holds that coordinates on an old plane are checked like those of the new ones.
func TestShiftedNumbers(t *testing.T) {
	s, err := crs.Shifted("2360", invented)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		bound orb.Bound
		want  string
	}{
		{"its own", bound(36600000, 2500000, 36650000, 2550000), ""},
		{"another zone", bound(37400000, 2500000, 37450000, 2550000), "ingest.crs.zone-mismatch"},
		{"northing first", bound(2500000, 36600000, 2550000, 36650000), "ingest.crs.axes-swapped"},
		{"far into 37", bound(36600000, 2500000, 36800000, 2550000), "ingest.crs.outside-zone"},
		{"degrees", bound(109, 22.5, 110.7, 24), "ingest.crs.numbers-differ"},
	} {
		code := ""
		if p := crs.CheckNumbers(s, c.bound); p != nil {
			code = p.Code
		}
		if code != c.want {
			t.Errorf("%s: %q, want %q", c.name, code, c.want)
		}
	}
}

func FuzzParseShift(f *testing.F) {
	f.Add(",,,,,,")
	f.Add("18.5,-124.25,-71.75,0.75,-1.25,2.5,-3.5,position-vector")
	f.Add("１，２，３")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := crs.ParseShift(text)
		if err != nil {
			if !strings.HasPrefix(geo.CodeOf(err), "ingest.crs.shift-") || s != (crs.Shift{}) {
				t.Fatalf("%q: %+v, %v", text, s, err)
			}
			return
		}
		if again, err := crs.ParseShift(s.String()); err != nil || again != s {
			t.Fatalf("%q: %+v becomes %+v, %v", text, s, again, err)
		}
	})
}
