package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A bureau's own rule in the workspace decides, and the report says whose book it was; with a mistake in it nothing is
// checked.
func TestRulesOfTheWorkspace(t *testing.T) {
	workspace := newCity(t)
	file := parcelFile(t, box("1", "1", "2", "2"))
	args := []string{"check", "--workspace", workspace, "--date", day, "--activity", "mining", "--json", file}
	before := command(t, args...).stdout
	own := filepath.Join(workspace, "rules")
	if err := os.Mkdir(own, 0o755); err != nil {
		t.Fatal(err)
	}
	const text = `name: 某市补充规则
sources: {M: 某市办法}
rules:
  - id: redline.mining
    theme: redline
    zones: [general, not-protected]
    activities: [mining]
    outcome: OUTCOME
    law: 某市办法
    article: 第三条
    source: verified
    cite: M
    valid_from: 2022-08-16
    text: {zh-CN: 须经批准, en: Needs approval}
`
	write := func(outcome string) {
		content := strings.Replace(text, "OUTCOME", outcome, 1)
		if err := os.WriteFile(filepath.Join(own, "city.yaml"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("approval-required")
	after := command(t, args...)
	if !strings.Contains(after.stdout, "某市办法") || strings.Contains(before, "某市办法") {
		t.Errorf("the bureau's rule is not in the result:\n%s", after.stdout)
	}
	if !strings.Contains(after.stdout, "某市补充规则") {
		t.Errorf("the result does not name the bureau's rules:\n%s", after.stdout)
	}
	write("perhaps")
	refused(t, "rule.own.broken", args...)
}
