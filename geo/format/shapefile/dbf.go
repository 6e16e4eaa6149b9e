package shapefile

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
)

const (
	tableHeaderSize = 32
	fieldSize       = 32
	headerEnd       = 0x0D
	deletedMark     = '*'
)

// dbfTable is an open .dbf.
type dbfTable struct {
	w         *window
	file      string
	rows      int64
	headerLen int64
	rowLen    int
	ldid      byte
	columns   []dbfColumn
	text      textDecoder
}

// dbfColumn is a field descriptor of the header. Columns that cannot be read as a value (memo, binary) have field -1.
type dbfColumn struct {
	rawName  []byte
	kind     byte
	offset   int
	width    int
	decimals int
	field    int
}

// readTableHeader reads the header and checks that all rows that it states are in the file.
func readTableHeader(w *window, file string) (*dbfTable, error) {
	b, err := w.at(0, tableHeaderSize)
	if err == io.ErrUnexpectedEOF {
		return nil, damagedTable(file, "header")
	}
	if err != nil {
		return nil, err
	}
	t := &dbfTable{
		w: w, file: file, ldid: b[29],
		rows:      int64(binary.LittleEndian.Uint32(b[4:])),
		headerLen: int64(binary.LittleEndian.Uint16(b[8:])),
		rowLen:    int(binary.LittleEndian.Uint16(b[10:])),
	}
	// The low three bits are the level of the format; 4 is dBASE 7 with longer descriptors.
	if b[0]&7 == 4 {
		return nil, damagedTable(file, "dBASE 7")
	}
	if t.headerLen < tableHeaderSize || t.headerLen > w.size || t.rowLen < 1 {
		return nil, damagedTable(file, "header")
	}
	if t.rows > (w.size-t.headerLen)/int64(t.rowLen) {
		return nil, geo.NewProblem("ingest.dbf.truncated", "file", file, "rows", t.rows,
			"present", (w.size-t.headerLen)/int64(t.rowLen))
	}
	return t, t.readColumns()
}

func damagedTable(file, detail string) error {
	return geo.NewProblem("ingest.dbf.damaged", "file", file, "detail", detail)
}

// readColumns reads the field descriptors. When the widths do not fill a row they are read again in the way of
// Clipper and FoxPro, whose text fields use the decimals as the high byte of the width; that is taken only when it
// fills the row. A row longer than its fields is left as it is.
func (t *dbfTable) readColumns() error {
	columns, filled, err := t.descriptors(0)
	if err != nil {
		return err
	}
	if filled != t.rowLen {
		long, longFilled, err := t.descriptors(8)
		if err != nil {
			return err
		}
		if longFilled == t.rowLen {
			columns, filled = long, longFilled
		}
	}
	if filled > t.rowLen {
		return damagedTable(t.file, "fields longer than a row")
	}
	t.columns = columns
	return nil
}

// descriptors reads them up to 0x0D or the end of the header, and the length of the row that they describe. highByte
// is how far the decimals of a text field are shifted into its width, 0 for not at all.
func (t *dbfTable) descriptors(highByte int) (columns []dbfColumn, filled int, err error) {
	filled = 1
	for at := int64(tableHeaderSize); at+fieldSize <= t.headerLen; at += fieldSize {
		b, err := t.w.at(at, fieldSize)
		if err != nil {
			return nil, 0, err
		}
		if b[0] == headerEnd {
			break
		}
		name, _, _ := bytes.Cut(b[:11], []byte{0})
		c := dbfColumn{rawName: bytes.Clone(name), kind: b[11], offset: filled, width: int(b[16])}
		switch {
		case c.kind == 'C' && highByte > 0:
			c.width += int(b[17]) << highByte
		case c.kind == 'N' || c.kind == 'F':
			c.decimals = int(b[17])
		}
		filled += c.width
		columns = append(columns, c)
	}
	return columns, filled, nil
}

// name gives the bytes of the column's name and whether they fill its field: ten, as an eleventh must be zero; some
// programs stop at nine.
func (c dbfColumn) name() (b []byte, full bool) {
	return bytes.TrimRight(c.rawName, " "), len(c.rawName) >= 9
}

// shownName is the column's name for a person; bytes that are not text show as U+FFFD.
func (c dbfColumn) shownName(t textDecoder) string {
	if name, _, ok := t.decode(c.name()); ok {
		return name
	}
	return strings.ToValidUTF8(string(c.rawName), "\uFFFD")
}

// textOf gives the bytes of a text cell in a row, up to the first zero and without the blanks that fill it, and
// whether they fill the field.
func (c dbfColumn) textOf(row []byte) (b []byte, full bool) {
	cell := row[c.offset : c.offset+c.width]
	if i := bytes.IndexByte(cell, 0); i >= 0 {
		cell = cell[:i]
	}
	b = bytes.TrimRight(cell, " ")
	return b, len(b) == c.width
}

// row gives the bytes of a row, counted from 1.
func (t *dbfTable) row(n int64) ([]byte, error) {
	return t.w.at(t.headerLen+(n-1)*int64(t.rowLen), t.rowLen)
}

// kindOf is the kind of value in a column; false for what is left out (memo, binary, general).
func kindOf(c dbfColumn) (format.Kind, bool) {
	switch c.kind {
	case 'C':
		return format.Text, true
	case 'N':
		// Up to 18 digits fit int64 with certainty; GDAL draws the same line.
		if c.decimals == 0 && c.width <= 18 {
			return format.Integer, true
		}
		return format.Real, true
	case 'F':
		return format.Real, true
	case 'L':
		return format.Boolean, true
	case 'D':
		return format.Date, true
	case 'I', '+':
		return format.Integer, c.width == 4
	case 'O', 'Y':
		return format.Real, c.width == 8
	case '@', 'T':
		return format.Text, c.width == 8
	}
	return format.Text, false
}
