package geopackage

import (
	"bytes"
	"testing"
)

// The memory of the row is never touched.
func TestRecordLongerThanSQLiteTakes(t *testing.T) {
	row := Record{types: []byte{serialNull}, body: make([]byte, maxRecord)}
	if _, err := row.Append(nil); err == nil {
		t.Error("a row longer than SQLite takes is made")
	}
}

// What InsertRecords reads is what was written.
func TestValuesOfARecord(t *testing.T) {
	numbers := []int64{
		0, 1, -1, 2, 127, 128, -128, -129, 1 << 15, -1 << 15, 1<<23 - 1, 1 << 23, -1 << 23, -1<<23 - 1,
		1<<31 - 1, 1 << 31, -1 << 31, 1<<47 - 1, 1 << 47, -1 << 47, -1<<47 - 1, 1<<63 - 1, -1 << 63,
	}
	var row Record
	for _, n := range numbers {
		row.Integer(n)
	}
	row.Text("")
	row.Text("红线")
	row.Real(0.5)
	row.Real(-3)
	row.Null()
	b, err := row.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]any, len(numbers)+5)
	values(b, out)
	for i, n := range numbers {
		if out[i] != n {
			t.Errorf("%d is read as %v", n, out[i])
		}
	}
	for i, want := range []any{"", "红线", 0.5, int64(-3), nil} {
		if got := out[len(numbers)+i]; got != want {
			t.Errorf("%v is read as %v", want, got)
		}
	}
}

// The forms are those of SQLite's documentation of varints (fileformat2.html, section 1.6).
func TestVarint(t *testing.T) {
	for v, want := range map[uint64][]byte{
		0: {0}, 127: {0x7f}, 128: {0x81, 0}, 16383: {0xff, 0x7f}, 16384: {0x81, 0x80, 0},
		1<<56 - 1: {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
		1 << 56:   {0x80, 0xc0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0},
		1<<64 - 1: bytes.Repeat([]byte{0xff}, 9),
	} {
		got := appendVarint(nil, v)
		if !bytes.Equal(got, want) || varintBytes(v) != len(want) {
			t.Errorf("%d is % x of %d bytes and not % x", v, got, varintBytes(v), want)
		}
		if back, n := varint(got); back != v || n != len(got) {
			t.Errorf("% x is read as %d of %d bytes", got, back, n)
		}
	}
}

// The page with the byte that SQLite locks is passed over, also between the pages of a long row.
func TestPageOfTheLockIsPassedOver(t *testing.T) {
	const size, locked = 65536, lockByte/65536 + 1
	for before := uint32(locked - 5); before <= locked+1; before++ {
		written := map[uint32][]byte{}
		tree := newTreePages(size, 0, before, func(number uint32, page []byte) error {
			written[number] = bytes.Clone(page)
			return nil
		})
		payload := bytes.Repeat([]byte{7}, 10*size)
		if err := tree.add(1, payload); err != nil {
			t.Fatal(err)
		}
		root, err := tree.root()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := written[locked]; ok {
			t.Errorf("after page %d the locked page is written", before)
		}
		next := uint32(root[size-4])<<24 | uint32(root[size-3])<<16 | uint32(root[size-2])<<8 | uint32(root[size-1])
		n := 0
		for ; next != 0; n++ {
			page, ok := written[next]
			if !ok {
				t.Fatalf("after page %d: page %d is missing", before, next)
			}
			next = uint32(page[0])<<24 | uint32(page[1])<<16 | uint32(page[2])<<8 | uint32(page[3])
		}
		if n != len(written) || tree.pages < before+uint32(n) {
			t.Errorf("after page %d: %d pages linked, %d written, the last %d", before, n, len(written), tree.pages)
		}
	}
}
