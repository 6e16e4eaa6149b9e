package filegdb_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/filegdb"
)

// The types of fields by their number in a table.
const (
	tInt16 = iota
	tInt32
	tFloat32
	tFloat64
	tText
	tDateTime
	tObjectID
	tGeometry
	tBinary
	tRaster
	tGUID
	tGlobalID
	tXML
	tInt64
	tDate
	tTime
	tDateTimeOffset
)

const (
	featureClass = "{70737809-852C-4A03-9E22-2CECEA5B9BFA}"
	topology     = "{767152D3-ED66-4325-8774-420D46674E07}"
)

type column struct {
	name     string
	kind     int
	required bool
	preset   []byte // default value
}

// build is a table to be written; rows are ready-made row blobs, nil for a deleted one.
type build struct {
	columns     []column
	rows        [][]byte
	shape       byte // type of geometry of the layer
	wkt         string
	utf16       bool
	zm          bool // the layer has heights and measures
	description int  // version, 4 when zero
	version     int  // of both files, 3 when zero
	stated      int  // valid rows added to the number there are
	sparse      int  // blocks of 1024 deleted rows before the rows, left out by a bitmap
	scale       float64
}

func u16(b []byte, v int) []byte    { return binary.LittleEndian.AppendUint16(b, uint16(v)) }
func u32(b []byte, v int) []byte    { return binary.LittleEndian.AppendUint32(b, uint32(v)) }
func u64(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint64(b, v) }

func f64(b []byte, values ...float64) []byte {
	for _, v := range values {
		b = u64(b, math.Float64bits(v))
	}
	return b
}

func text16(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = u16(b, int(u))
	}
	return b
}

func varuint(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }

func varint(b []byte, v int64) []byte {
	sign, u := byte(0), uint64(v)
	if v < 0 {
		sign, u = 0x40, uint64(-v)
	}
	first := sign | byte(u&0x3F)
	if u >>= 6; u == 0 {
		return append(b, first)
	}
	return varuint(append(b, first|0x80), u)
}

// sized puts the length before bytes, as texts, blobs and geometries have it.
func sized(b []byte) []byte { return append(varuint(nil, uint64(len(b))), b...) }

func str(s string) []byte { return sized([]byte(s)) }

// row joins the bytes of the nullable fields' flags and the values.
func row(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func (c column) describe(b []byte, t build) []byte {
	b = append(append(b, byte(len(utf16.Encode([]rune(c.name))))), text16(c.name)...)
	b = append(b, 0, byte(c.kind))
	flags := byte(1)
	if c.required {
		flags = 0
	}
	if c.preset != nil {
		flags |= 4
	}
	switch c.kind {
	case tObjectID:
		return append(b, 4, 2)
	case tGeometry:
		b = append(b, 0, flags)
		b = append(u16(b, len(text16(t.wkt))), text16(t.wkt)...)
		b = append(b, 7)
		b = f64(b, -400, -400, t.scale, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1)
		if t.zm {
			b = f64(b, 0, 1, 0, 1)
		}
		return f64(u32(append(b, 0), 1), 1)
	case tText:
		return append(append(u32(b, 255), flags), sized(c.preset)...)
	case tBinary, tGUID, tGlobalID, tXML:
		return append(b, 38, flags)
	case tRaster:
		return append(b, 0, flags, 1, 'R', 0, 0, 0, 0, 2)
	}
	return append(append(b, 8, flags, byte(len(c.preset))), c.preset...)
}

// files gives the .gdbtable and the .gdbtablx.
func (t build) files() (main, index []byte) {
	if t.description == 0 {
		t.description = 4
	}
	if t.version == 0 {
		t.version = 3
	}
	if t.scale == 0 {
		t.scale = 1e9
	}
	flags := int(t.shape)
	if !t.utf16 {
		flags |= 1 << 8
	}
	if t.zm {
		flags |= 3 << 30
	}
	d := u16(u32(u32(nil, t.description), flags), len(t.columns))
	for _, c := range t.columns {
		d = c.describe(d, t)
	}
	body := append(u32(nil, len(d)), d...)
	var offsets []byte
	valid := 0
	for _, r := range t.rows {
		if r == nil {
			offsets = append(offsets, 0, 0, 0, 0, 0)
			continue
		}
		valid++
		offsets = append(u32(offsets, 40+len(body)), 0)
		body = append(u32(body, len(r)), r...)
	}
	head := u32(u32(u32(u32(nil, t.version), valid+t.stated), 1000), 5)
	head = u64(u64(u64(head, 0), uint64(40+len(body))), 40)
	return append(head, body...), t.index(offsets)
}

func (t build) index(offsets []byte) []byte {
	if len(t.rows) == 0 {
		return u32(u32(u32(u32(nil, t.version), 0), 0), 5)
	}
	blocks := (len(t.rows) + 1023) / 1024
	b := u32(u32(u32(u32(nil, t.version), blocks), len(t.rows)+1024*t.sparse), 5)
	b = append(append(b, offsets...), make([]byte, blocks*1024*5-len(offsets))...)
	if t.sparse == 0 {
		return u32(u32(u32(u32(b, 0), blocks), blocks), 0)
	}
	total := blocks + t.sparse
	bitmap := make([]byte, (total+31)/32*4)
	for i := t.sparse; i < total; i++ {
		bitmap[i/8] |= 1 << (i % 8)
	}
	return append(u32(u32(u32(u32(b, len(bitmap)/4), total), blocks), 0), bitmap...)
}

// named is a table of a geodatabase: a feature class, or something else when item says so.
type named struct {
	name, item string
	table      build
}

// geodatabase writes a folder with a catalog, the items and the tables.
func geodatabase(t testing.TB, tables ...named) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "测试.gdb")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	names := build{columns: []column{{name: "ID", kind: tObjectID}, {name: "Name", kind: tText}}}
	items := build{columns: []column{
		{name: "ObjectID", kind: tObjectID}, {name: "Type", kind: tGUID, required: true}, {name: "Name", kind: tText},
	}}
	for i, n := range append([]named{{name: "GDB_SystemCatalog"}, {name: "GDB_Items"}}, tables...) {
		names.rows = append(names.rows, row([]byte{0}, str(n.name)))
		if i < 2 {
			continue
		}
		item := featureClass
		if n.item != "" {
			item = n.item
		}
		items.rows = append(items.rows, row([]byte{0}, guidBytes(item), str(n.name)))
		putTable(t, dir, i+1, n.table)
	}
	putTable(t, dir, 1, names)
	putTable(t, dir, 2, items)
	return dir
}

// guidBytes is how an identifier is stored: the first three groups little-endian.
func guidBytes(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(strings.Trim(s, "{}"), "-", ""))
	if err != nil {
		panic(err)
	}
	slices.Reverse(b[:4])
	slices.Reverse(b[4:6])
	slices.Reverse(b[6:8])
	return b
}

func putTable(t testing.TB, dir string, number int, table build) {
	t.Helper()
	main, index := table.files()
	put(t, dir, number, main, index)
}

func put(t testing.TB, dir string, number int, main, index []byte) {
	t.Helper()
	stem := filepath.Join(dir, fmt.Sprintf("a%08x", number))
	for name, b := range map[string][]byte{stem + ".gdbtable": main, stem + ".gdbtablx": index} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func code(err error) string { return geo.CodeOf(err) }

func read(t testing.TB, dir string, o filegdb.Options) (format.Schema, []format.Record, error) {
	t.Helper()
	d, err := filegdb.Open(context.Background(), dir, o)
	if err != nil {
		return format.Schema{}, nil, err
	}
	defer d.Close()
	var all []format.Record
	for r, err := range d.Records(context.Background()) {
		if err != nil {
			return d.Schema(), all, err
		}
		all = append(all, r)
	}
	return d.Schema(), all, nil
}
