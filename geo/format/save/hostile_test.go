package save_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"greenshield/geo/format"
	"greenshield/geo/format/open"
	"greenshield/geo/format/save"
)

func fileOf(t *testing.T, zipped []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// text writes one attribute text through a kind and gives what is read back.
func text(t testing.TB, kind save.Kind, value string) (string, []string) {
	t.Helper()
	l := layer(kind)
	l.Encoding = "UTF-8"
	if kind == save.ParcelText {
		l.System = system(t, 4525)
	}
	records := rows()[1:2]
	records[0].Values[1] = value
	s, got, notes := written(t, l, records...)
	name := "名称"
	if kind == save.ParcelText {
		name = "地块名称"
	}
	at := slices.IndexFunc(s.Fields, func(f format.Field) bool { return f.Name == name })
	if at < 0 || len(got) != 1 {
		t.Fatalf("%s: fields %v, %d rows", kind, s.Fields, len(got))
	}
	back, _ := got[0].Values[at].(string)
	return back, codes(notes)
}

// bad-input 77: what a spreadsheet would run is written with an apostrophe before it, and reading takes it off again.
func TestFormulas(t *testing.T) {
	for _, formula := range []string{
		`=HYPERLINK("http://x","点")`, "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3+cmd", "|x", "＝1+1", "'=1+1", "''@x", "'-5",
	} {
		t.Run("bad-input 77 "+formula, func(t *testing.T) {
			var b bytes.Buffer
			records := rows()[1:2]
			records[0].Values[1] = formula
			if _, err := save.Write(t.Context(), &b, layer(save.CSV), each(records...)); err != nil {
				t.Fatal(err)
			}
			cells, err := csv.NewReader(&b).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if got := cells[1][1]; strings.ContainsAny(got[:1], "=+-@|") || !strings.HasSuffix(got, formula) {
				t.Errorf("the cell is %q", got)
			}
			for _, kind := range save.Kinds() {
				want := formula
				if kind == save.ParcelText {
					want = strings.NewReplacer(",", "，", "@", "＠", `"`, "”").Replace(formula)
				}
				if got, _ := text(t, kind, formula); got != want {
					t.Errorf("%s gives %q back, want %q", kind, got, want)
				}
			}
		})
	}
}

// bad-input 100: text with markup, escapes of a terminal, line ends, characters outside the BMP and NUL comes back as
// it is, or with a note where a kind of file has no place for it. Nowhere does it become markup or a row of its own.
func TestHostileText(t *testing.T) {
	for name, value := range map[string]string{
		"markup":           `<script>alert("1")</script>]]><!--&amp;`,
		"terminal escapes": "a\x1b[31mred\x1b]0;x\x07b",
		"line ends":        "a\r\nb\nc\rd",
		"outside the BMP":  "𠮷𡈽㐂龘",
		"NUL":              "a\x00b",
		"broken UTF-8":     "a\xffb",
		"no characters":    "a\uFFFE\uFFFFb",
		"quotes and tabs":  "a\"b,c;d\te'f",
	} {
		t.Run("bad-input 100 "+name, func(t *testing.T) {
			for _, kind := range save.Kinds() {
				got, notes := text(t, kind, value)
				if got != value && !slices.Contains(notes, "layer.export.characters-replaced") {
					t.Errorf("%s: %q became %q in silence (%v)", kind, value, got, notes)
				}
				if kind != save.GeoJSON && strings.Contains(got, "\x00") {
					t.Errorf("%s holds NUL", kind)
				}
				if changed := strings.ToValidUTF8(value, "\uFFFD"); kind == save.GeoJSON && got != changed {
					t.Errorf("GeoJSON: %q became %q", value, got)
				}
				if name == "outside the BMP" && got != value {
					t.Errorf("%s: %q", kind, got)
				}
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	endless := func(yield func(format.Record, error) bool) {
		for yield(rows()[1], nil) {
		}
	}
	for _, kind := range save.Kinds() {
		l := layer(kind)
		if kind == save.ParcelText {
			l.System = system(t, 4525)
		}
		if _, err := save.Write(ctx, io.Discard, l, endless); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// FuzzText holds that every text comes back from every kind of file as it was written, apart from blanks around it, or
// that a note tells of the difference.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"平天山", "=1+1", "'=1", "a\x00b", "a\r\nb", "𠮷", "\xff", "a,b@c\"d", "</name>&#0;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if len(value) > 200 {
			return
		}
		blanks := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == 0xFEFF || r == 0x200B }
		for _, kind := range save.Kinds() {
			if kind == save.GeoPackage { // a database for every text would be slow; TestHostileText has it
				continue
			}
			got, notes := text(t, kind, "甲"+value+"乙")
			told := slices.Contains(notes, "layer.export.characters-replaced")
			if strings.TrimFunc(got, blanks) != "甲"+value+"乙" && !told {
				t.Errorf("%s: %q became %q in silence", kind, value, got)
			}
		}
	})
}

// TestSavedFilesAreOpenedByTheirBytes opens what is written under a name without an ending that would tell.
func TestSavedFilesAreOpenedByTheirBytes(t *testing.T) {
	for _, kind := range []save.Kind{save.GeoJSON, save.KML, save.GeoPackage, save.Shapefile, save.CSV} {
		path := filepath.Join(t.TempDir(), "delivered")
		if _, err := save.File(t.Context(), path, layer(kind), each(rows()...), save.FileOptions{}); err != nil {
			t.Fatal(err)
		}
		d, err := open.Open(t.Context(), path, open.Options{Temp: t.TempDir()})
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if got := d.Schema().Format; got != string(kind) {
			t.Errorf("%s is opened as %s", kind, got)
		}
		d.Close()
	}
}
