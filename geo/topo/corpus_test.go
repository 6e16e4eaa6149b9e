package topo_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/internal/jtsxml"
	"greenshield/geo/topo"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/peterstace/simplefeatures/geom"
)

// corpus reads the geometries of the files that match a pattern below shared/data: a geometry to a file, or to a line.
func corpus(t *testing.T, pattern string, byLine bool) map[string]geom.Geometry {
	t.Helper()
	files, _ := filepath.Glob("../../../shared/data/" + pattern)
	if len(files) == 0 {
		t.Skipf("shared/data/%s is not beside the project", pattern)
	}
	found := make(map[string]geom.Geometry)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts := [][]byte{data}
		if byLine {
			texts = bytes.Split(data, []byte("\n"))
		}
		for _, text := range texts {
			g, ok := anyForm(strings.TrimSpace(string(text)))
			switch {
			case ok && byLine:
				found[string(text)] = g
			case ok:
				found[filepath.Base(file)] = g
			case !byLine:
				t.Errorf("%s: no geometry", file)
			}
		}
	}
	return found
}

// anyForm reads well-known text, hexadecimal well-known binary or GeoJSON, without asking whether it is valid.
func anyForm(text string) (geom.Geometry, bool) {
	if g, err := geom.UnmarshalWKT(text, geom.NoValidate{}); err == nil {
		return g.Force2D(), true
	}
	if b, err := hex.DecodeString(text); err == nil && len(b) > 0 {
		if g, err := geom.UnmarshalWKB(b, geom.NoValidate{}); err == nil {
			return g.Force2D(), true
		}
	}
	if g, err := geom.UnmarshalGeoJSON([]byte(text), geom.NoValidate{}); err == nil {
		return g.Force2D(), true
	}
	return geom.Geometry{}, false
}

// toOrb brings a geometry over; a closed line, which is how some files write a polygon, becomes a ring.
func toOrb(g geom.Geometry) (orb.Geometry, error) {
	o, err := wkb.Unmarshal(g.AsBinary())
	if l, ok := o.(orb.LineString); ok && len(l) > 3 && l[0] == l[len(l)-1] {
		return orb.Ring(l), err
	}
	return o, err
}

// otherwiseValid lists what simplefeatures judges otherwise than Check, and why.
func otherwiseValid(text string) string {
	if strings.Contains(text, "EMPTY") || strings.Contains(text, "[]") {
		return "what is empty is refused here"
	}
	return ""
}

func TestCheckAgreesWithSimpleFeaturesOnItsCorpus(t *testing.T) {
	all := corpus(t, "wkt-corpus/internal/cmprefimpl/testdata/strings.txt", true)
	valid, invalid, unread := 0, 0, 0
	for text, g := range all {
		o, err := toOrb(g)
		if err != nil || g.IsEmpty() {
			unread++
			continue
		}
		if r, ok := o.(orb.Ring); ok && g.Type() == geom.TypeLineString {
			o = orb.LineString(r) // the corpus means lines
		}
		err = g.Validate()
		found := topo.Check(o)
		if (err == nil) != (len(found) == 0) && otherwiseValid(text) == "" {
			t.Errorf("%s: found %v, the other engine says %v", text, found, err)
		}
		if err == nil {
			valid++
		} else {
			invalid++
		}
		repairAny(t, text, o)
	}
	if valid < 1000 || invalid < 50 || unread > 200 {
		t.Errorf("saw %d valid, %d invalid and %d unreadable geometries", valid, invalid, unread)
	}
}

func TestCheckAgreesWithSimpleFeaturesOnMaps(t *testing.T) {
	patterns := []string{"overlay-perf-wkt/*.wkt", "overlay-perf-wkt/*/*.wkt", "wkt-corpus/geos/testdata/*.wkt"}
	for _, pattern := range patterns {
		for name, g := range corpus(t, pattern, false) {
			o, err := toOrb(g)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if r, ok := o.(orb.Ring); ok {
				g = toSimple(orb.Polygon{r}).AsGeometry()
			}
			if err, found := g.Validate(), topo.Check(o); (err == nil) != (len(found) == 0) {
				t.Errorf("%s: found %v, the other engine says %v", name, found, err)
			}
			repairAny(t, name, o)
		}
	}
}

// repairAny repairs a geometry in both modes, brought into the range of degrees. The result must be valid to both
// engines, and an error must be one of the three that are promised.
func repairAny(t *testing.T, name string, g orb.Geometry) {
	t.Helper()
	var mp orb.MultiPolygon
	switch g := g.(type) {
	case orb.Ring:
		mp = orb.MultiPolygon{{g}}
	case orb.Polygon:
		mp = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		mp = g
	default:
		return
	}
	if b := mp.Bound(); !b.IsEmpty() {
		mp = enlarged(mp, 50/max(50, b.Max[0], b.Max[1], -b.Min[0], -b.Min[1]))
	}
	for _, mode := range []topo.Mode{topo.Lossless, topo.BestEffort} {
		got, err := topo.RepairWith(mp, topo.RepairOptions{Mode: mode})
		if err == nil {
			checkRepaired(t, got.Geometry)
			continue
		}
		code := geo.CodeOf(err)
		if code != "ingest.geometry.ambiguous" && code != "ingest.geometry.no-area" {
			t.Errorf("%s: %v", name, err)
		}
		if mode == topo.BestEffort && code == "ingest.geometry.ambiguous" && len(topo.Check(mp)) > 0 &&
			topo.Check(mp)[0].Rule != topo.InvalidCoordinate {
			t.Errorf("%s: best effort failed: %v", name, err)
		}
	}
}

// The best effort makes something valid of every invalid polygon of the JTS suites, or says that nothing is left.
func TestBestEffortMendsTheCasesOfJTS(t *testing.T) {
	seen := make(map[string]bool)
	eachJTS(t, func(t *testing.T, id string, _ *jtsxml.Run, c *jtsxml.Case, op *jtsxml.Op) {
		if seen[id] || op.Name != "isValid" {
			return
		}
		seen[id] = true
		g, err := c.A.Orb()
		if err != nil {
			t.Fatal(err)
		}
		repairAny(t, id, g)
	})
}
