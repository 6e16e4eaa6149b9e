package gpkg

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"greenshield/geo/format/geopackage"
)

// spoolPattern names the file of a draft while it has a name.
const spoolPattern = ".greenshield-draft-*"

// spoolBuffer is how much goes into and out of the file at once.
const spoolBuffer = 1 << 18

// spool holds the rows of a draft in a file beside the store: there is room where the vintage will have to fit, and
// the rows stay in the folder that is guarded. Where the system allows it the file loses its name at once, so that a
// process that dies leaves nothing.
type spool struct {
	file  *os.File
	w     *bufio.Writer
	buf   []byte
	bytes int64 // of all rows
}

func newSpool(folder string) (*spool, error) {
	f, err := os.CreateTemp(folder, spoolPattern)
	if err != nil {
		return nil, fmt.Errorf("begin draft: %w", err)
	}
	_ = os.Remove(f.Name()) // refused where open files cannot be removed; then close and sweepSpools do it
	return &spool{file: f, w: bufio.NewWriterSize(f, spoolBuffer)}, nil
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

// append adds a row, in the form of its table.
func (s *spool) append(r *geopackage.Record) error {
	var err error
	if s.buf, err = r.Append(s.buf[:0]); err != nil {
		return err
	}
	s.bytes += int64(len(s.buf))
	var size [binary.MaxVarintLen64]byte
	if _, err := s.w.Write(size[:binary.PutUvarint(size[:], uint64(len(s.buf)))]); err != nil {
		return fmt.Errorf("write draft: %w", err)
	}
	if _, err := s.w.Write(s.buf); err != nil {
		return fmt.Errorf("write draft: %w", err)
	}
	return nil
}

// each calls f with every row in order, once; the row's memory is reused. What has been read is given back: the disk
// need not have room for the rows twice, and the memory that held them takes the pages of the vintage.
func (s *spool) each(f func(record []byte) error) error {
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("write draft: %w", err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read draft: %w", err)
	}
	in := bufio.NewReaderSize(&givingBack{file: s.file}, spoolBuffer)
	for {
		size, err := binary.ReadUvarint(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read draft: %w", err)
		}
		if uint64(cap(s.buf)) < size {
			s.buf = make([]byte, size)
		}
		if _, err := io.ReadFull(in, s.buf[:size]); err != nil {
			return fmt.Errorf("read draft: %w", err)
		}
		if err := f(s.buf[:size]); err != nil {
			return err
		}
	}
}

// givingBack reads a file and gives back what it has read, so many bytes at a time.
type givingBack struct {
	file        *os.File
	read, given int64
}

const giveBackBytes = 4 << 20

func (g *givingBack) Read(b []byte) (int, error) {
	n, err := g.file.Read(b)
	g.read += int64(n)
	if g.read-g.given >= giveBackBytes {
		giveBack(g.file, g.given, g.read-g.given)
		g.given = g.read
	}
	return n, err
}
