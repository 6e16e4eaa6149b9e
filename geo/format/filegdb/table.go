package filegdb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"os"

	"greenshield/geo"
)

// The sizes of FGDB Spec, "Specification of .gdbtable files" and "Specification of .gdbtablx file".
const (
	headerSize      = 40
	indexHeaderSize = 16
	blockRows       = 1024 // rows whose offsets stand in one block
	version32       = 3    // of both files, with 32-bit object ids
	version64       = 4
	maxDescription  = 16 << 20 // bytes of the field descriptions; real ones have some thousand
)

// table is one open table.
type table struct {
	folder *folder
	name   string
	main   *window
	index  *window
	files  []*os.File

	version  int // of the descriptions: 3 for geodatabases 9, 4 and 6 for 10
	layer    int // the type of geometry, 0 for a table without
	utf8     bool
	fields   []field
	nullable int
	stated   int64 // valid rows, as the main file states

	offsetSize int
	rows       int64  // with deleted ones
	present    []byte // a bit for each block of offsets that is there, nil when all are
}

func (t *table) open(main, index string) error {
	var err error
	if t.main, err = t.window(main); err != nil {
		return err
	}
	if t.index, err = t.window(index); err != nil {
		return err
	}
	if err := t.readHeader(); err != nil {
		return err
	}
	return t.readIndexHeader()
}

func (t *table) window(path string) (*window, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open file geodatabase: %w", err)
	}
	t.files = append(t.files, f)
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open file geodatabase: %w", err)
	}
	return &window{r: f, size: info.Size()}, nil
}

func (t *table) close() error {
	var errs []error
	for _, f := range t.files {
		errs = append(errs, f.Close())
	}
	t.files = nil
	return errors.Join(errs...)
}

func (t *table) damaged(detail string) *geo.Problem {
	return t.folder.problem("ingest.filegdb.damaged", "layer", t.name, "detail", detail)
}

// truncated is for a table of which bytes are missing.
func (t *table) truncated() *geo.Problem {
	return t.folder.problem("ingest.filegdb.truncated", "layer", t.name)
}

// missing makes the problem out of the error of a window: beyond its end, or unreadable.
func (t *table) missing(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return t.truncated()
	}
	return fmt.Errorf("read %s %s: %w", t.folder.name, t.name, err)
}

// readHeader reads section "Header (40 bytes)" and the field descriptions that it points to.
func (t *table) readHeader() error {
	b, err := t.main.at(0, headerSize)
	if err != nil {
		return t.missing(err)
	}
	switch binary.LittleEndian.Uint32(b) {
	case version32:
	case version64:
		return t.folder.problem("ingest.filegdb.wide-ids", "layer", t.name)
	default:
		return t.damaged("table version")
	}
	t.stated = int64(binary.LittleEndian.Uint32(b[4:]))
	// The size that the header states is left unread: what misses bytes of a row is found at the row.
	at := int64(binary.LittleEndian.Uint64(b[32:]))
	if b, err = t.main.at(at, 4); err != nil {
		return t.missing(err)
	}
	n := int64(binary.LittleEndian.Uint32(b))
	if n > maxDescription {
		return t.damaged("field descriptions")
	}
	if b, err = t.main.at(at+4, int(n)); err != nil {
		return t.missing(err)
	}
	return t.describe(b)
}

// readIndexHeader reads the header of the offset file and the bitmap behind the blocks, which is there when blocks
// without any row are left out (section "Trailing section").
func (t *table) readIndexHeader() error {
	b, err := t.index.at(0, indexHeaderSize)
	if err != nil {
		return t.missing(err)
	}
	version, blocks := binary.LittleEndian.Uint32(b), int64(binary.LittleEndian.Uint32(b[4:]))
	t.rows, t.offsetSize = int64(binary.LittleEndian.Uint32(b[8:])), int(binary.LittleEndian.Uint32(b[12:]))
	switch {
	case version == version64:
		return t.folder.problem("ingest.filegdb.wide-ids", "layer", t.name)
	case version != version32 || t.offsetSize < 4 || t.offsetSize > 6:
		return t.damaged("offset file")
	case t.rows == 0:
		return nil
	}
	trailer := indexHeaderSize + blocks*blockRows*int64(t.offsetSize)
	if b, err = t.index.at(trailer, 16); err != nil {
		return t.missing(err)
	}
	words, total := int64(binary.LittleEndian.Uint32(b)), int64(binary.LittleEndian.Uint32(b[4:]))
	needed := (t.rows + blockRows - 1) / blockRows
	if words == 0 {
		if blocks < needed {
			return t.damaged("offset blocks")
		}
		return nil
	}
	size := (total + 7) / 8
	if total < needed || size > 4*words {
		return t.damaged("offset bitmap")
	}
	if b, err = t.index.at(trailer+16, int(size)); err != nil {
		return t.missing(err)
	}
	t.present = append([]byte(nil), b...)
	set := int64(0)
	for _, eight := range t.present {
		set += int64(bits.OnesCount8(eight))
	}
	if set > blocks {
		return t.damaged("offset bitmap")
	}
	return nil
}

// each calls f with the object id and the offset of every row that is not deleted, in order, until f gives an error.
func (t *table) each(ctx context.Context, f func(id, offset int64) error) error {
	at := int64(indexHeaderSize)
	size := blockRows * t.offsetSize
	for first := int64(0); first < t.rows; first += blockRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if block := first / blockRows; t.present != nil && t.present[block/8]>>(block%8)&1 == 0 {
			continue
		}
		b, err := t.index.at(at, size)
		if err != nil {
			return t.missing(err)
		}
		at += int64(size)
		for i := range min(blockRows, t.rows-first) {
			offset := t.offset(b, i)
			if offset == 0 {
				continue // deleted
			}
			if err := f(first+i+1, offset); err != nil {
				return err
			}
		}
	}
	return nil
}

// offset is the i-th offset of a block.
func (t *table) offset(block []byte, i int64) int64 {
	offset := int64(0)
	at := int(i) * t.offsetSize
	for k := t.offsetSize - 1; k >= 0; k-- {
		offset = offset<<8 | int64(block[at+k])
	}
	return offset
}

// count is the number of rows that are not deleted, by the offset file.
func (t *table) count(ctx context.Context) (int64, error) {
	n := int64(0)
	err := t.each(ctx, func(int64, int64) error {
		n++
		return nil
	})
	return n, err
}

// row gives the cells of the row at offset, parallel to fields; a cell is nil when it has no value. They are valid
// until the next row. What is wrong inside the row is the problem, of the file the error.
func (t *table) row(offset, most int64) (cells [][]byte, problem *geo.Problem, err error) {
	b, err := t.main.at(offset, 4)
	if err != nil {
		return nil, nil, t.missing(err)
	}
	n := int64(int32(binary.LittleEndian.Uint32(b)))
	if n < 0 || n > most {
		return nil, rowDamaged("row length"), nil
	}
	if b, err = t.main.at(offset+4, int(n)); err != nil {
		return nil, nil, t.missing(err)
	}
	cells, problem = t.split(b)
	return cells, problem, nil
}

func rowDamaged(detail string) *geo.Problem {
	return geo.NewProblem("ingest.filegdb.row-damaged", "detail", detail)
}
