// Package entered keeps the values that people enter for indicators and figures, in one file of the workspace. The file
// only grows: a line of JSON for every value, in the order in which they came, so that a correction or withdrawal leaves
// what it corrects to be seen. It judges no value; layers/analysis/indicator does.
package entered

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"greenshield/geo"
	"greenshield/layers/analysis/indicator"
)

// File is the file of entered values. It is safe for concurrent use, and several programs may have it open at once.
type File struct {
	path string
	mu   sync.Mutex
}

// In gives the file in a folder, "values.jsonl". Nothing is made before the first Add.
func In(folder string) *File { return &File{path: filepath.Join(folder, "values.jsonl")} }

// All gives every value ever entered, in order; none when there is no file. A line that cannot be read is the problem
// "indicator.values.damaged": a part of the values would be taken for all of them.
func (f *File) All() ([]indicator.Value, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	raw, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read entered values: %w", err)
	}
	var out []indicator.Value
	for i, line := range bytes.Split(raw, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var v indicator.Value
		if err := json.Unmarshal(line, &v); err != nil {
			return nil, geo.NewProblem("indicator.values.damaged", "file", filepath.Base(f.path), "line", i+1).Because(err)
		}
		out = append(out, v)
	}
	return out, nil
}

// Add appends values, marked with the time; all of them or, after an error, none. They are on the disk when it returns.
func (f *File) Add(values []indicator.Value, at time.Time) error {
	if len(values) == 0 {
		return nil
	}
	var raw bytes.Buffer
	for _, v := range values {
		v.Entered = at.UTC().Truncate(time.Second)
		line, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("write entered values: %w", err)
		}
		raw.Write(line)
		raw.WriteByte('\n')
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
		return fmt.Errorf("write entered values: %w", err)
	}
	return f.append(raw.Bytes())
}

// append writes all bytes in one write at the end of the file, which the system does not mix with those of another
// program. What a failed write left of itself is cut off again.
func (f *File) append(raw []byte) (err error) {
	file, err := os.OpenFile(f.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return fmt.Errorf("write entered values: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("write entered values: %w", err)
	}
	if _, err := file.Write(raw); err != nil {
		return errors.Join(fmt.Errorf("write entered values: %w", err), file.Truncate(info.Size()))
	}
	if err := file.Sync(); err != nil {
		return fmt.Errorf("write entered values: %w", err)
	}
	return nil
}
