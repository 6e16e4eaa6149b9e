package ingest_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format/archive"
	"greenshield/geo/format/open"
)

const aPoint = `{"type":"Point","coordinates":[1,2]}`

func fileSpecimens() []specimen {
	one := map[string]string{"a.geojson": aPoint}
	two := zipped(map[string]string{"a.geojson": aPoint, "b.geojson": aPoint})
	many := map[string]string{}
	for i := range 11 {
		many[fmt.Sprintf("%d.geojson", i)] = aPoint
	}
	return []specimen{
		{"file.no-bytes", delivered("a.geojson", "", open.Options{}), ""},
		{"file.unknown-kind", delivered("a.bin", "\x00\x01\x02\x03", open.Options{}), ""},
		{"file.unsupported", delivered("a.tif", "II*\x00\x08\x00\x00\x00", open.Options{}), ""},
		{"file.extension", delivered("a.shp", aPoint, open.Options{}), ""},
		{"file.several-layers", delivered("a.zip", two, open.Options{}), ""},
		{"file.layer-unknown", delivered("a.zip", two, open.Options{Layer: "c"}), ""},
		{"file.changed", changedAfterOpening, ""},
		{"zip.foreign", delivered("a.zip", "Rar!\x1a\x07\x01\x00", open.Options{}), ""},
		{"zip.damaged", delivered("a.zip", "PK\x03\x04 and nothing more of the kind", open.Options{}), ""},
		{"zip.too-many-entries", archived(zipped(many), archive.Limits{MaxEntries: 10}), ""},
		{"zip.too-large", archived(zipped(one), archive.Limits{MaxTotal: 9}), ""},
		{"zip.ratio", delivered("a.zip", zipped(map[string]string{"a.geojson": strings.Repeat("\x00", 20<<20)}), open.Options{}), ""},
		{"zip.overlapping", delivered("a.zip", overlappingZip(), open.Options{}), ""},
		{"zip.unsafe-name", delivered("a.zip", zipped(map[string]string{"../a.geojson": aPoint}), open.Options{}), ""},
		{"zip.link", delivered("a.zip", zipMember(func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }), open.Options{}), ""},
		{"zip.encrypted", delivered("a.zip", zipEdited(8, 1), open.Options{}), ""},
		{"zip.duplicate-name", delivered("a.zip", zipped(map[string]string{"a.geojson": aPoint, "A.geojson": aPoint}), open.Options{}), ""},
		{"zip.disk-full", func(*testing.T) []*geo.Problem { return heardOf(archive.CannotUnpack("a.zip", syscall.ENOSPC)) }, ""},
		{"zip.temp-read-only", delivered("a.zip", zipped(one), open.Options{Temp: "/nowhere/at/all"}), ""},
		{"zip.method", delivered("a.zip", zipEdited(10, 14), open.Options{}), ""},
		{"zip.size-differs", delivered("a.zip", zipEdited(26, 2), open.Options{}), ""},
		{"zip.nested", delivered("a.zip", zipped(map[string]string{"b.zip": two}), open.Options{}), ""},
		{"zip.nothing", delivered("a.zip", zipped(map[string]string{"readme.pdf": "%PDF"}), open.Options{}), ""},
	}
}

// heardOf is what an error says.
func heardOf(err error) []*geo.Problem {
	var p *geo.Problem
	if !asProblem(err, &p) {
		return nil
	}
	return []*geo.Problem{p}
}

// archived opens a zip with limits of its own.
func archived(content string, l archive.Limits) func(*testing.T) []*geo.Problem {
	return delivered("a.zip", content, open.Options{Archive: l})
}

// changedAfterOpening writes over a file between its two readings.
func changedAfterOpening(t *testing.T) []*geo.Problem {
	path := writeInto(t, t.TempDir(), "a.geojson", `{"type":"FeatureCollection","features":[`+jsonRow(aPoint, `{"a":1}`)+`]}`)
	d, err := open.Open(t.Context(), path, open.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	writeInto(t, filepath.Dir(path), "a.geojson", `{"type":"FeatureCollection","features":[`+jsonRow(aPoint, `{"b":1}`)+`]}`)
	var s heard
	for r, err := range d.Records(t.Context()) {
		s.add(r.Problem)
		s.err(t, err)
	}
	return s
}

func writeInto(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// zipMember is a zip of one GeoJSON file whose header is changed.
func zipMember(change func(*zip.FileHeader)) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "a.geojson", Method: zip.Deflate}
	change(h)
	f, err := w.CreateHeader(h)
	if err == nil {
		_, err = f.Write([]byte(aPoint + strings.Repeat(" ", 200_000)))
	}
	if err != nil || w.Close() != nil {
		panic(err) // to memory
	}
	return b.String()
}

// zipEdited is a zip of one file with a byte of its entry in the directory changed (APPNOTE 4.3.12): its flags are at 8,
// its method at 10, its size at 24.
func zipEdited(at int, value byte) string {
	b := []byte(zipMember(func(*zip.FileHeader) {}))
	b[bytes.LastIndex(b, []byte("PK\x01\x02"))+at] = value
	return string(b)
}

// overlappingZip has two entries of the directory over the same bytes.
func overlappingZip() string {
	b := []byte(zipMember(func(*zip.FileHeader) {}))
	start, end := bytes.LastIndex(b, []byte("PK\x01\x02")), bytes.LastIndex(b, []byte("PK\x05\x06"))
	entry := b[start:end]
	tail := bytes.Clone(b[end:])
	binary.LittleEndian.PutUint16(tail[8:], 2)
	binary.LittleEndian.PutUint16(tail[10:], 2)
	binary.LittleEndian.PutUint32(tail[12:], uint32(2*len(entry)))
	return string(b[:end]) + strings.Replace(string(entry), "a.geojson", "b.geojson", 1) + string(tail)
}
