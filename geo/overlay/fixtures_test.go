package overlay_test

import (
	"errors"
	"fmt"
	"io/fs"
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

// magnifiedExtent is the size in metres to which cases in degrees or drawn units are brought: a billion grid units.
const magnifiedExtent = 1e5

// magnifier brings coordinates in degrees or drawn units to a size at which the grid does not show.
type magnifier struct {
	corner orb.Point
	by     float64
}

func magnifierOf(inputs ...orb.MultiPolygon) magnifier {
	b := slices.Concat(inputs...).Bound()
	return magnifier{b.Min, magnifiedExtent / max(b.Right()-b.Left(), b.Top()-b.Bottom(), 1e-300)}
}

// put moves regions, in place.
func (m magnifier) put(regions ...orb.MultiPolygon) {
	for _, p := range slices.Concat(regions...) {
		for _, r := range p {
			for i := range r {
				r[i] = orb.Point{(r[i][0] - m.corner[0]) * m.by, (r[i][1] - m.corner[1]) * m.by}
			}
		}
	}
}

// features are the regions of a GeoJSON file, one for each feature.
func features(t *testing.T, file string) []orb.MultiPolygon {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fc, err := geojson.UnmarshalFeatureCollection(data)
	if err != nil {
		f, ferr := geojson.UnmarshalFeature(data)
		if ferr != nil {
			t.Fatalf("%s: %v", file, errors.Join(err, ferr))
		}
		fc = &geojson.FeatureCollection{Features: []*geojson.Feature{f}}
	}
	var list []orb.MultiPolygon
	for _, f := range fc.Features {
		mp, _ := regions(f.Geometry)
		list = append(list, mp)
	}
	return list
}

const (
	// fewEdges is the number of edges up to which slabs take no time worth speaking of.
	fewEdges = 250
	// manyEdges is the number of edges above which the other engine takes too long for a test of every day.
	manyEdges = 2000
)

// checkPair checks what must hold of any two regions: valid outlines, identities, and areas by another judge.
func checkPair(t *testing.T, a, b orb.MultiPolygon, fill overlay.Fill) error {
	t.Helper()
	p, q := cleaned(t, a, fill), cleaned(t, b, fill)
	checkOGC(t, p)
	checkOGC(t, q)
	o := outlines(t, p, q)
	for _, mp := range o.all() {
		checkOGC(t, mp)
	}
	if err := o.identities(length(p) + length(q)); err != nil {
		return err
	}
	if err := checkAreas(t, p, q, o.i); err != nil {
		return err
	}
	if n := vertices(a) + vertices(b); n > fewEdges {
		return nil
	}
	want := slabAreas(a, b, fill) // of the regions as they came, not as Clean left them
	for op, out := range []orb.MultiPolygon{o.i, o.u, o.d, o.x} {
		got := float64(overlay.AreaOf(out))
		if !(math.Abs(got-want[op]) <= 2*grid*(length(a)+length(b))) {
			return fmt.Errorf("op %d: outline %v m², slabs %v m²", op, got, want[op])
		}
	}
	return nil
}

// checkAreas compares every form of the area engine with another judge and with the outline of what p and q share.
func checkAreas(t *testing.T, p, q, both orb.MultiPolygon) error {
	t.Helper()
	slack := relative*math.Min(float64(overlay.AreaOf(p)), float64(overlay.AreaOf(q))) + touchTolerance
	want, err := judged(p, q)
	if err != nil {
		t.Logf("no judge but our own outline: %v", err)
		want = float64(overlay.AreaOf(both))
		slack += grid * (length(p) + length(q))
	}
	for form, got := range areas(p, q) {
		if !(math.Abs(float64(got)-want) <= slack) {
			return fmt.Errorf("%s: %v m², want %v m²", form, got, want)
		}
		if err := overlay.Agree(got, both, p, q); err != nil {
			return fmt.Errorf("%s: %w", form, err)
		}
	}
	return nil
}

var errTooLarge = errors.New("too large for the other engine")

// judged is the area of a∩b, for valid regions, by slabs or where those would take long by the other engine.
func judged(a, b orb.MultiPolygon) (float64, error) {
	if vertices(a)+vertices(b) <= fewEdges {
		return slabArea(a, b, overlay.Intersection, overlay.NonZero), nil
	}
	if vertices(a)+vertices(b) > manyEdges {
		return 0, errTooLarge
	}
	other, err := geom.Intersection(simple(a), simple(b))
	return other.Area(), err
}

func vertices(mp orb.MultiPolygon) int {
	n := 0
	for _, p := range mp {
		for _, r := range p {
			n += len(r)
		}
	}
	return n
}

const turfSuites = "../../../shared/data/overlay-turf"

// turfFiles are the inputs of one package of turf, by name.
func turfFiles(t *testing.T, pkg string) []string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(turfSuites, pkg, "test/in/*.geojson"))
	if len(files) == 0 {
		t.Skip("shared/data/overlay-turf is not beside the project")
	}
	return files
}

// turfResults are the expected results for an input: as turf has it, and as the library it used before.
func turfResults(t *testing.T, input string) map[string][]orb.MultiPolygon {
	t.Helper()
	out := map[string][]orb.MultiPolygon{}
	for _, dir := range []string{"out", "out/jsts"} {
		file := filepath.Join(filepath.Dir(filepath.Dir(input)), dir, filepath.Base(input))
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			out[dir] = features(t, file)
		}
	}
	return out
}

// The first feature without the others. The results hold the two inputs too, before or after; no third feature
// means that nothing is left.
func TestTurfDifference(t *testing.T) {
	for _, file := range turfFiles(t, "turf-difference") {
		in := features(t, file)
		m := magnifierOf(in...)
		m.put(in...)
		name := strings.TrimSuffix(filepath.Base(file), ".geojson")
		expect(t, name, func(t *testing.T) error { return checkPair(t, in[0], in[1], overlay.EvenOdd) })
		for dir, list := range turfResults(t, file) {
			m.put(list...)
			var want orb.MultiPolygon
			if len(list) == 3 {
				want = list[map[string]int{"out": 2, "out/jsts": 0}[dir]]
			}
			expect(t, name+" "+dir, func(t *testing.T) error {
				return difference(must(t, in[0], in[1], overlay.Difference), want, jtsWidth*magnifiedExtent)
			})
		}
	}
}

func TestTurfUnion(t *testing.T) {
	for _, file := range turfFiles(t, "turf-union") {
		in := features(t, file)
		if raced && vertices(in[0]) > 20*fewEdges {
			continue
		}
		m := magnifierOf(in...)
		m.put(in...)
		name := strings.TrimSuffix(filepath.Base(file), ".geojson")
		expect(t, name, func(t *testing.T) error { return checkPair(t, in[0], in[1], overlay.EvenOdd) })
		for dir, list := range turfResults(t, file) {
			m.put(list...)
			expect(t, name+" "+dir, func(t *testing.T) error {
				got, err := overlay.Dissolve(in)
				if err != nil {
					return err
				}
				checkOGC(t, got)
				return difference(got, list[0], jtsWidth*magnifiedExtent)
			})
		}
	}
}

const martinezSuites = "../../../shared/data/overlay-martinez"

// Polygons and multipolygons, with and without holes, by a clipping polygon.
func TestMartinezFeatureTypes(t *testing.T) {
	dir := filepath.Join(martinezSuites, "featureTypes")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("shared/data/overlay-martinez is not beside the project")
	}
	for _, name := range []string{"poly", "polyWithHole", "multiPoly", "multiPolyWithHole"} {
		for op, folder := range []string{"intersection", "union", "difference", "xor"} {
			a := features(t, filepath.Join(dir, name+".geojson"))[0]
			b := features(t, filepath.Join(dir, "clippingPoly.geojson"))[0]
			want := features(t, filepath.Join(dir, "out", folder, name+"ToClipping.geojson"))[0]
			magnifierOf(a, b).put(a, b, want)
			expect(t, name+" "+folder, func(t *testing.T) error {
				got := must(t, a, b, overlay.Op(op))
				checkOGC(t, got)
				return difference(got, want, grid)
			})
		}
	}
}

// The fixtures come without results: another judge finds them. One that holds a single feature meets the box that
// the suite has for Asia, or itself a little further on.
func TestMartinezFixtures(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(martinezSuites, "fixtures/*.geojson"))
	if len(files) == 0 {
		t.Skip("shared/data/overlay-martinez is not beside the project")
	}
	for _, file := range files {
		in := features(t, file)
		if raced && vertices(in[0]) > 20*fewEdges {
			continue
		}
		if len(in) == 1 && vertices(in[0]) > fewEdges {
			in = append(in, features(t, filepath.Join(martinezSuites, "fixtures/asia_unionPoly.geojson"))[0])
		}
		magnifierOf(in...).put(in...)
		if len(in) == 1 {
			in = append(in, shifted(in[0], magnifiedExtent/1000, 0))
		}
		expect(t, strings.TrimSuffix(filepath.Base(file), ".geojson"), func(t *testing.T) error {
			return checkPair(t, in[0], in[1], overlay.EvenOdd)
		})
	}
}
