package construction_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"greenshield/layers/text"
)

// Every reason that the account can give has its sentences, those that no problem is made of by name too.
func TestEveryReasonHasItsSentences(t *testing.T) {
	texts, err := text.Load(os.DirFS("../../../data/texts"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`"(construction\.[a-z]+\.[a-z.-]+)"`)
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		raw, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(raw), -1) {
			found++
			if _, ok := texts.Problem(m[1]); !ok {
				t.Errorf("%s: no sentences for %s", f.Name(), m[1])
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d reasons found in the source", found)
	}
}
