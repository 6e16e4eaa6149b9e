package topo_test

import (
	"encoding/binary"
	"math"
	"testing"

	"greenshield/geo"
	"greenshield/geo/topo"

	"github.com/paulmach/orb"
)

// The kinds of coordinates that fuzzed bytes stand for.
const (
	coarse  = iota // a byte each, on a grid of 16 × 16 degrees: everything meets everything
	fine           // two bytes each, in 1e-9 degrees: the grid of the repair and below
	literal        // eight bytes each, any float
	kinds
)

// drawn turns bytes into a multipolygon: the first says how to read the others; 255 in the place of a point begins a
// new ring and 254 a new polygon. Rings are closed unless a byte of 253 ends them.
func drawn(data []byte) (orb.MultiPolygon, int) {
	if len(data) == 0 {
		return nil, 0
	}
	kind, data := int(data[0])%kinds, data[1:]
	mp := orb.MultiPolygon{{nil}}
	closed := func() {
		p := mp[len(mp)-1]
		if r := p[len(p)-1]; len(r) > 0 {
			p[len(p)-1] = append(r, r[0])
		}
	}
	for len(data) > 0 {
		switch data[0] {
		case 255:
			closed()
			mp[len(mp)-1] = append(mp[len(mp)-1], nil)
			data = data[1:]
			continue
		case 254:
			closed()
			mp, data = append(mp, orb.Polygon{nil}), data[1:]
			continue
		case 253:
			mp[len(mp)-1], data = append(mp[len(mp)-1], nil), data[1:]
			continue
		}
		v, size := point(kind, data)
		if size == 0 {
			break
		}
		p := mp[len(mp)-1]
		p[len(p)-1], data = append(p[len(p)-1], v), data[size:]
	}
	closed()
	return mp, kind
}

func point(kind int, data []byte) (p orb.Point, size int) {
	size = []int{2, 4, 16}[kind]
	if len(data) < size {
		return p, len(data)
	}
	for axis := range p {
		part := data[axis*size/2:]
		switch kind {
		case coarse:
			p[axis] = float64(part[0] % 16)
		case fine:
			p[axis] = 109.123456789 + float64(int16(binary.LittleEndian.Uint16(part)))*1e-9
		default:
			p[axis] = math.Float64frombits(binary.LittleEndian.Uint64(part))
		}
	}
	return p, size
}

// onGrid writes a ring for the coarse kind.
func onGrid(points ...byte) []byte { return points }

func seeds(f *testing.F) {
	f.Helper()
	bowTie := onGrid(0, 0, 4, 4, 4, 0, 0, 4)
	square := onGrid(0, 0, 8, 0, 8, 8, 0, 8)
	hole := onGrid(0, 4, 4, 2, 8, 4, 4, 6)
	f.Add(append([]byte{coarse}, bowTie...))
	f.Add(append(append(append([]byte{coarse}, square...), 255), hole...))
	f.Add(append(append(append([]byte{coarse}, square...), 254), bowTie...))
	f.Add(append([]byte{fine}, 0, 0, 0, 0, 9, 0, 1, 0, 5, 0, 7, 0, 1, 0, 200, 1))
	f.Add(append([]byte{literal}, make([]byte, 64)...))
}

// FuzzCheck asks that the verdict depends neither on where a ring begins, nor on its direction, nor on which of the
// two ways through the checker was taken, and that the other engine gives the same where it is exact as well.
func FuzzCheck(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		mp, kind := drawn(data)
		valid := len(topo.Check(mp)) == 0
		turned := mp.Clone()
		for _, p := range turned {
			for i, r := range p {
				if n := len(r) - 1; n > 0 && r[0] == r[n] {
					p[i] = append(append(orb.Ring{}, r[n/2:n]...), r[:n/2+1]...)
				}
				p[i].Reverse()
			}
		}
		if other := topo.Check(turned); (len(other) == 0) != valid {
			t.Fatalf("valid %v, turned %v: %v", valid, other, mp)
		}
		far := append(mp.Clone(), orb.Polygon{{{170, 80}, {171, 80}, {171, 81}, {170, 80}}})
		if other := topo.Check(far); kind != literal && (len(other) == 0) != valid {
			t.Fatalf("valid %v, with a part far away %v: %v", valid, other, mp)
		}
		if kind != coarse || hasEmpty(mp) {
			return
		}
		if err := otherEngine(mp).Validate(); (err == nil) != valid {
			t.Fatalf("valid %v, the other engine: %v: %v", valid, err, mp)
		}
	})
}

func hasEmpty(mp orb.MultiPolygon) bool {
	for _, p := range mp {
		for _, r := range p {
			if len(r) == 0 {
				return true
			}
		}
	}
	return false
}

// FuzzRepair asks that what is repaired is valid, that a second repair leaves it alone, and that the best effort gives
// what the lossless repair gives where that succeeds.
func FuzzRepair(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		mp, _ := drawn(data)
		lossless, err := topo.RepairWith(mp, topo.RepairOptions{})
		if err == nil {
			asked(t, lossless.Geometry)
		}
		best, bestErr := topo.RepairWith(mp, topo.RepairOptions{Mode: topo.BestEffort})
		switch {
		case bestErr == nil:
			asked(t, best.Geometry)
		case err == nil:
			t.Fatalf("best effort fails where the lossless repair does not: %v", bestErr)
		}
		for _, err := range []error{err, bestErr} {
			if c := geo.CodeOf(err); err != nil && c != "ingest.geometry.ambiguous" && c != "ingest.geometry.no-area" {
				t.Fatal(err)
			}
		}
		if err == nil && (best.Guessed || !orb.Equal(best.Geometry, lossless.Geometry)) {
			t.Fatalf("%v, without loss %v", best.Geometry, lossless.Geometry)
		}
	})
}

// asked is checkRepaired without the other engine, which is not exact on such coordinates.
func asked(t *testing.T, g orb.Geometry) {
	t.Helper()
	if v := topo.Check(g); v != nil {
		t.Fatalf("%v: %v", v, g)
	}
	again, err := topo.RepairWith(g, topo.RepairOptions{Mode: topo.BestEffort})
	if err != nil || again.Done != nil || !orb.Equal(again.Geometry, g) {
		t.Fatalf("once more: %v, %+v, was %v", err, again, g)
	}
}
