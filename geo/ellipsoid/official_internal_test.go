package ellipsoid

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/crs"
)

func TestRoundHalfUp(t *testing.T) {
	for _, c := range []struct {
		value    float64
		decimals int
		want     float64
	}{
		{2.00005, 4, 2.0001}, // stored a little below
		{1.00025, 4, 1.0003},
		{2556123.45675, 4, 2556123.4568},
		{37355234.56745, 4, 37355234.5675},
		{0.12344999, 4, 0.1234},
		{0.99999, 4, 1},
		{-2.00005, 4, -2.0001},
		{400000.1234565, 6, 400000.123457},
		{400000.1234564, 6, 400000.123456},
		{5, 4, 5},
		{0, 4, 0},
		{1e300, 4, 1e300},
	} {
		if got := roundHalfUp(c.value, c.decimals); got != c.want && !(c.value > 1e299 && math.IsInf(got, 1)) {
			t.Errorf("%v to %d decimals is %v, want %v", c.value, c.decimals, got, c.want)
		}
	}
	if !math.IsNaN(roundHalfUp(math.NaN(), 4)) {
		t.Error("NaN is rounded to a number")
	}
}

// TestOfficialInverse compares the regulation's series with Krüger's over a 3° zone and a little more; domain section
// 6.3 measured 4.4e-6″ in latitude and 2e-8″ in longitude before rounding.
func TestOfficialInverse(t *testing.T) {
	const latTolerance, lonTolerance = 4.4e-6 + 1e-6, 1e-6 + 1e-6 // seconds, each with what rounding adds
	s, err := crs.GaussKruger(3, 37, true)
	if err != nil {
		t.Fatal(err)
	}
	var worst orb.Point
	for lat := 18.0; lat <= 53; lat += 0.5 {
		for d := -1.5; d <= 1.5; d += 0.1 {
			p := s.FromLonLat(orb.Point{s.CentralMeridian() + d, lat})
			for i := range p {
				p[i] = roundHalfUp(p[i], ground)
			}
			want, got := s.ToLonLat(p), officialInverse(p, s)
			for i := range worst {
				worst[i] = math.Max(worst[i], math.Abs(got[i]*rho-want[i]*3600))
			}
		}
	}
	t.Logf("worst: %.1e″ in longitude, %.1e″ in latitude", worst[0], worst[1])
	if worst[0] > lonTolerance || worst[1] > latTolerance {
		t.Errorf("differs by %v seconds", worst)
	}
}

// TestTrapezoidIsShoelace holds the identity of the package comment for single edges.
func TestTrapezoidIsShoelace(t *testing.T) {
	for _, c := range [][2]orb.Point{
		{{1.9, 0.40}, {1.9001, 0.4002}}, {{1.9, 0.4}, {2.1, 0.9}}, {{-1, -0.7}, {1, 0.7}}, {{1.9, 0.4}, {1.95, 0.4}},
	} {
		p, r := c[0], c[1]
		want := (p[0] + r[0]) / 2 * (q(r[1]) - q(p[1]))
		if got := trapezoid(p, r); math.Abs(got-want) > 1e-14*b*b {
			t.Errorf("%v: trapezoid %.6f, shoelace %.6f", c, got, want)
		}
	}
}

// TestConstants holds the regulation's printed constants against the ellipsoid.
func TestConstants(t *testing.T) {
	// The squared eccentricities are printed to 12 digits, the values of A to E were computed from the exact ones.
	for name, c := range map[string][3]float64{
		"b":   {b, 6356752.31414036, 1e-15},
		"e2":  {e2, 0.0066943800229, 1e-12},
		"e'2": {e2 / (1 - e2), ep2, 1e-12},
		"c":   {a * a / b, c, 1e-12},
		"A":   {sA, 1.003364089834193, 1e-15},
		"B":   {sB, 1.124189381927107e-3, 1e-13},
		"C":   {sC, 1.699459473518853e-6, 1e-13},
		"D":   {sD, 2.717857845577432e-9, 1e-13},
		"E":   {sE, 4.358419004834252e-12, 1e-13},
	} {
		if math.Abs(c[0]/c[1]-1) > c[2] {
			t.Errorf("%s is %v, want %v", name, c[0], c[1])
		}
	}
}

// TestSeriesOfTheRegulation compares the powers of sin B with the multiples of B that the regulation writes.
func TestSeriesOfTheRegulation(t *testing.T) {
	const tolerance = 1e-15 // relative; half a dozen roundings on either side
	for lat := -90.0; lat <= 90; lat += 0.01 {
		l := radians(lat)
		want := b * b * (sA*math.Sin(l) - sB*math.Sin(3*l) + sC*math.Sin(5*l) - sD*math.Sin(7*l) + sE*math.Sin(9*l))
		if got := q(l); math.Abs(got-want) > tolerance*math.Abs(want) {
			t.Fatalf("%g°: %.9g, want %.9g (%.1e)", lat, got, want, got/want-1)
		}
		slope := b * b * (sA*math.Cos(l) - 3*sB*math.Cos(3*l) + 5*sC*math.Cos(5*l) - 7*sD*math.Cos(7*l) + 9*sE*math.Cos(9*l))
		if got := dq(l); math.Abs(got-slope) > tolerance*b*b {
			t.Fatalf("%g°: slope %.9g, want %.9g", lat, got, slope)
		}
	}
}

// TestPowersAreTheIntegral holds what the comment of the powers says of them.
func TestPowersAreTheIntegral(t *testing.T) {
	for name, c := range map[string][2]float64{
		"p1": {p1, 1}, "p3": {p3, 2. / 3 * e2}, "p5": {p5, 3. / 5 * e2 * e2},
		"p7": {p7, 4. / 7 * e2 * e2 * e2}, "p9": {p9, 5. / 9 * e2 * e2 * e2 * e2},
	} {
		if math.Abs(c[0]/c[1]-1) > 1e-15 {
			t.Errorf("%s is %v, want %v", name, c[0], c[1])
		}
	}
}
