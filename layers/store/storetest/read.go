package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/layers"
)

var readChecks = []check{
	{"features come in order of id", orderOfFeatures},
	{"a bound selects what meets it, borders included", boundSelects},
	{"a range may end early", earlyEnd},
	{"a range ends when it is cancelled", cancelledRange},
	{"reads may be nested and run beside a draft", nestedReads},
	{"what is read or appended is the caller's own", noSharing},
}

var valueChecks = []check{
	{"every kind of geometry comes back", everyGeometry},
	{"every kind of value comes back", everyValue},
	{"hostile field names are harmless", hostileFields},
	{"a feature without attributes comes back", noAttributes},
	{"what does not fit the fields is refused", misfits},
	{"the content hash names the content", contentHash},
}

func orderOfFeatures(t *testing.T, s layers.Store) {
	var fs []layers.Feature
	for i := range 300 {
		fs = append(fs, feature(square(float64(-i), 0, 0.5)))
	}
	v := publish(t, s, redline, "2023", fs...)
	world := orb.Bound{Min: orb.Point{-1000, -90}, Max: orb.Point{1000, 90}}
	for _, bound := range []*orb.Bound{nil, &world} {
		got := read(t, s, v.Ref, bound)
		if len(got) != 300 {
			t.Fatalf("%d features", len(got))
		}
		for i, f := range got {
			if f.ID != int64(i+1) {
				t.Fatalf("feature %d has id %d", i, f.ID)
			}
		}
	}
}

func boundSelects(t *testing.T, s layers.Store) {
	// The place of a bound is stored rounded to float32 in an R-tree; these need the exact answer.
	const eps = 1e-9
	v := publish(t, s, redline, "2023",
		feature(square(109, 23, 1)), feature(square(111, 23, 1)),
		feature(orb.MultiPolygon{square(100, 10, 1), square(120, 40, 1)}))
	for name, tc := range map[string]struct {
		bound orb.Bound
		want  []int64
	}{
		"inside the first":      {box(109.4, 23.4, 109.6, 23.6), []int64{1, 3}},
		"touching at an edge":   {box(110, 23.4, 110.5, 23.6), []int64{1, 3}},
		"touching at a corner":  {box(110, 24, 110.5, 25), []int64{1, 3}},
		"just beside the edge":  {box(110+eps, 23.4, 111-eps, 23.6), []int64{3}},
		"a point":               {box(111.5, 23.5, 111.5, 23.5), []int64{2, 3}},
		"everything":            {box(-180, -90, 180, 90), []int64{1, 2, 3}},
		"nothing":               {box(0, 0, 1, 1), nil},
		"beside the large":      {box(121+eps, 10, 122, 41), nil},
		"a range without width": {box(110, -90, 110, 90), []int64{1, 3}},
	} {
		var got []int64
		for _, f := range read(t, s, v.Ref, &tc.bound) {
			got = append(got, f.ID)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %v, want %v", name, got, tc.want)
		}
	}
}

func box(x0, y0, x1, y1 float64) orb.Bound {
	return orb.Bound{Min: orb.Point{x0, y0}, Max: orb.Point{x1, y1}}
}

func earlyEnd(t *testing.T, s layers.Store) {
	v := publish(t, s, redline, "2023", feature(square(1, 1, 1)), feature(square(2, 2, 1)))
	for range 50 {
		for range s.Features(t.Context(), v.Ref, nil) {
			break
		}
	}
	if n := len(read(t, s, v.Ref, nil)); n != 2 {
		t.Errorf("%d features, want 2", n)
	}
}

func cancelledRange(t *testing.T, s layers.Store) {
	var fs []layers.Feature
	for i := range 100 {
		fs = append(fs, feature(square(float64(i), 0, 1)))
	}
	v := publish(t, s, redline, "2023", fs...)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range s.Features(ctx, v.Ref, nil) {
		if last = err; err == nil {
			n++
		}
		cancel()
	}
	if !errors.Is(last, context.Canceled) || n == len(fs) {
		t.Errorf("%d features, then %v", n, last)
	}
}

func nestedReads(t *testing.T, s layers.Store) {
	v := publish(t, s, redline, "2023", feature(square(1, 1, 1)), feature(square(2, 2, 1)))
	d := begin(t, s, redline, "2024")
	n := 0
	for f, err := range s.Features(t.Context(), v.Ref, nil) {
		if err != nil {
			t.Fatal(err)
		}
		appendAll(t, d, f)
		for range 3 {
			for _, err := range s.Features(t.Context(), v.Ref, nil) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
		}
	}
	for range s.Features(t.Context(), v.Ref, nil) {
		if _, err := s.Vintages(t.Context(), "redline"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Commit(t.Context(), nil); err != nil || n != 12 {
		t.Errorf("%d features, %v", n, err)
	}
}

func noSharing(t *testing.T, s layers.Store) {
	f := feature(square(109, 23, 1))
	d := begin(t, s, redline, "2023")
	appendAll(t, d, f)
	spoil := func(f layers.Feature) {
		f.Geometry.(orb.Polygon)[0][0][0] = 0
		f.Values[0] = "spoilt"
		f.Roles[layers.Name] = "spoilt"
	}
	spoil(f)
	v, err := d.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	v.Fields[0].Name, v.Mapping[layers.Name] = "spoilt", "spoilt"
	for range 2 {
		got := read(t, s, v.Ref, nil)[0]
		if !orb.Equal(got.Geometry, square(109, 23, 1)) || got.Values[0] != "西江沿岸" || got.Roles[layers.Name] != "西江沿岸" {
			t.Errorf("the store shares memory: %+v", got)
		}
		spoil(got)
	}
	if w, err := s.Vintage(t.Context(), v.Ref); err != nil || w.Fields[0].Name != "HXMM" || w.Mapping[layers.Name] != "HXMM" {
		t.Errorf("the store shares metadata: %+v, %v", w, err)
	}
}

func everyGeometry(t *testing.T, s layers.Store) {
	hole := orb.Polygon{square(109, 23, 1)[0], {{109.2, 23.2}, {109.2, 23.4}, {109.4, 23.4}, {109.2, 23.2}}}
	all := []orb.Geometry{
		square(109.123456789012345, 23.1, 1e-9), hole,
		orb.MultiPolygon{hole, square(1, 1, 1)},
		orb.LineString{{109, 23}, {110, 24}, {109.5, math.Nextafter(23, 24)}},
		orb.MultiLineString{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}},
		orb.Point{109.5, -23.25},
		orb.MultiPoint{{1, 2}, {3, 4}},
	}
	var fs []layers.Feature
	for _, g := range all {
		fs = append(fs, feature(g))
	}
	v := publish(t, s, redline, "2023", fs...)
	got := read(t, s, v.Ref, nil)
	if len(got) != len(all) {
		t.Fatalf("%d features, want %d", len(got), len(all))
	}
	for i, f := range got {
		if !reflect.DeepEqual(f.Geometry, all[i]) {
			t.Errorf("got %#v, want %#v", f.Geometry, all[i])
		}
		want := fs[i]
		want.ID, want.Hash = int64(i+1), layers.NewHasher(fields).Feature(want)
		if !reflect.DeepEqual(f, want) {
			t.Errorf("got %+v, want %+v", f, want)
		}
	}
}

func everyValue(t *testing.T, s layers.Store) {
	rows := [][]any{
		{"", int64(math.MinInt64), math.Inf(1), false, "0001-01-01"},
		{"生僻字𠮷㐂 <script>'\"; DROP TABLE\r\n\t\\", int64(math.MaxInt64), -math.MaxFloat64, true, "9999-12-31"},
		{"0012", int64(0), math.SmallestNonzeroFloat64, nil, "2024-02-29"},
		{"1e5", int64(1), 1.0, false, nil},
		{"a\x00b", nil, 0.1 + 0.2, true, "2024-02-29"},
		{nil, nil, nil, nil, nil},
	}
	var fs []layers.Feature
	for _, row := range rows {
		f := feature(orb.Point{1, 2})
		f.Values = row
		fs = append(fs, f)
	}
	nan := feature(orb.Point{1, 2})
	nan.Values = []any{nil, nil, math.NaN(), nil, nil}
	v := publish(t, s, redline, "2023", append(fs, nan)...)
	got := read(t, s, v.Ref, nil)
	for i, row := range append(rows, rows[5]) {
		if !reflect.DeepEqual(got[i].Values, row) {
			t.Errorf("row %d: got %#v, want %#v", i, got[i].Values, row)
		}
	}
}

func hostileFields(t *testing.T, s layers.Store) {
	names := []string{
		"fid", "FID", "geom", "Geom", "", " ", `a"b`, "a'b", "select", "地类编码", "gs_area_m2", "gs_hash", "gs_roles",
		"rowid", "_rowid_", "oid", "id", "ID", "Id", "dup", "dup", "dup_2", "a,b", "a;b", "a\x00b", "?", ":p", "ogc_fid",
	}
	v := layers.Vintage{Ref: layers.Ref{Vintage: "2023"}}
	f := layers.Feature{Geometry: orb.Point{1, 2}}
	for i, name := range names {
		v.Fields = append(v.Fields, format.Field{Name: name})
		f.Values = append(f.Values, fmt.Sprint("value ", i))
	}
	d, err := s.Begin(t.Context(), redline, v)
	if err != nil {
		t.Fatal(err)
	}
	appendAll(t, d, f)
	published, err := d.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(published.Fields, v.Fields) {
		t.Errorf("fields %v, want %v", published.Fields, v.Fields)
	}
	if got := read(t, s, published.Ref, nil); len(got) != 1 || !slices.Equal(got[0].Values, f.Values) {
		t.Errorf("got %v, want %v", got, f.Values)
	}
}

func noAttributes(t *testing.T, s layers.Store) {
	d, err := s.Begin(t.Context(), redline, layers.Vintage{Ref: layers.Ref{Vintage: "2023"}})
	if err != nil {
		t.Fatal(err)
	}
	appendAll(t, d, layers.Feature{Geometry: orb.Point{1, 2}})
	v, err := d.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, v.Ref, nil); len(got) != 1 || len(got[0].Values) != 0 || len(got[0].Roles) != 0 {
		t.Errorf("got %+v", got)
	}
}

func misfits(t *testing.T, s layers.Store) {
	d := begin(t, s, redline, "2023")
	appendAll(t, d, feature(square(1, 1, 1)))
	short := feature(square(1, 1, 1))
	short.Values = short.Values[:2]
	wrong := feature(square(1, 1, 1))
	wrong.Values[1] = "450800"
	for name, f := range map[string]layers.Feature{"short": short, "wrong": wrong, "empty": feature(nil)} {
		if err := d.Append(t.Context(), f); err == nil {
			t.Errorf("%s: appended", name)
		}
	}
	v, err := d.Commit(t.Context(), nil)
	if err != nil || v.Count != 1 {
		t.Errorf("published %+v, %v", v, err)
	}
}

func contentHash(t *testing.T, s layers.Store) {
	a, b := feature(square(1, 1, 1)), feature(square(2, 2, 1))
	one := publish(t, s, redline, "2023", a, b)
	same := publish(t, s, redline, "2024", a, b)
	swapped := publish(t, s, redline, "2025", b, a)
	if one.Content != same.Content {
		t.Error("equal content has two hashes")
	}
	if one.Content == swapped.Content {
		t.Error("the order does not count")
	}
}
