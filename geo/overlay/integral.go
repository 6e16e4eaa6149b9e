package overlay

// below is the area that the edges enclose above the height y0: Σ sign ∫ (y − y0) dx.
func below(edges []edge, y0 float64) float64 {
	sum := 0.0
	for i := range edges {
		e := &edges[i]
		sum += e.sign * (e.x1 - e.x0) * ((e.y0+e.y1)/2 - y0)
	}
	return sum
}

// shared is the area, above the height y0, of what lies in both polygons:
// Σa Σb sign(a)·sign(b) ∫ (min(y of a, y of b) − y0) dx over the x-range that a and b have in common.
func shared(as, bs []edge, y0 float64) float64 {
	sum := 0.0
	for i := range as {
		a := &as[i]
		row := 0.0
		for j := range bs {
			b := &bs[j]
			x0, x1 := max(a.x0, b.x0), min(a.x1, b.x1)
			if x0 < x1 {
				row += b.sign * (x1 - x0) * meanOfLower(a, b, x0, x1, y0)
			}
		}
		sum += a.sign * row
	}
	return sum
}

// meanOfLower is the mean of min(y of a, y of b) − y0 over x0…x1.
func meanOfLower(a, b *edge, x0, x1, y0 float64) float64 {
	ya0, ya1 := a.y0+a.slope*(x0-a.x0), a.y0+a.slope*(x1-a.x0)
	yb0, yb1 := b.y0+b.slope*(x0-b.x0), b.y0+b.slope*(x1-b.x0)
	d0, d1 := ya0-yb0, ya1-yb1
	mean := (ya0+ya1)/2 - y0
	switch {
	case d0 > 0 && d1 >= 0:
		return mean - (d0+d1)/2
	case d0 > 0: // a starts above b and ends below it: a triangle is missing
		return mean - d0/2*(d0/(d0-d1))
	case d1 > 0:
		return mean - d1/2*(d1/(d1-d0))
	}
	return mean
}
