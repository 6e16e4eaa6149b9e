package gpkg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// newPattern names the folder in which a new store is built.
const newPattern = ".greenshield-new-*"

// abandoned is the age at which a building folder belongs to a process that died; building takes less than a second.
const abandoned = time.Hour

// create makes an empty store at path when there is nothing. The file is built in a folder of its own beside path
// and appears there whole, so that programs that start together never see a part of one; the first one wins and the
// others use its file.
func create(ctx context.Context, path string, patience time.Duration) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil // what is there, or why it cannot be seen, is for checkFile to say
	}
	folder, err := os.MkdirTemp(filepath.Dir(path), newPattern)
	if err != nil {
		return problem(ctx, path, fmt.Errorf("create store: %w", err))
	}
	defer os.RemoveAll(folder) // what stays behind is swept later
	file := filepath.Join(folder, "new.gpkg")
	built := newStore(path) // the name for what goes wrong
	if err := built.connect(file, patience); err != nil {
		return err
	}
	if err := errors.Join(built.prepare(ctx), built.Close()); err != nil {
		return problem(ctx, path, err)
	}
	return place(ctx, file, path)
}

// place gives the built file its name, and leaves a file that has the name already. Where a file system knows no
// links it leaves an empty file, which becomes a store under SQLite's own locks.
func place(ctx context.Context, built, path string) error {
	err := os.Link(built, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return problem(ctx, path, fmt.Errorf("create store: %w", err))
	}
	return problem(ctx, path, f.Close())
}

// sweepNew removes the building folders of dead processes.
func sweepNew(folder string) error {
	names, err := filepath.Glob(filepath.Join(folder, newPattern))
	if err != nil {
		return err
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > abandoned {
			_ = os.RemoveAll(name)
		}
	}
	return nil
}
