package shapefile

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/transform"

	"greenshield/geo"
	"greenshield/geo/format"
)

// The names under which a schema shows the encodings.
const (
	nameUTF8    = "UTF-8"
	nameGB18030 = "GB18030"
)

// textDecoder turns the bytes of a text cell into UTF-8. The zero value reads UTF-8.
type textDecoder struct {
	name string
	from encoding.Encoding // nil for UTF-8
}

// decode is strict: false when b is not text in this encoding. Where b fills its field, a character of which only the
// first bytes found room at the end is dropped and reported as cut.
func (t textDecoder) decode(b []byte, full bool) (s string, cut, ok bool) {
	if t.from == nil {
		whole := len(b) - incomplete(b)
		return string(b[:whole]), whole < len(b), utf8.Valid(b[:whole]) && (full || whole == len(b))
	}
	dst := make([]byte, 0, 2*len(b)+utf8.UTFMax)
	dst = dst[:cap(dst)]
	n, used, err := t.from.NewDecoder().Transform(dst, b, false)
	for errors.Is(err, transform.ErrShortDst) {
		dst = make([]byte, 2*len(dst))
		n, used, err = t.from.NewDecoder().Transform(dst, b, false)
	}
	if err != nil && !errors.Is(err, transform.ErrShortSrc) {
		return "", false, false
	}
	// The decoders mark what they cannot read with U+FFFD, which no real text contains.
	out := dst[:n]
	return string(out), used < len(b), !bytes.ContainsRune(out, utf8.RuneError) && (full || used == len(b))
}

// incomplete is the length of the unfinished UTF-8 character at the end of b.
func incomplete(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		tail := b[len(b)-n:]
		if utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// named is the decoder for a name as people and programs write it: UTF-8, 65001, GBK, CP936, "ANSI 936", LDID/77 …
func named(name string) (textDecoder, bool) {
	key := strings.ToUpper(strings.TrimSpace(name))
	if n, ok := strings.CutPrefix(key, "LDID/"); ok {
		return byLDIDText(n)
	}
	key = strings.NewReplacer(" ", "", "-", "", "_", "", ".", "", ":", "").Replace(key)
	for _, prefix := range []string{"ANSI", "OEM", "CP", "WINDOWS", "MS", "IBM", "X"} {
		if rest, ok := strings.CutPrefix(key, prefix); ok && rest != "" {
			key = rest
		}
	}
	switch key {
	case "UTF8", "65001", "ASCII", "USASCII", "UTF8MB4":
		return textDecoder{name: nameUTF8}, true
	case "936", "GBK", "GB2312", "GB18030", "54936", "20936", "EUCCN", "GB231280":
		return textDecoder{nameGB18030, simplifiedchinese.GB18030}, true
	case "950", "BIG5", "BIG5HKSCS":
		return textDecoder{"Big5", traditionalchinese.Big5}, true
	case "ISO88591", "88591", "LATIN1", "L1", "28591":
		return textDecoder{"ISO-8859-1", charmap.ISO8859_1}, true
	}
	return singleByte(key)
}

// singleByte are the code pages that .cpg files of western programs name.
func singleByte(key string) (textDecoder, bool) {
	pages := map[string]*charmap.Charmap{
		"1250": charmap.Windows1250, "1251": charmap.Windows1251, "1252": charmap.Windows1252,
		"1253": charmap.Windows1253, "1254": charmap.Windows1254, "1255": charmap.Windows1255,
		"1256": charmap.Windows1256, "1257": charmap.Windows1257, "1258": charmap.Windows1258,
		"437": charmap.CodePage437, "850": charmap.CodePage850, "852": charmap.CodePage852,
		"866": charmap.CodePage866, "874": charmap.Windows874,
		"ISO88592": charmap.ISO8859_2, "88592": charmap.ISO8859_2, "ISO88595": charmap.ISO8859_5,
		"ISO88599": charmap.ISO8859_9, "88599": charmap.ISO8859_9, "ISO885915": charmap.ISO8859_15,
		"885915": charmap.ISO8859_15, "KOI8R": charmap.KOI8R,
	}
	if page, ok := pages[key]; ok {
		return textDecoder{page.String(), page}, true
	}
	return textDecoder{}, false
}

// byLDIDText reads the number in GDAL's "LDID/77".
func byLDIDText(digits string) (textDecoder, bool) {
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' || n > 255 {
			return textDecoder{}, false
		}
		n = 10*n + int(c-'0')
	}
	if n > 255 {
		return textDecoder{}, false
	}
	return byLDID(byte(n))
}

// byLDID is the decoder for a language driver id, byte 29 of the .dbf. Id 0x57 means "the code page of the computer
// that wrote this", which says nothing; the others are of dBASE and Visual FoxPro.
func byLDID(id byte) (textDecoder, bool) {
	pages := map[byte]string{
		0x01: "437", 0x02: "850", 0x03: "1252", 0x26: "866", 0x65: "866", 0x58: "1252", 0x59: "1252",
		0x4D: "936", 0x7A: "936", 0x4F: "950", 0x78: "950", 0x64: "852", 0x7C: "874", 0x50: "874",
		0xC8: "1250", 0xC9: "1251", 0xCA: "1254", 0xCB: "1253", 0xCC: "1257", 0x7D: "1255", 0x7E: "1256",
	}
	page, ok := pages[id]
	if !ok {
		return textDecoder{}, false
	}
	return named(page)
}

// settleEncoding decides how text is read: what the operator says; else the .cpg or .cst; else the language driver
// id; else strict UTF-8 when all text is; else GB18030 when all text is. A .cpg that says UTF-8 above text that is
// not, but is GB18030 throughout, is overruled with a note: exports from Chinese systems often are like that.
func (d *dataset) settleEncoding(ctx context.Context, operator, cpg string) error {
	stated, known := named(cpg)
	switch {
	case operator != "":
		if stated, known = named(operator); !known {
			return d.unknownEncoding(operator)
		}
	case cpg == "":
		stated, known = byLDID(d.dbf.ldid)
	}
	utf := &trial{text: textDecoder{name: nameUTF8}, fits: true}
	gb := &trial{text: textDecoder{nameGB18030, simplifiedchinese.GB18030}, fits: true}
	trials := []*trial{utf, gb}
	if operator != "" || known && stated.name != nameUTF8 {
		trials = []*trial{{text: stated, fits: true}}
	}
	if err := d.surveyRows(ctx, trials); err != nil {
		return err
	}
	used := trials[0]
	if len(trials) > 1 {
		switch {
		case utf.fits || known && !gb.fits:
		case cpg != "" && !known:
			// Reading it as GB18030 would give wrong characters if it were, say, Japanese.
			return d.unknownEncoding(cpg)
		default:
			used = gb
		}
	}
	d.dbf.text, d.schema.Encoding = used.text, used.text.name
	d.encodingNotes(used, known, cpg)
	return nil
}

// encodingNotes says what was decided and what it meant for the text.
func (d *dataset) encodingNotes(used *trial, known bool, cpg string) {
	switch {
	case !used.fits:
		d.note("ingest.dbf.encoding-unclear", "file", d.dbf.file, "used", used.text.name)
	case !known && used.text.name != nameUTF8:
		d.note("ingest.dbf.encoding-guessed", "file", d.dbf.file, "used", used.text.name)
	case known && used.text.name == nameGB18030 && statesUTF8(cpg):
		d.note("ingest.dbf.encoding-overruled", "stated", brief(cpg), "used", used.text.name)
	}
	d.schema.Notes = append(d.schema.Notes, used.cut.Problems()...)
}

func statesUTF8(cpg string) bool {
	t, ok := named(cpg)
	return ok && t.name == nameUTF8
}

func (d *dataset) unknownEncoding(name string) error {
	return geo.NewProblem("ingest.dbf.encoding-unknown", "file", d.dbf.file, "name", brief(name))
}

func brief(s string) string {
	r := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	return string(r[:min(len(r), 40)])
}

// trial is one way to read the text of a table, and what comes of it.
type trial struct {
	text textDecoder
	fits bool
	cut  format.Notes // rows in which a character is cut where its field ends
}

func (t *trial) try(row int64, name string, b []byte, full bool) {
	if !t.fits {
		return
	}
	_, cut, ok := t.text.decode(b, full)
	t.fits = ok
	if cut && row > 0 {
		t.cut.Add(row, "ingest.dbf.text-cut", "field", name)
	}
}

// surveyRows tries all names and text cells of the table, and notes the deleted rows, which are not read.
func (d *dataset) surveyRows(ctx context.Context, trials []*trial) error {
	deleted := format.Notes{}
	try := func(row int64, c dbfColumn, b []byte, full bool) {
		if ascii(b) {
			return
		}
		for _, t := range trials {
			t.try(row, c.shownName(t.text), b, full)
		}
	}
	for _, c := range d.dbf.columns {
		b, full := c.name()
		try(0, c, b, full)
	}
	for n := int64(1); n <= d.dbf.rows; n++ {
		if n%chunk == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		b, err := d.dbf.row(n)
		if err != nil {
			return err
		}
		if b[0] == deletedMark {
			deleted.Add(n, "ingest.dbf.deleted-rows")
			continue
		}
		if ascii(b) {
			continue
		}
		for _, c := range d.dbf.columns {
			if c.kind == 'C' {
				cell, full := c.textOf(b)
				try(n, c, cell, full)
			}
		}
	}
	d.schema.Notes = append(d.schema.Notes, deleted.Problems()...)
	return nil
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
