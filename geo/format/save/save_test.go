package save_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/open"
	"greenshield/geo/format/save"
)

func system(t testing.TB, epsg int) crs.System {
	t.Helper()
	s, err := crs.FromEPSG(epsg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func each(records ...format.Record) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func fields() []format.Field {
	return []format.Field{
		{Name: "编号"},
		{Name: "名称"},
		{Name: "级别", Kind: format.Integer},
		{Name: "面积", Kind: format.Real},
		{Name: "核查", Kind: format.Boolean},
		{Name: "日期", Kind: format.Date},
	}
}

func layer(kind save.Kind) save.Layer {
	return save.Layer{
		Kind: kind, Name: "红线", Title: "生态保护红线", Fields: fields(), About: "来源：2023年\n第二行",
		Changed: time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC), Producer: "greenshield",
		Parcel: save.ParcelFields{Number: "编号", Name: "名称"},
	}
}

func ring(x, y, side float64) orb.Ring {
	return orb.Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
}

// rows have all kinds of attributes and absent ones, Chinese outside the BMP, and rings wound as RFC 7946 asks.
func rows() []format.Record {
	hole := ring(109.62, 23.12, 0.01)
	hole.Reverse()
	return []format.Record{
		{
			Row: 1, Geometry: orb.Polygon{ring(109.6123456789, 23.1, 0.05), hole},
			Values: []any{"0012", "平天山 𠮷 <b>&\"' 㐂", int64(-7), 0.1, true, "2023-12-31"},
		},
		{
			Row: 2, Geometry: orb.MultiPolygon{{ring(110.1, 23, 0.01)}, {ring(110.2, 23, 0.01)}},
			Values: []any{"0013", "二号地块", nil, nil, nil, nil},
		},
		{
			Row: 3, Geometry: orb.Polygon{ring(110.3, 23, 0.01)},
			Values: []any{"0014", nil, int64(9), 1e-7, false, "1999-01-01"},
		},
	}
}

// written writes a layer and opens it again.
func written(t testing.TB, l save.Layer, records ...format.Record) (format.Schema, []format.Record, []*geo.Problem) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "红线"+l.Kind.Extension())
	notes, err := save.File(t.Context(), path, l, each(records...), save.FileOptions{})
	if err != nil {
		t.Fatal(l.Kind, err)
	}
	s, out := reopened(t, path)
	return s, out, notes
}

func reopened(t testing.TB, path string) (format.Schema, []format.Record) {
	t.Helper()
	d, err := open.Open(t.Context(), path, open.Options{Temp: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var out []format.Record
	for r, err := range d.Records(t.Context()) {
		if err != nil || r.Problem != nil {
			t.Fatal(err, r.Problem)
		}
		out = append(out, r)
	}
	return d.Schema(), out
}

func codes(notes []*geo.Problem) []string {
	var out []string
	for _, n := range notes {
		out = append(out, n.Code)
	}
	return out
}

// degrees are the coordinates of a geometry in CGCS2000, ring by ring from the least point and in one sense, so that
// only the places count.
func degrees(s format.Schema, g orb.Geometry) []orb.Point {
	if s.Declared != nil && !s.Declared.Geographic() {
		g = s.Declared.GeometryToLonLat(g)
	}
	var out []orb.Point
	var parts orb.MultiPolygon
	switch g := g.(type) {
	case orb.Polygon:
		parts = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		parts = g
	}
	for _, p := range parts {
		for _, r := range p {
			out = append(out, normal(r)...)
		}
	}
	return out
}

func normal(r orb.Ring) []orb.Point {
	r = slices.Clone(r[:len(r)-1])
	if r.Orientation() == orb.CW {
		slices.Reverse(r)
	}
	least := 0
	for i, p := range r {
		if d := p[1] - r[least][1]; d < -1e-7 || math.Abs(d) <= 1e-7 && p[0] < r[least][0] {
			least = i
		}
	}
	return append(slices.Clone(r[least:]), r[:least]...)
}

func same(t *testing.T, what string, got, want []orb.Point, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d points, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		if d := math.Max(math.Abs(got[i][0]-want[i][0]), math.Abs(got[i][1]-want[i][1])); !(d <= tolerance) {
			t.Errorf("%s: point %d is %v, want %v (off by %g)", what, i, got[i], want[i], d)
			return
		}
	}
}

// TestRoundTrips writes and reads every kind in every system and encoding that it takes. Coordinates come back to
// 1e-9°, those of the exchange of parcels, which have four decimals of a metre, to 0.1 mm.
func TestRoundTrips(t *testing.T) {
	for _, tc := range []struct {
		kind     save.Kind
		epsg     int
		encoding string
	}{
		{save.GeoJSON, 4490, ""},
		{save.KML, 4490, ""},
		{save.CSV, 4490, ""},
		{save.CSV, 4525, ""},
		{save.GeoPackage, 4490, ""},
		{save.GeoPackage, 4525, ""},
		{save.GeoPackage, 4546, ""},
		{save.Shapefile, 4490, "UTF-8"},
		{save.Shapefile, 4525, "utf8"},
		{save.Shapefile, 4546, "GBK"},
		{save.ParcelText, 4525, "GBK"},
		{save.ParcelText, 4497, "UTF-8"},
	} {
		name := fmt.Sprintf("%s EPSG:%d %s", tc.kind, tc.epsg, tc.encoding)
		l := layer(tc.kind)
		l.System, l.Encoding = system(t, tc.epsg), tc.encoding
		want := rows()
		if tc.encoding == "GBK" {
			want[0].Values[1] = "平天山 <b>&' 囍"
		}
		s, got, _ := written(t, l, want...)
		if len(got) != len(want) {
			t.Fatalf("%s: %d rows", name, len(got))
		}
		fixed := tc.kind == save.GeoJSON || tc.kind == save.KML // by their standards
		if s.Declared == nil && tc.kind != save.CSV || s.Declared != nil && s.Declared.EPSG() != tc.epsg && !fixed {
			t.Errorf("%s: declared %v, %v", name, s.Declared, s.DeclaredProblem)
		}
		if tc.kind == save.CSV { // a table has no place for the name of a system
			s.Declared = &l.System
		}
		for i := range want {
			tolerance := 1e-9
			if tc.kind == save.ParcelText {
				tolerance = 1e-4 / 90_000 // of a metre, in degrees of longitude at 23° and below those of latitude
			}
			same(t, fmt.Sprintf("%s row %d", name, i+1), degrees(s, got[i].Geometry),
				degrees(format.Schema{}, want[i].Geometry), tolerance)
			for k, f := range l.Fields {
				if tc.kind == save.ParcelText {
					if k > 1 {
						break
					}
					f.Name = []string{"地块编号", "地块名称"}[k]
				}
				at := slices.IndexFunc(s.Fields, func(o format.Field) bool { return o.Name == f.Name })
				if at < 0 {
					t.Fatalf("%s: no field %s among %v", name, f.Name, s.Fields)
				}
				wanted := want[i].Values[k]
				if text, ok := wanted.(string); ok && tc.kind == save.ParcelText {
					wanted = strings.ReplaceAll(text, `"`, "”") // noted, see TestNotes
				}
				if got := got[i].Values[at]; got != wanted {
					t.Errorf("%s row %d, %s: %#v, want %#v", name, i+1, f.Name, got, wanted)
				}
			}
		}
	}
}

func TestSameRowsGiveTheSameBytes(t *testing.T) {
	for _, kind := range save.Kinds() {
		l := layer(kind)
		l.Encoding, l.System = "UTF-8", system(t, 4490)
		if kind == save.ParcelText {
			l.System = system(t, 4525)
		}
		var one, two bytes.Buffer
		_, err := save.Write(t.Context(), &one, l, each(rows()...))
		_, err2 := save.Write(t.Context(), &two, l, each(rows()...))
		if err != nil || err2 != nil || one.Len() == 0 || !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%s: %d and %d bytes, %v %v", kind, one.Len(), two.Len(), err, err2)
		}
	}
}

func TestKindOf(t *testing.T) {
	for name, want := range map[string]save.Kind{
		"a.geojson": save.GeoJSON, "a.JSON": save.GeoJSON, "红线.ZIP": save.Shapefile, "a.gpkg": save.GeoPackage,
		"a.kml": save.KML, "a.txt": save.ParcelText, "a.csv": save.CSV, "a.shp": "", "a": "", "a.dxf": "", ".": "",
	} {
		if got, ok := save.KindOf(name); got != want || ok != (want != "") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestRefusals(t *testing.T) {
	long := strings.Repeat("田", 100)
	in := func(kind save.Kind, epsg int) func(*save.Layer) {
		return func(l *save.Layer) { l.Kind, l.System = kind, system(t, epsg) }
	}
	one := func(edit func(*format.Record)) []format.Record {
		r := rows()[:1]
		edit(&r[0])
		return r
	}
	for name, tc := range map[string]struct {
		edit func(*save.Layer)
		rows []format.Record
		want string
	}{
		"no such kind":        {func(l *save.Layer) { l.Kind = "dxf" }, nil, "layer.export.kind-unknown"},
		"KML in a plane":      {in(save.KML, 4525), nil, "layer.export.degrees-only"},
		"GeoJSON as Mercator": {func(l *save.Layer) { l.System = system(t, 3857) }, nil, "layer.export.degrees-only"},
		"TXT in degrees":      {func(l *save.Layer) { l.Kind = save.ParcelText }, nil, "layer.export.plane-only"},
		"UTM":                 {in(save.GeoPackage, 32649), nil, "layer.export.system"},
		"GeoJSON in GBK":      {func(l *save.Layer) { l.Encoding = "GBK" }, nil, "layer.export.encoding"},
		"Big5": {
			func(l *save.Layer) { l.Kind, l.Encoding = save.Shapefile, "Big5" }, nil, "layer.export.encoding",
		},
		"a zone far away": {
			in(save.CSV, 4533), rows(), "layer.export.outside-zone",
		},
		"a character that GBK lacks in a shapefile": {
			func(l *save.Layer) { l.Kind, l.Encoding = save.Shapefile, "GBK" }, rows(), "layer.export.gbk-lacks",
		},
		"a character that GBK lacks in TXT": {
			in(save.ParcelText, 4525), rows(), "layer.export.gbk-lacks",
		},
		"text that a .dbf would cut": {
			func(l *save.Layer) { l.Kind = save.Shapefile },
			one(func(r *format.Record) { r.Values[1] = long }), "layer.export.text-cut",
		},
		"lines among polygons in a shapefile": {
			func(l *save.Layer) { l.Kind = save.Shapefile },
			append(rows(), format.Record{Geometry: orb.LineString{{109, 23}, {110, 23}}, Values: make([]any, 6)}),
			"layer.export.mixed-geometries",
		},
		"a line in TXT": {
			func(l *save.Layer) { l.Kind, l.System, l.Encoding = save.ParcelText, system(t, 4525), "UTF-8" },
			one(func(r *format.Record) { r.Geometry = orb.LineString{{109, 23}, {110, 23}} }), "layer.export.polygons-only",
		},
		"too many fields for a .dbf": {
			func(l *save.Layer) { l.Kind, l.Fields = save.Shapefile, make([]format.Field, 256) }, nil,
			"layer.export.too-many-fields",
		},
		"a row with a problem": {
			func(*save.Layer) {}, one(func(r *format.Record) { r.Problem = geo.NewProblem("ingest.x") }), "ingest.x",
		},
	} {
		l := layer(save.GeoJSON)
		tc.edit(&l)
		dir := t.TempDir()
		_, err := save.File(t.Context(), filepath.Join(dir, "a"), l, each(tc.rows...), save.FileOptions{})
		if geo.CodeOf(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%s: left %v, %v", name, left, err)
		}
	}
}

func TestNotes(t *testing.T) {
	l := layer(save.ParcelText)
	l.System, l.Encoding = system(t, 4525), "UTF-8"
	_, _, notes := written(t, l, rows()...)
	expected := []string{"layer.export.characters-replaced", "layer.export.fields-left-out"}
	if got := codes(notes); !slices.Equal(got, expected) {
		t.Errorf("TXT: %v", got)
	}
	if _, _, notes = written(t, layer(save.KML), rows()...); !slices.Equal(codes(notes), []string{"layer.export.wgs84"}) {
		t.Errorf("KML: %v", codes(notes))
	}
	for _, kind := range []save.Kind{save.GeoJSON, save.CSV, save.GeoPackage, save.Shapefile} {
		if _, _, notes := written(t, layer(kind), rows()...); len(notes) > 0 {
			t.Errorf("%s: %v", kind, codes(notes))
		}
	}
	l = layer(save.GeoPackage)
	l.Fields[0].Name = "FID"
	_, got, notes := written(t, l, rows()...)
	if !slices.Equal(codes(notes), []string{"layer.export.column-taken"}) || got[0].Values[0] != "0012" {
		t.Errorf("a column called fid: %v %v", codes(notes), got[0].Values)
	}
}

// TestShortenedNamesCanBeUndone finds the delivered names of a shapefile's fields in the text beside it.
func TestShortenedNamesCanBeUndone(t *testing.T) {
	l := layer(save.Shapefile)
	l.Encoding = "GBK"
	l.Fields[0].Name, l.Fields[1].Name = "耕地坡度级别代码", "耕地坡度级别说明"
	record := rows()[1:2]
	s, _, notes := written(t, l, record...)
	if s.Fields[0].Name != "耕地坡度级" || s.Fields[1].Name != "耕地坡度_2" {
		t.Errorf("fields %v", s.Fields)
	}
	if got := codes(notes); !slices.Equal(got, []string{"layer.export.field-renamed"}) {
		t.Errorf("notes %v", got)
	}
	var b bytes.Buffer
	if _, err := save.Write(t.Context(), &b, l, each(record...)); err != nil {
		t.Fatal(err)
	}
	about := fileOf(t, b.Bytes(), "红线.txt")
	for _, line := range []string{"来源：2023年\r\n第二行", "耕地坡度级 = 耕地坡度级别代码\r\n", "耕地坡度_2 = 耕地坡度级别说明\r\n"} {
		if !strings.Contains(about, line) {
			t.Errorf("no %q in %q", line, about)
		}
	}
}

func TestFilesAppearWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.geojson")
	broken := func(yield func(format.Record, error) bool) {
		_ = yield(rows()[0], nil) && yield(format.Record{}, errors.New("broken"))
	}
	if _, err := save.File(t.Context(), path, layer(save.GeoJSON), broken, save.FileOptions{}); err == nil {
		t.Error("a broken source was written")
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	if _, err := save.File(t.Context(), path, layer(save.GeoJSON), each(rows()...), save.FileOptions{}); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	_, err := save.File(t.Context(), path, layer(save.GeoJSON), each(), save.FileOptions{})
	if after, _ := os.ReadFile(path); geo.CodeOf(err) != "layer.export.exists" || !bytes.Equal(before, after) {
		t.Errorf("an existing file: %v", err)
	}
	if _, err := save.File(t.Context(), path, layer(save.GeoJSON), each(), save.FileOptions{Replace: true}); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 || info.Size() >= int64(len(before)) {
		t.Errorf("replaced: %v %v", info, err)
	}
	nowhere := filepath.Join(dir, "none", "a.csv")
	if _, err := save.File(t.Context(), nowhere, layer(save.CSV), each(), save.FileOptions{}); err == nil {
		t.Error("a folder that is not there")
	}
}
