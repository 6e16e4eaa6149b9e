package flatgeobuf_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb/geojson"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/flatgeobuf"
)

const shared = "../../../../shared/data"

func open(path string) outcome {
	return drain(flatgeobuf.Open(context.Background(), path, flatgeobuf.Options{}))
}

// What the files of the specification's and of GDAL's tests give: rows, and the reference system; or the refusal.
func TestCorpus(t *testing.T) {
	for path, want := range map[string]string{
		"fmt-fgb/test/data/alldatatypes.fgb":                                           "1 ",
		"fmt-fgb/test/data/binary_wkb.fgb":                                             "1 EPSG:4326",
		"fmt-fgb/test/data/countries.fgb":                                              "179 EPSG:4326",
		"fmt-fgb/test/data/countries_nocrs.fgb":                                        "179 ",
		"fmt-fgb/test/data/countries_nogeo.fgb":                                        "179 ",
		"fmt-fgb/test/data/empty.fgb":                                                  "0 EPSG:4326",
		"fmt-fgb/test/data/heterogeneous.fgb":                                          "3 ",
		"fmt-fgb/test/data/mp_overlapping.fgb":                                         "2 EPSG:4326",
		"fmt-fgb/test/data/no_properties.fgb":                                          "1 ",
		"fmt-fgb/test/data/poly00.fgb":                                                 "10 EPSG:27700",
		"fmt-fgb/test/data/poly01.fgb":                                                 "10 EPSG:27700",
		"fmt-fgb/test/data/topp_states.fgb":                                            "version",
		"fmt-fgb/test/data/unknown_feature_count.fgb":                                  "1 EPSG:4326",
		"fmt-fgb/test/data/surface/triangle.fgb":                                       "1 ",
		"fmt-fgb/test/data/clusterfuzz-testcase-minimized-fgb_fuzzer-4642513358553088": "damaged",

		"fmt-flatgeobuf-gdal/invalid_compoundcurve_non_contiguous_curves.fgb": "1 , kind",
		"fmt-flatgeobuf-gdal/invalid_multisurface_of_polyhedralsurface.fgb":   "damaged",
		"fmt-flatgeobuf-gdal/invalid_polyhedralsurface_of_curvepolygon.fgb":   "damaged",
		"fmt-flatgeobuf-gdal/test_ogr_flatgeobuf_singlepart_mls_new.fgb":      "1 ",

		"fmt-testfgb-gdal/alldatatypes.fgb":    "1 ",
		"fmt-testfgb-gdal/poly.fgb":            "10 EPSG:27700",
		"fmt-testfgb-gdal/poly_no_index.fgb":   "10 EPSG:27700",
		"fmt-testfgb-gdal/testdatatypes.fgb":   "1 EPSG:4326",
		"fmt-testfgb-gdal/wfs/get_feature.fgb": "7 ",
	} {
		path = filepath.Join(shared, path)
		if _, err := os.Stat(path); err != nil {
			t.Logf("test data %s is not here", path)
			continue
		}
		o := open(path)
		got := fmt.Sprintf("%d %s", len(o.records), o.schema.DeclaredText)
		if o.err != nil {
			got = o.code()
		} else if c := o.code(); c != "" {
			got += ", " + c
		}
		if got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// The countries are those of the GeoJSON beside them, to the last digit, in the order of the index.
func TestCountries(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(shared, "fmt-fgb/test/data/countries.geojson"))
	if err != nil {
		t.Skipf("test data is not here: %v", err)
	}
	all, err := geojson.UnmarshalFeatureCollection(raw)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range all.Features {
		want[fmt.Sprint(f.ID)] = strings.TrimPrefix(wktOf(f.Geometry), "MULTI")
	}
	o := open(filepath.Join(shared, "fmt-fgb/test/data/countries.fgb"))
	for _, r := range o.records {
		id := fmt.Sprint(r.Values[0])
		if id == "BMU" { // its ring begins elsewhere and runs the other way round in the FlatGeobuf
			delete(want, id)
			continue
		}
		text := strings.TrimPrefix(wktOf(r.Geometry), "MULTI")
		if w := want[id]; text != w && text != strings.Replace(w, "POLYGON(", "POLYGON((", 1)+")" {
			t.Errorf("%s: %.80s, want %.80s", id, text, w)
		}
	}
	if o.code() != "" || len(o.records) != len(want)+1 {
		t.Errorf("%d records of %d, %v", len(o.records), len(want), o.err)
	}
}

// What ogr2ogr writes, with and without an index, is read with the same places and attributes.
func TestAgainstGDAL(t *testing.T) {
	tool, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr is not installed")
	}
	dir := t.TempDir()
	in := filepath.Join(dir, "a.geojson")
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	const rows = 40 // two levels of the index above them
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		x := 110 + float64(i)/100
		fmt.Fprintf(&b, `{"type":"Feature","properties":{"n":%d,"名称":"红线%d","a":%g},"geometry":{"type":"Polygon","coordinates":
			[[[%[3]g,23],[111.5,23],[111.5,23.5],[%[3]g,23]],[[111.4,23.1],[111.45,23.2],[111.45,23.1],[111.4,23.1]]]}}`, i, i, x)
	}
	b.WriteString("]}")
	if err := os.WriteFile(in, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, indexed := range []string{"YES", "NO"} {
		out := filepath.Join(dir, indexed+".fgb")
		cmd := exec.Command(tool, "-f", "FlatGeobuf", "-lco", "SPATIAL_INDEX="+indexed, out, in)
		if log, err := cmd.CombinedOutput(); err != nil {
			t.Skipf("ogr2ogr cannot write FlatGeobuf here: %s", log)
		}
		got := open(out)
		if got.code() != "" || len(got.records) != rows || got.schema.Count != rows {
			t.Errorf("index %s: %d records, %v %s", indexed, len(got.records), got.err, got.code())
		}
		for _, r := range got.records {
			n, x := r.Values[0].(int64), r.Values[2].(float64)
			want := fmt.Sprintf("POLYGON((%[1]g 23,111.5 23,111.5 23.5,%[1]g 23),(111.4 23.1,111.45 23.2,111.45 23.1,111.4 23.1))", x)
			if w := wktOf(r.Geometry); w != want || r.Values[1] != fmt.Sprint("红线", n) || x != 110+float64(n)/100 {
				t.Errorf("index %s row %d: %s %v", indexed, r.Row, w, r.Values)
			}
		}
	}
}

// FuzzRead holds that no input makes the reader panic or take more memory than it has bytes for, that every fatal
// error is a problem with a code, and that each row has values for all fields.
func FuzzRead(f *testing.F) {
	columns := tables{build("a", uint8(11)), build("b", uint8(10))}
	one := build(geometry(1, []float64{1, 2}, nil), append(property(0, "x"), property(1, 0.5)...))
	poly := geometry(3, holed, []uint32{4, 8})
	for _, text := range []string{
		"", magic, file(header(1, 1, columns, build("EPSG", int32(4490))), one), file(header(0, 0, nil, nil), one, one),
		file(header(6, 1, nil, nil), build(geometry(6, nil, nil, poly, poly))),
		file(header(7, 1, nil, build("", nil, "CGCS2000")), build(geometry(7, nil, nil, geometry(5, outer, []uint32{2, 4})))),
		file(build("", nil, uint8(1), nil, nil, nil, nil, nil, uint64(1), uint16(2))) + strings.Repeat("\x00", 80) + string(sized(one)),
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := read(string(text), format.Limits{MaxVertices: 1000, MaxRecords: 1000, MaxText: 1000})
		if got.err != nil && !strings.HasPrefix(geo.CodeOf(got.err), "ingest.") {
			t.Fatalf("an error without a code: %v", got.err)
		}
		for _, r := range got.records {
			if len(r.Values) != len(got.schema.Fields) || r.Problem != nil && r.Geometry != nil {
				t.Fatalf("row %d: %d values, problem %v", r.Row, len(r.Values), r.Problem)
			}
		}
		if n := got.schema.Count; got.err == nil && n >= 0 && int64(len(got.records)) != n {
			t.Fatalf("%d records, %d stated", len(got.records), n)
		}
	})
}
