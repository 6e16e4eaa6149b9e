package topo_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"greenshield/geo/internal/jtsxml"
	"greenshield/geo/topo"

	"github.com/paulmach/orb"
)

// predicates are the operations of the JTS suites that a matrix answers.
var predicates = map[string]func(topo.Matrix) bool{
	"contains":   topo.Matrix.Contains,
	"coveredBy":  topo.Matrix.CoveredBy,
	"covers":     topo.Matrix.Covers,
	"crosses":    topo.Matrix.Crosses,
	"disjoint":   topo.Matrix.Disjoint,
	"equalsTopo": topo.Matrix.Equals,
	"intersects": topo.Matrix.Intersects,
	"overlaps":   topo.Matrix.Overlaps,
	"touches":    topo.Matrix.Touches,
	"within":     topo.Matrix.Within,
}

// relatedOtherwise lists the cases of the JTS suites that Relate answers otherwise, and why.
var relatedOtherwise = map[string]string{
	"general/TestRelateLL.xml/LmL - disjoint with interior endpoints. See " +
		"https://github.com/locationtech/jts/issues/1175": "a fault of the engine: far apart, lines have no boundary",
	"validate/TestRelatePL.xml/P/L-2: a point and a zero-length line": "a line of one place is refused",
}

func TestRelateGivesTheAnswersOfJTS(t *testing.T) {
	seen := make(map[string]int)
	eachJTS(t, func(t *testing.T, id string, _ *jtsxml.Run, c *jtsxml.Case, op *jtsxml.Op) {
		ask, known := predicates[op.Name]
		if op.Name == "relate" {
			ask = func(m topo.Matrix) bool { return m.Matches(op.Args[2]) }
		} else if !known {
			return
		}
		seen[op.Name]++
		m, err := topo.Relate(lines(t, c.Argument(op.Args[0])), lines(t, c.Argument(op.Args[1])))
		reason, listed := relatedOtherwise[id]
		agrees := err == nil && fmt.Sprint(ask(m)) == string(op.Expected)
		if agrees == listed {
			t.Errorf("%s (%q): %s%v = %v, %v, want %s", id, reason, op.Name, op.Args, m, err, op.Expected)
		}
	})
	if seen["relate"] != 642 || seen["intersects"] < 640 || len(seen) != len(predicates)+1 {
		t.Errorf("saw %v", seen)
	}
}

// lines reads a geometry; JTS relates a linear ring as the line that it is.
func lines(t *testing.T, text jtsxml.Text) orb.Geometry {
	t.Helper()
	g, err := text.Orb()
	if err != nil {
		t.Fatal(err)
	}
	if r, ok := g.(orb.Ring); ok {
		return orb.LineString(r)
	}
	return g
}

// A predicate and its converse must agree on the transposed matrix, whatever the matrix is.
func TestMatrixPredicatesAreConverse(t *testing.T) {
	for code := range 1 << 18 {
		var m, transposed topo.Matrix
		for i := range m {
			m[i] = "F012"[code>>(2*i)&3]
		}
		for i := range m {
			transposed[i%3*3+i/3] = m[i]
		}
		switch {
		case m.Contains() != transposed.Within(), m.Covers() != transposed.CoveredBy():
			t.Fatalf("%v: inside and around disagree", m)
		case m.Touches() != transposed.Touches(), m.Overlaps() != transposed.Overlaps(),
			m.Crosses() != transposed.Crosses(), m.Equals() != transposed.Equals():
			t.Fatalf("%v: not symmetric", m)
		case m.Intersects() == m.Disjoint():
			t.Fatalf("%v: neither or both", m)
		case m.Contains() && !m.Covers(), m.Within() && !m.CoveredBy():
			t.Fatalf("%v: contains but does not cover", m)
		}
	}
}

func TestParseMatrixRefusesWhatIsNone(t *testing.T) {
	if m, err := topo.ParseMatrix("212FF1FF2"); err != nil || m.String() != "212FF1FF2" || !m.Matches("T*2F*****") {
		t.Errorf("got %v, %v", m, err)
	}
	for _, s := range []string{"", "212FF1FF", "212FF1FF2F", "212FF1FFT", "212FF1FF3"} {
		if m, err := topo.ParseMatrix(s); err == nil {
			t.Errorf("%q: got %v", s, m)
		}
	}
	if (topo.Matrix{}).Matches("") {
		t.Error("fits a pattern of no length")
	}
}

// hostile are inputs on which the other engine could panic or hang.
func hostile() map[string]orb.Geometry {
	return map[string]orb.Geometry{
		"bow-tie":        orb.Polygon{{{0, 0}, {4, 4}, {4, 0}, {0, 4}, {0, 0}}},
		"not closed":     orb.Polygon{{{0, 0}, {4, 0}, {4, 4}, {0, 4}}},
		"not a number":   orb.Point{math.NaN(), 0},
		"infinite":       orb.LineString{{0, 0}, {math.Inf(1), 0}},
		"two points":     orb.Ring{{0, 0}, {1, 1}, {0, 0}},
		"line of one":    orb.MultiLineString{{{0, 0}, {1, 1}}, {{2, 2}}},
		"in a row":       orb.Collection{orb.Point{1, 1}, orb.Polygon{{{0, 0}, {2, 0}, {0, 0}}}},
		"bound reversed": orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{0, math.NaN()}},
	}
}

func TestRelateAndBufferRefuseInvalidInput(t *testing.T) {
	square := orb.Polygon{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}}
	for name, g := range hostile() {
		t.Run(name, func(t *testing.T) {
			var invalid *topo.InvalidError
			if m, err := topo.Relate(g, square); !errors.As(err, &invalid) {
				t.Errorf("relate: got %v, %v", m, err)
			}
			if m, err := topo.Relate(square, g); !errors.As(err, &invalid) {
				t.Errorf("relate, swapped: got %v, %v", m, err)
			}
			if mp, err := topo.Buffer(g, 1, topo.BufferOptions{}); !errors.As(err, &invalid) {
				t.Errorf("buffer: got %v, %v", mp, err)
			}
		})
	}
}

func TestRelateAndBufferRefuseTooMuch(t *testing.T) {
	long := make(orb.MultiPoint, topo.MostVertices/2+1)
	if _, err := topo.Relate(long, long); !errors.Is(err, topo.ErrTooLarge) {
		t.Errorf("relate: got %v", err)
	}
	if _, err := topo.Buffer(append(long, long...), 1, topo.BufferOptions{}); !errors.Is(err, topo.ErrTooLarge) {
		t.Errorf("buffer: got %v", err)
	}
}

func TestRelateAndBufferTakeWhatIsEmpty(t *testing.T) {
	for _, g := range []orb.Geometry{
		nil,
		orb.MultiPolygon{},
		orb.Polygon{},
		orb.Ring{},
		orb.LineString{},
		orb.MultiPoint{},
		orb.MultiPolygon{{}, {{}}},
		orb.Collection{orb.Polygon{}, nil},
	} {
		if m, err := topo.Relate(g, orb.Point{1, 1}); err != nil || m.String() != "FFFFFF0F2" {
			t.Errorf("%T %v: got %v, %v", g, g, m, err)
		}
		if mp, err := topo.Buffer(g, 1, topo.BufferOptions{}); err != nil || len(mp) != 0 {
			t.Errorf("%T %v: got %v, %v", g, g, mp, err)
		}
	}
}
