// Package cmd_test guards the house: imports point down only, and every third-party module has one home.
// It reads the files themselves, so run it with -count=1.
package cmd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "greenshield"

// below lists, per floor, the floors it may import besides itself.
var below = map[string][]string{
	"geo":    {},
	"layers": {"geo"},
	"api":    {"geo", "layers"},
	"web":    {},
	"data":   {},
	"cmd":    {"geo", "layers", "api", "web", "data"},
}

// adapters are imported by cmd alone, apart from their own tests.
var adapters = []string{"layers/store/"}

// homes lists where a third-party module may be imported. A test may import what is marked "test:".
var homes = map[string][]string{
	"github.com/gin-gonic/gin":             {"api"},
	"github.com/danielgtaylor/huma/v2":     {"api"},
	"github.com/prometheus/client_golang":  {"api"},
	"github.com/riverqueue/river":          {"api/job"},
	"modernc.org/sqlite":                   {"layers/store/gpkg", "api/state", "api/job", "geo/format/geopackage"},
	"github.com/tidwall/rtree":             {"geo/index"},
	"github.com/twpayne/go-geom":           {"geo/format", "layers/store/postgis"},
	"github.com/peterstace/simplefeatures": {"geo/topo", "test:geo/overlay"},
	"github.com/tidwall/geodesic":          {"geo/ellipsoid"},
	"github.com/paulmach/orb":              {"geo", "layers", "api", "cmd"},
	"github.com/xuri/excelize/v2":          {"layers/report", "test:geo/format/table", "test:cmd/greenshield"},
	"github.com/alecthomas/kong":           {"cmd/greenshield"},
	"github.com/vbauerster/mpb/v8":         {"cmd/greenshield"},
	"github.com/klauspost/compress":        {"geo/format/archive", "layers/tiles", "api"},
	"go.yaml.in/yaml/v3": {
		"layers/rule", "layers/text", "layers/ingest", "layers/tiles", "layers/analysis/indicator",
	},
	// Canonical JSON (RFC 8785) with limits for hostile input; jsontext is what becomes encoding/json/jsontext. Without it
	// we would have to write number formatting, UTF-16 ordering and a strict tokenizer ourselves.
	"github.com/go-json-experiment/json": {"layers/receipt"},
	"golang.org/x/text":                  {"geo/format"},
	"golang.org/x/sync":                  {"layers", "api"},
	"golang.org/x/sys":                   {"layers/store/gpkg"},
	"pgregory.net/rapid":                 {"test:geo", "test:layers"},
}

// forbidden is never imported: orb/geo is spherical and overstates areas by 0.47 %.
var forbidden = []string{"github.com/paulmach/orb/geo"}

type source struct {
	dir     string // slash path below the module root
	test    bool
	imports []string
	file    *ast.File
}

func TestImportsPointDown(t *testing.T) {
	files := readTree(t, "..")
	if len(files) < 10 {
		t.Fatalf("only %d Go files found: looking in the wrong folder?", len(files))
	}
	for _, s := range files {
		for _, fault := range faults(s) {
			t.Errorf("%s: %s", s.dir, fault)
		}
	}
}

func TestFaultsAreFound(t *testing.T) {
	for name, tc := range map[string]struct {
		s    source
		want string
	}{
		"geo looks up":                 {source{dir: "geo/crs", imports: []string{module + "/layers"}}, "imports upwards"},
		"layers looks up":              {source{dir: "layers/tiles", imports: []string{module + "/api"}}, "imports upwards"},
		"api reads data itself":        {source{dir: "api", imports: []string{module + "/data"}}, "imports upwards"},
		"api picks a store":            {source{dir: "api", imports: []string{module + "/layers/store/gpkg"}}, "only cmd joins adapters"},
		"gin outside api":              {source{dir: "layers/tiles", imports: []string{"github.com/gin-gonic/gin"}}, "lives in"},
		"test module in product":       {source{dir: "geo/overlay", imports: []string{"pgregory.net/rapid"}}, "lives in"},
		"spherical area":               {source{dir: "geo/ellipsoid", imports: []string{"github.com/paulmach/orb/geo"}}, "never imported"},
		"a module without a home":      {source{dir: "geo", imports: []string{"github.com/some/thing"}}, "has no home"},
		"a package outside the floors": {source{dir: "tools", imports: nil}, "not a floor"},
	} {
		if got := faults(tc.s); len(got) != 1 || !strings.Contains(got[0], tc.want) {
			t.Errorf("%s: got %q, want one with %q", name, got, tc.want)
		}
	}
	clean := source{dir: "layers/store/gpkg", imports: []string{"fmt", module + "/geo", "modernc.org/sqlite"}}
	if got := faults(clean); len(got) != 0 {
		t.Errorf("a clean file is accused: %q", got)
	}
}

func faults(s source) []string {
	floor, _, _ := strings.Cut(s.dir, "/")
	allowed, known := below[floor]
	if !known {
		return []string{"not a floor of the house: " + floor}
	}
	var out []string
	for _, path := range s.imports {
		if own, ok := strings.CutPrefix(path, module+"/"); ok {
			out = append(out, ownFault(s, floor, allowed, own)...)
		} else if strings.Contains(strings.SplitN(path, "/", 2)[0], ".") {
			out = append(out, foreignFault(s, path)...)
		}
	}
	return append(out, planarArea(s)...)
}

func ownFault(s source, floor string, allowed []string, own string) []string {
	target, _, _ := strings.Cut(own, "/")
	if target != floor && !slices.Contains(allowed, target) {
		return []string{"imports upwards: " + own}
	}
	for _, a := range adapters {
		if strings.HasPrefix(own, a) && !strings.HasPrefix(s.dir, a) && floor != "cmd" && !s.test {
			return []string{"only cmd joins adapters: " + own}
		}
	}
	return nil
}

func foreignFault(s source, path string) []string {
	for _, f := range forbidden {
		if path == f || strings.HasPrefix(path, f+"/") {
			return []string{"never imported: " + path}
		}
	}
	for mod, rooms := range homes {
		if path == mod || strings.HasPrefix(path, mod+"/") {
			if slices.ContainsFunc(rooms, func(room string) bool { return isHome(s, room) }) {
				return nil
			}
			return []string{path + " lives in " + strings.Join(rooms, ", ")}
		}
	}
	return []string{path + " has no home"}
}

func isHome(s source, room string) bool {
	room, testOnly := strings.CutPrefix(room, "test:")
	return (!testOnly || s.test) && (s.dir == room || strings.HasPrefix(s.dir, room+"/"))
}

// planarArea finds uses of orb/planar.Area, whose figure is neither legal nor in metres.
func planarArea(s source) []string {
	if s.file == nil || !slices.Contains(s.imports, "github.com/paulmach/orb/planar") || s.test {
		return nil
	}
	var out []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if pkg, isIdent := identOf(sel, ok); isIdent && pkg == "planar" && strings.HasSuffix(sel.Sel.Name, "Area") {
			out = append(out, "uses planar."+sel.Sel.Name)
		}
		return true
	})
	return out
}

func identOf(sel *ast.SelectorExpr, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	id, isIdent := sel.X.(*ast.Ident)
	if !isIdent {
		return "", false
	}
	return id.Name, true
}

func readTree(t *testing.T, root string) []source {
	t.Helper()
	var files []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || (strings.HasPrefix(d.Name(), ".") && path != root)) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		s, err := readSource(root, path)
		files = append(files, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal("not the module root: ", err)
	}
	return files
}

func readSource(root, path string) (source, error) {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return source{}, err
	}
	rel, err := filepath.Rel(root, filepath.Dir(path))
	s := source{dir: filepath.ToSlash(rel), test: strings.HasSuffix(path, "_test.go"), file: f}
	// A conformance suite is test code under another name.
	s.test = s.test || strings.HasSuffix(s.dir, "/storetest")
	for _, imp := range f.Imports {
		p, _ := strconv.Unquote(imp.Path.Value)
		s.imports = append(s.imports, p)
	}
	return s, err
}
