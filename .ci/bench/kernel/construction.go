package main

// isConstruction says whether perfgen writes jsyd = 1 for a class of land use: commerce, industry, mines, dwellings,
// schools, parks, railways and roads, but not the country roads of 1006.
func isConstruction(class int) bool { return class >= 501 && class <= 1003 }

// construction: the construction land of 2022 inside the red line, both loaded before, on one core and on two.
func construction(b *bench) error {
	use, err := loadLayer(b.city, "landuse2022")
	if err != nil {
		return err
	}
	line, err := loadLayer(b.city, "redline")
	if err != nil {
		return err
	}
	var built []int
	for i, class := range use.class {
		if isConstruction(class) {
			built = append(built, i)
		}
	}
	askers := make([]asker, 2)
	for i, key := range []string{"construction", "construction.two"} {
		onCores(i+1, func() {
			seconds, total := least(b.times, func() float64 { return builtInside(use, built, line, i+1, askers) })
			result(key, seconds, total)
		})
	}
	return nil
}

func builtInside(use *layer, built []int, line *layer, workers int, askers []asker) float64 {
	sums := make([]float64, workers)
	spread(len(built), workers, func(w, from, to int) {
		a := &askers[w]
		for _, i := range built[from:to] {
			p := use.At(i)
			a.near = line.near(p.Bound(), a.near[:0])
			sums[w] += line.shared(&p, a)
		}
	})
	total := 0.0
	for _, s := range sums {
		total += s
	}
	return total
}
