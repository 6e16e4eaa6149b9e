package overlay_test

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/peterstace/simplefeatures/geom"
)

// ringsToo is what g covers, closed lines taken as the rings that they are.
func ringsToo(g geom.Geometry) orb.MultiPolygon {
	if g.Type() != geom.TypeLineString {
		return region(g)
	}
	var ring orb.Ring
	seq := g.MustAsLineString().Coordinates()
	for i := range seq.Length() {
		xy := seq.GetXY(i)
		ring = append(ring, orb.Point{xy.X, xy.Y})
	}
	if len(ring) < 4 {
		return nil
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

// checkWithItself overlays a region with itself and with a copy moved by a thousandth of its size: borders that
// coincide everywhere, and borders that cross everywhere.
func checkWithItself(t *testing.T, mp orb.MultiPolygon) error {
	t.Helper()
	magnifierOf(mp).put(mp)
	once := cleaned(t, mp, overlay.NonZero)
	checkOGC(t, once)
	o := outlines(t, mp, mp)
	for name, out := range map[string]orb.MultiPolygon{"intersection": o.i, "union": o.u} {
		checkOGC(t, out)
		if err := difference(out, once, grid); err != nil {
			return fmt.Errorf("%s with itself: %w", name, err)
		}
	}
	if len(o.d) > 0 || len(o.x) > 0 {
		return fmt.Errorf("itself without itself leaves %v and %v", o.d, o.x)
	}
	for form, got := range areas(once, once) {
		if d := math.Abs(float64(got - overlay.AreaOf(once))); !(d <= relative*float64(overlay.AreaOf(once))) {
			return fmt.Errorf("%s with itself: %v m² of %v m²", form, got, overlay.AreaOf(once))
		}
	}
	return checkPair(t, mp, shifted(mp, magnifiedExtent/1000, magnifiedExtent/3000), overlay.NonZero)
}

// Large regions that slowed down or broke other engines.
func TestPerformanceCorpus(t *testing.T) {
	var files []string
	for _, glob := range []string{"overlay-perf-wkt/*.wkt", "overlay-perf-wkt/*/*.wkt", "wkt-corpus/geos/testdata/*.wkt"} {
		found, _ := filepath.Glob(filepath.Join("../../../shared/data", glob))
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Skip("shared/data/overlay-perf-wkt is not beside the project")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		g, err := geom.UnmarshalWKT(string(text), geom.NoValidate{})
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if mp := ringsToo(g); mp != nil && !(raced && vertices(mp) > 5000) {
			expect(t, filepath.Base(file), func(t *testing.T) error { return checkWithItself(t, mp) })
		}
	}
}

// The pair of the corpus that another engine cut wrongly, and two suburbs that share a border.
func TestCorpusPairs(t *testing.T) {
	for _, pair := range [][2]string{
		{"overlay-perf-wkt/issue-894/inpa.wkt", "overlay-perf-wkt/issue-894/inpb.wkt"},
		{"overlay-perf-wkt/issue-894/inpa.wkt", "overlay-perf-wkt/issue-894/inpc.wkt"},
		{"overlay-perf-wkt/nl_zones.wkt", "overlay-perf-wkt/nl_plots.wkt"},
		{
			"wkt-corpus/geos/testdata/coverage_simplify_input_balmain.wkt",
			"wkt-corpus/geos/testdata/coverage_simplify_input_birchgrove.wkt",
		},
	} {
		var in [2]orb.MultiPolygon
		for i, name := range pair {
			text, err := os.ReadFile(filepath.Join("../../../shared/data", name))
			if err != nil {
				t.Skip("shared/data is not beside the project")
			}
			in[i] = wkt(t, string(text))
		}
		magnifierOf(in[:]...).put(in[:]...)
		expect(t, filepath.Base(pair[0])+" "+filepath.Base(pair[1]), func(t *testing.T) error {
			return checkPair(t, in[0], in[1], overlay.NonZero)
		})
	}
}

// Every region among the strings that the other engine's authors tried on theirs, each with the one before it.
func TestCorpusOfStrings(t *testing.T) {
	f, err := os.Open("../../../shared/data/wkt-corpus/internal/cmprefimpl/testdata/strings.txt")
	if err != nil {
		t.Skip("shared/data/wkt-corpus is not beside the project")
	}
	defer f.Close()
	compared, last := 0, orb.MultiPolygon{box(0, 0, 3, 3)}
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		g, err := geom.UnmarshalWKT(s.Text(), geom.NoValidate{})
		if err != nil || region(g) == nil {
			continue
		}
		mp := region(g)
		if slices.ContainsFunc(mp, func(p orb.Polygon) bool { return len(p[0]) == 0 }) {
			continue // a hole in nothing
		}
		if b := mp.Bound(); math.IsNaN(b.Max[0]+b.Max[1]) || math.IsInf(b.Max[0]-b.Min[0]+b.Max[1]-b.Min[1], 0) {
			continue
		}
		compared++
		expect(t, fmt.Sprint(compared), func(t *testing.T) error {
			a, b := mp.Clone(), last.Clone()
			magnifierOf(a, b).put(a, b)
			if err := checkPair(t, a, b, overlay.EvenOdd); err != nil {
				return fmt.Errorf("%w\n%s\n%s", err, g.AsText(), simple(last).AsText())
			}
			return nil
		})
		last = mp
	}
	if s.Err() != nil || compared < 400 {
		t.Errorf("%d regions, %v", compared, s.Err())
	}
}

// The coasts of the world at 1:50 million.
func TestNaturalEarthCorpus(t *testing.T) {
	if raced {
		t.Skip("runs without the race detector")
	}
	const dir = "../../../shared/data/wkt-corpus/internal/cartodemo/testdata"
	for _, name := range []string{"ne_50m_land", "ne_50m_lakes"} {
		f, err := os.Open(filepath.Join(dir, name+".geojson.gz"))
		if err != nil {
			t.Skip("shared/data/wkt-corpus is not beside the project")
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		fc, err := geojson.UnmarshalFeatureCollection(data)
		if err != nil {
			t.Fatal(err)
		}
		var all orb.MultiPolygon
		for _, feature := range fc.Features {
			mp, _ := regions(feature.Geometry)
			all = append(all, mp...)
		}
		expect(t, strings.TrimPrefix(name, "ne_50m_"), func(t *testing.T) error { return checkWithItself(t, all) })
	}
}
