package overlay_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// years is a coverage in two years: some nodes have moved, some cells are gone, some have another label, and there are
// new ones elsewhere. Twins are found by being equal.
func years(r *rand.Rand, n int) (before, after []orb.MultiPolygon, was, is, twins []int32) {
	seed := r.Uint64()
	old := coverage(rand.New(rand.NewPCG(seed, 1)), n, 100)
	now := coverage(rand.New(rand.NewPCG(seed, 1)), n, 100)
	for range n { // a node of four cells moves in all of them
		i, k := 1+r.IntN(n-1), 1+r.IntN(n-1)
		from := now[i*n+k][0][0]
		to := orb.Point{from[0] + r.Float64()*10 - 5, from[1] + r.Float64()*10 - 5}
		for _, cell := range now {
			for v := range cell[0] {
				if cell[0][v] == from {
					cell[0][v] = to
				}
			}
		}
	}
	for i := range old {
		label := int32(r.IntN(4))
		before, was = append(before, orb.MultiPolygon{old[i]}), append(was, label)
		twin := int32(-1)
		if r.IntN(20) > 0 {
			if r.IntN(10) == 0 {
				label = int32(r.IntN(5))
			} else if reflect.DeepEqual(old[i], now[i]) && r.IntN(4) > 0 {
				twin = int32(len(after))
			}
			after, is = append(after, orb.MultiPolygon{now[i]}), append(is, label)
		}
		twins = append(twins, twin)
	}
	after, is = append(after, orb.MultiPolygon{box(-50, -50, 0, 0)}), append(is, 3)
	return before, after, was, is, twins
}

// slowly is the same account by all pairs, zone by zone, with the outline engine alone.
func slowly(t *testing.T, before, after []orb.MultiPolygon, was, is []int32, zones []orb.MultiPolygon) map[string]float64 {
	t.Helper()
	sums := map[string]float64{}
	for z, zone := range zones {
		add := func(mp orb.MultiPolygon, format string, labels ...any) {
			if in := overlay.AreaOf(must(t, mp, zone, overlay.Intersection)); in > 0 {
				sums[fmt.Sprintf("zone %d ", z)+fmt.Sprintf(format, labels...)] += float64(in)
			}
		}
		for i, a := range before {
			for k, b := range after {
				if a.Bound().Intersects(b.Bound()) {
					add(must(t, a, b, overlay.Intersection), "%d→%d", was[i], is[k])
				}
			}
			add(a, "before %d", was[i])
			add(without(t, a, after), "gone %d", was[i])
		}
		for k, b := range after {
			add(b, "after %d", is[k])
			add(without(t, b, before), "new %d", is[k])
		}
	}
	return sums
}

func without(t *testing.T, a orb.MultiPolygon, others []orb.MultiPolygon) orb.MultiPolygon {
	union, err := overlay.Dissolve(others)
	if err != nil {
		t.Fatal(err)
	}
	return must(t, a, union, overlay.Difference)
}

// account is a transition in the form of slowly.
func account(r *overlay.Transition) map[string]float64 {
	sums := map[string]float64{}
	for z := range r.Zones {
		add := func(area float64, format string, labels ...any) {
			if area > 0 {
				sums[fmt.Sprintf("zone %d ", z)+fmt.Sprintf(format, labels...)] = area
			}
		}
		for a := range r.Labels {
			for b := range r.Labels {
				add(float64(r.Flow(z, a, b)), "%d→%d", a, b)
			}
			add(float64(r.Before(z, a)), "before %d", a)
			add(float64(r.After(z, a)), "after %d", a)
			add(float64(r.Vanished(z, a)), "gone %d", a)
			add(float64(r.Appeared(z, a)), "new %d", a)
		}
	}
	return sums
}

func compareSums(t *testing.T, got, want map[string]float64) {
	t.Helper()
	for k := range want {
		if d := math.Abs(got[k] - want[k]); d > 0.05 {
			t.Errorf("%s: %.4f, want %.4f", k, got[k], want[k])
		}
	}
	for k := range got {
		if got[k] > 0.05 && want[k] == 0 {
			t.Errorf("%s: %.4f, want nothing", k, got[k])
		}
	}
}

func TestCompareAgainstAllPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 51))
	before, after, was, is, twins := years(r, 9)
	// Two zones with a ragged border through the cells, and the outside of both.
	left := orb.MultiPolygon{{{{-100, -100}, {400, -100}, {450, 300}, {380, 640}, {420, 1000}, {-100, 1000}, {-100, -100}}}}
	right := orb.MultiPolygon{{{{400, -100}, {800, -100}, {800, 1000}, {420, 1000}, {380, 640}, {450, 300}, {400, -100}}}}
	outside := orb.MultiPolygon{box(800, -200, 2000, 2000)}
	want := slowly(t, before, after, was, is, []orb.MultiPolygon{left, right, outside})
	zones := overlay.NewZones([]*overlay.Prepared{overlay.Prepare(left), overlay.Prepare(right)})
	b, a := overlay.Labelled{Layer: layerOf(before...), Labels: was}, overlay.Labelled{Layer: layerOf(after...), Labels: is}
	for name, o := range map[string]overlay.TransitionOptions{
		"with twins":    {Twins: twins, Zones: zones, Changes: true},
		"without twins": {Zones: zones, Workers: 1},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := overlay.Compare(context.Background(), b, a, o)
			if err != nil {
				t.Fatal(err)
			}
			compareSums(t, account(got), want)
			if len(got.TangledBefore)+len(got.TangledAfter) > 0 {
				t.Errorf("a coverage is said to overlap itself: %v %v", got.TangledBefore, got.TangledAfter)
			}
			checkChanges(t, got, o.Changes)
		})
	}
}

// checkChanges sums the listed places up and compares them with the tables.
func checkChanges(t *testing.T, got *overlay.Transition, asked bool) {
	t.Helper()
	if !asked {
		if len(got.Changes) > 0 {
			t.Error("changes are listed that nobody asked for")
		}
		return
	}
	var want, sum float64
	for name, area := range account(got) {
		var zone, a, b int
		if n, _ := fmt.Sscanf(name, "zone %d %d→%d", &zone, &a, &b); n == 3 && a != b {
			want += area
		}
		if n, _ := fmt.Sscanf(name, "zone %d gone %d", &zone, &a); n == 2 {
			want += area
		}
		if n, _ := fmt.Sscanf(name, "zone %d new %d", &zone, &a); n == 2 {
			want += area
		}
	}
	for _, c := range got.Changes {
		outline, err := got.Outline(c, new(overlay.Scratch))
		if err != nil {
			t.Fatal(err)
		}
		checkValid(t, outline)
		sum += float64(c.Area)
		if math.Abs(float64(overlay.AreaOf(outline)-c.Area)) > 0.05 {
			t.Errorf("%v: the outline has %v", c, overlay.AreaOf(outline))
		}
	}
	if math.Abs(sum-want) > 0.05 {
		t.Errorf("the changes add up to %v, the tables say %v", sum, want)
	}
}

// A layer that is no coverage is said to be none, and what nothing of the other layer covers is still found.
func TestCompareOfLayersThatOverlapThemselves(t *testing.T) {
	r := rand.New(rand.NewPCG(52, 52))
	before, after, was, is, _ := years(r, 6)
	before, was = append(before, orb.MultiPolygon{box(120, 120, 260, 240)}), append(was, 0)
	after, is = append(after, orb.MultiPolygon{box(300, 300, 390, 700)}, orb.MultiPolygon{box(310, 500, 370, 720)}), append(is, 1, 2)
	everywhere := []orb.MultiPolygon{{box(-1e4, -1e4, 1e4, 1e4)}}
	want := slowly(t, before, after, was, is, everywhere)
	got, err := overlay.Compare(context.Background(),
		overlay.Labelled{Layer: layerOf(before...), Labels: was}, overlay.Labelled{Layer: layerOf(after...), Labels: is},
		overlay.TransitionOptions{Changes: true})
	if err != nil {
		t.Fatal(err)
	}
	compareSums(t, account(got), want)
	if len(got.TangledBefore) == 0 || len(got.TangledAfter) == 0 {
		t.Error("nobody said that the layers overlap themselves")
	}
	checkChanges(t, got, true)
}

func TestCompareDoesNotDependOnWorkers(t *testing.T) {
	r := rand.New(rand.NewPCG(53, 53))
	before, after, was, is, twins := years(r, 80)
	b, a := overlay.Labelled{Layer: layerOf(before...), Labels: was}, overlay.Labelled{Layer: layerOf(after...), Labels: is}
	var first *overlay.Transition
	for _, workers := range []int{1, 2, 7} {
		got, err := overlay.Compare(context.Background(), b, a, overlay.TransitionOptions{Twins: twins, Changes: true, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		} else if !reflect.DeepEqual(account(got), account(first)) || !reflect.DeepEqual(got.Changes, first.Changes) {
			t.Errorf("%d workers give another result", workers)
		}
	}
}

func TestCompareStopsAndRefuses(t *testing.T) {
	one := overlay.Labelled{Layer: layerOf(orb.MultiPolygon{box(0, 0, 1, 1)}), Labels: []int32{0}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := overlay.Compare(ctx, one, one, overlay.TransitionOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled comparison: %v", err)
	}
	nowhere := overlay.Labelled{
		Layer: layerOf(orb.MultiPolygon{{{{0, 0}, {math.NaN(), 0}, {5, 5}, {0, 0}}}}), Labels: []int32{0},
	}
	if _, err := overlay.Compare(context.Background(), one, nowhere, overlay.TransitionOptions{}); !errors.Is(err, overlay.ErrCoordinates) {
		t.Errorf("a polygon that is nowhere: %v", err)
	}
}

// A label for every polygon would make a table of each with each; it is refused before the memory is taken.
func TestCompareRefusesATableNobodyReads(t *testing.T) {
	var cells []orb.MultiPolygon
	var labels []int32
	for i := range 6000 {
		cells, labels = append(cells, orb.MultiPolygon{box(float64(i), 0, float64(i+1), 1)}), append(labels, int32(i))
	}
	l := overlay.Labelled{Layer: layerOf(cells...), Labels: labels}
	if _, err := overlay.Compare(context.Background(), l, l, overlay.TransitionOptions{}); !errors.Is(err, overlay.ErrTables) {
		t.Errorf("got %v", err)
	}
}

// Equal polygons are found to be twins although nobody says so, and the answer is the same to the last bit.
func TestCompareFindsTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(53, 53))
	before, after, was, is, twins := years(r, 12)
	known := 0
	for i, k := range twins {
		if k >= 0 && reflect.DeepEqual(before[i], after[k]) {
			known++
		}
	}
	if known < 20 {
		t.Fatalf("only %d twins", known)
	}
	b, a := overlay.Labelled{Layer: layerOf(before...), Labels: was}, overlay.Labelled{Layer: layerOf(after...), Labels: is}
	var answers []map[string]float64
	var changes [][]overlay.Change
	for _, o := range []overlay.TransitionOptions{{Twins: twins, Changes: true}, {Changes: true, Workers: 1}} {
		got, err := overlay.Compare(context.Background(), b, a, o)
		if err != nil {
			t.Fatal(err)
		}
		answers, changes = append(answers, account(got)), append(changes, got.Changes)
	}
	if !reflect.DeepEqual(answers[0], answers[1]) || !reflect.DeepEqual(changes[0], changes[1]) {
		t.Errorf("told %v\nfound %v", answers[0], answers[1])
	}
}
