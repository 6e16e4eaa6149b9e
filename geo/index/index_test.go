package index_test

import (
	"slices"
	"testing"

	"greenshield/geo/index"

	"github.com/paulmach/orb"
)

func bound(x0, y0, x1, y1 float64) orb.Bound {
	return orb.Bound{Min: orb.Point{x0, y0}, Max: orb.Point{x1, y1}}
}

func TestSearchFindsWhatMeetsTheBound(t *testing.T) {
	x := index.New[string]()
	x.Insert(bound(0, 0, 1, 1), "a")
	x.Insert(bound(1, 1, 2, 2), "touches a")
	x.Insert(bound(5, 5, 5, 5), "a point")
	for _, c := range []struct {
		b    orb.Bound
		want []string
	}{
		{bound(0, 0, 0.5, 0.5), []string{"a"}},
		{bound(1, 1, 1, 1), []string{"a", "touches a"}},
		{bound(4, 4, 6, 6), []string{"a point"}},
		{bound(3, 0, 4, 9), nil},
	} {
		var got []string
		x.Search(c.b, func(v string) bool {
			got = append(got, v)
			return true
		})
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: got %v, want %v", c.b, got, c.want)
		}
	}
	if x.Len() != 3 {
		t.Errorf("length %d, want 3", x.Len())
	}
}

func TestSearchStopsWhenTold(t *testing.T) {
	var x index.Index[int]
	for i := range 100 {
		x.Insert(bound(0, 0, 1, 1), i)
	}
	n := 0
	x.Search(bound(0, 0, 1, 1), func(int) bool {
		n++
		return n < 3
	})
	if n != 3 {
		t.Errorf("called %d times, want 3", n)
	}
}
