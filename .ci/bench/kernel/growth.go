package main

import (
	"fmt"

	"github.com/paulmach/orb"
)

// growth: the same parcels against red lines of 1, 10 and 100 times the vertices, on one core; seconds per parcel.
// The largest is the city's; the smaller ones are thinned from it, so that places and sizes stay.
func growth(b *bench) error {
	asked, err := read(b.city, "parcels")
	if err != nil {
		return err
	}
	full, err := read(b.city, "redline")
	if err != nil {
		return err
	}
	for _, every := range []int{100, 10, 1} {
		thin := make([]feature, 0, len(full))
		for _, f := range full {
			if mp := thinned(f.geom, every); len(mp) > 0 {
				thin = append(thin, feature{geom: mp})
			}
		}
		line := newLayer(thin)
		askers := make([]asker, 1)
		onCores(1, func() {
			seconds, total := least(b.times, func() float64 { return askAll(asked, 1, line.overlap, askers) })
			key := fmt.Sprintf("growth.%d", 100/every)
			result(key, seconds/float64(len(asked)), total)
			result(key+".vertices", float64(line.Vertices()), 0)
		})
	}
	return nil
}

// thinned keeps one corner in so many of every ring; a ring left with fewer than four is dropped, and a polygon with
// its shell.
func thinned(mp orb.MultiPolygon, every int) orb.MultiPolygon {
	var out orb.MultiPolygon
	for _, p := range mp {
		var kept orb.Polygon
		for i, r := range p {
			ring := thinRing(r, every)
			if ring == nil && i == 0 {
				break
			}
			if ring != nil {
				kept = append(kept, ring)
			}
		}
		if kept != nil {
			out = append(out, kept)
		}
	}
	return out
}

func thinRing(r orb.Ring, every int) orb.Ring {
	var out orb.Ring
	for i := 0; i < len(r)-1; i += every {
		out = append(out, r[i])
	}
	if len(out) < 4 {
		return nil
	}
	return append(out, out[0])
}
