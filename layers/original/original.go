// Package original keeps delivered files as they came, byte for byte, under the hash of their content: what a vintage was
// made from can be shown to an auditor years later. It knows files and nothing of what is in them.
package original

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"greenshield/layers"
)

// Part is one file of a delivery.
type Part struct {
	// Name is the path within a delivered folder with '/', the extension of a file that belongs to a set of files of one
	// name, and "" for a file that is delivered alone.
	Name string
	Path string
	// Companion says that the name is an extension.
	Companion bool
}

// companions are the extensions of the files that make a shapefile together, as they are named in style guides of several
// programs; a file with one of them beside a .shp belongs to it.
var companions = []string{
	".shp", ".shx", ".dbf", ".prj", ".cpg", ".cst", ".sbn", ".sbx", ".qix", ".fix", ".atx", ".ain", ".aih", ".shp.xml",
	".qpj", ".qmd",
}

// IsCompanion reports whether an extension in lower case is that of a file that comes with a shapefile.
func IsCompanion(extension string) bool { return slices.Contains(companions, extension) }

// Parts lists the files of the delivery at path in a fixed order: the file itself, the files that lie beside a .shp under
// its name, or all files of a folder.
func Parts(path string) ([]Part, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return inFolder(path)
	case strings.EqualFold(filepath.Ext(path), ".shp"):
		return shapefile(path)
	}
	return []Part{{Path: path}}, nil
}

func inFolder(folder string) ([]Part, error) {
	var parts []Part
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		parts = append(parts, Part{Name: filepath.ToSlash(name), Path: path})
		return err
	})
	return parts, err
}

func shapefile(path string) ([]Part, error) {
	stem := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	var parts []Part
	for _, e := range entries {
		name := e.Name()
		if !e.Type().IsRegular() || len(name) <= len(stem) || !strings.EqualFold(name[:len(stem)], stem) {
			continue
		}
		if ext := strings.ToLower(name[len(stem):]); IsCompanion(ext) {
			parts = append(parts, Part{Name: ext, Path: filepath.Join(filepath.Dir(path), name), Companion: true})
		}
	}
	if len(parts) < 2 {
		return []Part{{Path: path}}, nil
	}
	slices.SortFunc(parts, func(a, b Part) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Path, b.Path)) })
	return parts, nil
}

// Sum is the hash of a delivery: the SHA-256 of a file that is delivered alone, and for several files that of a list with
// a line "name SHA-256" for each, in the order of Parts.
func Sum(ctx context.Context, path string) (layers.Hash, error) {
	parts, err := Parts(path)
	if err != nil {
		return layers.Hash{}, err
	}
	sums := make([]layers.Hash, len(parts))
	for i, p := range parts {
		if sums[i], err = fileSum(ctx, p.Path); err != nil {
			return layers.Hash{}, err
		}
	}
	return Combine(parts, sums), nil
}

// Combine is the hash of a delivery whose parts have these hashes.
func Combine(parts []Part, sums []layers.Hash) layers.Hash {
	if len(parts) == 1 && parts[0].Name == "" {
		return sums[0]
	}
	h := sha256.New()
	for i, p := range parts {
		fmt.Fprintf(h, "%s %s\n", p.Name, sums[i])
	}
	return layers.Hash(h.Sum(nil))
}

func fileSum(ctx context.Context, path string) (layers.Hash, error) {
	f, err := os.Open(path)
	if err != nil {
		return layers.Hash{}, err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.CopyBuffer(h, untilDone{ctx, f}, make([]byte, copyBytes))
	return layers.Hash(h.Sum(nil)), err
}

// Folder is where originals are kept: a folder for each, named by its hash. It is safe for concurrent use, also by
// several processes.
type Folder struct{ dir string }

// In keeps originals in a folder, which is made when the first one comes.
func In(dir string) *Folder { return &Folder{dir: dir} }

// receiving names the folders in which copies are made.
const receiving = "receiving-*"

func (f *Folder) place(sum layers.Hash) string {
	text := sum.String()
	return filepath.Join(f.dir, text[:2], text)
}

// Stem is what a file that was delivered alone, or the stem of a set, is called here: the name that its owner gave
// it is in the provenance, and never part of a path.
const Stem = "delivered"

// Copy is a delivery that has been copied and hashed in one go, so that the hash is that of the bytes that are kept.
// It becomes an original by Keep, and is gone after Discard.
type Copy struct {
	// Sum is the hash of the delivery, see Sum.
	Sum    layers.Hash
	folder *Folder
	temp   string
}

// Copy copies the delivery at path beside the originals, and puts the copy on the disk.
func (f *Folder) Copy(ctx context.Context, path string) (c *Copy, err error) {
	parts, err := Parts(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(f.dir, 0o750); err != nil {
		return nil, err
	}
	f.sweep()
	temp, err := os.MkdirTemp(f.dir, receiving)
	if err != nil {
		return nil, err
	}
	c = &Copy{folder: f, temp: temp}
	sums := make([]layers.Hash, len(parts))
	for i, p := range parts {
		if sums[i], err = copyFile(ctx, p.Path, filepath.Join(temp, fileName(p, path))); err != nil {
			return nil, errors.Join(err, c.Discard())
		}
	}
	c.Sum = Combine(parts, sums)
	return c, nil
}

// Keep makes the copy an original; it reports false when the same delivery is kept already. The original appears whole or
// not at all.
func (c *Copy) Keep() (made bool, err error) {
	place := c.folder.place(c.Sum)
	if err := os.MkdirAll(filepath.Dir(place), 0o750); err != nil {
		return false, err
	}
	if err := os.Rename(c.temp, place); err != nil {
		if _, e := os.Stat(place); e == nil {
			return false, nil // it is there, from an earlier delivery or from a process that was faster
		}
		return false, err
	}
	return true, syncFolder(filepath.Dir(place))
}

// Discard removes the copy unless it is kept.
func (c *Copy) Discard() error { return os.RemoveAll(c.temp) }

func fileName(p Part, path string) string {
	switch {
	case p.Name == "":
		return Stem + strings.ToLower(filepath.Ext(path))
	case p.Companion:
		return Stem + p.Name
	}
	return filepath.FromSlash(p.Name)
}

// copyBytes is how much is read, hashed and written at once.
const copyBytes = 1 << 18

func copyFile(ctx context.Context, from, to string) (layers.Hash, error) {
	in, err := os.Open(from)
	if err != nil {
		return layers.Hash{}, err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return layers.Hash{}, err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o440)
	if err != nil {
		return layers.Hash{}, err
	}
	h := sha256.New()
	_, err = io.CopyBuffer(io.MultiWriter(h, out), untilDone{ctx, in}, make([]byte, copyBytes))
	return layers.Hash(h.Sum(nil)), errors.Join(err, out.Sync(), out.Close())
}

// untilDone reads until a context ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(b)
}

// sweep removes what a process that died has begun to copy; an hour is longer than any copy takes.
func (f *Folder) sweep() {
	names, _ := filepath.Glob(filepath.Join(f.dir, receiving)) // the pattern is well formed
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.RemoveAll(name)
		}
	}
}

// syncFolder makes a new name last; file systems that cannot say so are believed.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}

// Find lists the files of an original; fs.ErrNotExist when it is not kept here.
func (f *Folder) Find(sum layers.Hash) ([]Part, error) {
	place := f.place(sum)
	if _, err := os.Stat(place); err != nil {
		return nil, err
	}
	return inFolder(place)
}
