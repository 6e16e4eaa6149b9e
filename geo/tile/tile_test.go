package tile_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"greenshield/geo/tile"
)

// decode reads a tile with orb's decoder, which is not ours.
func decode(t *testing.T, raw []byte) *mvt.Layer {
	t.Helper()
	ls, err := mvt.Unmarshal(raw)
	if err != nil {
		t.Fatal("orb cannot read the tile: ", err)
	}
	if len(ls) != 1 {
		t.Fatalf("%d layers, want 1", len(ls))
	}
	return ls[0]
}

func encode(a tile.Address, step int, g orb.Geometry) []byte {
	e := tile.NewEncoder("test", a, step)
	e.Add(7, tile.Project(g), []tile.Tag{
		{Key: "name", Value: "云江"},
		{Key: "zone", Value: int64(-3)},
		{Key: "area", Value: 1.5},
		{Key: "core", Value: true},
	})
	return e.Bytes()
}

func TestBoundAgreesWithMaptile(t *testing.T) {
	for _, a := range []tile.Address{{Z: 0}, {Z: 8, X: 205, Y: 111}, {Z: 14, X: 13190, Y: 7110}} {
		want := maptile.New(a.X, a.Y, maptile.Zoom(a.Z)).Bound(float64(tile.Buffer) / tile.Extent)
		got := a.Bound()
		const tolerance = 1e-9 // degrees
		for k := range 2 {
			if a.Z > 0 && (math.Abs(got.Min[k]-want.Min[k]) > tolerance || math.Abs(got.Max[k]-want.Max[k]) > tolerance) {
				t.Errorf("%v: got %v, want %v", a, got, want)
			}
		}
	}
}

func TestTagsAndTypesSurvive(t *testing.T) {
	a := tile.Address{Z: 10, X: 824, Y: 444}
	mid := a.Bound().Center()
	for name, g := range map[string]orb.Geometry{
		"point":   mid,
		"line":    orb.LineString{mid, {mid[0] + 0.01, mid[1] + 0.01}},
		"polygon": square(mid, 0.01),
		"two parts": orb.MultiPolygon{
			square(mid, 0.01), square(orb.Point{mid[0] + 0.05, mid[1]}, 0.01),
		},
	} {
		l := decode(t, encode(a, 1, g))
		if l.Version != 2 || l.Extent != tile.Extent || len(l.Features) != 1 {
			t.Fatalf("%s: version %d, extent %d, %d features", name, l.Version, l.Extent, len(l.Features))
		}
		f := l.Features[0]
		if f.ID != float64(7) || f.Properties["name"] != "云江" || f.Properties["zone"] != float64(-3) ||
			f.Properties["area"] != 1.5 || f.Properties["core"] != true {
			t.Errorf("%s: id %v, tags %v", name, f.ID, f.Properties)
		}
		if f.Geometry.GeoJSONType() != g.GeoJSONType() {
			t.Errorf("%s: became %s", name, f.Geometry.GeoJSONType())
		}
	}
}

func square(at orb.Point, half float64) orb.Polygon {
	return orb.Polygon{{
		{at[0] - half, at[1] - half},
		{at[0] + half, at[1] - half},
		{at[0] + half, at[1] + half},
		{at[0] - half, at[1] + half},
		{at[0] - half, at[1] - half},
	}}
}

// The specification wants shells with a positive surveyor's area in tile coordinates and holes with a negative one,
// whatever the winding of the input.
func TestWinding(t *testing.T) {
	a := tile.Address{Z: 10, X: 824, Y: 444}
	mid := a.Bound().Center()
	shell, hole := square(mid, 0.05)[0], square(mid, 0.02)[0]
	for _, flip := range []bool{false, true} {
		p := orb.Polygon{shell.Clone(), hole.Clone()}
		if flip {
			p[0].Reverse()
			p[1].Reverse()
		}
		got := decode(t, encode(a, 1, p)).Features[0].Geometry.(orb.Polygon)
		if len(got) != 2 {
			t.Fatalf("%d rings, want 2", len(got))
		}
		if s, h := surveyor(got[0]), surveyor(got[1]); s <= 0 || h >= 0 {
			t.Errorf("reversed=%v: shell %v, hole %v", flip, s, h)
		}
	}
}

func surveyor(r orb.Ring) float64 {
	sum := 0.0
	for k := 0; k+1 < len(r); k++ {
		sum += r[k][0]*r[k+1][1] - r[k+1][0]*r[k][1]
	}
	return sum / 2
}

func TestClipping(t *testing.T) {
	a := tile.Address{Z: 12, X: 3297, Y: 1777}
	b := a.Bound()
	wide := orb.Polygon{{
		{b.Min[0] - 1, b.Min[1] - 1},
		{b.Max[0] + 1, b.Min[1] - 1},
		{b.Max[0] + 1, b.Max[1] + 1},
		{b.Min[0] - 1, b.Max[1] + 1},
		{b.Min[0] - 1, b.Min[1] - 1},
	}}
	got := decode(t, encode(a, 1, wide)).Features[0].Geometry.(orb.Polygon)
	const side = tile.Extent + 2*tile.Buffer
	if surveyor(got[0]) != side*side || len(got[0]) != 5 {
		t.Errorf("a polygon that covers the tile fills %v with %d points, want %v with 5", surveyor(got[0]), len(got[0]), side*side)
	}
	far := square(orb.Point{b.Max[0] + 1, b.Max[1] + 1}, 0.1)
	if raw := encode(a, 1, far); raw != nil {
		t.Errorf("a polygon far away leaves %d bytes", len(raw))
	}
	// A line that leaves and comes back has two pieces.
	mid := b.Center()
	w := b.Max[0] - b.Min[0]
	back := orb.LineString{{mid[0], mid[1]}, {mid[0] + w, mid[1]}, {mid[0] + w, mid[1] + 0.001}, {mid[0], mid[1] + 0.001}}
	if l, ok := decode(t, encode(a, 1, back)).Features[0].Geometry.(orb.MultiLineString); !ok || len(l) != 2 {
		t.Errorf("a line that leaves and comes back gives %v", l)
	}
}

// Neighbours that share a border must share it in the tile at every step, or gaps would show.
func TestSharedBordersStayShared(t *testing.T) {
	a := tile.Address{Z: 9, X: 412, Y: 222}
	mid := a.Bound().Center()
	rng := rand.New(rand.NewPCG(1, 2))
	border := orb.LineString{}
	for k := range 200 {
		border = append(border, orb.Point{mid[0] + (rng.Float64()-0.5)*0.002, mid[1] + float64(k)*0.001})
	}
	left, right := orb.Ring{}, orb.Ring{}
	left = append(left, border...)
	left = append(left, orb.Point{mid[0] - 0.1, mid[1] + 0.2}, orb.Point{mid[0] - 0.1, mid[1]}, border[0])
	for k := len(border) - 1; k >= 0; k-- {
		right = append(right, border[k])
	}
	right = append(right, orb.Point{mid[0] + 0.1, mid[1]}, orb.Point{mid[0] + 0.1, mid[1] + 0.2}, border[len(border)-1])
	for _, step := range []int{1, 4} {
		sum := 0.0
		for _, r := range []orb.Ring{left, right} {
			sum += surveyor(decode(t, encode(a, step, orb.Polygon{r})).Features[0].Geometry.(orb.Polygon)[0])
		}
		whole := orb.Ring{
			{mid[0] - 0.1, mid[1]},
			border[0],
			{mid[0] + 0.1, mid[1]},
			{mid[0] + 0.1, mid[1] + 0.2},
			border[len(border)-1],
			{mid[0] - 0.1, mid[1] + 0.2},
			{mid[0] - 0.1, mid[1]},
		}
		want := surveyor(decode(t, encode(a, step, orb.Polygon{whole})).Features[0].Geometry.(orb.Polygon)[0])
		if sum != want {
			t.Errorf("step %d: halves sum to %v, the whole is %v", step, sum, want)
		}
	}
}

func TestJunkDoesNotPanic(t *testing.T) {
	nan := math.NaN()
	for name, g := range map[string]orb.Geometry{
		"empty polygon":  orb.Polygon{},
		"empty ring":     orb.Polygon{{}},
		"two points":     orb.Polygon{{{109, 23}, {109, 23}}},
		"not a number":   orb.Polygon{{{nan, nan}, {109, 23}, {110, 24}, {nan, nan}}},
		"poles":          orb.Polygon{{{-180, -90}, {180, -90}, {180, 90}, {-180, 90}, {-180, -90}}},
		"empty line":     orb.LineString{},
		"nothing":        nil,
		"collection":     orb.Collection{orb.Point{1, 2}},
		"line at a spot": orb.LineString{{109, 23}, {109, 23}},
	} {
		for _, a := range []tile.Address{{Z: 0}, {Z: 12, X: 3297, Y: 1777}} {
			if raw := encode(a, 1, g); raw != nil {
				if _, err := mvt.Unmarshal(raw); err != nil {
					t.Errorf("%s: unreadable tile: %v", name, err)
				}
			}
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	a := tile.Address{Z: 12, X: 3297, Y: 1777}
	bound := a.Bound()
	rng := rand.New(rand.NewPCG(3, 4))
	var shapes []tile.Projected
	for range 2298 {
		at := orb.Point{
			bound.Min[0] + rng.Float64()*(bound.Max[0]-bound.Min[0]), bound.Min[1] + rng.Float64()*(bound.Max[1]-bound.Min[1]),
		}
		var r orb.Ring
		for k := range 32 {
			angle := float64(k) / 32 * 2 * math.Pi
			d := 0.0008 * (0.7 + 0.6*rng.Float64())
			r = append(r, orb.Point{at[0] + d*math.Cos(angle), at[1] + d*math.Sin(angle)})
		}
		shapes = append(shapes, tile.Project(orb.Polygon{append(r, r[0])}))
	}
	tags := []tile.Tag{{Key: "class", Value: "0101"}}
	b.ReportAllocs()
	for b.Loop() {
		e := tile.NewEncoder("landuse", a, 1)
		for k, s := range shapes {
			e.Add(uint64(k), s, tags)
		}
		e.Bytes()
	}
}
