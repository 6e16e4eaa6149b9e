package topo

import "fmt"

// Matrix says how two geometries a and b lie to each other: the dimension of what the interior, the boundary and the
// exterior of a (rows) share with those of b (columns), '0', '1' or '2', 'F' for nothing. It is the dimensionally
// extended nine-intersection model (M. J. Egenhofer, R. D. Franzosa 1991; E. Clementini, P. Di Felice 1993; OGC
// 06-103r4, 6.1.15), and the predicates are those of that standard and of JTS. The zero Matrix is none.
type Matrix [9]byte

// ParseMatrix reads the nine characters of a matrix, row by row.
func ParseMatrix(s string) (Matrix, error) {
	var m Matrix
	if len(s) != len(m) {
		return m, fmt.Errorf("matrix %q has not nine characters", s)
	}
	for i := range m {
		if m[i] = s[i]; dimension(m[i]) < 0 && m[i] != 'F' {
			return Matrix{}, fmt.Errorf("matrix %q: %q is no dimension", s, s[i])
		}
	}
	return m, nil
}

// String is the nine characters, row by row, as other programs print them.
func (m Matrix) String() string { return string(m[:]) }

// Matches reports whether m fits a pattern of nine characters: 0, 1, 2 and F for just that, T for any dimension, *
// for anything. Another pattern fits nothing.
func (m Matrix) Matches(pattern string) bool {
	if len(pattern) != len(m) {
		return false
	}
	for i, have := range m {
		switch want := pattern[i]; {
		case want == '*', want == have, want == 'T' && dimension(have) >= 0:
		default:
			return false
		}
	}
	return true
}

func (m Matrix) any(patterns ...string) bool {
	for _, p := range patterns {
		if m.Matches(p) {
			return true
		}
	}
	return false
}

// Disjoint: a and b have no point in common.
func (m Matrix) Disjoint() bool { return m.Matches("FF*FF****") }

// Intersects: a and b have a point in common.
func (m Matrix) Intersects() bool { return m.any("T********", "*T*******", "***T*****", "****T****") }

// Touches: a and b have points in common, but their interiors have none.
func (m Matrix) Touches() bool { return m.any("FT*******", "F**T*****", "F***T****") }

// Equals: a and b are the same set of points, which may be empty.
func (m Matrix) Equals() bool { return m.any("T*F**FFF*", "FFFFFFFF*") }

// Covers: no point of b lies outside a. Prefer it to Contains, which is false for a line on the border of a polygon.
func (m Matrix) Covers() bool { return m.any("T*****FF*", "*T****FF*", "***T**FF*", "****T*FF*") }

// CoveredBy: no point of a lies outside b.
func (m Matrix) CoveredBy() bool { return m.any("T*F**F***", "*TF**F***", "**FT*F***", "**F*TF***") }

// Contains: no point of b lies outside a, and the interiors have points in common.
func (m Matrix) Contains() bool { return m.Matches("T*****FF*") }

// Within: no point of a lies outside b, and the interiors have points in common.
func (m Matrix) Within() bool { return m.Matches("T*F**F***") }

// Overlaps: a and b are of one dimension, what they share is of that dimension too, and each has something the other
// has not.
func (m Matrix) Overlaps() bool {
	a, b := m.dimensions()
	switch {
	case a != b:
		return false
	case a == 1:
		return m.Matches("1*T***T**")
	}
	return m.Matches("T*T***T**")
}

// Crosses: the interiors share something of a lower dimension than the higher of the two, and the geometry of the
// lower dimension has a part outside; two lines cross in points. Two polygons never cross, they overlap.
func (m Matrix) Crosses() bool {
	switch a, b := m.dimensions(); {
	case a < b:
		return m.Matches("T*T******")
	case a > b:
		return m.Matches("T*****T**")
	case a == 1:
		return m.Matches("0********")
	}
	return false
}

// dimensions are those of a and b, −1 for what is empty: the interior of a is all of its first row, that of b all of
// its first column.
func (m Matrix) dimensions() (a, b int) {
	a = max(dimension(m[0]), dimension(m[1]), dimension(m[2]))
	b = max(dimension(m[0]), dimension(m[3]), dimension(m[6]))
	return a, b
}

// dimension is that of an entry, −1 for none.
func dimension(c byte) int {
	if c >= '0' && c <= '2' {
		return int(c - '0')
	}
	return -1
}
