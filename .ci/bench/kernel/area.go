package main

import (
	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
)

// area: the legal area of every polygon of a layer from its coordinates in degrees, on one core; in vertices per
// second.
func area(b *bench) error {
	features, err := read(b.city, "landuse2022")
	if err != nil {
		return err
	}
	count := 0
	for _, f := range features {
		count += vertices(f.geom)
	}
	onCores(1, func() {
		seconds, total := least(b.times, func() float64 {
			sum := 0.0
			for _, f := range features {
				sum += float64(ellipsoid.Area(f.geom))
			}
			return sum
		})
		result("area.vertices_per_second", float64(count)/seconds, total)
	})
	return nil
}

func vertices(mp orb.MultiPolygon) int {
	n := 0
	for _, p := range mp {
		for _, r := range p {
			n += len(r)
		}
	}
	return n
}
