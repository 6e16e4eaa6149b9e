package overlay_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"greenshield/geo"
	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// questions are regions that share everything, something, an edge or nothing with the prepared ones.
func questions() (prepared []*overlay.Prepared, regions []orb.MultiPolygon) {
	r := rand.New(rand.NewPCG(51, 51))
	for i := range 3 {
		a := withHole(r, orb.Point{float64(i) * 300, 500}, 40+250*i)
		prepared = append(prepared, overlay.Prepare(a))
		regions = append(regions, a)
	}
	for _, c := range coverage(r, 4, 250) {
		regions = append(regions, orb.MultiPolygon{c})
	}
	return prepared, append(regions, withHole(r, orb.Point{0, 0}, 500), nil, orb.MultiPolygon{box(-1e4, -1e4, 1e4, 1e4)})
}

// answer is everything that the package says of a prepared polygon and a region.
type answer struct {
	overlap, pair geo.Area
	outline, both orb.MultiPolygon
}

func ask(t *testing.T, p *overlay.Prepared, of, region orb.MultiPolygon, s *overlay.Scratch) answer {
	var a answer
	var err error
	a.overlap, a.pair = p.Overlap(region, s), s.Area(of, region)
	if a.outline, err = p.Outline(region, s); err != nil {
		t.Error(err)
	}
	if a.both, err = s.Outline(of, region, overlay.SymmetricDifference); err != nil {
		t.Error(err)
	}
	return a
}

func (a answer) equal(b answer) bool {
	return a.overlap == b.overlap && a.pair == b.pair && a.outline.Equal(b.outline) && a.both.Equal(b.both)
}

// Eight goroutines, each with memory of its own and in an order of its own, get every bit of what one alone gets with
// fresh memory for each question.
func TestEightGoroutinesOnTheSamePolygons(t *testing.T) {
	prepared, regions := questions()
	alone := make([]answer, len(prepared)*len(regions))
	for i := range alone {
		k, n := i/len(regions), i%len(regions)
		alone[i] = ask(t, prepared[k], regions[k], regions[n], new(overlay.Scratch))
	}
	var wait sync.WaitGroup
	for worker := range uint64(8) {
		wait.Go(func() {
			var s overlay.Scratch
			for _, i := range rand.New(rand.NewPCG(worker, 52)).Perm(len(alone)) {
				k, n := i/len(regions), i%len(regions)
				if got := ask(t, prepared[k], regions[k], regions[n], &s); !got.equal(alone[i]) {
					t.Errorf("goroutine %d, polygon %d, region %d: %v, alone %v", worker, k, n, got, alone[i])
				}
			}
		})
	}
	wait.Wait()
}

// Outlines that were handed out stay as they are when the memory that made them is used again.
func TestOutlineOutlivesScratch(t *testing.T) {
	prepared, regions := questions()
	var s overlay.Scratch
	var outlines, copies []orb.MultiPolygon
	for _, p := range prepared {
		for _, region := range regions {
			out, err := p.Outline(region, &s)
			if err != nil {
				t.Fatal(err)
			}
			outlines, copies = append(outlines, out), append(copies, out.Clone())
		}
	}
	if !slices.EqualFunc(outlines, copies, orb.MultiPolygon.Equal) {
		t.Error("an outline changed after it was handed out")
	}
}

// The questions must not change what is asked about: callers share their polygons.
func TestInputsStayAsTheyAre(t *testing.T) {
	_, regions := questions()
	copies := make([]orb.MultiPolygon, len(regions))
	for i, r := range regions {
		copies[i] = r.Clone()
	}
	for i, a := range regions {
		ask(t, overlay.Prepare(a), a, regions[len(regions)-1-i], new(overlay.Scratch))
	}
	if !slices.EqualFunc(regions, copies, orb.MultiPolygon.Equal) {
		t.Error("an input changed")
	}
}

// In the steady state no question about an area takes memory, whatever the order of large and small.
func TestNoAreaTakesMemoryOnceWarm(t *testing.T) {
	prepared, regions := questions()
	var s overlay.Scratch
	overlaps := func() {
		for _, p := range prepared {
			for _, region := range regions {
				p.Overlap(region, &s)
			}
		}
	}
	pairs := func() {
		for i := range prepared {
			for _, region := range regions {
				s.Area(regions[i], region)
				s.Area(region, regions[i])
			}
		}
	}
	for name, f := range map[string]func(){"Prepared.Overlap": overlaps, "Scratch.Area": pairs} {
		f()
		if n := testing.AllocsPerRun(5, f); n > 0 {
			t.Errorf("%s: %v allocations in %d questions", name, n, len(prepared)*len(regions))
		}
	}
}
