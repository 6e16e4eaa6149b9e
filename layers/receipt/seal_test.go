package receipt_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/receipt"
)

func TestSealedReceiptIsReadBack(t *testing.T) {
	h := city(t)
	s := h.ask("conflict", question(nil))
	o := open(t, s.Bytes)
	if o.State != receipt.Intact || o.ID != s.ID || o.Hash != s.Hash || len(o.Changed) != 0 {
		t.Errorf("%s, id %s and %s, changed %v", o.State, o.ID, s.ID, o.Changed)
	}
	if len(o.Inputs) != 2 || o.Inputs[1].Ref.String() != "redline@2024.1" || o.Inputs[1].Content == (layers.Hash{}) ||
		o.RuleBook.Hash != h.Rules.Hash || o.File.Name != "地块.txt" || !o.At.Equal(now) || o.Kind != "conflict" {
		t.Errorf("%+v", o.Receipt)
	}
	again, err := receipt.Seal(o.Receipt)
	if err != nil || !bytes.Equal(again.Bytes, s.Bytes) {
		t.Errorf("sealed again: %v\n%s\n%s", err, again.Bytes, s.Bytes)
	}
	a, err := o.Answer()
	if err != nil || len(a.Provenance.Refs) != 2 {
		t.Errorf("%v, %+v", err, a.Provenance)
	}
}

func TestSameAnswerSameReceipt(t *testing.T) {
	if a, b := city(t).ask("conflict", question(nil)), city(t).ask("conflict", question(nil)); a.ID != b.ID {
		t.Errorf("%s and %s", a.ID, b.ID)
	}
}

// TestHashIsThatOfTheContent takes the hash as anybody can: over the bytes between "content": and ,"id".
func TestHashIsThatOfTheContent(t *testing.T) {
	s := city(t).ask("conflict", question(nil))
	content := bytes.TrimPrefix(s.Bytes, []byte(`{"content":`))
	content = content[:bytes.LastIndex(content, []byte(`,"id":`))]
	if sum := layers.Hash(sha256.Sum256(content)); sum != s.Hash || !bytes.Contains(s.Bytes, []byte(`"sha256":"`+sum.String()+`"`)) {
		t.Errorf("%s is not %s", sum, s.Hash)
	}
}

// TestIDOfAHash: 5 bits a letter, so 0xff 0xff is 11111 11111 11111 1…, three times Z and then 10000 = G.
func TestIDOfAHash(t *testing.T) {
	if got := receipt.ID(layers.Hash{0xff, 0xff}); got != "ZZZG0-00000-00000-00000" {
		t.Error(got)
	}
}

// TestReceiptsOfFormatOne holds later versions to what the first one wrote.
func TestReceiptsOfFormatOne(t *testing.T) {
	const path = "testdata/format-1.json"
	if os.Getenv("UPDATE_FORMAT_1") != "" {
		if err := os.WriteFile(path, city(t).ask("conflict", question(nil)).Bytes, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o := open(t, raw)
	if o.State != receipt.Intact || o.Format != 1 {
		t.Errorf("%s, changed %v", o.State, o.Changed)
	}
	if _, err := o.Answer(); err != nil {
		t.Error(err)
	}
}

func TestChangedPartsAreNamed(t *testing.T) {
	s := string(city(t).ask("conflict", question(nil)).Bytes)
	for name, tc := range map[string]struct {
		old, changed string
		want         []string
	}{
		"another activity":    {`"question":{"activity":"construction"`, `"question":{"activity":"mining"`, []string{"question"}},
		"another input":       {`"ref":"redline@2024.1"`, `"ref":"redline@2023.1"`, []string{"inputs"}},
		"another rule book":   {`"ruleBook":{"hash":"`, `"ruleBook":{"hash":"0`, []string{"ruleBook"}},
		"another verdict":     {`"Verdict":"prohibited"`, `"Verdict":"clear"`, []string{"result"}},
		"another file":        {`地块.txt`, `地块2.txt`, []string{"file"}},
		"another day":         {`"at":"2026-06-01`, `"at":"2026-06-02`, []string{"at"}},
		"another program":     {`"program":"greenshield test"`, `"program":"greenshield"`, []string{"program"}},
		"another tolerance":   {`"toleranceM2":1,`, `"toleranceM2":2,`, []string{"method"}},
		"no time at all":      {`"at":"2026-06-01T08:30:00.123456789+08:00"`, `"at":7`, []string{"at"}},
		"a member more":       {`"kind":"conflict"`, `"kind":"conflict","more":1`, []string{"more"}},
		"a member less":       {`"kind":"conflict",`, ``, []string{"kind"}},
		"another format":      {`"format":1`, `"format":2`, []string{"format"}},
		"two of them":         {`"format":1,"gaps":null`, `"format":0,"gaps":[]`, []string{"format", "gaps"}},
		"another id":          {`,"id":"`, `,"id":"0`, []string{"id"}},
		"another hash":        {`"sha256":"`, `"sha256":"0`, nil},
		"another part's hash": {`"parts":{"at":"`, `"parts":{"at":"0`, []string{"parts"}},
	} {
		if !strings.Contains(s, tc.old) {
			t.Errorf("%s: nothing to change in %s", name, s)
			continue
		}
		i := strings.LastIndex(s, tc.old)
		if name == "another verdict" || name == "another format" {
			i = strings.Index(s, tc.old)
		}
		changed := s[:i] + tc.changed + s[i+len(tc.old):]
		o := open(t, []byte(changed))
		if tc.want == nil {
			tc.want = []string{"sha256"}
		}
		if o.State != receipt.Changed || !slices.Equal(o.Changed, tc.want) {
			t.Errorf("%s: %s %v, want %v", name, o.State, o.Changed, tc.want)
		}
	}
}

func TestRewrittenIsNotChanged(t *testing.T) {
	s := city(t).ask("conflict", question(nil))
	var indented bytes.Buffer
	if err := json.Indent(&indented, s.Bytes, "", "  "); err != nil {
		t.Fatal(err)
	}
	escaped := bytes.ReplaceAll(s.Bytes, []byte("<"), []byte(`\u003c`))
	for name, raw := range map[string][]byte{
		"laid out": indented.Bytes(), "with a line end": append(slices.Clone(s.Bytes), '\n'), "with escapes": escaped,
	} {
		if o := open(t, raw); o.State != receipt.Rewritten || o.Hash != s.Hash {
			t.Errorf("%s: %s", name, o.State)
		}
	}
	if bytes.Equal(escaped, s.Bytes) {
		t.Error("nothing was escaped")
	}
}

func TestEveryChangedByteIsFound(t *testing.T) {
	h := newHouse(t)
	h.publish("shore", layers.Redline, "2024", 0)
	s := h.ask("conflict", question(nil))
	check := func(what string, i int, raw []byte) {
		if o, err := receipt.Open(raw); err == nil && o.State == receipt.Intact {
			t.Errorf("byte %d %s is not found: %s", i, what, raw[max(0, i-20):min(len(raw), i+20)])
		}
	}
	for i := range s.Bytes {
		flipped := slices.Clone(s.Bytes)
		flipped[i] ^= 1
		check("flipped", i, flipped)
		if i%7 > 0 { // these differ from each other less than bytes do
			continue
		}
		check("dropped", i, slices.Delete(slices.Clone(s.Bytes), i, i+1))
		check("doubled", i, slices.Insert(slices.Clone(s.Bytes), i, s.Bytes[i]))
	}
}

func TestWhatIsNoReceipt(t *testing.T) {
	s := string(city(t).ask("conflict", question(nil)).Bytes)
	for name, tc := range map[string]struct{ raw, code string }{
		"nothing":              {"", "receipt.file.damaged"},
		"cut off":              {s[:len(s)-1], "receipt.file.damaged"},
		"two":                  {s + s, "receipt.file.damaged"},
		"a picture":            {"\x89PNG\r\n", "receipt.file.damaged"},
		"no UTF-8":             {strings.Replace(s, "地块", "\xb5\xd8", 1), "receipt.file.damaged"},
		"a member twice":       {strings.Replace(s, `"kind"`, `"kind":"a","kind"`, 1), "receipt.file.damaged"},
		"nested without end":   {strings.Repeat("[", 1<<20), "receipt.file.damaged"},
		"a map":                {`{"type":"FeatureCollection","features":[]}`, "receipt.file.other"},
		"a list":               {`[]`, "receipt.file.other"},
		"null":                 {`null`, "receipt.file.other"},
		"a misspelt member":    {strings.Replace(s, `"content"`, `"Content"`, 1), "receipt.file.other"},
		"a member more":        {`{"a":1,` + s[1:], "receipt.file.other"},
		"a later format":       {resealed(t, s, `"format":1`, `"format":2`), "receipt.format.newer"},
		"a part of other type": {resealed(t, s, `"program":"greenshield test"`, `"program":1`), "receipt.file.other"},
		"a part more":          {resealed(t, s, `"program":`, `"prior":1,"program":`), "receipt.file.other"},
	} {
		if o, err := receipt.Open([]byte(tc.raw)); geo.CodeOf(err) != tc.code {
			t.Errorf("%s: %v, state %s, want %s", name, err, o.State, tc.code)
		}
	}
	long := &endless{}
	if _, err := receipt.Read(long); geo.CodeOf(err) != "receipt.file.too-large" {
		t.Errorf("without end: %v", err)
	}
}

// endless is a stream of blanks.
type endless struct{}

func (*endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// resealed changes a receipt as a forger or a later version would: with hashes and an id that fit.
func resealed(t *testing.T, s, old, changed string) string {
	t.Helper()
	content := strings.TrimPrefix(s, `{"content":`)
	content = content[:strings.LastIndex(content, `,"id":`)]
	i := strings.LastIndex(content, old)
	if i < 0 {
		t.Fatalf("no %s in %s", old, content)
	}
	content = content[:i] + changed + content[i+len(old):]
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(content), &members); err != nil {
		t.Fatal(err)
	}
	parts := map[string]layers.Hash{}
	for name, value := range members {
		parts[name] = sha256.Sum256(value)
	}
	list, err := json.Marshal(parts)
	if err != nil {
		t.Fatal(err)
	}
	hash := layers.Hash(sha256.Sum256([]byte(content)))
	return `{"content":` + content + `,"id":"` + receipt.ID(hash) + `","parts":` + string(list) + `,"sha256":"` + hash.String() + `"}`
}

// TestAForgedReceiptHasAnotherID: who seals anew can change anything but the id that is printed in the report.
func TestAForgedReceiptHasAnotherID(t *testing.T) {
	s := city(t).ask("conflict", question(nil))
	forged := open(t, []byte(resealed(t, string(s.Bytes), `"Verdict":"prohibited"`, `"Verdict":"clear"`)))
	if forged.State != receipt.Intact || forged.ID == s.ID {
		t.Errorf("%s with id %s, was %s", forged.State, forged.ID, s.ID)
	}
}

func FuzzOpen(f *testing.F) {
	s := city(f).ask("conflict", question(nil))
	f.Add(s.Bytes)
	f.Add([]byte(`{"content":{},"id":"","parts":{},"sha256":""}`))
	f.Add([]byte(`{"content":{"format":9},"id":"x","parts":{"format":"1"},"sha256":"2"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := receipt.Open(raw)
		if err != nil {
			return
		}
		if (o.State == receipt.Changed) != (len(o.Changed) > 0) {
			t.Errorf("%s with %v", o.State, o.Changed)
		}
		if o.State == receipt.Intact && !bytes.Contains(raw, []byte(o.Hash.String())) {
			t.Error("intact without its hash")
		}
		_, _ = o.Answer()
	})
}
