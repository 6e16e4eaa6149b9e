package ingest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"greenshield/layers"
	"greenshield/layers/text"
)

// Every problem that this package makes has its sentences, and passes the arguments that they use.
func TestProblemsHaveSentences(t *testing.T) {
	catalog := parts(t, "ingest.yaml", "topo.yaml")
	made := problems(t)
	if len(made) < 25 {
		t.Fatalf("only %d problems found in the source", len(made))
	}
	for code, args := range made {
		if !catalog.Has(code) {
			t.Errorf("%s has no sentence", code)
			continue
		}
		words := make([]any, 0, 2*len(args))
		for _, a := range args {
			words = append(words, a, "x")
		}
		// The catalogue shows "–" for an argument that is not passed.
		if s := catalog.Word("en", code, words...); strings.Contains(s, "–") {
			t.Errorf("%s lacks an argument: %s", code, s)
		}
	}
	for _, r := range layers.Roles() {
		if !catalog.Has("ingest.role." + string(r)) {
			t.Errorf("role %s has no word", r)
		}
	}
}

func parts(t *testing.T, names ...string) *text.Catalog {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, name := range names {
		raw, err := os.ReadFile("../../data/texts/parts/" + name)
		if err != nil {
			t.Fatal(err)
		}
		fsys[name] = &fstest.MapFile{Data: raw}
	}
	c, err := text.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// problems finds the calls of geo.NewProblem with a literal code, and the argument names in them.
func problems(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !isSource(e) {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "NewProblem" {
				if code := literal(call.Args[0]); code != "" {
					out[code] = names(call.Args[1:])
				}
			}
			return true
		})
	}
	return out
}

func isSource(e fs.DirEntry) bool {
	return strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go")
}

func literal(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		s, _ := strconv.Unquote(lit.Value)
		return s
	}
	return ""
}

func names(args []ast.Expr) []string {
	var out []string
	for i := 0; i < len(args); i += 2 {
		out = append(out, literal(args[i]))
	}
	slices.Sort(out)
	return out
}
