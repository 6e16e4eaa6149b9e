package shapefile_test

import (
	"archive/zip"
	"bytes"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/shapefile"
)

func sampleLayer(t *testing.T, epsg int, encoding string) shapefile.Layer {
	t.Helper()
	s, err := crs.FromEPSG(epsg)
	if err != nil {
		t.Fatal(err)
	}
	return shapefile.Layer{
		Name: "红线", System: s, Encoding: encoding, Changed: time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC),
		Fields: []format.Field{
			{Name: "名称"},
			{Name: "编号", Kind: format.Integer},
			{Name: "面积", Kind: format.Real},
			{Name: "核查", Kind: format.Boolean},
			{Name: "日期", Kind: format.Date},
			{Name: "区县名称"},
		},
	}
}

// sampleRecords are wound as the format asks, so that they come back as they are.
func sampleRecords() []format.Record {
	shell, hole := clockwise(36500000, 2500000, 10), reversed(clockwise(36500001, 2500001, 2))
	return []format.Record{
		{
			Row: 1, Geometry: orb.Polygon{shell, hole},
			Values: []any{"平天山 <b>", int64(7), 0.1, true, "2023-12-31", "桂平市"},
		},
		{
			Row: 2, Geometry: orb.MultiPolygon{{clockwise(36600000, 2500000, 1)}, {clockwise(36600005, 2500000, 1)}},
			Values: make([]any, 6),
		},
		{Row: 3, Values: []any{"x", int64(math.MinInt64), -1.7976931348623157e+308, false, nil, nil}},
	}
}

func each(records []format.Record) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// unzip puts the files of a zip into a folder and gives the path of the .shp.
func unzip(t *testing.T, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	main := ""
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, f.Name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, ".shp") {
			main = path
		}
	}
	return main
}

func TestWrittenShapefileReadsBack(t *testing.T) {
	for _, encoding := range []string{"GBK", "UTF-8", ""} {
		for _, epsg := range []int{4490, 4326, 3857, 4491, 4502, 4524, 4545} {
			l := sampleLayer(t, epsg, encoding)
			var b, again bytes.Buffer
			notes, err := shapefile.WriteZip(t.Context(), &b, l, each(sampleRecords()))
			if err != nil {
				t.Fatal(err)
			}
			_, err = shapefile.WriteZip(t.Context(), &again, l, each(sampleRecords()))
			if err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
				t.Error("the same records give other bytes, ", err)
			}
			s, rows, err := read(unzip(t, b.Bytes()), shapefile.Options{})
			if err != nil || s.Declared == nil || s.Declared.EPSG() != epsg || s.Name != "红线" || len(s.Notes) > 0 {
				t.Fatalf("%s EPSG:%d: %v %v %v %v", encoding, epsg, s.Declared, s.DeclaredProblem, s.Notes, err)
			}
			for i, f := range s.Fields {
				if f.Name != l.Fields[i].Name && encoding == "GBK" {
					t.Errorf("field %s became %s", l.Fields[i].Name, f.Name)
				}
			}
			want := sampleRecords()
			if encoding == "GBK" && len(notes) > 0 {
				t.Errorf("notes %v", notes)
			}
			for i, r := range rows {
				if !sameGeometry(r.Geometry, want[i].Geometry) || r.Problem != nil {
					t.Errorf("row %d: %v %v", r.Row, r.Geometry, r.Problem)
				}
				w := want[i].Values
				if i == 2 { // twenty digits are read as a real number, as GDAL does
					r.Values[1], w[1] = nil, nil
				}
				for j := range w {
					if n, ok := w[j].(int64); ok {
						w[j] = float64(n)
					}
				}
				if n, ok := r.Values[1].(int64); ok {
					r.Values[1] = float64(n)
				}
				if !reflect.DeepEqual(r.Values, w) {
					t.Errorf("row %d: %v, want %v", r.Row, r.Values, w)
				}
			}
		}
	}
}

func TestWindingIsCorrected(t *testing.T) {
	l := sampleLayer(t, 4490, "GBK")
	l.Fields = nil
	shell, hole := clockwise(0, 0, 9), clockwise(1, 1, 2)
	var b bytes.Buffer
	records := []format.Record{{Geometry: orb.Polygon{reversed(shell), hole}}}
	if _, err := shapefile.WriteZip(t.Context(), &b, l, each(records)); err != nil {
		t.Fatal(err)
	}
	_, rows, err := read(unzip(t, b.Bytes()), shapefile.Options{})
	if err != nil || !orb.Equal(rows[0].Geometry, orb.Polygon{shell, reversed(hole)}) {
		t.Fatal(rows, err)
	}
	if !orb.Equal(records[0].Geometry, orb.Polygon{reversed(shell), hole}) {
		t.Error("writing changed the caller's geometry")
	}
}

func TestWhatTheFormatCannotHold(t *testing.T) {
	l := sampleLayer(t, 4490, "GBK")
	l.Fields = []format.Field{{Name: "耕地坡度级别"}, {Name: "耕地坡度级别代码"}, {Name: "ok"}}
	long := strings.Repeat("田", 200)
	var b bytes.Buffer
	notes, err := shapefile.WriteZip(t.Context(), &b, l, each([]format.Record{
		{Geometry: orb.Point{1, 2}, Values: []any{long, "𠮷田", "a\x00b"}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	codes := []string{}
	for _, n := range notes {
		codes = append(codes, n.Code)
	}
	want := []string{"layer.export.field-renamed", "layer.export.text-cut", "layer.export.text-replaced"}
	if !reflect.DeepEqual(codes, want) {
		t.Errorf("notes %v", codes)
	}
	s, rows, err := read(unzip(t, b.Bytes()), shapefile.Options{})
	if err != nil || s.Fields[0].Name != "耕地坡度级" || s.Fields[1].Name != "耕地坡度_2" {
		t.Fatal(s.Fields, err)
	}
	if got := rows[0].Values; !reflect.DeepEqual(got, []any{strings.Repeat("田", 127), "?田", "a b"}) {
		t.Errorf("values %q", got)
	}
}

func TestRefusedRecords(t *testing.T) {
	l := sampleLayer(t, 4490, "GBK")
	l.Fields = []format.Field{{Name: "n", Kind: format.Integer}}
	cases := map[string][]format.Record{
		"points among polygons": {
			{
				Geometry: orb.Point{1, 2}, Values: []any{nil},
			}, {
				Geometry: orb.Polygon{clockwise(0, 0, 1)}, Values: []any{nil},
			},
		},
		"collection":      {{Geometry: orb.Collection{orb.Point{1, 2}}, Values: []any{nil}}},
		"text in integer": {{Geometry: orb.Point{1, 2}, Values: []any{"x"}}},
		"values missing":  {{Geometry: orb.Point{1, 2}}},
	}
	for name, records := range cases {
		if _, err := shapefile.WriteZip(t.Context(), io.Discard, l, each(records)); err == nil {
			t.Errorf("%s: written", name)
		}
	}
	l.Encoding = "EBCDIC"
	if _, err := shapefile.WriteZip(t.Context(), io.Discard, l, each(nil)); err == nil {
		t.Error("EBCDIC was accepted")
	}
}
