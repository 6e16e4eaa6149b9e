// Package archive looks into delivered zip files: which datasets are inside, and how to get one out without letting
// the archive fill the disk, escape its folder or lie about its sizes. It knows zip only and names the other kinds so
// that they can be refused with a clear sentence. It refuses to know what the files inside mean; it tells them apart
// by extension, and Head lets the caller look at their bytes.
package archive

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"greenshield/geo"
)

// Limits bound what may be taken from an archive; the zero value means the defaults.
type Limits struct {
	MaxEntries int   // files and folders in the directory; default 10,000
	MaxTotal   int64 // bytes of all files unpacked; default 4 GiB
	MaxRatio   int64 // unpacked to packed size of a file above 16 MiB; default 500 (blank .dbf fields reach 300)
}

// withDefaults fills the fields that are zero.
func (l Limits) withDefaults() Limits {
	if l.MaxEntries == 0 {
		l.MaxEntries = 10_000
	}
	if l.MaxTotal == 0 {
		l.MaxTotal = 4 << 30
	}
	if l.MaxRatio == 0 {
		l.MaxRatio = 500
	}
	return l
}

// ratioFree is the unpacked size up to which the ratio does not matter.
const ratioFree = 16 << 20

// Kind is the kind of a dataset in an archive, as its extension tells.
type Kind string

// The kinds of datasets that are looked for, in the words of format.Schema.
const (
	Shapefile  Kind = "shapefile"
	GeoJSON    Kind = "geojson"
	GeoPackage Kind = "geopackage"
	ParcelTXT  Kind = "parceltxt"
	KML        Kind = "kml"
	CSV        Kind = "csv"
	XLSX       Kind = "xlsx"
	DXF        Kind = "dxf"
	FlatGeobuf Kind = "flatgeobuf"
)

// Candidate is one dataset in an archive.
type Candidate struct {
	// Name is the path inside the archive, with "/" between folders and the extension of the main file.
	Name  string
	Kind  Kind
	main  *zip.File
	files []member // the main file and its companions
}

// member is a file of the archive and its name in UTF-8.
type member struct {
	name string
	file *zip.File
}

// Archive is an open zip file. It is not safe for concurrent use.
type Archive struct {
	file       *os.File
	name       string
	limits     Limits
	candidates []Candidate
}

// Open reads the directory of a zip file. An archive that is unsafe (names that lead out of the folder, links,
// overlapping or implausibly packed files), encrypted, too large, or without any dataset is a *geo.Problem.
func Open(name string, l Limits) (*Archive, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	a := &Archive{file: f, name: filepath.Base(name), limits: l.withDefaults()}
	if err := a.read(); err != nil {
		f.Close()
		return nil, err
	}
	return a, nil
}

// Close releases the file; what was extracted stays.
func (a *Archive) Close() error { return a.file.Close() }

// Candidates are the datasets, by name.
func (a *Archive) Candidates() []Candidate { return slices.Clone(a.candidates) }

// problem makes a problem about this archive.
func (a *Archive) problem(code string, args ...any) *geo.Problem {
	return geo.NewProblem(code, append([]any{"file", a.name}, args...)...)
}

func (a *Archive) read() error {
	info, err := a.file.Stat()
	if err != nil {
		return fmt.Errorf("open archive: %w", err)
	}
	head := make([]byte, 512)
	n, _ := a.file.ReadAt(head, 0)
	if other := Foreign(head[:n]); other != "" {
		return a.problem("ingest.zip.foreign", "kind", other)
	}
	if err := a.countEntries(info.Size()); err != nil {
		return err
	}
	r, err := zip.NewReader(a.file, info.Size())
	if err != nil {
		return a.problem("ingest.zip.damaged").Because(err)
	}
	members, err := a.members(r.File)
	if err != nil {
		return err
	}
	if err := a.checkOverlaps(members); err != nil {
		return err
	}
	a.candidates = a.datasets(members)
	if len(a.candidates) == 0 {
		return a.nothing(members)
	}
	return nil
}

// IsZip reports whether a file that begins with head is a zip archive.
func IsZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// Foreign names the kind of archive that begins with head when it is one that cannot be read: "RAR", "7z", "gzip",
// "tar", "bzip2", "xz"; else it is "".
func Foreign(head []byte) string {
	marks := []struct {
		kind, mark string
		at         int
	}{
		{"RAR", "Rar!\x1a\x07", 0},
		{"7z", "7z\xbc\xaf\x27\x1c", 0},
		{"gzip", "\x1f\x8b\x08", 0},
		{"bzip2", "BZh", 0},
		{"xz", "\xfd7zXZ\x00", 0},
		{"tar", "ustar", 257},
	}
	for _, m := range marks {
		if len(head) >= m.at && bytes.HasPrefix(head[m.at:], []byte(m.mark)) {
			return m.kind
		}
	}
	return ""
}

// members checks every entry and leaves out folders and what operating systems add.
func (a *Archive) members(files []*zip.File) ([]member, error) {
	var members []member
	var total uint64
	seen := map[string]bool{}
	for _, f := range files {
		name, err := a.safeName(f)
		if err != nil {
			return nil, err
		}
		if mode := f.Mode(); !mode.IsDir() && !mode.IsRegular() {
			return nil, a.problem("ingest.zip.link", "name", name)
		}
		if f.Mode().IsDir() || litter(name) {
			continue
		}
		if f.Flags&1 != 0 {
			return nil, a.problem("ingest.zip.encrypted", "name", name)
		}
		if total += f.UncompressedSize64; total < f.UncompressedSize64 || total > uint64(a.limits.MaxTotal) {
			return nil, a.problem("ingest.zip.too-large", "limit", a.limits.MaxTotal)
		}
		if f.UncompressedSize64 > ratioFree &&
			f.UncompressedSize64/max(f.CompressedSize64, 1) > uint64(a.limits.MaxRatio) {
			return nil, a.problem("ingest.zip.ratio", "name", name, "limit", a.limits.MaxRatio)
		}
		key := strings.ToLower(name)
		if seen[key] {
			return nil, a.problem("ingest.zip.duplicate-name", "name", name)
		}
		seen[key] = true
		members = append(members, member{name, f})
	}
	return members, nil
}

// litter is what macOS and Windows put into folders and archives.
func litter(name string) bool {
	base := strings.ToLower(path.Base(name))
	return strings.HasPrefix(name, "__MACOSX/") || strings.Contains(name, "/__MACOSX/") ||
		strings.HasPrefix(base, "._") || base == "thumbs.db" || base == ".ds_store" || base == "desktop.ini"
}

// checkOverlaps refuses archives in which files share bytes, which only the makers of zip bombs do.
func (a *Archive) checkOverlaps(members []member) error {
	type span struct{ from, to uint64 }
	spans := make([]span, 0, len(members))
	for _, m := range members {
		from, err := m.file.DataOffset()
		if err != nil {
			return a.problem("ingest.zip.damaged").Because(err)
		}
		spans = append(spans, span{uint64(from), uint64(from) + m.file.CompressedSize64})
	}
	slices.SortFunc(spans, func(x, y span) int {
		return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to))
	})
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return a.problem("ingest.zip.overlapping")
		}
	}
	return nil
}

// candidates finds the datasets: by the extension of their main file, a shapefile with all files of its name.
func candidates(members []member) []Candidate {
	kinds := map[string]Kind{
		".shp": Shapefile, ".geojson": GeoJSON, ".json": GeoJSON, ".gpkg": GeoPackage, ".txt": ParcelTXT,
		".kml": KML, ".csv": CSV, ".xlsx": XLSX, ".dxf": DXF, ".fgb": FlatGeobuf,
	}
	companions := map[string][]member{}
	for _, m := range members {
		companions[stem(m.name)] = append(companions[stem(m.name)], m)
	}
	var found []Candidate
	for _, m := range members {
		kind, ok := kinds[strings.ToLower(path.Ext(m.name))]
		if !ok {
			continue
		}
		c := Candidate{Name: m.name, Kind: kind, main: m.file, files: []member{m}}
		if kind == Shapefile {
			c.files = shapefileParts(companions[stem(m.name)])
		}
		found = append(found, c)
	}
	slices.SortFunc(found, func(x, y Candidate) int { return strings.Compare(x.Name, y.Name) })
	return found
}

// stem is the name without extension, as file systems that ignore case compare it.
func stem(name string) string { return strings.ToLower(strings.TrimSuffix(name, path.Ext(name))) }

func shapefileParts(members []member) []member {
	var parts []member
	for _, m := range members {
		switch strings.ToLower(path.Ext(m.name)) {
		case ".shp", ".shx", ".dbf", ".prj", ".cpg", ".cst":
			parts = append(parts, m)
		}
	}
	return parts
}

// nothing says what is wrong with an archive without a dataset.
func (a *Archive) nothing(members []member) error {
	for _, m := range members {
		switch strings.ToLower(path.Ext(m.name)) {
		case ".zip", ".rar", ".7z":
			return a.problem("ingest.zip.nested", "name", m.name)
		}
	}
	return a.problem("ingest.zip.nothing", "found", sample(members))
}

// sample names the first files of an archive, for a sentence.
func sample(members []member) string {
	const most = 3
	var names []string
	for _, m := range members[:min(len(members), most)] {
		names = append(names, path.Base(m.name))
	}
	if len(members) > most {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// Head gives the first n bytes of a candidate's main file, fewer when it is shorter.
func (a *Archive) Head(c Candidate, n int) ([]byte, error) {
	r, err := c.main.Open()
	if err != nil {
		return nil, a.unreadable(c.Name, c.main, err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err != nil {
		return nil, a.unreadable(c.Name, c.main, err)
	}
	return b, nil
}

// Extract unpacks a candidate's files into dir, which must exist and should be empty, and gives the path of the main
// file, of a geodatabase that of its folder. What it wrote before an error stays for the caller to remove with dir.
func (a *Archive) Extract(ctx context.Context, c Candidate, dir string) (string, error) {
	if c.Kind == FileGDB {
		return a.extractFolder(ctx, c, dir)
	}
	var main string
	left := a.limits.MaxTotal
	base := path.Base(strings.TrimSuffix(c.Name, path.Ext(c.Name)))
	for _, m := range c.files {
		// All files of a shapefile get the main file's name, so that they are found whatever their case.
		target := filepath.Join(dir, base+strings.ToLower(path.Ext(m.name)))
		n, err := a.unpack(ctx, m, target, left)
		if err != nil {
			return "", err
		}
		left -= n
		if m.file == c.main {
			main = target
		}
	}
	return main, nil
}

// unpack writes one file; the size is counted while copying because the directory may lie.
func (a *Archive) unpack(ctx context.Context, m member, to string, left int64) (int64, error) {
	r, err := m.file.Open()
	if err != nil {
		return 0, a.unreadable(m.name, m.file, err)
	}
	defer r.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, CannotUnpack(a.name, err)
	}
	stated := int64(m.file.UncompressedSize64)
	target := &target{file: out}
	n, err := io.Copy(target, &cancelled{ctx, io.LimitReader(r, min(stated, left)+1)})
	target.err = cmp.Or(target.err, out.Close())
	switch {
	case ctx.Err() != nil:
		return n, ctx.Err()
	case target.err != nil:
		return n, CannotUnpack(a.name, target.err)
	case n > left:
		return n, a.problem("ingest.zip.too-large", "limit", a.limits.MaxTotal)
	case err == nil && n != stated, errors.Is(err, zip.ErrFormat): // the library's word for more bytes than stated
		return n, a.problem("ingest.zip.size-differs", "name", m.name, "stated", stated)
	case err != nil:
		return n, a.unreadable(m.name, m.file, err)
	}
	return n, nil
}

// cancelled stops a copy when its context ends.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// unreadable says why a file in the archive cannot be read: its packing method is unknown, or it is damaged.
func (a *Archive) unreadable(name string, f *zip.File, err error) error {
	if f.Method != zip.Store && f.Method != zip.Deflate {
		return a.problem("ingest.zip.method", "name", name, "method", f.Method).Because(err)
	}
	return a.problem("ingest.zip.damaged").Because(err)
}
