package topo

import (
	"errors"
	"fmt"
	"math"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// BufferOptions say how round a buffer is.
type BufferOptions struct {
	// Segments is the number of edges to a quarter of a circle: 0 for 8, which loses at most 2 % of the distance, at
	// most 256. With n of them an arc lies up to distance × (1 − cos(π/4n)) too far inside.
	Segments int
}

const (
	usualSegments = 8
	mostSegments  = 256
)

// errBufferOptions says that a distance is not a number or that there are too many segments.
var errBufferOptions = errors.New("topo: distance or number of segments out of range")

// Buffer is all that lies within distance of g, a geometry in a metric plane; distance in the unit of that plane, so
// metres. A negative distance leaves of a polygon what lies deeper inside than that, and nothing of a line. Round
// ends and corners; a Ring counts as the polygon that it encloses. The result is valid, with nothing in it when
// nothing is left. A buffer in degrees, or across more than a zone of a Gauss plane, is no buffer: project first.
//
// The error is an InvalidError, ErrTooLarge, or what the engine (JTS) says.
func Buffer(g orb.Geometry, distance float64, o BufferOptions) (orb.MultiPolygon, error) {
	if o.Segments == 0 {
		o.Segments = usualSegments
	}
	if math.IsNaN(distance-distance) || o.Segments < 1 || o.Segments > mostSegments {
		return nil, fmt.Errorf("buffer by %v with %d segments: %w", distance, o.Segments, errBufferOptions)
	}
	if vertices(g) > MostVertices {
		return nil, fmt.Errorf("buffer: %w", ErrTooLarge)
	}
	in, err := foreign(g)
	if err != nil {
		return nil, fmt.Errorf("buffer: %w", err)
	}
	if in.IsEmpty() {
		return nil, nil
	}
	out, err := geom.Buffer(in, distance, geom.BufferQuadSegments(o.Segments))
	if err != nil {
		return nil, fmt.Errorf("buffer by %v: %w", distance, err)
	}
	return valid(fromSimple(out))
}

// valid is mp with shells counter-clockwise and holes clockwise, cleaned on the overlay's grid should that be needed.
func valid(mp orb.MultiPolygon) (orb.MultiPolygon, error) {
	direct(mp)
	if len(Check(mp)) == 0 {
		return mp, nil
	}
	mp, err := overlay.Clean(mp, overlay.NonZero)
	if err != nil {
		return nil, fmt.Errorf("clean buffer: %w", err)
	}
	if found := Check(mp); len(found) > 0 {
		return nil, fmt.Errorf("clean buffer: %w", &InvalidError{found[0]})
	}
	return mp, nil
}
