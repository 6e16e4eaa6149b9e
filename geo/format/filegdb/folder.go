package filegdb

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"greenshield/geo"
)

// CatalogFile is the table of tables, by which a folder is known to be a file geodatabase.
const CatalogFile = "a00000001.gdbtable"

// IsFolder reports whether dir is the folder of a file geodatabase; its name does not matter.
func IsFolder(dir string) bool {
	f, err := openFolder(dir)
	return err == nil && f.files[CatalogFile] != ""
}

// IsPart reports whether a name is that of a file inside the folder of a file geodatabase.
func IsPart(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".gdbtable", ".gdbtablx", ".gdbindexes", ".atx", ".spx", ".freelist", ".horizon", ".cdf":
		return true
	}
	return false
}

// folder is the folder of a geodatabase: its files by their names in lower case, as programs on Windows copy them in
// any case.
type folder struct {
	dir, name string
	files     map[string]string
}

func openFolder(dir string) (*folder, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("open file geodatabase: %w", err)
	}
	f := &folder{dir: dir, name: filepath.Base(dir), files: map[string]string{}}
	for _, e := range entries {
		if e.Type().IsRegular() {
			f.files[strings.ToLower(e.Name())] = filepath.Join(dir, e.Name())
		}
	}
	return f, nil
}

// problem makes a problem about this geodatabase.
func (f *folder) problem(code string, args ...any) *geo.Problem {
	return geo.NewProblem(code, append([]any{"file", f.name}, args...)...)
}

// table opens the table of a number; name is for messages.
func (f *folder) table(number int64, name string) (*table, error) {
	stem := fmt.Sprintf("a%08x", number)
	main, index := f.files[stem+".gdbtable"], f.files[stem+".gdbtablx"]
	switch {
	case main == "" && f.files[stem+".cdf"] != "":
		return nil, f.problem("ingest.filegdb.compressed", "layer", name)
	case main == "" || index == "":
		return nil, f.problem("ingest.filegdb.table-missing", "layer", name, "part", stem)
	}
	t := &table{folder: f, name: name}
	if err := t.open(main, index); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}
