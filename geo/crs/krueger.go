package crs

import "math"

// krueger is the transverse Mercator projection of one ellipsoid by the series of L. Krüger (Konforme Abbildung des
// Erdellipsoids in der Ebene, 1912) in the third flattening n, extended to the sixth order by C. F. F. Karney
// (Transverse Mercator with an accuracy of a few nanometers, J. Geodesy 85, 2011); the symbols are Karney's.
type krueger struct {
	e2, e float64
	// a is the rectifying radius, A in the paper.
	a           float64
	alpha, beta [6]float64
}

var kruegers = [...]krueger{
	grs80:          newKrueger(ellipsoids[grs80].semiMajor, ellipsoids[grs80].inverseFlattening),
	wgs84Ellipsoid: newKrueger(ellipsoids[wgs84Ellipsoid].semiMajor, ellipsoids[wgs84Ellipsoid].inverseFlattening),
	krassovsky:     newKrueger(ellipsoids[krassovsky].semiMajor, ellipsoids[krassovsky].inverseFlattening),
	iag1975:        newKrueger(ellipsoids[iag1975].semiMajor, ellipsoids[iag1975].inverseFlattening),
}

// newKrueger computes the coefficients of Karney (2011), equations 14 (A), 35 (alpha) and 36 (beta).
func newKrueger(semiMajor, inverseFlattening float64) krueger {
	f := 1 / inverseFlattening
	n := f / (2 - f)
	e2 := f * (2 - f)
	return krueger{
		e2: e2,
		e:  math.Sqrt(e2),
		a:  semiMajor / (1 + n) * poly(n, 1, 0, 1./4, 0, 1./64, 0, 1./256),
		alpha: [6]float64{
			poly(n, 0, 1./2, -2./3, 5./16, 41./180, -127./288, 7891./37800),
			poly(n, 0, 0, 13./48, -3./5, 557./1440, 281./630, -1983433./1935360),
			poly(n, 0, 0, 0, 61./240, -103./140, 15061./26880, 167603./181440),
			poly(n, 0, 0, 0, 0, 49561./161280, -179./168, 6601661./7257600),
			poly(n, 0, 0, 0, 0, 0, 34729./80640, -3418889./1995840),
			poly(n, 0, 0, 0, 0, 0, 0, 212378941./319334400),
		},
		beta: [6]float64{
			poly(n, 0, 1./2, -2./3, 37./96, -1./360, -81./512, 96199./604800),
			poly(n, 0, 0, 1./48, 1./15, -437./1440, 46./105, -1118711./3870720),
			poly(n, 0, 0, 0, 17./480, -37./840, -209./4480, 5569./90720),
			poly(n, 0, 0, 0, 0, 4397./161280, -11./504, -830251./7257600),
			poly(n, 0, 0, 0, 0, 0, 4583./161280, -108847./3991680),
			poly(n, 0, 0, 0, 0, 0, 0, 20648693./638668800),
		},
	}
}

// poly is c0 + c1·n + c2·n² + ….
func poly(n float64, c ...float64) float64 {
	sum := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		sum = sum*n + c[i]
	}
	return sum
}

// forward projects degrees from the central meridian and degrees of latitude to metres (equations 7–11).
func (k *krueger) forward(lon, lat float64) (x, y float64) {
	sinLambda, cosLambda := math.Sincos(radians(lon))
	tau := k.conformal(math.Tan(radians(lat)))
	zeta := complex(
		math.Atan2(tau, cosLambda),
		math.Asinh(sinLambda/math.Hypot(tau, cosLambda)),
	)
	zeta += sineSeries(k.alpha, zeta)
	return k.a * imag(zeta), k.a * real(zeta)
}

// inverse turns metres into degrees from the central meridian and degrees of latitude (equations 15–21).
func (k *krueger) inverse(x, y float64) (lon, lat float64) {
	zeta := complex(y/k.a, x/k.a)
	zeta -= sineSeries(k.beta, zeta)
	sinXi, cosXi := math.Sincos(real(zeta))
	sinhEta := math.Sinh(imag(zeta))
	tau := k.geodetic(sinXi / math.Hypot(sinhEta, cosXi))
	return degrees(math.Atan2(sinhEta, cosXi)), degrees(math.Atan(tau))
}

// sineSeries is Σ c_j sin 2jζ by Clenshaw's summation. Its real part is Σ c_j sin 2jξ cosh 2jη, its imaginary part
// Σ c_j cos 2jξ sinh 2jη.
func sineSeries(c [6]float64, zeta complex128) complex128 {
	sin, cos := math.Sincos(2 * real(zeta))
	sinh, cosh := math.Sinh(2*imag(zeta)), math.Cosh(2*imag(zeta))
	twice := complex(2*cos*cosh, -2*sin*sinh)
	var b1, b2 complex128
	for j := len(c) - 1; j >= 0; j-- {
		b1, b2 = complex(c[j], 0)+twice*b1-b2, b1
	}
	return complex(sin*cosh, cos*sinh) * b1
}

// conformal turns the tangent of a latitude into that of its conformal latitude.
func (k *krueger) conformal(tau float64) float64 {
	root := math.Hypot(1, tau)
	sigma := math.Sinh(k.e * math.Atanh(k.e*tau/root))
	return tau*math.Hypot(1, sigma) - sigma*root
}

// geodetic inverts conformal by Newton's method. It doubles the digits with each step, so that after a step of 1e-9 the
// next would change nothing.
func (k *krueger) geodetic(conformal float64) float64 {
	tau := conformal
	for range 4 {
		at := k.conformal(tau)
		step := (conformal - at) / math.Hypot(1, at) *
			(1 + (1-k.e2)*tau*tau) / ((1 - k.e2) * math.Hypot(1, tau))
		if math.IsNaN(step) {
			return conformal // infinite at a pole, NaN for NaN
		}
		tau += step
		if math.Abs(step) < 1e-9*math.Hypot(1, tau) {
			break
		}
	}
	return tau
}
