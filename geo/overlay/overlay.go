// Package overlay computes what polygons share: the area of an overlap without building it, and the overlap's
// outline where it is shown. It knows a plane in metres and nothing else: no ellipsoid, no reference system, no
// meaning. Callers bring coordinates of the legal plane (geo/ellipsoid), in which a planar area is the legal area.
//
// Two engines that share no step check each other (Agree):
//
//   - The area engine (Area, Prepared, Layer) integrates. A polygon is a signed sum of the regions below its edges, so
//     the area of A∩B is a double sum of integrals of min(y of a, y of b). No crossing point is computed and no topology
//     is built; a shared edge or a touching corner cannot break it. W. R. Franklin, "Calculating map overlay polygons'
//     areas without explicitly calculating the polygons", 1990. What keeps the sum short is new: chains of edges that
//     lie apart are summed up whole (integral.go). Where rings cover a place twice it would be counted twice; that
//     is noticed, and such a polygon goes through the outline engine first.
//   - The outline engine (Outline, Dissolve, Clean) rounds everything to a grid of 0.1 mm by snap rounding
//     (J. D. Hobby, "Practical segment intersection with finite precision output", 1999) and labels the faces in
//     one sweep. It accepts invalid rings and returns valid ones.
package overlay

import "errors"

// Grid is the width of the outline engine's grid in metres: no vertex of an outline is farther than half of it, in
// x or in y, from where it was delivered or where two edges cross.
const Grid = 1e-4

// ErrCoordinates says that an input has a coordinate that is not a number, or lies farther than any place on Earth.
var ErrCoordinates = errors.New("overlay: coordinate is not a number or out of reach")

// ErrDisagree says that an area and an outline that ought to describe the same region do not.
var ErrDisagree = errors.New("overlay: area and outline disagree")

// Op is a Boolean operation on two regions.
type Op int

// The operations. Difference is the first without the second.
const (
	Intersection Op = iota
	Union
	Difference
	SymmetricDifference
)

// Fill says what is inside when the rings of one polygon cross or cover each other.
type Fill int

const (
	// NonZero: inside is what the rings wind around at least once, shells counting up and holes down.
	NonZero Fill = iota
	// EvenOdd: inside is what a ray leaves through an odd number of edges.
	EvenOdd
)
