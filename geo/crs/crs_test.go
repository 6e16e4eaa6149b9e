package crs_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
)

func mustEPSG(t testing.TB, code int) crs.System {
	t.Helper()
	s, err := crs.FromEPSG(code)
	if err != nil {
		t.Fatalf("EPSG:%d: %v", code, err)
	}
	return s
}

func TestFromEPSG(t *testing.T) {
	for _, c := range []struct {
		name            string
		code            int
		title           string
		meridian, east  float64
		width, zone     int
		accepted, notes bool
	}{
		{"degrees", 4490, "China Geodetic Coordinate System 2000", 0, 0, 0, 0, true, false},
		{"first 6° with prefix", 4491, "CGCS2000 / Gauss-Kruger zone 13", 75, 13500000, 6, 13, true, false},
		{"last 6° with prefix", 4501, "CGCS2000 / Gauss-Kruger zone 23", 135, 23500000, 6, 23, true, false},
		{"first 6° without", 4502, "CGCS2000 / Gauss-Kruger CM 75E", 75, 500000, 6, 13, true, false},
		{"last 6° without", 4512, "CGCS2000 / Gauss-Kruger CM 135E", 135, 500000, 6, 23, true, false},
		{"first 3° with prefix", 4513, "CGCS2000 / 3-degree Gauss-Kruger zone 25", 75, 25500000, 3, 25, true, false},
		{"the city's west", 4524, "CGCS2000 / 3-degree Gauss-Kruger zone 36", 108, 36500000, 3, 36, true, false},
		{"last 3° with prefix", 4533, "CGCS2000 / 3-degree Gauss-Kruger zone 45", 135, 45500000, 3, 45, true, false},
		{"first 3° without", 4534, "CGCS2000 / 3-degree Gauss-Kruger CM 75E", 75, 500000, 3, 25, true, false},
		{"last 3° without", 4554, "CGCS2000 / 3-degree Gauss-Kruger CM 135E", 135, 500000, 3, 45, true, false},
		{"WGS 84 with a note", 4326, "WGS 84", 0, 0, 0, 0, true, true},
		{"Web Mercator with a note", 3857, "WGS 84 / Pseudo-Mercator", 0, 0, 0, 0, true, true},
		{"UTM north is not accepted", 32649, "WGS 84 / UTM zone 49N", 111, 500000, 0, 0, false, true},
		{"UTM south is not accepted", 32733, "WGS 84 / UTM zone 33S", 15, 500000, 0, 0, false, true},
		{"SIRGAS is not accepted", 4674, "SIRGAS 2000", 0, 0, 0, 0, false, true},
	} {
		s := mustEPSG(t, c.code)
		if s.EPSG() != c.code || s.Title() != c.title || s.CentralMeridian() != c.meridian ||
			s.FalseEasting() != c.east || s.Width() != c.width || s.Zone() != c.zone {
			t.Errorf("%s: %d %q meridian %g easting %g width %d zone %d", c.name,
				s.EPSG(), s.Title(), s.CentralMeridian(), s.FalseEasting(), s.Width(), s.Zone())
		}
		if s.Accepted() != c.accepted || (s.Refusal() == nil) != c.accepted || (len(s.Notes()) > 0) != c.notes {
			t.Errorf("%s: accepted %v, refusal %v, notes %v", c.name, s.Accepted(), s.Refusal(), s.Notes())
		}
		if back, err := crs.Parse(s.String()); err != nil || back != s {
			t.Errorf("%s: Parse(%q) = %v, %v", c.name, s, back, err)
		}
	}
}

func TestRefusedCodes(t *testing.T) {
	for code, want := range map[int]string{
		4214: "ingest.crs.old-datum", 4610: "ingest.crs.old-datum", 4555: "ingest.crs.old-datum",
		2327: "ingest.crs.old-datum", 2360: "ingest.crs.old-datum", 2390: "ingest.crs.old-datum",
		2401: "ingest.crs.old-datum", 2412: "ingest.crs.old-datum", 2442: "ingest.crs.old-datum",
		21418: "ingest.crs.old-datum", 4790: "ingest.crs.old-datum",
		0: "ingest.crs.unknown", -1: "ingest.crs.unknown", 2391: "ingest.crs.unknown", 27700: "ingest.crs.unknown",
		32600: "ingest.crs.unknown", 32661: "ingest.crs.unknown", 32700: "ingest.crs.unknown",
		32761: "ingest.crs.unknown", 4555000: "ingest.crs.unknown", math.MaxInt: "ingest.crs.unknown",
	} {
		if _, err := crs.FromEPSG(code); geo.CodeOf(err) != want {
			t.Errorf("EPSG:%d: %v, want %s", code, err, want)
		}
	}
	if _, err := crs.GaussKruger(3, 22, true); geo.CodeOf(err) != "ingest.crs.zone-invalid" {
		t.Errorf("3° zone 22: %v", err)
	}
}

func TestParse(t *testing.T) {
	for name, want := range map[string]int{
		"EPSG:4524": 4524, "epsg:4524": 4524, " 4524 ": 4524, "EPSG::4524": 4524,
		"urn:ogc:def:crs:EPSG::4524": 4524, "urn:ogc:def:crs:EPSG:6.9:4490": 4490, "urn:x-ogc:def:crs:EPSG:4490": 0,
		"http://www.opengis.net/def/crs/EPSG/0/4490": 4490, "OGC:CRS84": 4326, "CRS:84": 4326,
		"urn:ogc:def:crs:OGC:1.3:CRS84": 4326, "urn:ogc:def:crs:OGC::CRS84": 4326,
		"http://www.opengis.net/def/crs/OGC/1.3/CRS84": 4326, "EPSG:900913": 3857, "ESRI:102100": 3857,
		"CGCS2000": 4490, "cgcs_2000": 4490, "2000国家大地坐标系": 4490, "２０００国家大地坐标系": 4490, "WGS84": 4326,
		"CGCS2000 / 3-degree Gauss-Kruger zone 36":   4524,
		"CGCS2000_3_Degree_GK_Zone_36":               4524,
		"CGCS2000_3_Degree_GK_CM_108E":               4545,
		"CGCS2000_GK_CM_111E":                        4508,
		"CGCS2000_GK_Zone_19":                        4497,
		"CGCS2000 / 3-degree Gauss-Kruger CM 109.5E": 0,
		"CGCS2000_3_Degree_GK_CM_109E":               0,
		"":                                           0,
		"EPSG:":                                      0,
		"EPSG:99999999999999999999":                  0,
		"EPSG:4524;DROP TABLE":                       0,
		"\xff\xfe":                                   0,
		"\ufeffEPSG:4490":                            4490,
		`GEOGCS["x",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137,298.257222101]],UNIT["Degree",0.0174532925199433]]`: 4490,
	} {
		s, err := crs.Parse(name)
		if want == 0 && err == nil || want != 0 && (err != nil || s.EPSG() != want) {
			t.Errorf("%q: %v, %v, want %d", name, s, err, want)
		}
	}
	for name, want := range map[string]string{
		"1980西安坐标系": "ingest.crs.old-datum", "西安80": "ingest.crs.old-datum", "80国家大地坐标系": "ingest.crs.old-datum",
		"1954北京坐标系": "ingest.crs.old-datum", "北京54坐标系": "ingest.crs.old-datum",
		"Xian_1980_3_Degree_GK_Zone_36": "ingest.crs.old-datum", "Beijing 1954": "ingest.crs.old-datum",
		"GCJ-02": "ingest.crs.obfuscated", "gcj02": "ingest.crs.obfuscated", "BD-09": "ingest.crs.obfuscated",
		"bd09ll": "ingest.crs.obfuscated", "火星坐标系": "ingest.crs.obfuscated",
		"地方独立坐标系": "ingest.crs.unknown", "EPSG:2360": "ingest.crs.old-datum",
	} {
		if _, err := crs.Parse(name); geo.CodeOf(err) != want {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
}

// TestProjectionRoundTrips goes to the plane and back, in every accepted and understood kind of system.
func TestProjectionRoundTrips(t *testing.T) {
	const tolerance = 1e-12 // degrees, 0.1 µm
	for _, code := range []int{4490, 4524, 4545, 4497, 3857, 32649, 32733} {
		s := mustEPSG(t, code)
		for lat := -84.0; lat <= 84; lat += 3.5 {
			for d := -8.0; d <= 8; d += 0.9 {
				p := orb.Point{s.CentralMeridian() + d, lat}
				q := s.ToLonLat(s.FromLonLat(p))
				// At high latitudes a degree of longitude is short.
				if math.Abs(q[1]-p[1]) > tolerance || math.Abs(q[0]-p[0])*math.Cos(lat*math.Pi/180) > tolerance {
					t.Fatalf("%s: %v came back as %v", s, p, q)
				}
			}
		}
	}
}

func TestZeroSystem(t *testing.T) {
	var s crs.System
	p := s.ToLonLat(orb.Point{1, 2})
	q := s.FromLonLat(orb.Point{1, 2})
	if !math.IsNaN(p[0]) || !math.IsNaN(q[1]) || s.String() != "" || s.Accepted() || !s.IsZero() || s.Notes() != nil {
		t.Errorf("the zero system says %v %v %q", p, q, s)
	}
}

func TestNotNumbers(t *testing.T) {
	for _, code := range []int{4490, 4524, 3857, 32649} {
		s := mustEPSG(t, code)
		for _, p := range []orb.Point{
			{math.NaN(), 23},
			{109, math.NaN()},
			{math.Inf(1), 23},
			{109, math.Inf(-1)},
			{math.MaxFloat64, math.MaxFloat64},
			{-1e300, 1e300},
		} {
			s.ToLonLat(p)
			s.FromLonLat(p)
			crs.CheckNumbers(s, orb.Bound{Min: p, Max: p})
			crs.Interpretations(orb.Bound{Min: p, Max: p})
			crs.GCJ02(p)
		}
		if q := s.ToLonLat(orb.Point{math.NaN(), math.NaN()}); !math.IsNaN(q[0]) || !math.IsNaN(q[1]) {
			t.Errorf("%s: NaN became %v", s, q)
		}
	}
}
