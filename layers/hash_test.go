package layers_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/layers"
)

func square(x, y float64) orb.Polygon {
	return orb.Polygon{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}}
}

func TestHashSeesContentOnly(t *testing.T) {
	fields := []format.Field{{Name: "BSM"}, {Name: "DLBM"}, {Name: "MJ", Kind: format.Real}}
	base := layers.Feature{Geometry: square(109, 23), Values: []any{"1", "0101", 12.5}}
	want := layers.NewHasher(fields).Feature(base)

	same := map[string]struct {
		fields []format.Field
		f      layers.Feature
	}{
		"as a multipolygon": {fields, layers.Feature{Geometry: orb.MultiPolygon{square(109, 23)}, Values: base.Values}},
		"with id and roles": {fields, layers.Feature{ID: 9, Geometry: base.Geometry, Values: base.Values, Area: 3}},
		"columns reordered": {
			[]format.Field{fields[2], fields[0], fields[1]},
			layers.Feature{Geometry: base.Geometry, Values: []any{12.5, "1", "0101"}},
		},
		"an empty column more": {
			append(fields[:3:3], format.Field{Name: "BZ"}),
			layers.Feature{Geometry: base.Geometry, Values: []any{"1", "0101", 12.5, nil}},
		},
	}
	for name, tc := range same {
		if got := layers.NewHasher(tc.fields).Feature(tc.f); got != want {
			t.Errorf("%s: hash differs", name)
		}
	}

	other := map[string]layers.Feature{
		"moved":              {Geometry: square(109, 23.0000001), Values: base.Values},
		"another class":      {Geometry: base.Geometry, Values: []any{"1", "0102", 12.5}},
		"text for a number":  {Geometry: base.Geometry, Values: []any{"1", "0101", "12.5"}},
		"absent value":       {Geometry: base.Geometry, Values: []any{"1", nil, 12.5}},
		"values run over":    {Geometry: base.Geometry, Values: []any{"10", "101", 12.5}},
		"two of the polygon": {Geometry: orb.MultiPolygon{square(109, 23), square(109, 23)}, Values: base.Values},
	}
	for name, f := range other {
		if layers.NewHasher(fields).Feature(f) == want {
			t.Errorf("%s: hash is the same", name)
		}
	}
}

func TestHashTakesNegativeZeroForZeroAndNaNForAbsent(t *testing.T) {
	fields := []format.Field{{Name: "a", Kind: format.Real}}
	h := layers.NewHasher(fields)
	at := func(v any) layers.Hash { return h.Feature(layers.Feature{Geometry: orb.Point{1, 2}, Values: []any{v}}) }
	if at(math.Copysign(0, -1)) != at(0.0) {
		t.Error("−0 and 0 differ")
	}
	if at(math.NaN()) != at(nil) {
		t.Error("NaN and absent differ")
	}
}

func TestTallyRefusesWhatDoesNotFit(t *testing.T) {
	fields := []format.Field{{Name: "n", Kind: format.Integer}}
	for name, f := range map[string]layers.Feature{
		"no geometry":     {Values: []any{int64(1)}},
		"empty geometry":  {Geometry: orb.MultiPolygon{}, Values: []any{int64(1)}},
		"a value too few": {Geometry: orb.Point{1, 2}},
		"another kind":    {Geometry: orb.Point{1, 2}, Values: []any{"1"}},
		"a Go int":        {Geometry: orb.Point{1, 2}, Values: []any{1}},
	} {
		if _, err := layers.NewTally(fields).Take(f); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestTallySumsUp(t *testing.T) {
	tally := layers.NewTally(nil)
	for i := range 3 {
		f, err := tally.Take(layers.Feature{Geometry: square(float64(i), 0), Area: 2, Length: 5})
		if err != nil || f.ID != int64(i+1) || f.Hash == (layers.Hash{}) {
			t.Fatalf("feature %d: %+v, %v", i, f, err)
		}
	}
	var v layers.Vintage
	tally.Fill(&v)
	want := orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{3, 1}}
	if v.Count != 3 || v.Area != 6 || v.Length != 15 || v.Bound != want || v.Content == (layers.Hash{}) {
		t.Errorf("got %+v", v)
	}
}
