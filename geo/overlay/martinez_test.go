package overlay_test

import (
	"os"
	"path/filepath"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// magnified brings a case, drawn in units, degrees or more, to a size at which the grid does not show.
func magnified(fc *geojson.FeatureCollection) []orb.MultiPolygon {
	b := fc.Features[0].Geometry.Bound()
	for _, f := range fc.Features {
		b = b.Union(f.Geometry.Bound())
	}
	by := 1e5 / max(b.Right()-b.Left(), b.Top()-b.Bottom())
	var out []orb.MultiPolygon
	for _, f := range fc.Features {
		var mp orb.MultiPolygon
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			mp = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			mp = g
		}
		for _, p := range mp {
			for _, r := range p {
				for i := range r {
					r[i] = orb.Point{(r[i][0] - b.Left()) * by, (r[i][1] - b.Bottom()) * by}
				}
			}
		}
		out = append(out, mp)
	}
	return out
}

func clean(t *testing.T, mp orb.MultiPolygon) orb.MultiPolygon {
	t.Helper()
	out, err := overlay.Clean(mp, overlay.EvenOdd) // the rule that the cases were made with
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The generic cases of the martinez clipping library: every file holds two inputs and the results to be expected.
func TestOutlineOfMartinezCases(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/data/overlay-martinez/genericTestCases/*.geojson")
	if len(files) == 0 {
		t.Skip("shared/data/overlay-martinez is not beside the project")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { checkMartinezCase(t, file) })
	}
}

func checkMartinezCase(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	features, err := geojson.UnmarshalFeatureCollection(data)
	if err != nil {
		t.Fatal(err)
	}
	shapes := magnified(features)
	a, b := clean(t, shapes[0]), clean(t, shapes[1])
	for i, f := range features.Features {
		if i < 2 || f.Properties["comment"] != nil {
			continue // an input, or a result that the file itself calls wrong or dubious
		}
		first, second, op := a, b, overlay.Intersection
		switch name := f.Properties.MustString("operation"); name {
		case "intersection":
		case "union":
			op = overlay.Union
		case "xor":
			op = overlay.SymmetricDifference
		case "diff":
			op = overlay.Difference
		case "diff_ba":
			first, second, op = b, a, overlay.Difference
		default:
			t.Fatalf("unknown operation %q", name)
		}
		out := must(t, first, second, op)
		want := clean(t, shapes[i])
		if err := overlay.Agree(overlay.AreaOf(want), out, a, b); err != nil {
			t.Errorf("operation %d: %v", op, err)
		}
	}
}
