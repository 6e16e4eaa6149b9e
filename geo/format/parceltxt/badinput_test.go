package parceltxt_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"

	"greenshield/geo/format/parceltxt"
)

// wide is text in UTF-16 with a byte order mark.
func wide(order binary.AppendByteOrder, text string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

// However the text is encoded and its lines end, the parcel, its name and its system are the same.
func TestWritingsOfOneParcel(t *testing.T) {
	text := file(header, box("1", 0, 0, 100))
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ text, encoding, notes string }{
		"bad-input 70 UTF-8":               {text, "UTF-8", ""},
		"bad-input 70 UTF-8 with mark":     {"\ufeff" + text, "UTF-8", ""},
		"bad-input 70 GBK":                 {gbk, "GB18030", ""},
		"bad-input 70 UTF-16 little first": {wide(binary.LittleEndian, text), "UTF-16LE", "ingest.file.decoded"},
		"bad-input 70 UTF-16 big first":    {wide(binary.BigEndian, text), "UTF-16BE", "ingest.file.decoded"},
		"bad-input 71 CR LF":               {strings.ReplaceAll(text, "\n", "\r\n"), "UTF-8", ""},
		"bad-input 71 CR":                  {strings.ReplaceAll(text, "\n", "\r"), "UTF-8", ""},
		"bad-input 71 CR LF in GBK":        {strings.ReplaceAll(gbk, "\n", "\r\n"), "GB18030", ""},
		"bad-input 71 blanks at line ends": {strings.ReplaceAll(text, "\n", " \t \n"), "UTF-8", ""},
		"bad-input 71 no last line end":    {strings.TrimSpace(text), "UTF-8", ""},
		"bad-input 71 labels J01 and J1":   {strings.Replace(text, "J1,", "J01,", 1), "UTF-8", ""},
		"bad-input 71 blank lines":         {strings.ReplaceAll(text, "\n", "\n\n　\n"), "UTF-8", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, tc.text, parceltxt.Options{})
			if got.err != nil || len(got.records) != 1 || codes(got.schema.Notes) != tc.notes {
				t.Fatalf("%d parcels, notes %q, %v", len(got.records), codes(got.schema.Notes), got.err)
			}
			rec := got.records[0]
			if got.schema.Encoding != tc.encoding || rec.Values[1] != "一号地" || rec.Problem != nil {
				t.Errorf("in %s: %v, %v", got.schema.Encoding, rec.Values, rec.Problem)
			}
			if !orb.Equal(rec.Geometry, orb.Polygon{square(0, 0, 100)}) {
				t.Errorf("geometry %v", rec.Geometry)
			}
			if got.schema.Declared == nil || got.schema.Declared.EPSG() != 4525 {
				t.Errorf("declared %v, %v", got.schema.Declared, got.schema.DeclaredProblem)
			}
		})
	}
}
