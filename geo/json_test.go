package geo_test

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// again writes v, reads it into a new one and writes that: both writings must be the same bytes.
func again[T any](t *testing.T, v T) (string, T) {
	t.Helper()
	first, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var read T
	if err := json.Unmarshal(first, &read); err != nil {
		t.Fatalf("%s: %v", first, err)
	}
	second, err := json.Marshal(read)
	if err != nil || string(first) != string(second) {
		t.Errorf("written %s, read and written again %s, %v", first, second, err)
	}
	return string(first), read
}

func TestQuantitiesAsJSON(t *testing.T) {
	type all struct {
		Area   geo.Area
		Length geo.Length
		Number geo.Number
		None   *geo.Area
	}
	for name, tc := range map[string]struct {
		v    all
		want string
	}{
		"known":         {all{1234.5, 0.1, -2, nil}, `{"Area":1234.5,"Length":0.1,"Number":-2,"None":null}`},
		"unknown":       {all{geo.Area(math.NaN()), geo.Length(math.NaN()), geo.Number(math.NaN()), nil}, `{"Area":null,"Length":null,"Number":null,"None":null}`},
		"large, small":  {all{1e21, 1e-7, 0.30000000000000004, nil}, `{"Area":1e+21,"Length":1e-7,"Number":0.30000000000000004,"None":null}`},
		"largest exact": {all{1 << 53, 0, 0, nil}, `{"Area":9007199254740992,"Length":0,"Number":0,"None":null}`},
	} {
		got, read := again(t, tc.v)
		if got != tc.want {
			t.Errorf("%s: %s", name, got)
		}
		same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
		if !same(float64(read.Area), float64(tc.v.Area)) || !same(float64(read.Length), float64(tc.v.Length)) ||
			!same(float64(read.Number), float64(tc.v.Number)) {
			t.Errorf("%s: read %+v", name, read)
		}
	}
	if _, err := json.Marshal(geo.Area(math.Inf(1))); err == nil {
		t.Error("an infinite area is written")
	}
	var a geo.Area
	if err := json.Unmarshal([]byte(`"12"`), &a); err == nil {
		t.Error("a text is read as an area")
	}
}

func TestProblemAsJSON(t *testing.T) {
	inner := geo.NewProblem("check.theme.redline").Because(errors.New("secret path"))
	p := geo.NewProblem("check.layer.missing", "theme", inner, "count", int64(1)<<53, "share", 0.25, "unknown",
		math.NaN(), "kinds", []string{"a", "b"}, "yes", true, "area", geo.Area(2.5), "none", nil, "text", "一").
		Near(orb.Point{109.5, 23.25}).Because(errors.New("another"))
	got, read := again(t, p)
	const want = `{"code":"check.layer.missing","args":[{"name":"theme","problem":{"code":"check.theme.redline"}},` +
		`{"name":"count","value":9007199254740992},{"name":"share","value":0.25},{"name":"unknown"},` +
		`{"name":"kinds","value":["a","b"]},{"name":"yes","value":true},{"name":"area","value":"2.5"},{"name":"none"},` +
		`{"name":"text","value":"一"}],"at":[109.5,23.25]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if read.Err != nil || read.Code != p.Code || !reflect.DeepEqual(read.Args[4].Value, []string{"a", "b"}) {
		t.Errorf("read %+v", read)
	}
	if q, ok := read.Args[0].Value.(*geo.Problem); !ok || q.Code != "check.theme.redline" || q.Err != nil {
		t.Errorf("inner: %+v", read.Args[0])
	}
	if got, _ := again(t, []*geo.Problem{nil}); got != "[null]" {
		t.Errorf("no problem: %s", got)
	}
}
