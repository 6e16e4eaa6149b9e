package table_test

import (
	"bytes"
	"iter"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/geo/format/table"
)

func each(features ...table.Feature) iter.Seq2[table.Feature, error] {
	return func(yield func(table.Feature, error) bool) {
		for _, f := range features {
			if !yield(f, nil) {
				return
			}
		}
	}
}

var writtenFields = []format.Field{
	{Name: "名称"},
	{Name: "代码"},
	{Name: "数量", Kind: format.Integer},
	{Name: "面积", Kind: format.Real},
	{Name: "日期", Kind: format.Date},
	{Name: "是否", Kind: format.Boolean},
}

var written = []table.Feature{
	{
		orb.Polygon{{{109.123456789012, 23.1}, {109.2, 23.1}, {109.2, 23.2}, {109.123456789012, 23.1}}},
		[]any{"=HYPERLINK(\"http://a\")", "007", int64(-5), 0.1, "2023-05-01", true},
	},
	{
		orb.MultiPolygon{{{{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 0}}, {{1, 1}, {1, 2}, {2, 2}, {1, 1}}}, {{{20, 0}, {21, 0}, {21, 1}, {20, 0}}}},
		[]any{"多行\n,\"引号\"", "-1+2", nil, 1e-7, nil, false},
	},
	{orb.Collection{orb.Point{1e-9, 2}, orb.LineString{{1, 2}, {3, 4}}}, []any{"@SUM(A1)", "12", int64(7), -3.5, nil, nil}},
	{orb.MultiLineString{{{1, 2}, {3, 4}}}, []any{"|cmd", nil, nil, nil, nil, nil}},
	{orb.MultiPoint{{1, 2}, {3, 4}}, []any{"'已有", nil, nil, nil, nil, nil}},
	{nil, []any{"无图形", nil, nil, nil, nil, nil}},
}

func TestWriteAndReadAgain(t *testing.T) {
	var b bytes.Buffer
	if err := table.WriteCSV(&b, writtenFields, each(written...)); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "\ufeff名称,代码,数量,面积,日期,是否,WKT\r\n\"'=HYPERLINK") {
		t.Errorf("%.80q", b.String())
	}
	o := read(t, b.String(), table.Options{})
	if o.code() != "" || len(o.records) != len(written) {
		t.Fatal(o.err, o.code(), len(o.records))
	}
	if !reflect.DeepEqual(o.schema.Fields, writtenFields) {
		t.Errorf("fields %v", o.schema.Fields)
	}
	for i, r := range o.records {
		if !reflect.DeepEqual(r.Geometry, written[i].Geometry) || !reflect.DeepEqual(r.Values, written[i].Values) {
			t.Errorf("row %d\n%v %q\n%v %q", i+1, r.Geometry, r.Values, written[i].Geometry, written[i].Values)
		}
	}
}

func TestGuarded(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a": "a", "-5": "-5", "+1.5": "+1.5", "-1e3": "-1e3", "-1+2": "'-1+2", "=1": "'=1",
		"bad-input 77": "bad-input 77", "+cmd|' /C calc'!A0": "'+cmd|' /C calc'!A0", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1",
		"'=1": "''=1", "''=1": "'''=1", "'-1": "''-1", "'a": "'a", "'": "'", "a=1\x00\x07b\xff": "a=1b\uFFFD", "\x00=1": "'=1",
	} {
		if got := table.Guarded(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestWriteErrors(t *testing.T) {
	for name, f := range map[string]table.Feature{
		"not a number":   {orb.Point{math.NaN(), 1}, nil},
		"a ring alone":   {orb.Ring{}, nil},
		"a foreign type": {nil, []any{struct{}{}}},
	} {
		if err := table.WriteCSV(&bytes.Buffer{}, writtenFields, each(f)); err == nil {
			t.Errorf("%s was written", name)
		}
	}
}

// TestOtherEngineReadsOurs asks GDAL for the rows and one coordinate of what is written.
func TestOtherEngineReadsOurs(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo is not installed")
	}
	var b bytes.Buffer
	if err := table.WriteCSV(&b, writtenFields, each(written...)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), ogrinfo, "-al", "-oo", "KEEP_GEOM_COLUMNS=NO", path).CombinedOutput()
	text := string(out)
	if err != nil || !strings.Contains(text, "Feature Count: 6") || !strings.Contains(text, "POLYGON ((109.123456789012 23.1") ||
		!strings.Contains(text, "MULTIPOLYGON (((0 0") || !strings.Contains(text, "名称") {
		t.Errorf("%v\n%s", err, text)
	}
}
