package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"greenshield/layers/rule"
	"greenshield/layers/text"
)

// Every code that the program can give must have its sentences: this test reads the source for the codes that are
// written out in it, so that a new problem without texts cannot be shipped.
func TestEveryProblemHasItsSentences(t *testing.T) {
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for code, place := range codesInSource(t, "../..") {
		if !texts.Has(code) {
			t.Errorf("%s: no text for %s", place, code)
		}
	}
}

func codesInSource(t *testing.T, root string) map[string]string {
	t.Helper()
	code := regexp.MustCompile(`^[a-z]+(\.[a-z0-9-]+)+$`)
	out := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || !strings.HasSuffix(name(call.Fun), "Problem") {
				return true
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil && code.MatchString(s) {
					out[s] = path
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d codes found in the source", len(out))
	}
	return out
}

func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// The help names the activities of the rule book, because nothing else on the command line does.
func TestHelpNamesEveryActivity(t *testing.T) {
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	book, err := readData("rules", rule.Load)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range book.Activities() {
		for _, lang := range text.Languages() {
			if !strings.Contains(texts.Word(lang, "cli.activity"), a.ID) {
				t.Errorf("the %s help of --activity does not name %s", lang, a.ID)
			}
		}
	}
}
