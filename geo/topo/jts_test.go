package topo_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"greenshield/geo/internal/jtsxml"
	"greenshield/geo/topo"
)

// jtsSuites is where the JTS test suites lie beside the project.
const jtsSuites = "../../../shared/data/overlay-jts-xml"

// eachJTS calls do for every operation of the JTS suites; id names it, "file/case description".
func eachJTS(t *testing.T, do func(t *testing.T, id string, run *jtsxml.Run, c *jtsxml.Case, op *jtsxml.Op)) {
	t.Helper()
	if _, err := os.Stat(jtsSuites); err != nil {
		t.Skip("shared/data/overlay-jts-xml is not beside the project")
	}
	err := filepath.WalkDir(jtsSuites, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".xml" {
			return err
		}
		run, err := jtsxml.Read(name)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(jtsSuites, name)
		for i := range run.Cases {
			c := &run.Cases[i]
			for k := range c.Ops {
				do(t, filepath.ToSlash(rel)+"/"+c.Description, &run, c, &c.Ops[k])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// empty is why some cases are not judged as JTS does: a feature, part or hole without a single point is valid there,
// and refused here, because it is a mistake of whoever delivered it and has no area that could be reported.
const empty = "what is empty is refused here"

var judgedOtherwise = map[string]string{
	"general/TestValid.xml/L - empty (valid)":                                 empty,
	"general/TestValid.xml/mL - MultiLinestring with empty component (valid)": empty,
	"general/TestValid.xml/A - non-empty shell and empty hole (valid)":        empty,
	"general/TestValid.xml/A - empty shell and holes (valid)":                 empty,
	"general/TestValid.xml/mA - non-empty and empty polygon (valid)":          empty,
	"general/TestValid2.xml/Test 740":                                         empty,
	"general/TestValid2.xml/Test 749":                                         empty,
	"general/TestValid2.xml/Test 752":                                         empty,
	"general/TestValid2.xml/Test 753":                                         empty,
	"general/TestValid2.xml/Test 754":                                         empty,
}

func TestCheckGivesTheVerdictOfJTS(t *testing.T) {
	seen := 0
	eachJTS(t, func(t *testing.T, id string, _ *jtsxml.Run, c *jtsxml.Case, op *jtsxml.Op) {
		if op.Name != "isValid" {
			return
		}
		seen++
		g, err := c.Argument(op.Args[0]).Orb()
		if err != nil {
			t.Errorf("%s: %v", id, err)
			return
		}
		found := topo.Check(g)
		reason, listed := judgedOtherwise[id]
		if got := fmt.Sprint(len(found) == 0); (got == string(op.Expected)) == listed {
			t.Errorf("%s (%s): got %v, want valid %s: %.200s", id, reason, found, op.Expected, c.A)
		}
	})
	if seen != 917 {
		t.Errorf("saw %d cases", seen)
	}
}
