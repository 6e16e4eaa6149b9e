package shapefile

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"greenshield/geo"
	"greenshield/geo/format"
)

const (
	maxFieldName = 10
	maxTextWidth = 254
	maxRowLen    = 65535
	// maxFields is what ArcGIS and others read of a .dbf.
	maxFields = 255
	// numberWidth holds every int64 and the shortest exact form of every float64, "-1.7976931348623157e+308".
	numberWidth = 24
	ldidGBK     = 0x4D
)

// tableWriter spools the rows of the .dbf in full width; write then makes each column as narrow as its values allow.
type tableWriter struct {
	rows     *spool
	fields   []format.Field
	names    []string // encoded
	widths   []int    // in the spool
	used     []int    // the widest value
	count    int64
	encode   func(string) (string, bool)
	codePage string
	ldid     byte
	changed  time.Time
	notes    format.Notes
}

func newTableWriter(path string, l Layer) (*tableWriter, error) {
	t := &tableWriter{
		fields: l.Fields, used: make([]int, len(l.Fields)), changed: l.Changed.UTC(), codePage: nameUTF8, encode: encodeUTF8,
	}
	switch l.Encoding {
	case "", nameUTF8:
	case "GBK":
		t.encode, t.codePage, t.ldid = encodeGBK, "936", ldidGBK
	default:
		return nil, fmt.Errorf("encoding %q is neither GBK nor UTF-8", l.Encoding)
	}
	rowLen := 1
	for _, f := range l.Fields {
		w := map[format.Kind]int{format.Text: maxTextWidth, format.Boolean: 1, format.Date: 8}[f.Kind]
		if w == 0 {
			w = numberWidth
		}
		t.widths = append(t.widths, w)
		rowLen += w
	}
	if rowLen > maxRowLen || len(l.Fields) > maxFields {
		return nil, geo.NewProblem("layer.export.too-many-fields", "fields", len(l.Fields), "limit", maxFields)
	}
	t.nameFields(l.Encoding)
	var err error
	t.rows, err = newSpool(path)
	return t, err
}

func (t *tableWriter) close() error { return t.rows.Close() }

// finish ends the rows. Their size in the file is known only now, as the widest values are.
func (t *tableWriter) finish() error {
	if t.count*int64(t.rowLen()) > maxFileSize {
		return tooLarge()
	}
	return t.rows.flush()
}

// rowLen is the length of a row in the file.
func (t *tableWriter) rowLen() int {
	n := 1
	for i := range t.fields {
		n += t.width(i)
	}
	return n
}

func encodeUTF8(s string) (string, bool) { return strings.ToValidUTF8(s, "?"), utf8.ValidString(s) }

// encodeGBK puts a question mark where GBK has no character; false says that it did.
func encodeGBK(s string) (string, bool) {
	exact := simplifiedchinese.GBK.NewEncoder()
	if out, err := exact.String(s); err == nil {
		return out, true
	}
	out, err := encoding.ReplaceUnsupported(simplifiedchinese.GBK.NewEncoder()).String(s)
	if err != nil {
		return "?", false
	}
	return strings.ReplaceAll(out, "\x1a", "?"), false
}

// FieldNames are the names that fields get in a shapefile with text in an encoding, "GBK" or anything for UTF-8: cut to
// ten bytes, never inside a character, and different without regard to case.
func FieldNames(fields []format.Field, encoding string) []string {
	encode := encodeUTF8
	if encoding == "GBK" {
		encode = encodeGBK
	}
	taken := map[string]bool{}
	names := make([]string, 0, len(fields))
	for i, f := range fields {
		name := fit(encode, f.Name, maxFieldName)
		if name == "" {
			name = fmt.Sprintf("F%d", i+1)
		}
		for n := 2; taken[strings.ToUpper(name)]; n++ {
			suffix := fmt.Sprintf("_%d", n)
			name = fit(encode, f.Name, maxFieldName-len(suffix)) + suffix
		}
		taken[strings.ToUpper(name)] = true
		names = append(names, name)
	}
	return names
}

func (t *tableWriter) nameFields(encoding string) {
	for i, name := range FieldNames(t.fields, encoding) {
		encoded, _ := t.encode(name)
		t.names = append(t.names, encoded)
		if name != t.fields[i].Name {
			t.notes.Add(0, "layer.export.field-renamed", "column", t.fields[i].Name, "name", name)
		}
	}
}

// fit is the longest beginning of s that takes at most width bytes when it is encoded.
func fit(encode func(string) (string, bool), s string, width int) string {
	n := 0
	for i := range s { // a character takes a byte at least
		if n++; n > width {
			s = s[:i]
			break
		}
	}
	out, _ := encode(s)
	for len(out) > width {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
		out, _ = encode(s)
	}
	return s
}

func (t *tableWriter) add(row int64, values []any) error {
	if len(values) != len(t.fields) {
		return fmt.Errorf("%d values for %d fields", len(values), len(t.fields))
	}
	line := []byte{' '}
	for i, v := range values {
		s, err := t.cell(row, t.fields[i], v)
		if err != nil {
			return fmt.Errorf("field %s: %w", t.fields[i].Name, err)
		}
		t.used[i] = max(t.used[i], len(s))
		pad := strings.Repeat(" ", t.widths[i]-len(s))
		if t.rightAligned(i) {
			line = append(append(line, pad...), s...)
		} else {
			line = append(append(line, s...), pad...)
		}
	}
	t.count++
	return t.rows.put(line)
}

func (t *tableWriter) rightAligned(i int) bool {
	return t.fields[i].Kind == format.Integer || t.fields[i].Kind == format.Real
}

// cell is the text of a value, "" when it is absent.
func (t *tableWriter) cell(row int64, f format.Field, v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		if f.Kind == format.Date {
			day, err := time.Parse(time.DateOnly, v)
			return day.Format("20060102"), err
		}
		if f.Kind == format.Text {
			return t.textCell(row, f.Name, v), nil
		}
	case bool:
		if f.Kind == format.Boolean {
			return map[bool]string{true: "T", false: "F"}[v], nil
		}
	case int64:
		if f.Kind == format.Integer || f.Kind == format.Real {
			return strconv.FormatInt(v, 10), nil
		}
	case float64:
		if f.Kind == format.Real {
			return realCell(v)
		}
	}
	return "", fmt.Errorf("a %T is not a value of this field", v)
}

// realCell writes the shortest text that gives the same number back.
func realCell(v float64) (string, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "", fmt.Errorf("%v is not a number that a .dbf can hold", v)
	}
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if len(s) > numberWidth {
		s = strconv.FormatFloat(v, 'e', -1, 64)
	}
	return s, nil
}

func (t *tableWriter) textCell(row int64, name, v string) string {
	v = strings.ReplaceAll(v, "\x00", " ") // a zero would end the text for every reader
	out, exact := t.encode(v)
	if !exact {
		t.notes.Add(row, "layer.export.text-replaced", "column", name)
	}
	if len(out) > maxTextWidth {
		t.notes.Add(row, "layer.export.text-cut", "column", name, "limit", maxTextWidth)
		out, _ = t.encode(fit(t.encode, v, maxTextWidth))
	}
	return out
}

// write makes the .dbf from the spool.
func (t *tableWriter) write(w io.Writer) error {
	if _, err := w.Write(t.header()); err != nil {
		return err
	}
	spooled := 1
	for _, width := range t.widths {
		spooled += width
	}
	in := newWindow(t.rows, t.rows.size)
	for n := range t.count {
		line, err := in.at(n*int64(spooled), spooled)
		if err != nil {
			return err
		}
		if _, err := w.Write(t.narrow(line)); err != nil {
			return err
		}
	}
	_, err := w.Write([]byte{0x1A})
	return err
}

// width is that of a column in the file.
func (t *tableWriter) width(i int) int {
	switch t.fields[i].Kind {
	case format.Boolean, format.Date:
		return t.widths[i]
	case format.Real:
		return numberWidth
	}
	return max(1, t.used[i])
}

func (t *tableWriter) narrow(line []byte) []byte {
	out := []byte{line[0]}
	at := 1
	for i, w := range t.widths {
		cell := line[at : at+w]
		if t.rightAligned(i) {
			cell = cell[w-t.width(i):]
		} else {
			cell = cell[:t.width(i)]
		}
		out = append(out, cell...)
		at += w
	}
	return out
}

func (t *tableWriter) header() []byte {
	year := t.changed.Year() - 1900
	b := []byte{3, byte(max(0, min(year, 255))), byte(t.changed.Month()), byte(t.changed.Day())}
	b = binary.LittleEndian.AppendUint32(b, uint32(t.count))
	b = binary.LittleEndian.AppendUint16(b, uint16(tableHeaderSize+fieldSize*len(t.fields)+1))
	b = binary.LittleEndian.AppendUint16(b, uint16(t.rowLen()))
	b = append(b, make([]byte, tableHeaderSize-len(b))...)
	b[29] = t.ldid
	for i, f := range t.fields {
		d := make([]byte, fieldSize)
		copy(d, t.names[i])
		d[11], d[16] = kindByte(f.Kind), byte(t.width(i))
		if f.Kind == format.Real {
			d[17] = 15 // readers take the point from the text; more than zero tells them that there is one
		}
		b = append(b, d...)
	}
	return append(b, headerEnd)
}

func kindByte(k format.Kind) byte {
	switch k {
	case format.Integer, format.Real:
		return 'N'
	case format.Boolean:
		return 'L'
	case format.Date:
		return 'D'
	}
	return 'C'
}
