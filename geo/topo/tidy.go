package topo

import "github.com/paulmach/orb"

// tidyRing closes a ring and drops repeated points and spikes: nothing of what it encloses changes. The result has
// no points at all when nothing is left.
func tidyRing(r orb.Ring) (orb.Ring, []Violation) {
	if len(r) == 0 {
		return nil, nil
	}
	var done []Violation
	if r[0] != r[len(r)-1] {
		done = append(done, Violation{NotClosed, r[0]})
	}
	open := r
	for len(open) > 1 && open[0] == open[len(open)-1] {
		open = open[:len(open)-1]
	}
	kept, repeated := withoutRepeats(open)
	done = append(done, repeated...)
	kept, spikes := withoutSpikes(kept)
	done = append(done, spikes...)
	if len(kept) < 3 {
		return nil, append(done, Violation{TooFewPoints, r[0]})
	}
	return append(kept, kept[0]), done
}

// withoutRepeats copies points but for those equal to the one before; it reports the first.
func withoutRepeats(points []orb.Point) ([]orb.Point, []Violation) {
	kept := make([]orb.Point, 0, len(points)+1)
	var done []Violation
	for i, p := range points {
		if i == 0 || p != points[i-1] {
			kept = append(kept, p)
		} else if done == nil {
			done = []Violation{{RepeatedPoint, p}}
		}
	}
	return kept, done
}

// withoutSpikes drops, in place, the points of an open ring at which it turns straight back, until there are none.
func withoutSpikes(points []orb.Point) ([]orb.Point, []Violation) {
	var done []Violation
	kept := points[:0]
	for _, p := range points {
		kept = append(kept, p)
		kept, done = dropTip(kept, done)
	}
	// The ends meet as well.
	for n := len(kept); n >= 3; n = len(kept) {
		switch {
		case folds(kept[n-2], kept[n-1], kept[0]):
			done = appendSpike(done, kept[n-1])
			kept = kept[:n-1]
		case folds(kept[n-1], kept[0], kept[1]):
			done = appendSpike(done, kept[0])
			kept = kept[1:]
		default:
			return kept, done
		}
		kept = trimEnds(kept)
	}
	return nil, done
}

// dropTip drops the last but one of the points while it is the tip of a spike.
func dropTip(kept []orb.Point, done []Violation) ([]orb.Point, []Violation) {
	for n := len(kept); n >= 2; n = len(kept) {
		last := kept[n-1]
		switch {
		case kept[n-2] == last:
			kept = kept[:n-1]
		case n >= 3 && folds(kept[n-3], kept[n-2], last):
			done = appendSpike(done, kept[n-2])
			kept = append(kept[:n-2], last)
		default:
			return kept, done
		}
	}
	return kept, done
}

func trimEnds(kept []orb.Point) []orb.Point {
	for len(kept) > 1 && kept[0] == kept[len(kept)-1] {
		kept = kept[:len(kept)-1]
	}
	return kept
}

func appendSpike(done []Violation, tip orb.Point) []Violation {
	if len(done) >= most {
		return done
	}
	return append(done, Violation{Spike, tip})
}

// tidyPolygon tidies every ring. A ring that encloses nothing is dropped; without its shell nothing of a polygon is
// left, and ok tells whether that is no loss.
func tidyPolygon(p orb.Polygon) (tidy orb.Polygon, done []Violation, ok bool) {
	for i, r := range p {
		ring, did := tidyRing(r)
		done = append(done, did...)
		if ring != nil {
			tidy = append(tidy, ring)
		} else if i == 0 {
			return nil, done, onlyEmpty(p[1:])
		}
	}
	return tidy, done, true
}

func onlyEmpty(rings []orb.Ring) bool {
	for _, r := range rings {
		if ring, _ := tidyRing(r); ring != nil {
			return false
		}
	}
	return true
}

// tidyLine drops repeated points.
func tidyLine(l orb.LineString) (orb.LineString, []Violation) {
	kept, done := withoutRepeats(l)
	if len(kept) < 2 {
		return nil, append(done, Violation{TooFewPoints, firstOf(l)})
	}
	return kept, done
}
