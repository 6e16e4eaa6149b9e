package gpkg

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
)

// spoolPattern names the file of a draft while it has a name.
const spoolPattern = ".greenshield-draft-*"

// spool holds the rows of a draft in a file beside the store: there is room where the vintage will have to fit, and
// the rows stay in the folder that is guarded. Where the system allows it the file loses its name at once, so that a
// process that dies leaves nothing.
type spool struct {
	file *os.File
	w    *bufio.Writer
	buf  []byte
}

func newSpool(folder string) (*spool, error) {
	f, err := os.CreateTemp(folder, spoolPattern)
	if err != nil {
		return nil, fmt.Errorf("begin draft: %w", err)
	}
	_ = os.Remove(f.Name()) // refused where open files cannot be removed; then close and sweepSpools do it
	return &spool{file: f, w: bufio.NewWriterSize(f, 1<<16)}, nil
}

// sweepSpools removes what drafts of dead processes left. A living one is not harmed: its file has no name any more,
// or cannot be removed while it is open.
func sweepSpools(folder string) error {
	names, err := filepath.Glob(filepath.Join(folder, spoolPattern))
	if err != nil {
		return err
	}
	for _, name := range names {
		_ = os.Remove(name)
	}
	return nil
}

func (s *spool) close() error {
	err := s.file.Close()
	if e := os.Remove(s.file.Name()); e != nil && !errors.Is(e, fs.ErrNotExist) {
		err = errors.Join(err, e)
	}
	return err
}

// row is a feature in the form of its table: the blob, and one value per attribute column.
type row struct {
	geometry []byte
	values   []any
}

// The tags of values in a spool.
const (
	tagNull = iota
	tagText
	tagInteger
	tagReal
	tagFalse
	tagTrue
)

func (s *spool) append(r row) error {
	b := binary.AppendUvarint(s.buf[:0], uint64(len(r.geometry)))
	b = append(b, r.geometry...)
	for _, v := range r.values {
		b = appendValue(b, v)
	}
	s.buf = b
	var size [binary.MaxVarintLen64]byte
	if _, err := s.w.Write(size[:binary.PutUvarint(size[:], uint64(len(b)))]); err != nil {
		return fmt.Errorf("write draft: %w", err)
	}
	if _, err := s.w.Write(b); err != nil {
		return fmt.Errorf("write draft: %w", err)
	}
	return nil
}

func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		b = binary.AppendUvarint(append(b, tagText), uint64(len(v)))
		return append(b, v...)
	case int64:
		return binary.AppendVarint(append(b, tagInteger), v)
	case float64:
		return binary.LittleEndian.AppendUint64(append(b, tagReal), math.Float64bits(v))
	case bool:
		if v {
			return append(b, tagTrue)
		}
		return append(b, tagFalse)
	}
	return append(b, tagNull)
}

// each calls f with every row of width values in order; the row's memory is reused.
func (s *spool) each(width int, f func(row) error) error {
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("write draft: %w", err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read draft: %w", err)
	}
	in := bufio.NewReaderSize(s.file, 1<<16)
	r := row{values: make([]any, width)}
	var buf []byte
	for {
		size, err := binary.ReadUvarint(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read draft: %w", err)
		}
		if uint64(cap(buf)) < size {
			buf = make([]byte, size)
		}
		if _, err := io.ReadFull(in, buf[:size]); err != nil {
			return fmt.Errorf("read draft: %w", err)
		}
		r.decode(buf[:size])
		if err := f(r); err != nil {
			return err
		}
	}
}

// decode reads what append wrote in this process; the bytes need no distrust.
func (r *row) decode(b []byte) {
	n, size := binary.Uvarint(b)
	b = b[size:]
	r.geometry, b = b[:n], b[n:]
	for i := range r.values {
		r.values[i], b = decodeValue(b)
	}
}

func decodeValue(b []byte) (any, []byte) {
	tag, b := b[0], b[1:]
	switch tag {
	case tagText:
		n, size := binary.Uvarint(b)
		b = b[size:]
		return string(b[:n]), b[n:]
	case tagInteger:
		v, size := binary.Varint(b)
		return v, b[size:]
	case tagReal:
		return math.Float64frombits(binary.LittleEndian.Uint64(b)), b[8:]
	case tagFalse, tagTrue:
		return tag == tagTrue, b
	}
	return nil, b
}
