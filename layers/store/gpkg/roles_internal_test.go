package gpkg

import (
	"encoding/json"
	"testing"

	"greenshield/layers"
)

func wantRoles(t *testing.T, w *roleWriter, roles map[layers.Role]string) {
	t.Helper()
	want, err := json.Marshal(roles)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(w.append([]byte("before"), roles)); got != "before"+string(want) {
		t.Errorf("got %s, want before%s", got, want)
	}
}

func TestRolesAreTheJSONOfTheStandardLibrary(t *testing.T) {
	var w roleWriter
	for name, roles := range map[string]map[layers.Role]string{
		"none": nil, "empty": {}, "one": {layers.Name: "西江沿岸"},
		"in order":   {layers.Name: "b", layers.Code: "a", "zzz": "", "AAA": "x"},
		"to escape":  {layers.Name: "\"\\/<b>&'\x7f\x00\t\b\f\n\r\u2028\u2029\ufffd", "a\"b": "1"},
		"not UTF-8":  {layers.Name: "\xff红\xe7", layers.Code: "\xed\xa0\x80"},
		"rare signs": {layers.Name: "生僻字𠮷"},
	} {
		t.Run(name, func(t *testing.T) { wantRoles(t, &w, roles) })
	}
}

func FuzzRoles(f *testing.F) {
	f.Add("name", "红线", "code", "450800")
	f.Add("\"", "\\", "<", "\x00\xff")
	var w roleWriter
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string) {
		wantRoles(t, &w, map[layers.Role]string{layers.Role(name1): value1, layers.Role(name2): value2})
	})
}
