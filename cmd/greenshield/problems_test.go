package main

import (
	"strings"
	"testing"
)

func TestProblemsAreExplained(t *testing.T) {
	all := must(t, "problems", "--lang=en")
	for _, want := range []string{"\ningest.zip.encrypted\n    \"{name}\" in the archive", "\nstore.busy\n    Another program"} {
		if !strings.Contains(all.stdout, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	for _, word := range []string{"\ncli.", "\nreport.", "\ningest.role.", "\napi.theme."} {
		if strings.Contains(all.stdout, word) {
			t.Errorf("the list holds words, %q", word)
		}
	}
	one := must(t, "problems", "ingest.zip.encrypted")
	if !strings.HasPrefix(one.stdout, "ingest.zip.encrypted\n") || !strings.Contains(one.stdout, "有密码") ||
		!strings.Contains(one.stdout, "without a password") || strings.Count(one.stdout, "\n") != 3 {
		t.Errorf("one: %s", one.stdout)
	}
	o := command(t, "problems", "cli.version", "--lang=en")
	if o.code != exitUsage || !strings.Contains(o.stderr, "cli.version") || o.stdout != "" {
		t.Errorf("a word: %d %s%s", o.code, o.stdout, o.stderr)
	}
}
