package main

import (
	"fmt"

	"github.com/paulmach/orb"

	"greenshield/geo/overlay"
)

// pairs: two polygons of 50,000 corners, once nearly the same and once hardly crossing, on one core.
func pairs(b *bench) error {
	for _, name := range []string{"near", "far"} {
		features, err := read(b.made, name)
		if err != nil {
			return err
		}
		if len(features) != 2 {
			return fmt.Errorf("%s has %d polygons, not 2", name, len(features))
		}
		if err := measurePair(b, name, features[0].geom, features[1].geom); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func measurePair(b *bench, name string, one, two orb.MultiPolygon) error {
	var failed error
	var scratch overlay.Scratch
	onCores(1, func() {
		seconds, total := least(b.times, func() float64 { return float64(scratch.Area(one, two)) })
		result("pairs."+name+".area", seconds, total)
		seconds, total = least(b.times, func() float64 {
			shape, err := scratch.Outline(one, two, overlay.Intersection)
			if err != nil {
				failed = err
			}
			return float64(overlay.AreaOf(shape))
		})
		result("pairs."+name+".outline", seconds, total)
	})
	return failed
}
