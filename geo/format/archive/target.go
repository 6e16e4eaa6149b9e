package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"greenshield/geo"
)

// target is a file that is being unpacked. It keeps the error of its own writing apart from those of reading, so that a
// full disk is not taken for a damaged archive.
type target struct {
	file *os.File
	err  error
}

// Write writes to the file.
func (t *target) Write(p []byte) (int, error) {
	n, err := t.file.Write(p)
	if err != nil {
		t.err = err
	}
	return n, err
}

// CannotUnpack says what kept the archive called file from being unpacked: "ingest.zip.disk-full" for a disk without
// room, "ingest.zip.temp-read-only" for a folder that may not be written to; other errors are given back with the
// name added.
func CannotUnpack(file string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return geo.NewProblem("ingest.zip.disk-full", "file", file).Because(err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrNotExist):
		return geo.NewProblem("ingest.zip.temp-read-only", "file", file).Because(err)
	}
	return fmt.Errorf("unpack %s: %w", file, err)
}
