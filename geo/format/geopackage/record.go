package geopackage

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// maxRecord is the length above which SQLite takes no row (SQLITE_MAX_LENGTH, sqlite.org/limits.html), in bytes.
const maxRecord = 1_000_000_000

// Record is a row in SQLite's record format (sqlite.org/fileformat2.html, section 2.1), written value by value in the
// order of the table's columns. The zero value is an empty row; Reset makes it one again and keeps its memory. A row
// of a feature table begins with Null for its id, which SQLite keeps beside the record.
type Record struct {
	types []byte // the serial types
	body  []byte
}

// Reset empties the row.
func (r *Record) Reset() { r.types, r.body = r.types[:0], r.body[:0] }

// The serial types of the record format; those of a blob and of text of n bytes are 12 + 2n and 13 + 2n.
const (
	serialNull  = 0
	serialInt48 = 5
	serialInt64 = 6
	serialReal  = 7
	serialZero  = 8
	serialOne   = 9
	serialBlob  = 12
	serialText  = 13
)

// Null adds an absent value.
func (r *Record) Null() { r.types = append(r.types, serialNull) }

// Text adds a text.
func (r *Record) Text(s string) {
	r.types = appendVarint(r.types, serialText+2*uint64(len(s)))
	r.body = append(r.body, s...)
}

// Hex adds a text of the hexadecimal digits of b.
func (r *Record) Hex(b []byte) {
	r.types = appendVarint(r.types, serialText+4*uint64(len(b)))
	r.body = hex.AppendEncode(r.body, b)
}

// Written adds the text that write appends.
func (r *Record) Written(write func([]byte) []byte) {
	from := len(r.body)
	r.body = write(r.body)
	r.types = appendVarint(r.types, serialText+2*uint64(len(r.body)-from))
}

// Truth adds 0 or 1.
func (r *Record) Truth(v bool) {
	if v {
		r.types = append(r.types, serialOne)
		return
	}
	r.types = append(r.types, serialZero)
}

// integerBytes is by serial type the length of an integer.
var integerBytes = [...]int{0, 1, 2, 3, 4, 6, 8, 8, 0, 0}

// Integer adds a number in as few bytes as hold it.
func (r *Record) Integer(v int64) {
	serial := byte(serialInt64)
	switch {
	case v == 0 || v == 1:
		r.types = append(r.types, serialZero+byte(v))
		return
	case v == int64(int8(v)):
		serial = 1
	case v == int64(int16(v)):
		serial = 2
	case v == v<<40>>40:
		serial = 3
	case v == int64(int32(v)):
		serial = 4
	case v == v<<16>>16:
		serial = serialInt48
	}
	r.types = append(r.types, serial)
	for n := integerBytes[serial] - 1; n >= 0; n-- {
		r.body = append(r.body, byte(v>>(8*n)))
	}
}

// maxShortReal is the size from which a whole number saves nothing as an integer: it does not fit into six bytes.
const maxShortReal = 1 << 47

// Real adds a number to a column of type REAL: a whole one as an integer, as SQLite does to save space, and one that
// is no number (NaN) as absent.
func (r *Record) Real(v float64) {
	switch {
	case v != v:
		r.Null()
	case v == math.Trunc(v) && math.Abs(v) < maxShortReal:
		r.Integer(int64(v))
	default:
		r.types = append(r.types, serialReal)
		r.body = binary.BigEndian.AppendUint64(r.body, math.Float64bits(v))
	}
}

// Geometry adds the blob of g, see EncodeGeometry, and returns it; it is good until the next value.
func (r *Record) Geometry(g orb.Geometry, srsID int) ([]byte, error) {
	if g == nil {
		r.Null()
		return nil, nil
	}
	from := len(r.body)
	body, err := appendGeometry(r.body, g, srsID)
	if err != nil {
		return nil, err
	}
	r.body = body
	r.types = appendVarint(r.types, serialBlob+2*uint64(len(body)-from))
	return body[from:], nil
}

// Append appends the bytes of the whole row to b; a row longer than SQLite takes is an error.
func (r *Record) Append(b []byte) ([]byte, error) {
	header := len(r.types) + 1
	for header < len(r.types)+varintBytes(uint64(header)) {
		header++ // the length counts itself
	}
	if size := header + len(r.body); size > maxRecord {
		return b, fmt.Errorf("a row of %d bytes, more than the %d that a GeoPackage takes", size, maxRecord)
	}
	b = appendVarint(b, uint64(header))
	b = append(b, r.types...)
	return append(b, r.body...), nil
}

// varintBytes is the length of v as SQLite writes it: seven bits a byte, the ninth byte eight.
func varintBytes(v uint64) int {
	n := 1
	for v >>= 7; v > 0 && n < 9; v >>= 7 {
		n++
	}
	return n
}

// appendVarint appends v with the highest bits first, as SQLite does and encoding/binary does not. Lengths and
// row numbers are below 2⁶³; nine bytes with eight bits in the last one are for what is not below 2⁵⁶.
func appendVarint(b []byte, v uint64) []byte {
	n := varintBytes(v)
	if n == 9 {
		for shift := 57; shift >= 8; shift -= 7 {
			b = append(b, byte(v>>shift)|0x80)
		}
		return append(b, byte(v))
	}
	for shift := 7 * (n - 1); shift > 0; shift -= 7 {
		b = append(b, byte(v>>shift)|0x80)
	}
	return append(b, byte(v)&0x7f)
}

// values reads a row that a Record made in this process into out, one value a column; the bytes need no distrust.
// Texts and blobs are copies.
func values(record []byte, out []any) {
	header, n := varint(record)
	types, body := record[n:header], record[header:]
	for i := range out {
		serial, n := varint(types)
		types = types[n:]
		out[i], body = stored(serial, body)
	}
}

func stored(serial uint64, body []byte) (any, []byte) {
	switch {
	case serial == serialNull:
		return nil, body
	case serial == serialReal:
		return math.Float64frombits(binary.BigEndian.Uint64(body)), body[8:]
	case serial == serialZero || serial == serialOne:
		return int64(serial - serialZero), body
	case serial < serialReal:
		n := integerBytes[serial]
		v := int64(int8(body[0]))
		for _, c := range body[1:n] {
			v = v<<8 | int64(c)
		}
		return v, body[n:]
	}
	n := (serial - serialBlob) / 2
	if serial%2 == 0 {
		return append([]byte{}, body[:n]...), body[n:]
	}
	return string(body[:n]), body[n:]
}
