package archive

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// FileGDB is the kind of an Esri file geodatabase, a folder of tables. Its candidate is named by the folder.
const FileGDB Kind = "filegdb"

// geodatabaseCatalog is the file by which a folder is known to be a file geodatabase.
const geodatabaseCatalog = "a00000001.gdbtable"

// datasets are the candidates of an archive; what lies in the folder of a geodatabase is part of that alone.
func (a *Archive) datasets(members []member) []Candidate {
	folders := map[string]*Candidate{}
	for _, m := range members {
		if strings.EqualFold(path.Base(m.name), geodatabaseCatalog) {
			dir := path.Dir(m.name)
			folders[dir] = &Candidate{Name: a.folderName(dir), Kind: FileGDB, main: m.file}
		}
	}
	var others []member
	for _, m := range members {
		if c, ok := folders[path.Dir(m.name)]; ok {
			c.files = append(c.files, m)
		} else {
			others = append(others, m)
		}
	}
	all := candidates(others)
	for _, c := range folders {
		all = append(all, *c)
	}
	slices.SortFunc(all, func(x, y Candidate) int { return strings.Compare(x.Name, y.Name) })
	return all
}

// folderName is the path of a geodatabase's folder; files without a folder are called after the archive.
func (a *Archive) folderName(dir string) string {
	if dir != "." {
		return dir
	}
	name := strings.TrimSuffix(a.name, path.Ext(a.name))
	return strings.TrimSuffix(name, ".gdb") + ".gdb"
}

// extractFolder unpacks the tables of a geodatabase into a folder of its name inside dir and gives its path. Indexes
// are left in the archive, and of compressed tables, which nobody can read, only the name is kept.
func (a *Archive) extractFolder(ctx context.Context, c Candidate, dir string) (string, error) {
	folder := filepath.Join(dir, path.Base(c.Name))
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", CannotUnpack(a.name, err)
	}
	left := a.limits.MaxTotal
	for _, m := range c.files {
		name := strings.ToLower(path.Base(m.name))
		target := filepath.Join(folder, name)
		switch path.Ext(name) {
		case ".cdf":
			if err := os.WriteFile(target, nil, 0o600); err != nil {
				return "", CannotUnpack(a.name, err)
			}
		case ".gdbtable", ".gdbtablx":
			n, err := a.unpack(ctx, m, target, left)
			if err != nil {
				return "", err
			}
			left -= n
		}
	}
	return folder, nil
}
