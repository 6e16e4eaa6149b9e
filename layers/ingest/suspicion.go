package ingest

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/index"
	"greenshield/layers"
)

// A delivery that says WGS 84 and was drawn on a web map lies some hundred metres off, evenly over a town, and every
// figure made with it is wrong without looking wrong. What gives it away are borders that it shares with the regions:
// its vertices lie along them only where the borders would be shown in the obfuscated frame.
const (
	// shiftReach is how near a vertex lies to a border that it was taken from, in metres; the frames are known to less
	// than one.
	shiftReach = 2.0
	// shiftLeast is how many vertices must agree, and shiftMore how many times more often than with no frame at all.
	shiftLeast, shiftMore = 10, 5
)

// shifted is the obfuscated frame that places, in degrees, seem to be in, held against the borders of the regions; ""
// when they do not, or share no border. near is the number of places that lie on a border in that frame.
func (r *regions) shifted(places []orb.Point) (frame string, near int) {
	plain := r.near(places, "")
	for _, candidate := range []string{crs.FrameGCJ02, crs.FrameBD09} {
		if n := r.near(places, candidate); n >= shiftLeast && n >= shiftMore*plain && n > near {
			frame, near = candidate, n
		}
	}
	return frame, near
}

// near counts the places that lie on a border as a frame would show it.
func (r *regions) near(places []orb.Point, frame string) int {
	edges := index.New[[2]orb.Point]()
	for _, outline := range r.outlines {
		for _, polygon := range outline {
			for _, ring := range polygon {
				addEdges(edges, ring, frame)
			}
		}
	}
	n := 0
	for _, place := range places {
		p, hit := ellipsoid.ToPlane(place), false
		edges.Search(orb.Bound{Min: p, Max: p}, func(e [2]orb.Point) bool {
			hit = distance(e, p) <= shiftReach
			return !hit
		})
		if hit {
			n++
		}
	}
	return n
}

func addEdges(edges *index.Index[[2]orb.Point], ring orb.Ring, frame string) {
	moved := slices.Clone(ring)
	if frame != "" {
		for i, p := range ring {
			lonlat, _ := crs.Displaced(frame, ellipsoid.FromPlane(p))
			moved[i] = ellipsoid.ToPlane(lonlat)
		}
	}
	for i := 1; i < len(moved); i++ {
		edges.Insert(moved[i-1:i+1:i+1].Bound().Pad(shiftReach), [2]orb.Point{moved[i-1], moved[i]})
	}
}

// distance is that of a point from an edge in the plane.
func distance(e [2]orb.Point, p orb.Point) float64 {
	dx, dy := e[1][0]-e[0][0], e[1][1]-e[0][1]
	t := 0.0
	if d := dx*dx + dy*dy; d > 0 {
		t = min(1, max(0, ((p[0]-e[0][0])*dx+(p[1]-e[0][1])*dy)/d))
	}
	return math.Hypot(e[0][0]+t*dx-p[0], e[0][1]+t*dy-p[1])
}

// suspectShift warns of a delivery whose borders are those of the regions in an obfuscated frame, and remembers the
// frame, so that it is printed with every result. An operator who has looked is not asked again.
func (g *gate) suspectShift(r *regions) {
	if g.request.Suspected != "" || g.found.Suspected != "" || r.vintage.Provenance.Suspected != "" {
		return
	}
	frame, near := r.shifted(g.sample.places)
	if frame == "" {
		return
	}
	g.found.Suspected = frame
	at := g.sample.places[0]
	there, _ := crs.Displaced(frame, at)
	g.found.note(0, layers.Warning, geo.NewProblem("ingest.crs.suspected-shift", "frame", frame,
		"metres", metres(ellipsoid.Length(orb.LineString{at, there})), "regions", r.vintage.Ref,
		"near", near, "of", len(g.sample.places)).Near(at))
}

// sample keeps vertices of a delivery evenly over its rows, not more than maxPlaces.
type sample struct {
	places []orb.Point
	step   int // every step-th vertex is kept; 0 before the first
	next   int // vertices until the next one that is kept
}

const maxPlaces = 4096

func (s *sample) add(g orb.Geometry) {
	s.step = max(s.step, 1)
	eachPoint(g, func(p orb.Point) bool {
		if s.next--; s.next <= 0 {
			s.places = append(s.places, p)
			s.next = s.step
		}
		if len(s.places) == maxPlaces {
			s.thin()
		}
		return true
	})
}

// thin drops every second place, and takes half as many from now on.
func (s *sample) thin() {
	half := s.places[:0]
	for i := 0; i < len(s.places); i += 2 {
		half = append(half, s.places[i])
	}
	s.places = half
	s.step *= 2
	s.next = s.step
}
