package layers_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/store/memory"
)

func cell(x, y, side float64) orb.Polygon {
	return orb.Polygon{{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}}
}

// publish puts geometries into a store as one vintage of a red-line layer.
func publish(t *testing.T, s layers.Store, vintage string, gs ...orb.Geometry) layers.Ref {
	t.Helper()
	ctx := context.Background()
	l := layers.Layer{ID: "redline", Theme: layers.Redline}
	d, err := s.Begin(ctx, l, layers.Vintage{Ref: layers.Ref{Layer: l.ID, Vintage: vintage}, Theme: l.Theme})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range gs {
		if err := d.Append(ctx, layers.Feature{Geometry: g, Area: ellipsoid.Area(g)}); err != nil {
			t.Fatal(err)
		}
	}
	v, err := d.Commit(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v.Ref
}

// counted counts readings and can hold them up.
type counted struct {
	layers.Store
	readings atomic.Int32
	gate     chan struct{}
	fail     error
}

func (c *counted) Features(ctx context.Context, ref layers.Ref, b *orb.Bound) iter.Seq2[layers.Feature, error] {
	c.readings.Add(1)
	return func(yield func(layers.Feature, error) bool) {
		if c.gate != nil {
			select {
			case <-c.gate:
			case <-ctx.Done():
				yield(layers.Feature{}, ctx.Err())
				return
			}
		}
		if c.fail != nil {
			yield(layers.Feature{}, c.fail)
			return
		}
		for f, err := range c.Store.Features(ctx, ref, b) {
			if !yield(f, err) {
				return
			}
		}
	}
}

func TestSearchFindsPartsNotHulls(t *testing.T) {
	s := memory.New()
	far := orb.MultiPolygon{cell(109, 23, 0.1), cell(110, 24, 0.1)}
	ref := publish(t, s, "2023", far, cell(109.5, 23.5, 0.01), orb.MultiLineString{{{109.5, 23.5}, {109.6, 23.6}}})
	v, err := layers.NewLibrary(s).Load(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name  string
		bound orb.Bound
		want  []int
	}{
		{"within one part", cell(109.05, 23.05, 0.01).Bound(), []int{0}},
		{"between the parts", cell(109.5, 23.5, 0.001).Bound(), []int{1, 2}},
		{"both parts, reported once", cell(109, 23, 2).Bound(), []int{0, 1, 2}},
		{"touching a corner", cell(108.9, 22.9, 0.1).Bound(), []int{0}},
		{"nothing near", cell(100, 20, 1).Bound(), nil},
	}
	for _, c := range cases {
		var got []int
		v.Search(c.bound, func(i int) bool { got = append(got, i); return true })
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	first := -1
	v.Search(cell(109, 23, 2).Bound(), func(i int) bool { first = i; return false })
	if first != 0 {
		t.Errorf("a search that is stopped at once saw %d", first)
	}
}

func TestPlaneIsTheLegalPlane(t *testing.T) {
	s := memory.New()
	ref := publish(t, s, "2023", cell(109, 23, 0.1), orb.LineString{{109, 23}, {110, 24}})
	v, err := layers.NewLibrary(s).Load(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	const tolerance = 1e-3 // m², rounding of a sum over 113 km²
	want := v.Features()[0].Area
	square, line := v.Plane().At(0), v.Plane().At(1)
	if got := square.Area(); got < want-tolerance || got > want+tolerance {
		t.Errorf("area in the plane %.6f, legal area %.6f", got, want)
	}
	if !v.IsArea(0) || v.IsArea(1) || line.Area() != 0 {
		t.Error("a line has no area")
	}
	if v.Coverage().Area() != 0 {
		t.Error("no coverage was declared")
	}
}

func TestLoadReadsOnce(t *testing.T) {
	s := &counted{Store: memory.New(), gate: make(chan struct{})}
	ref := publish(t, s, "2023", cell(109, 23, 0.1))
	lib := layers.NewLibrary(s)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			v, err := lib.Load(context.Background(), ref)
			if err != nil {
				t.Error(err)
				return
			}
			v.Coverage()
		})
	}
	close(s.gate)
	wg.Wait()
	if _, err := lib.Load(context.Background(), ref); err != nil {
		t.Error(err)
	}
	if n := s.readings.Load(); n != 1 {
		t.Errorf("read %d times, want once", n)
	}
}

func TestOneWhoGivesUpDoesNotSpoilTheOthers(t *testing.T) {
	s := &counted{Store: memory.New(), gate: make(chan struct{})}
	ref := publish(t, s, "2023", cell(109, 23, 0.1))
	lib := layers.NewLibrary(s)
	impatient, giveUp := context.WithCancel(context.Background())
	first := make(chan error)
	go func() {
		_, err := lib.Load(impatient, ref)
		first <- err
	}()
	for s.readings.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	second := make(chan error)
	go func() {
		_, err := lib.Load(context.Background(), ref)
		second <- err
	}()
	giveUp()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the one who gave up got %v", err)
	}
	close(s.gate)
	if err := <-second; err != nil {
		t.Errorf("the other got %v", err)
	}
}

func TestAFailedReadingIsNotKept(t *testing.T) {
	broken := errors.New("disk is gone")
	s := &counted{Store: memory.New(), fail: broken}
	ref := publish(t, s, "2023", cell(109, 23, 0.1))
	lib := layers.NewLibrary(s)
	if _, err := lib.Load(context.Background(), ref); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	s.fail = nil
	if _, err := lib.Load(context.Background(), ref); err != nil {
		t.Errorf("the next reading: %v", err)
	}
}

func TestUnknownRef(t *testing.T) {
	lib := layers.NewLibrary(memory.New())
	_, err := lib.Load(context.Background(), layers.Ref{Layer: "none", Vintage: "2023", Revision: 1})
	if geo.CodeOf(err) != "store.vintage.unknown" {
		t.Errorf("got %v", err)
	}
}

func TestTheOldestIsLetGo(t *testing.T) {
	s := &counted{Store: memory.New()}
	lib := layers.NewLibrary(s)
	lib.Vertices = 10 // two squares of five
	var refs []layers.Ref
	for year := range 3 {
		refs = append(refs, publish(t, s, fmt.Sprint(2021+year), cell(109, 23, 0.1)))
	}
	load := func(i int, readings int32) {
		t.Helper()
		if _, err := lib.Load(context.Background(), refs[i]); err != nil {
			t.Fatal(err)
		}
		if n := s.readings.Load(); n != readings {
			t.Errorf("after loading %s: %d readings, want %d", refs[i], n, readings)
		}
	}
	load(0, 1)
	load(1, 2)
	load(0, 2) // now 1 is the oldest
	load(2, 3)
	load(0, 3)
	load(1, 4)
	lib.Forget(refs[1])
	load(1, 5)
}

func TestLatest(t *testing.T) {
	var all []layers.Vintage
	for _, ref := range []string{"a@2022.1", "a@2023.1", "a@2023.2", "a@2023-07.1", "a@2024-02-10.1"} {
		r, err := layers.ParseRef(ref)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, layers.Vintage{Ref: r})
	}
	for day, want := range map[string]string{
		"2021-12-31": "",
		"2022-01-01": "a@2022.1",
		"2023-06-30": "a@2023.2",
		"2023-07-01": "a@2023-07.1",
		"2024-02-09": "a@2023-07.1",
		"2024-02-10": "a@2024-02-10.1",
	} {
		v, ok := layers.Latest(all, day)
		if ok != (want != "") || ok && v.Ref.String() != want {
			t.Errorf("on %s: %s, want %q", day, v.Ref, want)
		}
	}
}
