package jtsxml_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo/internal/jtsxml"

	"github.com/paulmach/orb"
)

const sample = `<run>
  <desc>two
    lines</desc>
  <precisionModel scale="1.0" offsetx="0.0" offsety="0.0"/>
  <resultMatcher>org.example.BufferResultMatcher</resultMatcher>
  <tolerance>.01</tolerance>
  <case>
    <desc> one </desc>
    <a>
      POLYGON((0 0, 4 0,
        4 4, 0 0))
    </a>
    <b>0101000000000000000000F03F
       0000000000000040</b>
    <test><op name='relate' arg3="T*F" arg1='a' arg2="B"> true </op></test>
    <test><op name="buffer" arg1="A" arg2="-75">POLYGON EMPTY</op></test>
  </case>
</run>`

func TestReadUnderstandsTheFormat(t *testing.T) {
	name := filepath.Join(t.TempDir(), "sample.xml")
	if err := os.WriteFile(name, []byte(sample), 0o600); err != nil {
		t.Fatal(err)
	}
	run, err := jtsxml.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	if run.Description != "two lines" || run.Scale != 1 || run.Tolerance != 0.01 || run.Matcher != "BufferResultMatcher" {
		t.Errorf("head: %+v", run)
	}
	if len(run.Cases) != 1 || len(run.Cases[0].Ops) != 2 {
		t.Fatalf("got %+v", run.Cases)
	}
	c := run.Cases[0]
	relate, buffer := c.Ops[0], c.Ops[1]
	if strings.Join(relate.Args, " ") != "A B T*F" || relate.Expected != "true" || c.Description != "one" {
		t.Errorf("got %+v of %q", relate, c.Description)
	}
	if strings.Join(buffer.Args, " ") != "A -75" || buffer.Expected != "POLYGON EMPTY" {
		t.Errorf("got %+v", buffer)
	}
	if a, err := c.Argument("A").Orb(); err != nil || !orb.Equal(a, orb.Polygon{{{0, 0}, {4, 0}, {4, 4}, {0, 0}}}) {
		t.Errorf("A is %v, %v", a, err)
	}
	if b, err := c.Argument("B").Orb(); err != nil || !orb.Equal(b, orb.Point{1, 2}) {
		t.Errorf("B is %v, %v", b, err)
	}
	if got := c.Argument("-75"); got != "" {
		t.Errorf("a distance is taken for %q", got)
	}
}

func TestOrbReadsWhatJTSWrites(t *testing.T) {
	for text, want := range map[jtsxml.Text]orb.Geometry{
		"POINT EMPTY":                                    orb.MultiPoint(nil),
		"POINT(1 2)":                                     orb.Point{1, 2},
		"LinearRing (0 0, 1 0, 1 1, 0 0)":                orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}},
		"MULTIPOINT(EMPTY, 1 2, (3 4.5e1))":              orb.MultiPoint{{1, 2}, {3, 45}},
		"MULTILINESTRING((0 0 7, 1 1 8), EMPTY)":         orb.MultiLineString{{{0, 0}, {1, 1}}, nil},
		"POLYGON (EMPTY, EMPTY)":                         orb.Polygon{nil, nil},
		"MULTIPOLYGON(((0 0,1 0,0 0)), EMPTY)":           orb.MultiPolygon{{{{0, 0}, {1, 0}, {0, 0}}}, nil},
		"GEOMETRYCOLLECTION (POINT(1 2), POLYGON EMPTY)": orb.Collection{orb.Point{1, 2}, orb.Polygon{}},
	} {
		if got, err := text.Orb(); err != nil || !orb.Equal(got, want) {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
	for _, text := range []jtsxml.Text{
		"", "POINT", "POINT(1)", "POINT(1 2", "POINT(1 2))", "CIRCLE(1 2)", "POLYGON(1 2)", "0102",
	} {
		if got, err := text.Orb(); err == nil {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// Every file of the suites is read, and no geometry is lost but one with a parenthesis too many in TestCentroid.xml.
func TestReadOfAllSuites(t *testing.T) {
	const root = "../../../../shared/data/overlay-jts-xml"
	if _, err := os.Stat(root); err != nil {
		t.Skip("shared/data/overlay-jts-xml is not beside the project")
	}
	cases, ops, lost := 0, make(map[string]int), 0
	err := filepath.WalkDir(root, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".xml" {
			return err
		}
		run, err := jtsxml.Read(name)
		if err != nil {
			return err
		}
		for _, c := range run.Cases {
			cases++
			for _, op := range c.Ops {
				ops[op.Name]++
			}
			for _, g := range []jtsxml.Text{c.A, c.B} {
				if _, err := g.Orb(); err != nil && g != "" {
					lost++
					t.Logf("%s: %s: %.80s: %v", filepath.Base(name), c.Description, g, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if cases < 1900 || ops["isValid"] != 917 || lost != 1 {
		t.Errorf("%d cases, %d isValid, %d geometries not understood", cases, ops["isValid"], lost)
	}
}
