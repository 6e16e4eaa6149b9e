package open_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/geo/format/open"
)

var update = flag.Bool("update", false, "rewrite testdata/shared.txt; review the difference")

// sharedFolders are the folders of the shared data that hold deliveries, well-formed and not.
var sharedFolders = []string{"fmt-*", "txt-kcdj", "geodesy-gcj02-points", "real-*"}

// expected is testdata/shared.txt: what becomes of each file. A line is an outcome, a tab and a path; a path with
// stars stands for many, one without a slash for base names. A file takes the first line that fits, exact ones first.
type expected struct {
	exact    map[string]string
	patterns [][2]string // pattern, outcome
	used     map[string]bool
}

func loadExpected(t *testing.T) *expected {
	t.Helper()
	f, err := os.Open("testdata/shared.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e := &expected{exact: map[string]string{}, used: map[string]bool{}}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		outcome, name, ok := strings.Cut(line, "\t")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case !ok:
			t.Fatalf("testdata/shared.txt: %q", line)
		case strings.Contains(name, "*"):
			e.patterns = append(e.patterns, [2]string{name, outcome})
		default:
			e.exact[name] = outcome
		}
	}
	return e
}

func (e *expected) of(name string) (string, bool) {
	if outcome, ok := e.exact[name]; ok {
		e.used[name] = true
		return outcome, true
	}
	for _, p := range e.patterns {
		subject := name
		if !strings.Contains(p[0], "/") {
			subject = path.Base(name)
		}
		if ok, _ := path.Match(p[0], subject); ok {
			e.used[p[0]] = true
			return p[1], true
		}
	}
	return "", false
}

// idle are the lines that fit no file.
func (e *expected) idle() []string {
	var out []string
	for name := range e.exact {
		if !e.used[name] {
			out = append(out, name)
		}
	}
	for _, p := range e.patterns {
		if !e.used[p[0]] {
			out = append(out, p[0])
		}
	}
	slices.Sort(out)
	return out
}

// TestSharedFiles opens every file of the shared data that is or could be a delivery. A file that is not in the list
// fails: it must be looked at before it is added.
func TestSharedFiles(t *testing.T) {
	want := loadExpected(t)
	var lines []string
	for _, name := range sharedFiles(t) {
		for _, o := range outcomes(t, name, "") {
			w, known := want.of(o[1])
			if !known || w != o[0] && *update {
				lines = append(lines, o[0]+"\t"+o[1])
			}
			if w != o[0] && !*update {
				t.Errorf("%s: %s, want %q", o[1], o[0], w)
			}
		}
	}
	if *update {
		t.Logf("lines to look at, and to add:\n%s", strings.Join(lines, "\n"))
	}
	for _, name := range want.idle() {
		t.Errorf("testdata/shared.txt has a line for %s, which is not there", name)
	}
}

// The counties of the city, whose areas SOURCES.md states in square kilometres.
func TestSharedAreas(t *testing.T) {
	path := filepath.Join(shared, "real-cn-datav-guigang/v3-2021-09/citys/450800.json")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("test data %s is not here", path)
	}
	want := map[string]float64{
		"港北区": 1096.00, "港南区": 1101.92, "覃塘区": 1350.72, "平南县": 2990.03, "桂平市": 4073.46,
	}
	d, err := open.Open(context.Background(), path, open.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	name := slices.IndexFunc(d.Schema().Fields, func(f format.Field) bool { return f.Name == "name" })
	for r, err := range d.Records(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		county := r.Values[name].(string)
		const rounding, edges = 0.005, 0.002 // of the statement; of geodesics against the legal edges
		if km := ellipsoid.Area(r.Geometry).Hectares() / 100; math.Abs(km-want[county]) > rounding+edges {
			t.Errorf("%s: %.3f km², stated %.2f", county, km, want[county])
		}
		delete(want, county)
	}
	if len(want) != 0 {
		t.Errorf("not found: %v", want)
	}
}

// sharedFiles are the files and geodatabase folders, as slash paths below the shared data.
func sharedFiles(t testing.TB) []string {
	t.Helper()
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("test data %s is not here", shared)
	}
	var all []string
	for _, pattern := range sharedFolders {
		roots, err := filepath.Glob(filepath.Join(shared, pattern))
		if err != nil || len(roots) == 0 {
			t.Fatalf("%s: no folder, %v", pattern, err)
		}
		for _, root := range roots {
			err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
				if err != nil || e.IsDir() && filepath.Ext(name) != ".gdb" {
					return err
				}
				name, err = filepath.Rel(shared, name)
				all = append(all, filepath.ToSlash(name))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

// outcomes reads a file: its outcome and name, and those of its layers as "path | layer" when it has several.
func outcomes(t *testing.T, name, layer string) [][2]string {
	label := name
	if layer != "" {
		label += " | " + layer
	}
	o := open.Options{Temp: t.TempDir(), Layer: layer}
	outcome, err := outcomeOf(filepath.Join(shared, name), o)
	all := [][2]string{{outcome, label}}
	var p *geo.Problem
	if layer != "" || !errors.As(err, &p) || p.Code != "ingest.file.several-layers" {
		return all
	}
	for _, a := range p.Args {
		if a.Name != "names" {
			continue
		}
		for _, inner := range strings.Split(a.Value.(string), ", ") {
			all = append(all, outcomes(t, name, inner)...)
		}
	}
	return all
}

// outcomeOf is "format rows" and the codes of rows that are wrong, or the code of the refusal with the kind it names.
func outcomeOf(name string, o open.Options) (string, error) {
	d, err := open.Open(context.Background(), name, o)
	if err != nil {
		return refusal(err), err
	}
	defer d.Close()
	var rows int64
	bad := map[string]bool{}
	for r, err := range d.Records(context.Background()) {
		if err != nil {
			return refusal(err), err
		}
		rows++
		if r.Problem != nil {
			bad[r.Problem.Code] = true
		}
		if len(r.Values) != len(d.Schema().Fields) {
			return fmt.Sprintf("row %d has %d values for %d fields", r.Row, len(r.Values), len(d.Schema().Fields)), nil
		}
	}
	s := d.Schema()
	if s.Count >= 0 && s.Count != rows {
		return fmt.Sprintf("%d rows stated, %d came", s.Count, rows), nil
	}
	words := []string{s.Format, fmt.Sprint(rows)}
	for code := range bad {
		words = append(words, code)
	}
	slices.Sort(words[2:])
	return strings.Join(words, " "), nil
}

func refusal(err error) string {
	var p *geo.Problem
	if !errors.As(err, &p) || !strings.HasPrefix(p.Code, "ingest.") {
		return "error without a code: " + err.Error()
	}
	for _, a := range p.Args {
		if a.Name == "kind" {
			return fmt.Sprintf("%s %v", p.Code, a.Value)
		}
	}
	return p.Code
}
