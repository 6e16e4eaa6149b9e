package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// checkedWithReceipt checks a parcel on the red line and gives the receipt and its id.
func checkedWithReceipt(t *testing.T, workspace string) (path, id string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "receipt.json")
	o := command(t, "check", "--workspace", workspace, "-q", "--date", day, "--receipt", path, "--lang", "en",
		parcelFile(t, box("12", "12", "14", "14")))
	m := regexp.MustCompile(`Receipt ([0-9A-Z]{5}(-[0-9A-Z]{5}){3})\n`).FindStringSubmatch(o.stdout)
	if o.code != 12 || m == nil {
		t.Fatalf("exit %d\n%s%s", o.code, o.stdout, o.stderr)
	}
	return path, m[1]
}

func TestReceiptOfACheck(t *testing.T) {
	workspace := newCity(t)
	path, id := checkedWithReceipt(t, workspace)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := writeBytes(t, "changed.json", bytes.Replace(raw, []byte(`"Verdict":"prohibited"`), []byte(`"Verdict":"clear"`), 1))
	laidOut := writeBytes(t, "laid-out.json", append([]byte("\n"), raw...))
	for name, tc := range map[string]struct {
		args []string
		code int
		want string
	}{
		"intact":                 {[]string{"verify", path}, 0, id + ": intact"},
		"its own id":             {[]string{"verify", "--id", strings.ToLower(id), path}, 0, id + ": intact"},
		"another id":             {[]string{"verify", "--id", "00000-00000-00000-00000", path}, 13, "Not the receipt"},
		"changed":                {[]string{"verify", changed}, 11, "changed: result (result)"},
		"laid out anew":          {[]string{"verify", laidOut}, 10, "laid out anew"},
		"changed, for machines":  {[]string{"verify", "--json", changed}, 11, `"state": "changed"`},
		"in its workspace":       {[]string{"verify", "--against", workspace, path}, 0, "can be replayed there"},
		"in another":             {[]string{"verify", "--against", otherCity(t), path}, 12, "redline@2024.1 has other content"},
		"replayed":               {[]string{"replay", "--workspace", workspace, path}, 0, "identical"},
		"replayed in another":    {[]string{"replay", "--workspace", otherCity(t), path}, 12, "cannot be replayed"},
		"replayed, for machines": {[]string{"replay", "--workspace", workspace, "--json", path}, 0, `"outcome": "identical"`},
		"a changed one replayed": {[]string{"replay", "--workspace", workspace, changed}, 11, "CHANGED"},
	} {
		o := command(t, append(tc.args, "--lang", "en")...)
		if o.code != tc.code || !strings.Contains(o.stdout, tc.want) {
			t.Errorf("%s: exit %d, want %d and %q\n%s%s", name, o.code, tc.code, tc.want, o.stdout, o.stderr)
		}
	}
	refused(t, "receipt.file.damaged", "verify", writeBytes(t, "cut.json", raw[:len(raw)/2]))
	refused(t, "receipt.file.other", "verify", redlineFile(t))
}

// otherCity has a red line of the same name and other content.
func otherCity(t *testing.T) string {
	t.Helper()
	workspace := t.TempDir()
	must(t, "import", "--workspace", workspace, "--quiet", "--layer", "redline", "--theme", "redline", "--vintage", "2024",
		"--coverage", "everywhere", parcelFile(t, cell("5", "5")))
	return workspace
}

// TestReceiptOutlivesALaterVintage: the replay asks what the receipt names, not what is there today.
func TestReceiptOutlivesALaterVintage(t *testing.T) {
	workspace := newCity(t)
	path, _ := checkedWithReceipt(t, workspace)
	must(t, "import", "--workspace", workspace, "--quiet", "--layer", "redline", "--theme", "redline", "--vintage", "2025",
		"--coverage", "everywhere", parcelFile(t, cell("5", "5")))
	if o := command(t, "replay", "--workspace", workspace, path); o.code != 0 {
		t.Errorf("exit %d\n%s%s", o.code, o.stdout, o.stderr)
	}
}

func TestReceiptOfAnInquiry(t *testing.T) {
	workspace, dir := newCity(t), t.TempDir()
	must(t, "import", "--workspace", workspace, "--quiet", "--layer", "shore", "--theme", "shoreline", "--vintage", "2024",
		writeGeoJSON(t, "shore.geojson", textFields("GNQ"), place{"LINESTRING(109.6 23.1,109.7 23.1)", []any{"1"}}))
	path, book := filepath.Join(dir, "r.json"), filepath.Join(dir, "r.xlsx")
	o := must(t, "shoreline", "--workspace", workspace, "-q", "--receipt", path, "--report", book, "shore@2024.1")
	if !strings.Contains(o.stdout, "凭证编号") {
		t.Errorf("no receipt: %s", o.stdout)
	}
	must(t, "verify", "--against", workspace, path)
	if o := must(t, "replay", "--workspace", workspace, path); !strings.Contains(o.stdout, "逐字节一致") {
		t.Errorf("%s", o.stdout)
	}
}
