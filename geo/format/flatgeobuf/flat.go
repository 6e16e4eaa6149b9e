package flatgeobuf

import (
	"encoding/binary"
	"math"
)

// flat reads one FlatBuffer (FlatBuffers, "Internals") and checks every offset and length against its bytes first:
// what does not fit reads as nothing and sets bad. The generated accessors of the FlatBuffers project check nothing, and
// the ready-made reader for Go takes memory by the number of features that a header states; therefore this own one.
type flat struct {
	b   []byte
	bad bool
}

// within tells whether n bytes can be read at a place.
func (f *flat) within(at, n int) bool {
	if at < 0 || n < 0 || at > len(f.b) || n > len(f.b)-at {
		f.bad = true
		return false
	}
	return true
}

func (f *flat) u8(at int) uint8 {
	if !f.within(at, 1) {
		return 0
	}
	return f.b[at]
}

func (f *flat) u16(at int) uint16 {
	if !f.within(at, 2) {
		return 0
	}
	return binary.LittleEndian.Uint16(f.b[at:])
}

func (f *flat) u32(at int) uint32 {
	if !f.within(at, 4) {
		return 0
	}
	return binary.LittleEndian.Uint32(f.b[at:])
}

func (f *flat) u64(at int) uint64 {
	if !f.within(at, 8) {
		return 0
	}
	return binary.LittleEndian.Uint64(f.b[at:])
}

func (f *flat) f64(at int) float64 { return math.Float64frombits(f.u64(at)) }

// table is a table in a FlatBuffer: where it is and where its list of fields is. The zero table has no fields.
type table struct {
	*flat
	at, fields, size int // size is the number of bytes of the list
}

// root is the table that a FlatBuffer begins with.
func root(b []byte) table {
	f := &flat{b: b}
	return f.table(f.indirect(0))
}

// indirect follows the offset at a place.
func (f *flat) indirect(at int) int { return at + int(f.u32(at)) }

func (f *flat) table(at int) table {
	t := table{flat: f, at: at}
	if !f.within(at, 4) {
		return t
	}
	t.fields = at - int(int32(f.u32(at)))
	size := int(f.u16(t.fields))
	if size >= 4 && f.within(t.fields, size) {
		t.size = size
	} else {
		f.bad = true
	}
	return t
}

// field is the place of a field's value, 0 when the table does not have it.
func (t table) field(i int) int {
	entry := 4 + 2*i
	if entry+2 > t.size {
		return 0
	}
	if off := int(t.u16(t.fields + entry)); off != 0 {
		return t.at + off
	}
	return 0
}

// byte is a one-byte number or enumeration, 0 when absent.
func (t table) byte(i int) uint8 {
	if at := t.field(i); at != 0 {
		return t.u8(at)
	}
	return 0
}

// child is the table in a field; ok is false when there is none.
func (t table) child(i int) (table, bool) {
	at := t.field(i)
	if at == 0 {
		return table{flat: t.flat}, false
	}
	return t.table(t.indirect(at)), true
}

// vector is the place of the first element of a list and their number, each of size bytes.
func (t table) vector(i, size int) (at, n int) {
	field := t.field(i)
	if field == 0 {
		return 0, 0
	}
	start := t.indirect(field)
	count := int(t.u32(start))
	if count == 0 || !t.within(start+4, 0) || count > (len(t.b)-start-4)/size {
		t.bad = t.bad || count != 0
		return 0, 0
	}
	return start + 4, count
}

// bytes is a list of bytes, shared with the buffer.
func (t table) bytes(i int) []byte {
	at, n := t.vector(i, 1)
	return t.b[at : at+n]
}

func (t table) text(i int) string { return string(t.bytes(i)) }

// tables is the number of tables in a list and the one at an index.
func (t table) tables(i int) (n int, each func(k int) table) {
	at, n := t.vector(i, 4)
	return n, func(k int) table { return t.table(t.indirect(at + 4*k)) }
}
