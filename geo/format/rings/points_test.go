package rings_test

import (
	"slices"
	"testing"

	"greenshield/geo/format/rings"
)

func TestSplitOfPoints(t *testing.T) {
	point := func(ring, label int, a, b float64) rings.Vertex {
		return rings.Vertex{A: a, B: b, Ring: ring, Label: label}
	}
	square := []rings.Vertex{
		point(0, 1, 2556000, 500000), point(0, 2, 2556000, 500100),
		point(0, 3, 2556100, 500100), point(0, 4, 2556100, 500000),
	}
	for name, tc := range map[string]struct {
		points []rings.Vertex
		sizes  []int
		notes  []string
	}{
		"nothing":                 {nil, nil, nil},
		"closed":                  {append(slices.Clone(square), square[0]), []int{4}, nil},
		"open":                    {square, []int{4}, []string{"ring-open"}},
		"closed twice":            {append(slices.Clone(square), square[0], square[0]), []int{4}, []string{"closed-twice"}},
		"two numbers interleaved": {[]rings.Vertex{square[0], point(1, 9, 1, 2), square[1]}, []int{2, 1}, []string{"ring-open", "ring-open"}},
		"labels start again": {
			append(slices.Clone(square), point(0, 1, 2557000, 500500)),
			[]int{4, 1},
			[]string{"ring-number-shared", "ring-open", "ring-open"},
		},
		"closing point with the northing twice": {
			append(slices.Clone(square), point(0, 1, 2556000, 2556000)), []int{4}, []string{"closing-point"},
		},
	} {
		var notes []string
		var sizes []int
		for _, r := range rings.Split(tc.points, func(what string) { notes = append(notes, what) }) {
			sizes = append(sizes, len(r))
		}
		if !slices.Equal(sizes, tc.sizes) || !slices.Equal(notes, tc.notes) {
			t.Errorf("%s: rings of %v, notes %q; want %v, %q", name, sizes, notes, tc.sizes, tc.notes)
		}
	}
}

func TestPlacesOfARing(t *testing.T) {
	at := func(xy ...float64) (out []rings.Vertex) {
		for i := 0; i < len(xy); i += 2 {
			out = append(out, rings.Vertex{A: xy[i], B: xy[i+1]})
		}
		return out
	}
	for name, tc := range map[string]struct {
		points []rings.Vertex
		want   int
	}{
		"nothing":                   {nil, 0},
		"one":                       {at(1, 2), 1},
		"one, twice":                {at(1, 2, 1, 2), 1},
		"there and back":            {at(1000, 2000, 3000, 4000, 1000, 2000), 2},
		"there and back, a hair on": {at(1000, 2000, 3000, 4000, 1000.0005, 2000), 2},
		"two, many times":           {at(1, 2, 3, 4, 3, 4, 1, 2, 3, 4), 2},
		"a triangle":                {at(1, 2, 3, 4, 5, 6), 3},
		"more":                      {at(1, 2, 3, 4, 1, 2, 5, 6, 7, 8), 3},
	} {
		if got := rings.Places(tc.points); got != tc.want {
			t.Errorf("%s: %d, want %d", name, got, tc.want)
		}
	}
}
