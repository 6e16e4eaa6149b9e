package geopackage_test

import (
	"bytes"
	"encoding/hex"
	"math"
	"reflect"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"greenshield/geo"
	"greenshield/geo/format/geopackage"
)

func TestBlobComesBack(t *testing.T) {
	cases := map[string]string{
		"point":                      "POINT(109.6 23.1)",
		"points":                     "MULTIPOINT((1 2),(3 4))",
		"line":                       "LINESTRING(0 0,1 1,2 0)",
		"lines":                      "MULTILINESTRING((0 0,1 1),(5 5,6 6))",
		"polygon with hole":          "POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,1 2,2 2,2 1,1 1))",
		"polygons":                   "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))",
		"collection":                 "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))",
		"polygon without rings":      "POLYGON EMPTY",
		"multipolygon without parts": "MULTIPOLYGON EMPTY",
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			want, err := wkt.Unmarshal(text)
			if err != nil {
				t.Fatal(err)
			}
			blob, err := geopackage.EncodeGeometry(want, 4490)
			if err != nil {
				t.Fatal(err)
			}
			got, err := geopackage.DecodeGeometry(blob)
			if err != nil {
				t.Fatal(err)
			}
			if !orb.Equal(got, want) {
				t.Fatalf("got %s, want %s", wkt.MarshalString(got), text)
			}
		})
	}
}

func TestBlobBytesFollowTheStandard(t *testing.T) {
	blob, err := geopackage.EncodeGeometry(orb.LineString{{1, 2}, {3, 4}}, 4490)
	if err != nil {
		t.Fatal(err)
	}
	want := "47500003" + "8a110000" + // GP, version 0, little endian with XY envelope, 4490
		"000000000000f03f" + "0000000000000840" + "0000000000000040" + "0000000000001040" + // x, x, y, y
		"0102000000" + "02000000" +
		"000000000000f03f" + "0000000000000040" + "0000000000000840" + "0000000000001040"
	if got := hex.EncodeToString(blob); got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func TestEnvelopeCoversEveryPart(t *testing.T) {
	holeOutside := orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}, {{5, 5}, {6, 5}, {6, 7}, {5, 5}}}
	blob, err := geopackage.EncodeGeometry(orb.MultiPolygon{{}, holeOutside}, 0)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := geopackage.EncodeGeometry(orb.LineString{{0, 0}, {6, 7}}, 0)
	if !bytes.Equal(blob[8:40], want[8:40]) {
		t.Fatal("envelope does not cover the second ring, or counts an empty part as 0,0")
	}
}

func TestNullAndEmptyBlobs(t *testing.T) {
	if blob, err := geopackage.EncodeGeometry(nil, 4490); blob != nil || err != nil {
		t.Fatalf("nil geometry: %v %v", blob, err)
	}
	if g, err := geopackage.DecodeGeometry(nil); g != nil || err != nil {
		t.Fatalf("NULL: %v %v", g, err)
	}
	nan := "0000000000000000" + "000000000000f87f" + "000000000000f87f"
	empty, _ := hex.DecodeString("47500011" + "00000000" + "0101000000" + nan[16:])
	if g, err := geopackage.DecodeGeometry(empty); g != nil || err != nil {
		t.Fatalf("POINT EMPTY: %v %v", g, err)
	}
	blob, _ := geopackage.EncodeGeometry(orb.MultiPolygon{}, 4490)
	if blob[3] != 0x11 {
		t.Fatalf("flags of an empty geometry: %#x", blob[3])
	}
}

func TestDecodeDropsZAndM(t *testing.T) {
	f := "000000000000f03f"
	g := "0000000000000040"
	cases := map[string]string{
		"ISO point Z":        "01e9030000" + f + g + f,
		"ISO point M":        "01d1070000" + f + g + f,
		"ISO point ZM":       "01b90b0000" + f + g + f + f,
		"EWKB point Z":       "0101000080" + f + g + f,
		"EWKB point M, SRID": "0101000060" + "e6100000" + f + g + f,
		"big endian":         "0000000001" + "3ff0000000000000" + "4000000000000000",
	}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			blob, err := hex.DecodeString("4750000100000000" + body)
			if err != nil {
				t.Fatal(err)
			}
			got, err := geopackage.DecodeGeometry(blob)
			if err != nil || !reflect.DeepEqual(got, orb.Point{1, 2}) {
				t.Fatalf("got %v, %v", got, err)
			}
		})
	}
}

func TestDamagedBlobsAreProblems(t *testing.T) {
	const header = "4750000100000000"
	cases := map[string]struct{ blob, code string }{
		"empty":           {"", "ingest.gpkg.geometry-damaged"},
		"not GP":          {"0101000000000000000000", "ingest.gpkg.geometry-damaged"},
		"envelope code 5": {"4750000b00000000", "ingest.gpkg.geometry-damaged"},
		"envelope cut":    {"475000030000000000", "ingest.gpkg.geometry-damaged"},
		"no WKB":          {header, "ingest.gpkg.geometry-damaged"},
		"2^32-1 points":   {header + "0102000000ffffffff", "ingest.gpkg.geometry-damaged"},
		"2^32-1 rings":    {header + "0103000000ffffffff00000000", "ingest.gpkg.geometry-damaged"},
		"point in multilinestring": {
			header + "0105000000" + "01000000" + "0101000000" + repeat("0000000000000000", 2),
			"ingest.gpkg.geometry-damaged",
		},
		"circular string":      {header + "010800000000000000", "ingest.gpkg.geometry-kind"},
		"extended (user type)": {"4750002100000000" + "0101000000", "ingest.gpkg.geometry-kind"},
		"infinite coordinate": {
			header + "0101000000" + "000000000000f07f" + "0000000000000000", "ingest.geometry.bad-coordinate",
		},
		"half NaN": {
			header + "0101000000" + "000000000000f87f" + "0000000000000000", "ingest.geometry.bad-coordinate",
		},
		"ten thousand collections": {header + repeat("010700000001000000", 10000), "ingest.gpkg.geometry-damaged"},
		"unknown kind 5001":        {header + "0189130000", "ingest.gpkg.geometry-kind"},
		"byte order 2":             {header + "0201000000", "ingest.gpkg.geometry-damaged"},
		"mixed layouts in a multi*": {
			header + "0104000000" + "01000000" + "01e9030000" + repeat("0000000000000000", 3),
			"ingest.gpkg.geometry-damaged",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			blob, err := hex.DecodeString(c.blob)
			if err != nil {
				t.Fatal(err)
			}
			if blob == nil {
				blob = []byte{}
			}
			g, err := geopackage.DecodeGeometry(blob)
			if geo.CodeOf(err) != c.code {
				t.Fatalf("got %v, %v; want %s", g, err, c.code)
			}
		})
	}
}

func repeat(s string, n int) string { return string(bytes.Repeat([]byte(s), n)) }

func FuzzDecodeGeometry(f *testing.F) {
	for _, g := range []orb.Geometry{
		orb.Point{1, 2},
		orb.MultiPoint{{1, 2}},
		orb.MultiLineString{{{0, 0}, {1, 1}}},
		orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}},
		orb.Collection{orb.Point{1, 2}},
	} {
		blob, err := geopackage.EncodeGeometry(g, 4490)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(blob)
	}
	f.Fuzz(func(t *testing.T, blob []byte) {
		g, err := geopackage.DecodeGeometry(blob)
		if err != nil {
			if geo.CodeOf(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		again, err := geopackage.EncodeGeometry(g, 4490)
		if err != nil {
			t.Fatal(err)
		}
		back, err := geopackage.DecodeGeometry(again)
		if err != nil || (g != nil && !reflect.DeepEqual(normal(g), normal(back))) {
			t.Fatalf("%v came back as %v (%v)", g, back, err)
		}
		if b, ok := g.(orb.Point); ok && math.IsNaN(b[0]) {
			t.Fatal("NaN got through")
		}
	})
}

// normal makes slices without members comparable whether they are nil or not.
func normal(g orb.Geometry) string { return wkt.MarshalString(g) }
