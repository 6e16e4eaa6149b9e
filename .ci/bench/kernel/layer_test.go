package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
)

func TestFilesCutShortAreRefused(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "cells.wkbs")
	if err := write(name, cells(2)); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	cuts := map[string]int{"in a head": 5, "in a geometry": 100, "before the last byte": len(whole) - 1}
	for where, size := range cuts {
		if err := os.WriteFile(name, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := read(folder, "cells"); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut %s: %v", where, err)
		}
	}
}

func TestThinnedKeepsWhatIsStillARing(t *testing.T) {
	ring := func(n int) orb.Ring {
		var r orb.Ring
		for i := range n {
			r = append(r, orb.Point{float64(i), float64(i * i)})
		}
		return append(r, r[0])
	}
	got := thinned(orb.MultiPolygon{{ring(40), ring(80), ring(30)}, {ring(39 - 10)}}, 10)
	if len(got) != 1 || len(got[0]) != 2 {
		t.Fatalf("kept %v", got)
	}
	if want := (orb.Ring{{0, 0}, {10, 100}, {20, 400}, {30, 900}, {0, 0}}); !got[0][0].Equal(want) {
		t.Errorf("shell is %v, want %v", got[0][0], want)
	}
	if n := len(got[0][1]); n != 9 {
		t.Errorf("hole has %d points, want 9", n)
	}
	if same := thinned(orb.MultiPolygon{{ring(5)}}, 1); !same.Equal(orb.MultiPolygon{{ring(5)}}) {
		t.Errorf("one in one is %v", same)
	}
}

func TestNearFindsEachFeatureOnce(t *testing.T) {
	square := func(x float64) orb.Polygon {
		return orb.Bound{Min: orb.Point{x, 23}, Max: orb.Point{x + 0.001, 23.001}}.ToPolygon()
	}
	l := newLayer([]feature{
		{geom: orb.MultiPolygon{square(109), square(109.0015)}},
		{geom: orb.MultiPolygon{square(110)}},
	})
	first := l.At(0)
	got := l.near(first.Bound(), []int{7})
	if len(got) != 2 || got[0] != 7 || got[1] != 0 {
		t.Errorf("found %v after 7, want feature 0 once", got)
	}
	if n := l.Vertices(); n != 15 {
		t.Errorf("%d vertices, want 15", n)
	}
}
