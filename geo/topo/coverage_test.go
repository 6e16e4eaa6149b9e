package topo_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/geo/topo"

	"github.com/paulmach/orb"
)

// origin is a place of the legal plane at 30° N, where a metre of the plane is a metre.
var origin = func() orb.Point {
	p := ellipsoid.ToPlane(orb.Point{110, 30})
	return orb.Point{math.Round(p[0]), math.Round(p[1])}
}()

func at(x, y float64) orb.Point { return orb.Point{origin[0] + x, origin[1] + y} }

// box is an upright rectangle as a member.
func box(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)}}}
}

func shape(points ...float64) orb.MultiPolygon {
	var r orb.Ring
	for i := 0; i < len(points); i += 2 {
		r = append(r, at(points[i], points[i+1]))
	}
	return orb.MultiPolygon{{append(r, r[0])}}
}

func TestCheckCoverageFindsFlaws(t *testing.T) {
	type counts struct{ Overlaps, Gaps, Mismatches, Splits, Slivers int }
	for _, c := range []struct {
		name              string
		members           []orb.MultiPolygon
		want              counts
		overlapped, empty float64 // m²
	}{
		{"nothing", nil, counts{}, 0, 0},
		{"one", []orb.MultiPolygon{box(0, 0, 10, 10)}, counts{}, 0, 0},
		{"members without parts", []orb.MultiPolygon{{}, box(0, 0, 10, 10), nil}, counts{}, 0, 0},
		{"two side by side", []orb.MultiPolygon{box(0, 0, 10, 10), box(10, 0, 20, 10)}, counts{}, 0, 0},
		{"two far apart", []orb.MultiPolygon{box(0, 0, 10, 10), box(30, 0, 40, 10)}, counts{}, 0, 0},
		{"touching in a corner", []orb.MultiPolygon{box(0, 0, 10, 10), box(10, 10, 20, 20)}, counts{}, 0, 0},
		{
			"a vertex on one side only",
			[]orb.MultiPolygon{box(0, 0, 10, 10), box(10, 0, 20, 4), box(10, 4, 20, 10)},
			counts{Splits: 1},
			0, 0,
		},
		{
			"overlap",
			[]orb.MultiPolygon{box(0, 0, 20, 20), box(15, 0, 40, 20)},
			counts{Overlaps: 1, Splits: 4},
			100, 0,
		},
		{
			"overlap that is a sliver",
			[]orb.MultiPolygon{box(0, 0, 20, 20), box(19.5, 0, 40, 20)},
			counts{Overlaps: 1, Splits: 4, Slivers: 1},
			10, 0,
		},
		{"the same twice", []orb.MultiPolygon{box(0, 0, 20, 20), box(0, 0, 20, 20)}, counts{Overlaps: 1}, 400, 0},
		{
			"the same three times",
			[]orb.MultiPolygon{box(0, 0, 20, 20), box(0, 0, 20, 20), box(0, 0, 20, 20)},
			counts{Overlaps: 3},
			1200, 0,
		},
		{
			"one within another",
			[]orb.MultiPolygon{box(0, 0, 30, 30), box(10, 10, 20, 20)},
			counts{Overlaps: 1},
			100, 0,
		},
		{"crossing", []orb.MultiPolygon{box(0, 10, 30, 20), box(10, 0, 20, 30)}, counts{Overlaps: 1}, 100, 0},
		{"open at the end is no gap", []orb.MultiPolygon{box(0, 0, 10, 10), box(12, 0, 20, 10)}, counts{}, 0, 0},
		{"gap", frame(30), counts{Gaps: 1, Splits: 4}, 0, 900},
		{"gap with an island", append(frame(30), box(5, 5, 15, 15)), counts{Gaps: 1, Splits: 4}, 0, 800},
		{"gap that is filled", append(frame(30), box(0, 0, 30, 30)), counts{Splits: 4}, 0, 0},
		{
			"hole of a member",
			[]orb.MultiPolygon{{append(box(0, 0, 30, 30)[0], box(10, 10, 20, 20)[0]...)}},
			counts{Gaps: 1},
			0, 100,
		},
		{"hole that is filled", []orb.MultiPolygon{
			{append(box(0, 0, 30, 30)[0], box(10, 10, 20, 20)[0]...)}, box(10, 10, 20, 20),
		}, counts{}, 0, 0},
		{
			"a border drawn twice that crosses itself, equal areas left and right",
			[]orb.MultiPolygon{
				shape(0, 0, 50, 0, 48, 25, 52, 75, 50, 100, 0, 100),
				shape(50, 0, 100, 0, 100, 100, 50, 100, 48, 75, 52, 25),
			},
			counts{Overlaps: 1, Gaps: 1},
			0, 0,
		},
		{
			"a corner that misses by 5 cm",
			[]orb.MultiPolygon{box(0, 0, 10, 10), shape(10.05, 0, 20, 0, 20, 10, 10, 10)},
			counts{Mismatches: 2},
			0, 0,
		},
		{
			"rounding",
			[]orb.MultiPolygon{box(0, 0, 10, 10), shape(10, 0, 20, 0, 20, 10, 10, 10, 10.0004, 5)},
			counts{Splits: 1},
			0, 0,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := check(t, c.members, topo.CoverageOptions{})
			slivers := got.OverlapTotal.Slivers + got.GapTotal.Slivers
			have := counts{got.OverlapTotal.Count, got.GapTotal.Count, got.MismatchCount, got.Splits, slivers}
			if c.name[0] == 'a' && c.overlapped == 0 && c.want.Overlaps == 1 { // the crossing border: as large here as there
				have.Slivers = 0
				if math.Abs(float64(got.OverlapTotal.Area-got.GapTotal.Area)) > 1e-3 || got.GapTotal.Area < 30 {
					t.Errorf("areas %v and %v", got.OverlapTotal.Area, got.GapTotal.Area)
				}
			} else if math.Abs(float64(got.OverlapTotal.Area)-c.overlapped) > 1e-2 ||
				math.Abs(float64(got.GapTotal.Area)-c.empty) > 1e-2 {
				t.Errorf("areas %v and %v, want %v and %v", got.OverlapTotal.Area, got.GapTotal.Area, c.overlapped, c.empty)
			}
			if have != c.want {
				t.Errorf("got %+v, want %+v\n%+v", have, c.want, got)
			}
		})
	}
}

// frame is four members around a square of that side.
func frame(side float64) []orb.MultiPolygon {
	return []orb.MultiPolygon{
		box(-10, -10, side+10, 0), box(-10, side, side+10, side+10), box(-10, 0, 0, side), box(side, 0, side+10, side),
	}
}

// check is CheckCoverage, and the same in another order of members and rings.
// wantSameInDegrees asks about the members in degrees, and in the plane where those lie.
func wantSameInDegrees(t *testing.T, members []orb.MultiPolygon, o topo.CoverageOptions) {
	t.Helper()
	degrees, plane := make([]orb.MultiPolygon, len(members)), make([]orb.MultiPolygon, len(members))
	for i, m := range members {
		if m != nil {
			degrees[i] = ellipsoid.GeometryFromPlane(m).(orb.MultiPolygon)
			plane[i] = ellipsoid.MultiPolygonToPlane(degrees[i])
		}
	}
	want, wantErr := topo.CheckCoverage(plane, o)
	o.Degrees = true
	got, err := topo.CheckCoverage(degrees, o)
	if (err == nil) != (wantErr == nil) || !reflect.DeepEqual(got, want) {
		t.Errorf("in degrees %+v, %v; in the plane %+v, %v", got, err, want, wantErr)
	}
}

func check(t *testing.T, members []orb.MultiPolygon, o topo.CoverageOptions) topo.Coverage {
	t.Helper()
	got, err := topo.CheckCoverage(members, o)
	if err != nil {
		t.Fatal(err)
	}
	again, err := topo.CheckCoverage(members, o)
	if err != nil || !reflect.DeepEqual(got, again) {
		t.Fatalf("once more: %v, %+v, was %+v", err, again, got)
	}
	wantSameInDegrees(t, members, o)
	var backwards []orb.MultiPolygon
	for _, m := range members {
		m = m.Clone()
		for _, p := range m {
			for _, r := range p {
				r.Reverse()
			}
		}
		backwards = append(backwards, m)
	}
	slices.Reverse(backwards)
	other, err := topo.CheckCoverage(backwards, o)
	if err != nil || other.Loose != got.Loose || other.Splits != got.Splits || other.MismatchCount != got.MismatchCount ||
		other.OverlapTotal.Count != got.OverlapTotal.Count || other.GapTotal.Count != got.GapTotal.Count {
		t.Fatalf("in another order: %v, %+v, was %+v", err, other, got)
	}
	return got
}

func TestCheckCoverageSaysWhoAndHowWide(t *testing.T) {
	members := []orb.MultiPolygon{box(0, 0, 10, 300), box(50, 0, 60, 10), box(9.5, 0, 20, 300)}
	got := check(t, members, topo.CoverageOptions{})
	if len(got.Overlaps) != 1 {
		t.Fatalf("got %+v", got)
	}
	o := got.Overlaps[0]
	width := 2 * 150 / (2 * 300.5)
	if o.A != 0 || o.B != 2 || !o.Sliver ||
		math.Abs(float64(o.Area)-150) > 1e-3 || math.Abs(float64(o.Width)-width) > 0.005*width {
		t.Errorf("got %+v", o)
	}
	if b := o.Outline.Bound(); math.Abs(b.Min[0]-origin[0]-9.5) > 1e-3 || math.Abs(b.Max[0]-origin[0]-10) > 1e-3 {
		t.Errorf("outline %v", o.Outline)
	}
	wide := check(t, members, topo.CoverageOptions{SliverArea: 100})
	if wide.Overlaps[0].Sliver || wide.OverlapTotal.Slivers != 0 {
		t.Error("150 m² is taken for a sliver below 100 m²")
	}
	if none := check(t, members, topo.CoverageOptions{Tolerance: 0.6}); none.OverlapTotal.Count != 0 {
		t.Errorf("half a metre is reported at a tolerance of 0.6 m: %+v", none)
	}
}

// Far from the equator the legal plane is wide and flat; widths must be the true ones all the same.
func TestCheckCoverageMeasuresTrueWidths(t *testing.T) {
	north := ellipsoid.ToPlane(orb.Point{124, 50})
	k := math.Cos(50*math.Pi/180) / math.Cos(30*math.Pi/180)
	strip := func(w, h float64) []orb.MultiPolygon { // in true metres
		rect := func(x0, y0, x1, y1 float64) orb.MultiPolygon {
			m := box(x0/k, y0*k, x1/k, y1*k)
			for i, v := range m[0][0] {
				m[0][0][i] = orb.Point{v[0] - origin[0] + north[0], v[1] - origin[1] + north[1]}
			}
			return m
		}
		return []orb.MultiPolygon{rect(0, 0, w, h), rect(0, 0, w, h)}
	}
	for name, members := range map[string][]orb.MultiPolygon{"north": strip(1, 2000), "east": strip(2000, 1)} {
		got := check(t, members, topo.CoverageOptions{})
		if len(got.Overlaps) != 1 || math.Abs(float64(got.Overlaps[0].Width)-1) > 0.01 {
			t.Errorf("a strip of 1 m to the %s: %+v", name, got.Overlaps)
		}
	}
}

func TestCheckCoverageListsTheLargest(t *testing.T) {
	var members []orb.MultiPolygon
	for i := range 300 {
		x := float64(i) * 100
		members = append(members, box(x, 0, x+20, 20), box(x+20-float64(i%30+1)/2, 0, x+50, 20))
	}
	got := check(t, members, topo.CoverageOptions{Limit: 3})
	if got.OverlapTotal.Count != 300 || math.Abs(float64(got.OverlapTotal.Area)-10*20*30*31/2/2) > 0.5 {
		t.Errorf("total %+v", got.OverlapTotal)
	}
	if len(got.Overlaps) != 3 || got.Overlaps[0].A != 58 || got.Overlaps[1].A != 118 || got.Overlaps[2].Area < 299.9 {
		t.Errorf("listed %+v", got.Overlaps)
	}
}

func TestCheckCoverageRefusesInvalidMembers(t *testing.T) {
	bad := shape(0, 0, 4, 4, 4, 0, 0, 4)
	_, err := topo.CheckCoverage([]orb.MultiPolygon{box(0, 0, 1, 1), bad}, topo.CoverageOptions{})
	var invalid *topo.InvalidError
	if !errors.As(err, &invalid) || invalid.Violation.Rule != topo.SelfIntersection {
		t.Errorf("got %v", err)
	}
}

// A layer of cells with crooked shared borders has no flaw; with some cells moved, overlaps and gaps must be those
// that every pair, asked for itself, and the union of all have.
func TestCheckCoverageAgreesWithPairsAndUnion(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(7, seed))
		members := cells(9, 4)
		sound := check(t, members, topo.CoverageOptions{})
		if want := (topo.Coverage{Loose: 9 * 4 * 5}); !reflect.DeepEqual(sound, want) {
			t.Fatalf("sound cells: %+v", sound)
		}
		for range 6 {
			m := members[r.IntN(len(members))]
			dx, dy := 40*r.Float64()-20, 40*r.Float64()-20
			for i, v := range m[0][0] {
				m[0][0][i] = orb.Point{v[0] + dx, v[1] + dy}
			}
		}
		members = append(members, members[r.IntN(len(members))].Clone())
		got := check(t, members, topo.CoverageOptions{})
		overlapped, covered := 0.0, 0.0
		for i, a := range members {
			covered += float64(overlay.AreaOf(a))
			for _, b := range members[:i] {
				overlapped += float64(overlay.Area(a, b))
			}
		}
		if d := math.Abs(float64(got.OverlapTotal.Area) - overlapped); d > 0.1 || overlapped < 1 {
			t.Errorf("seed %d: overlaps of %v m², the pairs say %v", seed, got.OverlapTotal.Area, overlapped)
		}
		holes := enclosed(t, members)
		if d := math.Abs(float64(got.GapTotal.Area) - holes); d > 0.1 {
			t.Errorf("seed %d: gaps of %v m², the union says %v", seed, got.GapTotal.Area, holes)
		}
	}
}

// Two sound layers on one another: inside, all edges cancel, and the pairs are found by going on from those outside.
func TestCheckCoverageFindsOverlapsFarFromLooseEdges(t *testing.T) {
	var members []orb.MultiPolygon
	for i := range 144 {
		x, y := float64(i%12)*10, float64(i/12)*10
		members = append(members, box(x, y, x+10, y+10), box(x+5, y+5, x+15, y+15))
	}
	got := check(t, members, topo.CoverageOptions{})
	if got.Loose != 96 || got.OverlapTotal.Count != 23*23 || math.Abs(float64(got.OverlapTotal.Area)-115*115) > 0.01 {
		t.Errorf("%d loose edges, %+v", got.Loose, got.OverlapTotal)
	}
}

// enclosed is the area of the holes of the union of all members, without what lies in them.
func enclosed(t *testing.T, members []orb.MultiPolygon) float64 {
	t.Helper()
	union, err := overlay.Dissolve(members)
	if err != nil {
		t.Fatal(err)
	}
	var holes orb.MultiPolygon
	for _, p := range union {
		for _, hole := range p[1:] {
			holes = append(holes, orb.Polygon{hole})
		}
	}
	sum := 0.0
	for _, hole := range holes {
		whole := orb.MultiPolygon{hole}
		sum += float64(overlay.AreaOf(whole)) - float64(overlay.Area(whole, union))
	}
	return sum
}

// On a small grid borders cross in equal lobes, touch in points and lie on one another.
func TestCheckCoverageOfTrianglesOnAGrid(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 100))
	overlaps, gaps := 0, 0
	for n := range 1500 {
		var members []orb.MultiPolygon
		for len(members) < 3+r.IntN(9) {
			m := orb.MultiPolygon{{randomRing(r, 3+r.IntN(2), 7)}}
			for i, v := range m[0][0] {
				m[0][0][i] = at(10*v[0], 10*v[1])
			}
			if topo.Check(m) == nil {
				members = append(members, m)
			}
		}
		got := check(t, members, topo.CoverageOptions{})
		want := 0.0
		for i, a := range members {
			for _, b := range members[:i] {
				want += float64(overlay.Area(a, b))
			}
		}
		if d := math.Abs(float64(got.OverlapTotal.Area) - want); d > 0.1 {
			t.Fatalf("case %d: overlaps of %v m², the pairs say %v: %v", n, got.OverlapTotal.Area, want, members)
		}
		if want := enclosed(t, members); math.Abs(float64(got.GapTotal.Area)-want) > 0.1 {
			t.Fatalf("case %d: gaps of %v m², the union says %v: %v", n, got.GapTotal.Area, want, members)
		}
		overlaps, gaps = overlaps+got.OverlapTotal.Count, gaps+got.GapTotal.Count
	}
	if overlaps < 5000 || gaps < 300 {
		t.Errorf("only %d overlaps and %d gaps", overlaps, gaps)
	}
}

// A member with thousands of vertices is laid out once; the answers must be those of the pairs.
func TestCheckCoverageOfOneLargeMember(t *testing.T) {
	lake := orb.MultiPolygon{{star(rand.New(rand.NewPCG(7, 99)), at(500, 500), 500, 5000)}}
	members, want := []orb.MultiPolygon{lake}, 0.0
	for i := range 100 {
		x, y := float64(i%10)*100, float64(i/10)*100
		members = append(members, box(x, y, x+60, y+60))
		want += float64(overlay.Area(lake, members[i+1]))
	}
	got := check(t, members, topo.CoverageOptions{})
	if math.Abs(float64(got.OverlapTotal.Area)-want) > 1 || got.OverlapTotal.Count < 60 {
		t.Errorf("overlaps of %v m², the pairs say %v", got.OverlapTotal, want)
	}
}

// cells is a square of n × n members of a hectare, whose borders have that many vertices between the corners.
func cells(n, between int) []orb.MultiPolygon {
	step, k := 100.0, between+1
	shake := func(i, j, axis int) float64 {
		x := uint64(i)<<33 ^ uint64(j)<<2 ^ uint64(axis)
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		return float64(x>>40)/(1<<24)*6 - 3
	}
	corner := func(i, j int) orb.Point { // in steps between vertices
		x, y := float64(i)*step/float64(k), float64(j)*step/float64(k)
		return at(x+shake(i, j, 0), y+shake(i, j, 1))
	}
	members := make([]orb.MultiPolygon, 0, n*n)
	for row := range n {
		for col := range n {
			r := make(orb.Ring, 0, 4*k+1)
			for s := range k {
				r = append(r, corner(col*k+s, row*k))
			}
			for s := range k {
				r = append(r, corner(col*k+k, row*k+s))
			}
			for s := range k {
				r = append(r, corner(col*k+k-s, row*k+k))
			}
			for s := range k {
				r = append(r, corner(col*k, row*k+k-s))
			}
			members = append(members, orb.MultiPolygon{{append(r, r[0])}})
		}
	}
	return members
}

// A sound coverage of 10,000 members and 240,000 vertices; a hundred of them overlap in the second.
func BenchmarkCheckCoverage(b *testing.B) {
	sound, flawed := cells(100, 5), cells(100, 5)
	for i := 50; i < len(flawed); i += 100 {
		for k, v := range flawed[i][0][0] {
			flawed[i][0][0][k] = orb.Point{v[0] + 3, v[1] + 2}
		}
	}
	for name, members := range map[string][]orb.MultiPolygon{"sound": sound, "flawed": flawed} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				got, err := topo.CheckCoverage(members, topo.CoverageOptions{})
				if err != nil || (got.OverlapTotal.Count > 0) != (name == "flawed") {
					b.Fatal(err, got.OverlapTotal)
				}
			}
		})
	}
}
