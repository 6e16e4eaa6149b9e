package main

import "github.com/paulmach/orb"

// isConstruction says whether perfgen writes jsyd = 1 for a class of land use: commerce, industry, mines, dwellings,
// schools, parks, railways and roads, but not the country roads of 1006.
func isConstruction(class int) bool { return class >= 501 && class <= 1003 }

// construction: the construction land of 2022 inside the red line, both loaded before, on one core and on two.
func construction(b *bench) error {
	use, err := loadLayer(b.city, "landuse2022")
	if err != nil {
		return err
	}
	line, err := loadRedLine(b.city)
	if err != nil {
		return err
	}
	var built []orb.MultiPolygon
	for i, class := range use.class {
		if isConstruction(class) {
			built = append(built, use.plane[i])
		}
	}
	askers := make([]asker, 2)
	for i, key := range []string{"construction", "construction.two"} {
		onCores(i+1, func() {
			seconds, total := least(b.times, func() float64 { return builtInside(built, line, i+1, askers) })
			result(key, seconds, total)
		})
	}
	return nil
}

func builtInside(built []orb.MultiPolygon, line *redLine, workers int, askers []asker) float64 {
	sums := make([]float64, workers)
	spread(len(built), workers, func(w, from, to int) {
		for _, p := range built[from:to] {
			sums[w] += line.overlapPlane(p, &askers[w])
		}
	})
	total := 0.0
	for _, s := range sums {
		total += s
	}
	return total
}
