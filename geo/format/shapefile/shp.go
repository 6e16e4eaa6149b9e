package shapefile

import (
	"context"
	"encoding/binary"
	"io"

	"greenshield/geo"
)

const (
	mainHeaderSize   = 100
	recordHeaderSize = 8
	fileCode         = 9994
	// chunk is how many records are looked at between two looks at the context.
	chunk = 4096
)

// mainHeader is what the .shp says at its beginning.
type mainHeader struct {
	end   int64 // of the file, as the header states it
	shape int32
}

func readMainHeader(w *window, file string) (mainHeader, error) {
	b, err := w.at(0, mainHeaderSize)
	if err == io.ErrUnexpectedEOF {
		return mainHeader{}, geo.NewProblem("ingest.shp.not-shapefile", "file", file)
	}
	if err != nil {
		return mainHeader{}, err
	}
	if binary.BigEndian.Uint32(b) != fileCode {
		return mainHeader{}, geo.NewProblem("ingest.shp.not-shapefile", "file", file)
	}
	return mainHeader{
		end:   2 * int64(binary.BigEndian.Uint32(b[24:])),
		shape: int32(binary.LittleEndian.Uint32(b[32:])),
	}, nil
}

// place is where a record's content lies in the .shp.
type place struct{ offset, length int64 }

// walk is what going through the record headers of a .shp one after the other found.
type walk struct {
	count    int64
	stop     int64 // where the first thing that is no record begins
	whole    bool  // the records end exactly where they should
	numbered bool  // record numbers run 1, 2, 3 …
	mixed    bool  // shapes of several types, null not counted
}

// walkRecords goes through the record headers up to end.
func (d *dataset) walkRecords(ctx context.Context, end int64) (walk, error) {
	k := walk{stop: mainHeaderSize, numbered: true}
	first := int32(0)
	for k.stop < end {
		if k.count%chunk == 0 && ctx.Err() != nil {
			return k, ctx.Err()
		}
		p, number, err := d.recordAt(k.stop, end)
		if err == errNoRecord {
			return k, nil
		}
		if err != nil {
			return k, err
		}
		shape, err := d.shapeAt(p)
		if err != nil {
			return k, err
		}
		if first == 0 {
			first = shape
		}
		k.mixed = k.mixed || shape != 0 && shape != first
		k.count++
		k.numbered = k.numbered && number == k.count
		k.stop = p.offset + p.length
		if k.count > d.limits.MaxRecords {
			return k, d.tooMany(k.count)
		}
	}
	k.whole = k.stop == end
	return k, nil
}

// errNoRecord says that what lies at an offset cannot be a record; io.ErrUnexpectedEOF is never seen outside.
var errNoRecord = io.ErrUnexpectedEOF

// recordAt reads the record header at off; the record must end at end or before.
func (d *dataset) recordAt(off, end int64) (place, int64, error) {
	if off < mainHeaderSize || off > end-recordHeaderSize {
		return place{}, 0, errNoRecord
	}
	b, err := d.shp.at(off, recordHeaderSize)
	if err != nil {
		return place{}, 0, err
	}
	// The length is in 16-bit words and signed; a negative one is beyond every end when it is read unsigned.
	p := place{offset: off + recordHeaderSize, length: 2 * int64(binary.BigEndian.Uint32(b[4:]))}
	if p.length > end-p.offset {
		return place{}, 0, errNoRecord
	}
	return p, int64(binary.BigEndian.Uint32(b)), nil
}

// shapeAt is the shape type of a record; a record too short to have one counts as null.
func (d *dataset) shapeAt(p place) (int32, error) {
	if p.length < 4 {
		return 0, nil
	}
	b, err := d.shp.at(p.offset, 4)
	if err != nil {
		return 0, err
	}
	return int32(binary.LittleEndian.Uint32(b)), nil
}

// findRecords decides how the records are found: one after the other, which all programs that write shapefiles agree
// on, or, when that does not come out right, by the .shx. Editing in place leaves dead records in the .shp that only
// the .shx knows to skip.
func (d *dataset) findRecords(ctx context.Context, shx string) error {
	size := d.shp.size
	k, err := d.walkRecords(ctx, min(d.header.end, size))
	if err != nil {
		return err
	}
	if d.header.end < size && !(k.whole && d.expected(k.count)) {
		longer, err := d.walkRecords(ctx, size)
		if err != nil {
			return err
		}
		if longer.whole && d.dbf != nil && longer.count == d.dbf.rows {
			k = longer
		}
	}
	complete := k.whole && d.header.end <= size || d.dbf != nil && k.count == d.dbf.rows
	if complete && d.expected(k.count) && (k.numbered || shx == "") {
		d.useWalk(k)
		return nil
	}
	if ok, err := d.useIndex(ctx, shx); ok || err != nil {
		return err
	}
	switch {
	case !complete && !(k.whole && d.header.end <= size):
		return geo.NewProblem("ingest.shp.truncated", "file", d.file, "row", k.count+1, "offset", k.stop)
	case !d.expected(k.count):
		return geo.NewProblem("ingest.shp.count-differs", "file", d.file, "shapes", k.count, "rows", d.dbf.rows)
	}
	d.useWalk(k)
	return nil
}

// expected reports whether count is what the .dbf says; without one every count is.
func (d *dataset) expected(count int64) bool { return d.dbf == nil || d.dbf.rows == count }

func (d *dataset) useWalk(k walk) {
	d.schema.Count = k.count
	d.end = k.stop
	if k.stop != d.shp.size || d.header.end != d.shp.size {
		d.note("ingest.shp.length-differs", "stated", d.header.end, "actual", d.shp.size, "read", k.stop)
	}
	if k.mixed {
		d.note("ingest.shp.mixed-types", "file", d.file)
	}
}

// useIndex takes the records from the .shx when each of its entries agrees with a record of the .shp and their number
// with the .dbf.
func (d *dataset) useIndex(ctx context.Context, path string) (bool, error) {
	if path == "" {
		return false, nil
	}
	f, size, err := d.openFile(path)
	if err != nil {
		return false, err
	}
	w := newWindow(f, size)
	count := (size - mainHeaderSize) / 8
	if size < mainHeaderSize || !d.expected(count) || count > d.limits.MaxRecords {
		return false, nil
	}
	total := int64(mainHeaderSize)
	for i := range count {
		if i%chunk == 0 && ctx.Err() != nil {
			return false, ctx.Err()
		}
		p, err := d.indexed(w, i)
		// Entries that together are longer than the file point to the same records again and again.
		if total += p.length; err == errNoRecord || total > d.shp.size {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	d.shx = w
	d.schema.Count = count
	d.note("ingest.shp.index-used", "file", d.file)
	return true, nil
}

// indexed is the i-th record by the .shx.
func (d *dataset) indexed(w *window, i int64) (place, error) {
	b, err := w.at(mainHeaderSize+8*i, 8)
	if err != nil {
		return place{}, err
	}
	off, length := 2*int64(binary.BigEndian.Uint32(b)), 2*int64(binary.BigEndian.Uint32(b[4:]))
	p, _, err := d.recordAt(off, d.shp.size)
	if err == nil && p.length != length {
		err = errNoRecord
	}
	return p, err
}
