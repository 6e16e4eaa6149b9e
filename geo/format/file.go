package format

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// OpenFile opens the file at path and hands its bytes, their number and its name without folder and extension to read.
// The dataset that read makes keeps the file open until Close, also when it has been read into memory; when read fails
// the file is closed. Errors are those of the file system and of read.
func OpenFile(path string, read func(name string, r io.ReaderAt, size int64) (Dataset, error)) (Dataset, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	d, err := read(name, f, info.Size())
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &opened{Dataset: d, file: f}, nil
}

// opened is a dataset that owns the file it is read from.
type opened struct {
	Dataset
	file *os.File // nil once closed
}

// Close closes the dataset and then its file; a second call does nothing.
func (o *opened) Close() error {
	if o.file == nil {
		return nil
	}
	f := o.file
	o.file = nil
	return errors.Join(o.Dataset.Close(), f.Close())
}
