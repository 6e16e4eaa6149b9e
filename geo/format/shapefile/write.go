package shapefile

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// Layer describes the shapefile that WriteZip makes.
type Layer struct {
	// Name is that of the files in the zip, without extension.
	Name string
	// System is the reference system of the records' geometries; it must be an accepted one.
	System crs.System
	// Fields describe the records' values. Names are cut to the ten bytes that the format allows.
	Fields []format.Field
	// Encoding of names and text, "GBK" or "UTF-8"; empty means UTF-8.
	Encoding string
	// About, when given, is a text file in UTF-8 beside the others, with line ends for Windows: where the data come from.
	About string
	// Changed is the time of the files in the zip, so that the same records give the same bytes.
	Changed time.Time
}

// WriteZip writes records as a zipped shapefile to w. All geometries must be of one kind, single and multi together.
// What the format cannot hold is reported: renamed fields, text longer than 254 bytes, characters that GBK lacks.
// Errors that a person can mend are "layer.export.mixed-geometries", "layer.export.too-large" (a file of 2 GB and more) and
// "layer.export.too-many-fields".
func WriteZip(ctx context.Context, w io.Writer, l Layer, records iter.Seq2[format.Record, error]) (
	notes []*geo.Problem, err error,
) {
	prj, err := prjText(l.System)
	if err != nil {
		return nil, fmt.Errorf("write shapefile: %w", err)
	}
	dir, err := os.MkdirTemp("", "shapefile-")
	if err != nil {
		return nil, fmt.Errorf("write shapefile: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	t, err := newTableWriter(filepath.Join(dir, "rows"), l)
	if err != nil {
		return nil, fmt.Errorf("write shapefile: %w", err)
	}
	defer t.close()
	s, err := newShapeWriter(filepath.Join(dir, "shapes"), filepath.Join(dir, "index"))
	if err != nil {
		return nil, fmt.Errorf("write shapefile: %w", err)
	}
	defer s.close()
	if err := writeRecords(ctx, s, t, records); err != nil {
		return nil, fmt.Errorf("write shapefile: %w", err)
	}
	if err := pack(w, l, s, t, prj); err != nil {
		return nil, fmt.Errorf("write shapefile: %w", err)
	}
	return t.notes.Problems(), nil
}

func writeRecords(ctx context.Context, s *shapeWriter, t *tableWriter, records iter.Seq2[format.Record, error]) error {
	row := int64(0)
	for r, err := range records {
		if err != nil {
			return err
		}
		if row++; row%chunk == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if r.Problem != nil {
			return fmt.Errorf("row %d: %w", row, r.Problem)
		}
		if err := s.add(r.Geometry); err != nil {
			return fmt.Errorf("row %d: %w", row, err)
		}
		if err := t.add(row, r.Values); err != nil {
			return fmt.Errorf("row %d: %w", row, err)
		}
	}
	return errors.Join(s.finish(), t.finish())
}

// pack puts the files into the zip. Reading programs take the code page from the .cpg or, older ones, from the
// language driver id in the .dbf; both are written.
func pack(w io.Writer, l Layer, s *shapeWriter, t *tableWriter, prj string) error {
	z := zip.NewWriter(w)
	add := func(ext string, write func(io.Writer) error) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: l.Name + ext, Method: zip.Deflate, Modified: l.Changed.UTC()})
		if err != nil {
			return err
		}
		return write(f)
	}
	text := func(content string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, content); return err }
	}
	if err := add(".shp", s.writeMain); err != nil {
		return err
	}
	if err := add(".shx", s.writeIndex); err != nil {
		return err
	}
	if err := add(".dbf", t.write); err != nil {
		return err
	}
	if err := add(".prj", text(prj)); err != nil {
		return err
	}
	if err := add(".cpg", text(t.codePage)); err != nil {
		return err
	}
	if l.About != "" {
		about := byteOrderMark + strings.ReplaceAll(l.About, "\n", "\r\n")
		if err := add(".txt", text(about)); err != nil {
			return err
		}
	}
	return z.Close()
}

// byteOrderMark makes Windows read the text as UTF-8.
const byteOrderMark = "\ufeff"

// spool is a temporary file that is written once and then read.
type spool struct {
	*os.File
	size int64
	buf  []byte
}

func newSpool(path string) (*spool, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	return &spool{File: f}, err
}

// put appends through a buffer; flush empties it.
func (s *spool) put(b []byte) error {
	s.size += int64(len(b))
	s.buf = append(s.buf, b...)
	if len(s.buf) < 1<<16 {
		return nil
	}
	return s.flush()
}

func (s *spool) flush() error {
	_, err := s.Write(s.buf)
	s.buf = s.buf[:0]
	return err
}
