package kml_test

import (
	"bytes"
	"errors"
	"iter"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/geo/format/kml"
)

func each(records ...format.Record) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

var writtenFields = []format.Field{
	{Name: "XMMC"},
	{Name: "编号", Kind: format.Integer},
	{Name: "身份", Kind: format.Integer},
	{Name: "面积", Kind: format.Real},
	{Name: "核查", Kind: format.Boolean},
	{Name: "日期", Kind: format.Date},
	{Name: "description"},
}

func box(x, y, side float64) orb.Ring {
	return orb.Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
}

func gap(x, y, side float64) orb.Ring {
	r := box(x, y, side)
	r.Reverse()
	return r
}

// writtenRows are wound as KML asks, so that they come back as they are.
func writtenRows() []format.Record {
	return []format.Record{
		{
			Geometry: orb.Polygon{box(109.123456789, 23, 0.1), gap(109.15, 23.02, 0.01)},
			Values:   []any{"平天山<b> & \"𠮷\"", int64(-7), int64(450802198001010011), 0.1, true, "2023-12-31", "注"},
		},
		{
			Geometry: orb.MultiPolygon{{box(110, 23, 0.1)}, {box(111, 23, 0.1)}},
			Values:   make([]any, 7),
		},
		{
			Geometry: orb.LineString{{109, 23}, {109.000000001, 23.5}},
			Values:   []any{"线", int64(math.MaxInt32), int64(1), -1e300, false, nil, nil},
		},
		{Geometry: orb.MultiLineString{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}, Values: make([]any, 7)},
		{Geometry: orb.Point{-0.5, 1e-9}, Values: make([]any, 7)},
		{Geometry: orb.MultiPoint{{1, 2}, {3, 4}}, Values: make([]any, 7)},
		{Values: []any{"无图形", nil, nil, nil, nil, nil, nil}},
	}
}

func writeRows(t *testing.T, l kml.Layer, records ...format.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := kml.Write(t.Context(), &b, l, each(records...)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWrittenKMLReadsBack(t *testing.T) {
	l := kml.Layer{Name: "红线 <1>", About: "来源：一\n二", Fields: writtenFields, Label: "XMMC"}
	b := writeRows(t, l, writtenRows()...)
	if again := writeRows(t, l, writtenRows()...); !bytes.Equal(b, again) {
		t.Error("the same records give other bytes")
	}
	d, err := kml.Read(t.Context(), "红线", bytes.NewReader(b), int64(len(b)), kml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	kinds := map[string]format.Kind{}
	for i, f := range d.Schema().Fields {
		at[f.Name], kinds[f.Name] = i, f.Kind
	}
	// 身份 has more digits than a double holds, and KML has no dates in schemas: both come back as text.
	for name, want := range map[string]format.Kind{
		"编号": format.Integer, "身份": format.Text, "面积": format.Real, "核查": format.Boolean, "日期": format.Text,
	} {
		if kind, ok := kinds[name]; !ok || kind != want {
			t.Errorf("field %s: kind %v (%v), want %v", name, kind, ok, want)
		}
	}
	want := writtenRows()
	for r, err := range d.Records(t.Context()) {
		if err != nil || r.Problem != nil {
			t.Fatal(r.Row, err, r.Problem)
		}
		w := want[r.Row-1]
		if !agree(r.Geometry, w.Geometry) {
			t.Errorf("row %d: %v, want %v", r.Row, r.Geometry, w.Geometry)
		}
		for i, f := range writtenFields {
			wanted := w.Values[i]
			if n, ok := wanted.(int64); ok && f.Name == "身份" {
				wanted = map[int64]string{450802198001010011: "450802198001010011", 1: "1"}[n]
			}
			if got := r.Values[at[f.Name]]; got != wanted {
				t.Errorf("row %d %s: %v, want %v", r.Row, f.Name, got, wanted)
			}
		}
		if name := r.Values[at["name"]]; name != w.Values[0] {
			t.Errorf("row %d is labelled %v", r.Row, name)
		}
	}
	if int(d.Schema().Count) != len(want) {
		t.Errorf("%d rows", d.Schema().Count)
	}
}

// agree tells whether coordinates agree to 1e-9°, the last decimal that is written.
func agree(a, b orb.Geometry) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	round := func(g orb.Geometry) orb.Geometry {
		return eachPoint(orb.Clone(g), func(p orb.Point) orb.Point {
			return orb.Point{math.Round(p[0]*1e9) / 1e9, math.Round(p[1]*1e9) / 1e9}
		})
	}
	return orb.Equal(round(a), round(b))
}

func eachPoint(g orb.Geometry, f func(orb.Point) orb.Point) orb.Geometry {
	line := func(l []orb.Point) {
		for i := range l {
			l[i] = f(l[i])
		}
	}
	switch g := g.(type) {
	case orb.Point:
		return f(g)
	case orb.MultiPoint:
		line(g)
	case orb.LineString:
		line(g)
	case orb.MultiLineString:
		for _, l := range g {
			line(l)
		}
	case orb.Polygon:
		for _, r := range g {
			line(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			eachPoint(p, f)
		}
	}
	return g
}

func TestWholeNumbersHaveATypeThatHoldsThem(t *testing.T) {
	for name, tc := range map[string]struct {
		values []int64
		want   string
	}{
		"fits 32 bits":          {[]int64{1, math.MaxInt32}, `type="int"`},
		"exact as a double":     {[]int64{1, 450802210000}, `type="double"`},
		"below zero":            {[]int64{-450802210000}, `type="double"`},
		"more than a double":    {[]int64{450802198001010011}, `type="string"`},
		"the smallest there is": {[]int64{math.MinInt64, 1}, `type="string"`},
		"none":                  {nil, `type="int"`},
	} {
		var rows []format.Record
		for _, v := range tc.values {
			rows = append(rows, format.Record{Values: []any{v}})
		}
		b := writeRows(t, kml.Layer{Fields: []format.Field{{Name: "n", Kind: format.Integer}}}, rows...)
		if !strings.Contains(string(b), tc.want+` name="n"`) {
			t.Errorf("%s: %s", name, b)
		}
	}
}

func TestRingsAreTurnedAndClosed(t *testing.T) {
	shell := gap(0, 0, 9)
	open := box(1, 1, 2)[:4]
	records := []format.Record{{Geometry: orb.Polygon{shell, open}}}
	b := writeRows(t, kml.Layer{}, records...)
	d, err := kml.Read(t.Context(), "", bytes.NewReader(b), int64(len(b)), kml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for r := range d.Records(t.Context()) {
		p := r.Geometry.(orb.Polygon)
		if p[0].Orientation() != orb.CCW || p[1].Orientation() != orb.CW || !p[1].Closed() {
			t.Errorf("got %v", p)
		}
	}
	if shell.Orientation() != orb.CW || len(open) != 4 {
		t.Error("writing changed the caller's geometry")
	}
}

func TestNothingIsFetchedFromOutside(t *testing.T) {
	b := string(writeRows(t, kml.Layer{Fields: writtenFields}, writtenRows()...))
	for _, word := range []string{"<Style", "href", "NetworkLink", "<!"} {
		if strings.Contains(b, word) {
			t.Errorf("the document has %s", word)
		}
	}
}

func TestUnwritable(t *testing.T) {
	broken := errors.New("broken")
	fields := []format.Field{{Name: "x", Kind: format.Real}}
	for name, records := range map[string]iter.Seq2[format.Record, error]{
		"no number":             each(format.Record{Values: []any{math.NaN()}}),
		"no place":              each(format.Record{Geometry: orb.Point{math.Inf(1), 0}, Values: []any{nil}}),
		"too few values":        each(format.Record{}),
		"a value of no kind":    each(format.Record{Values: []any{1}}),
		"a ring without points": each(format.Record{Geometry: orb.Polygon{{}}, Values: []any{nil}}),
		"a collection":          each(format.Record{Geometry: orb.Collection{}, Values: []any{nil}}),
		"a reader that fails":   func(yield func(format.Record, error) bool) { yield(format.Record{}, broken) },
	} {
		var b bytes.Buffer
		if err := kml.Write(t.Context(), &b, kml.Layer{Fields: fields}, records); err == nil || b.Len() > 0 {
			t.Errorf("%s: written, %v", name, err)
		}
	}
}

func TestGDALReadsWhatIsWritten(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("no ogrinfo to compare with")
	}
	path := filepath.Join(t.TempDir(), "written.kml")
	b := writeRows(t, kml.Layer{Name: "红线", Fields: writtenFields}, writtenRows()[:3]...)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(ogrinfo, "-al", "-ro", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	for _, want := range []string{"Feature Count: 3", "平天山<b> & \"𠮷\"", "450802198001010011", "109.123456789 23"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("ogrinfo does not show %q:\n%.3000s", want, out)
		}
	}
}
