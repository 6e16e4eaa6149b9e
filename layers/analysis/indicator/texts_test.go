package indicator_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every reason that an assessment can give has its sentences, those that no problem is made of by name too.
func TestEveryReasonHasItsSentences(t *testing.T) {
	known := texts(t)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`"(indicator\.[a-z]+\.[a-z.-]+)"`)
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
			if _, ok := known.Problem(m[1]); !ok && !strings.HasPrefix(m[1], "indicator.column.") &&
				!strings.HasPrefix(m[1], "indicator.word.") && m[1] != "indicator.input." {
				t.Errorf("%s: no sentences for %s", f.Name(), m[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d reasons found in the source", found)
	}
}
