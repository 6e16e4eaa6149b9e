// Package ellipsoid measures on the CGCS2000 ellipsoid: the legal area of a polygon, the length of a line, and the
// legal plane, in which plane areas are legal areas. No other package makes an area or a length that is printed, save
// geo/overlay, which works in the legal plane. It knows nothing about files and gives no names to what it measures.
//
// # The formula
//
// The legal area is that of the technical regulation Guotu Diaocha Ban Fa [2008] No. 32 for image-plot areas on the
// ellipsoid, the same as in TD/T 1055-2019: the area between an edge (B1,L1)–(B2,L2) and a meridian L0 is
//
//	S = 2b²ΔL [ A sin½(B2−B1) cos Bm − B sin³⁄₂(B2−B1) cos 3Bm + C sin⁵⁄₂(B2−B1) cos 5Bm
//	            − D sin⁷⁄₂(B2−B1) cos 7Bm + E sin⁹⁄₂(B2−B1) cos 9Bm ]
//
// with ΔL = (L1+L2)/2 − L0 in radians and Bm = (B1+B2)/2. Because 2 sin½d cos m = sin B2 − sin B1, term by term,
// S = ½(ΔL1+ΔL2) × (Q(B2) − Q(B1)) with
//
//	Q(B) = b² [ A sin B − B sin 3B + C sin 5B − D sin 7B + E sin 9B ],
//
// which is the shoelace formula in the plane (L, Q): a cylindrical equal-area projection. So the area of a polygon in
// that plane is its legal area, and its edges are straight there.
//
// # What an edge is
//
// A delivered edge is straight in the plane of the delivery, usually a Gauss-Krüger plane, and not quite straight in
// the legal plane; the regulation therefore inserts points into edges longer than 70 m (see Densify, OfficialArea).
// The area between a Gauss-Krüger edge and its chord in the legal plane, the worst over all directions and all places
// within 1.5° of the central meridian (TestUndensifiedEdge holds it), is at most
//
//	edge      at 23° N      at 40° N
//	1000 m    8.1 m²        15.7 m²
//	 100 m    0.0081 m²     0.0157 m²
//	  70 m    0.0028 m²     0.0054 m²
//
// per edge, growing with the third power of the length. Parallel edges of a parcel cancel: a square of 1 km is right to
// 0.005 m² without any point inserted (TestUndensifiedSquare). Others do not; the worked parcel of the tests, 61 hm²
// with five edges of 450 to 800 m, is 0.6 m² off without inserted points, and 0.003 m² with the official ones.
//
// A file in degrees means edges that are straight in (L, B), if anything; the regulation says nothing of them, and
// Area takes them as straight in (L, Q). Between the two lies ΔL ∫ (Q − its chord) dB/ΔB ≈ s³ tan B sin α cos² α / 12R
// for an edge of length s and azimuth α, at most s³ tan B / 31R, nothing along meridians and parallels
// (TestDegreeEdge holds it):
//
//	edge      at 23° N      at 40° N      at 53° N
//	1000 m    2.2 m²        4.3 m²        6.7 m²
//	 100 m    0.0022 m²     0.0043 m²     0.0067 m²
//	  70 m    0.00075 m²    0.0015 m²     0.0023 m²
//
// A geodesic between the same ends lies s³ tan B / 12R beside an edge along a parallel, 5.6 m² for 1 km at 23° N, and
// up to 7.9 m² beside one that runs north-east (TestGeodesicEdge).
package ellipsoid

// The ellipsoid of CGCS2000, with the digits that the regulation's implementations use; b is the minor semi-axis, e2
// the first eccentricity squared. The pseudo-code printed in the regulation puts the second eccentricity for the first
// in the series, which makes areas 14 ppm too large; its formula text, which is followed here, does not.
const (
	a          = 6378137.0
	flattening = 1 / 298.257222101
	b          = a * (1 - flattening)
	e2         = flattening * (2 - flattening)
)

// The series of the regulation, with its symbols in lower case after "s": A to E.
const (
	sA = 1 + 3*e2/6 + 30*e2*e2/80 + 35*e2*e2*e2/112 + 630*e2*e2*e2*e2/2304
	sB = e2/6 + 15*e2*e2/80 + 21*e2*e2*e2/112 + 420*e2*e2*e2*e2/2304
	sC = 3*e2*e2/80 + 7*e2*e2*e2/112 + 180*e2*e2*e2*e2/2304
	sD = e2*e2*e2/112 + 45*e2*e2*e2*e2/2304
	sE = 5 * e2 * e2 * e2 * e2 / 2304
)

// The same series in powers of s = sin B, exactly: with sin 3B = 3s − 4s³, sin 5B = 5s − 20s³ + 16s⁵,
// sin 7B = 7s − 56s³ + 112s⁵ − 64s⁷ and sin 9B = 9s − 120s³ + 432s⁵ − 576s⁷ + 256s⁹ it is
// Q = b² [ p1 s + p3 s³ + p5 s⁵ + p7 s⁷ + p9 s⁹ ]. They are 1, ⅔e², ⅗e⁴, 4⁄7 e⁶ and 5⁄9 e⁸, since the regulation's
// series is the integral of b² cos B / (1 − e² sin² B)² term by term.
const (
	p1 = sA - 3*sB + 5*sC - 7*sD + 9*sE
	p3 = 4*sB - 20*sC + 56*sD - 120*sE
	p5 = 16*sC - 112*sD + 432*sE
	p7 = 64*sD - 576*sE
	p9 = 256 * sE
)
