package conflict

import "github.com/paulmach/orb"

// reach is how near in metres two boundaries must come to count as touching.
const reach = 1e-3

// near reports whether points or lines in the legal plane come near the parcel's boundary or lie within the parcel.
func (q *question) near(g orb.Geometry) bool {
	switch g := g.(type) {
	case orb.Point:
		return q.prepared.NearLine([]orb.Point{g}, reach)
	case orb.MultiPoint:
		for _, p := range g {
			if q.prepared.NearLine([]orb.Point{p}, reach) {
				return true
			}
		}
	case orb.LineString:
		return q.prepared.NearLine(g, reach)
	case orb.MultiLineString:
		for _, l := range g {
			if q.prepared.NearLine(l, reach) {
				return true
			}
		}
	}
	return false
}
