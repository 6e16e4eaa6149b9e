package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"greenshield/geo"
	"greenshield/geo/format/archive"
)

const shared = "../../../../shared/data/"

// file is one entry of a zip that a test makes.
type file struct {
	name, content string
	change        func(*zip.FileHeader)
}

func makeZip(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate}
		if f.change != nil {
			f.change(h)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(f.content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func save(t testing.TB, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.zip")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func names(a *archive.Archive) []string {
	var all []string
	for _, c := range a.Candidates() {
		all = append(all, string(c.Kind)+" "+c.Name)
	}
	return all
}

func gbkName(s string) func(*zip.FileHeader) {
	return func(h *zip.FileHeader) {
		h.Name, _ = simplifiedchinese.GBK.NewEncoder().String(s)
		h.NonUTF8 = true
	}
}

func TestCandidates(t *testing.T) {
	cases := map[string]struct {
		files []file
		want  []string
	}{
		"one shapefile": {
			[]file{{name: "a.shp"}, {name: "a.dbf"}, {name: "a.prj"}}, []string{"shapefile a.shp"},
		},
		"bad-input 23 folder, upper case": {
			[]file{{name: "data/"}, {name: "data/A.SHP"}, {name: "data/a.dbf"}}, []string{"shapefile data/A.SHP"},
		},
		"bad-input 24 two shapefiles": {
			[]file{{name: "b.shp"}, {name: "a.shp"}}, []string{"shapefile a.shp", "shapefile b.shp"},
		},
		"bad-input 23 the same name in two folders": {
			[]file{{name: "2022/a.shp"}, {name: "2023/a.shp"}}, []string{"shapefile 2022/a.shp", "shapefile 2023/a.shp"},
		},
		"every kind": {
			[]file{{name: "a.geojson"}, {name: "b.JSON"}, {name: "c.gpkg"}, {name: "d.txt"}, {name: "e.pdf"}},
			[]string{"geojson a.geojson", "geojson b.JSON", "geopackage c.gpkg", "parceltxt d.txt"},
		},
		"bad-input 25 what macOS and Windows add": {
			[]file{{name: "__MACOSX/._a.shp"}, {name: "a.shp"}, {name: "._b.shp"}, {name: "Thumbs.db"}, {name: ".DS_Store"}},
			[]string{"shapefile a.shp"},
		},
		"bad-input 20 GBK names": {
			[]file{{change: gbkName("红线/生态保护红线.shp")}}, []string{"shapefile 红线/生态保护红线.shp"},
		},
		"bad-input 20 a GBK name with a backslash for its second byte": {
			[]file{{change: gbkName("誠.shp")}}, []string{"shapefile 誠.shp"},
		},
		"backslash between folders": {
			[]file{{name: `data\a.shp`, change: func(h *zip.FileHeader) { h.Name = `data\a.shp` }}},
			[]string{"shapefile data/a.shp"},
		},
		"dot in front": {[]file{{name: "./data//a.shp"}}, []string{"shapefile data/a.shp"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a, err := archive.Open(save(t, makeZip(t, c.files...)), archive.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			if got := names(a); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// overlapping is the bomb of D. Fifield: many directory entries over the same bytes.
func overlapping(t *testing.T) []byte {
	b := makeZip(t, file{name: "a.shp", content: strings.Repeat("x", 1000)})
	end := bytes.LastIndex(b, []byte("PK\x05\x06"))
	start := bytes.LastIndex(b, []byte("PK\x01\x02"))
	entry := slices.Clone(b[start:end])
	second := bytes.Replace(entry, []byte("a.shp"), []byte("b.shp"), 1)
	out := append(slices.Clone(b[:end]), second...)
	tail := slices.Clone(b[end:])
	binary.LittleEndian.PutUint16(tail[8:], 2)
	binary.LittleEndian.PutUint16(tail[10:], 2)
	binary.LittleEndian.PutUint32(tail[12:], uint32(2*len(entry)))
	return append(out, tail...)
}

func TestRefusedArchives(t *testing.T) {
	good := makeZip(t, file{name: "a.shp", content: "content"}, file{name: "a.dbf", content: "more content"})
	many := make([]file, 0, 300)
	for i := range 300 {
		many = append(many, file{name: fmt.Sprintf("%d.shp", i)})
	}
	flag := func(mode fs.FileMode) func(*zip.FileHeader) { return func(h *zip.FileHeader) { h.SetMode(mode) } }
	raw := func(name string) func(*zip.FileHeader) { return func(h *zip.FileHeader) { h.Name = name } }
	cases := map[string]struct {
		zip    []byte
		limits archive.Limits
		code   string
	}{
		"nothing": {nil, archive.Limits{}, "ingest.zip.damaged"},
		"not a zip": {
			[]byte("PK\x03\x04 and then nothing of the kind"), archive.Limits{}, "ingest.zip.damaged",
		},
		"bad-input 26 RAR": {[]byte("Rar!\x1a\x07\x01\x00"), archive.Limits{}, "ingest.zip.foreign"},
		"bad-input 26 7z": {
			[]byte("7z\xbc\xaf\x27\x1c\x00\x04"), archive.Limits{}, "ingest.zip.foreign",
		},
		"bad-input 26 gzip":          {[]byte("\x1f\x8b\x08\x00"), archive.Limits{}, "ingest.zip.foreign"},
		"bad-input 21 directory cut": {good[:len(good)-30], archive.Limits{}, "ingest.zip.damaged"},
		"bad-input 21 front cut":     {good[40:], archive.Limits{}, "ingest.zip.damaged"},
		"no dataset":                 {makeZip(t, file{name: "readme.pdf"}), archive.Limits{}, "ingest.zip.nothing"},
		"bad-input 14 zip in zip": {
			makeZip(t, file{name: "inner.zip", content: string(good)}), archive.Limits{}, "ingest.zip.nested",
		},
		"bad-input 15 parent folder": {
			makeZip(t, file{name: "../../a.shp"}), archive.Limits{}, "ingest.zip.unsafe-name",
		},
		"bad-input 15 parent in the middle": {
			makeZip(t, file{name: "a/../../a.shp"}), archive.Limits{}, "ingest.zip.unsafe-name",
		},
		"bad-input 15 absolute": {
			makeZip(t, file{name: "/etc/a.shp"}), archive.Limits{}, "ingest.zip.unsafe-name",
		},
		"bad-input 15 drive": {
			makeZip(t, file{name: "C:/a.shp"}), archive.Limits{}, "ingest.zip.unsafe-name",
		},
		"bad-input 15 backslashes": {
			makeZip(t, file{name: "x", change: raw(`..\..\a.shp`)}), archive.Limits{}, "ingest.zip.unsafe-name",
		},
		"bad-input 15 network path": {
			makeZip(t, file{name: "x", change: raw(`\\host\a.shp`)}), archive.Limits{}, "ingest.zip.unsafe-name",
		},
		"bad-input 15 zero in a name": {
			makeZip(t, file{name: "a\x00.shp"}), archive.Limits{}, "ingest.zip.unsafe-name",
		},
		"bad-input 15 new line in a name": {
			makeZip(t, file{name: "a\n.shp"}), archive.Limits{}, "ingest.zip.unsafe-name",
		},
		"very long name": {
			makeZip(t, file{name: strings.Repeat("n", 300) + ".shp"}), archive.Limits{}, "ingest.zip.unsafe-name",
		},
		"bad-input 16 symbolic link": {
			makeZip(t, file{name: "a.shp", content: "/etc/passwd", change: flag(fs.ModeSymlink | 0o777)}),
			archive.Limits{},
			"ingest.zip.link",
		},
		"bad-input 16 device": {
			makeZip(t, file{name: "a.shp", change: flag(fs.ModeDevice | 0o777)}), archive.Limits{}, "ingest.zip.link",
		},
		"bad-input 19 names differ in case": {
			makeZip(t, file{name: "a.shp"}, file{name: "A.shp"}), archive.Limits{}, "ingest.zip.duplicate-name",
		},
		"bad-input 12 overlapping": {overlapping(t), archive.Limits{}, "ingest.zip.overlapping"},
		"bad-input 13 too many entries": {
			makeZip(t, many...), archive.Limits{MaxEntries: 299}, "ingest.zip.too-many-entries",
		},
		"as many as allowed": {makeZip(t, many...), archive.Limits{MaxEntries: 300}, ""},
		"bad-input 11 too large unpacked": {
			makeZip(t, file{name: "a.shp", content: strings.Repeat("x", 2000)}),
			archive.Limits{MaxTotal: 1999},
			"ingest.zip.too-large",
		},
		"bad-input 11 packed too well": {
			makeZip(t, file{name: "a.shp", content: strings.Repeat("\x00", 20<<20)}), archive.Limits{}, "ingest.zip.ratio",
		},
		"bad-input 17 encrypted":           {withFlag(good, 1), archive.Limits{}, "ingest.zip.encrypted"},
		"bad-input 21 something before it": {append([]byte("#!/bin/sh\n"), good...), archive.Limits{}, ""},
		"bad-input 13 something before, many": {
			append([]byte("#!/bin/sh\n"), makeZip(t, many...)...),
			archive.Limits{MaxEntries: 200},
			"ingest.zip.too-many-entries",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a, err := archive.Open(save(t, c.zip), c.limits)
			if err == nil {
				a.Close()
			}
			if geo.CodeOf(err) != c.code || (c.code == "") != (err == nil) {
				t.Fatalf("got %v, want %q", err, c.code)
			}
		})
	}
}

// withFlag sets a general purpose flag in every directory entry.
func withFlag(b []byte, flag byte) []byte {
	b = slices.Clone(b)
	for i := range b[:len(b)-4] {
		if string(b[i:i+4]) == "PK\x01\x02" {
			b[i+8] |= flag
		}
	}
	return b
}

func TestExtract(t *testing.T) {
	a, err := archive.Open(save(t, makeZip(t,
		file{name: "x/Red.shp", content: "shapes"}, file{name: "x/RED.DBF", content: "table"},
		file{name: "x/red.prj", content: "system"}, file{name: "x/red.xml", content: "no part of it"},
		file{name: "y/red.cpg", content: "of another"}, file{name: "note.txt", content: "hello"},
	)), archive.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	dir := t.TempDir()
	i := slices.IndexFunc(a.Candidates(), func(c archive.Candidate) bool { return c.Kind == archive.Shapefile })
	c := a.Candidates()[i]
	main, err := a.Extract(context.Background(), c, dir)
	if err != nil || main != filepath.Join(dir, "Red.shp") {
		t.Fatal(main, err)
	}
	got := map[string]string{}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		b, _ := os.ReadFile(filepath.Join(dir, e.Name()))
		got[e.Name()] = string(b)
	}
	want := map[string]string{"Red.shp": "shapes", "Red.dbf": "table", "Red.prj": "system"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if head, err := a.Head(c, 3); string(head) != "sha" || err != nil {
		t.Errorf("head %q %v", head, err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := a.Extract(cancelled, c, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestSizesThatLie has directory entries that state less or more than is there.
func TestSizesThatLie(t *testing.T) {
	content := strings.Repeat("x", 5000)
	for name, stated := range map[string]uint32{"bad-input 18 less": 100, "bad-input 18 more": 9000} {
		b := makeZip(t, file{name: "a.shp", content: content})
		at := bytes.LastIndex(b, []byte("PK\x01\x02"))
		binary.LittleEndian.PutUint32(b[at+24:], stated)
		a, err := archive.Open(save(t, b), archive.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		_, err = a.Extract(context.Background(), a.Candidates()[0], dir)
		want := "ingest.zip.size-differs"
		if stated > 5000 {
			want = "ingest.zip.damaged" // the library misses the rest
		}
		if geo.CodeOf(err) != want {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := os.Stat(filepath.Join(dir, "a.shp")); err != nil || info.Size() > 5000 {
			t.Errorf("%s: %v %v", name, info, err)
		}
		a.Close()
	}
}

func TestUnknownPacking(t *testing.T) {
	b := makeZip(t, file{name: "a.shp", content: "abc", change: func(h *zip.FileHeader) { h.Method = zip.Store }})
	for _, mark := range []string{"PK\x03\x04", "PK\x01\x02"} {
		at := bytes.LastIndex(b, []byte(mark))
		b[at+map[string]int{"PK\x03\x04": 8, "PK\x01\x02": 10}[mark]] = 14 // LZMA
	}
	a, err := archive.Open(save(t, b), archive.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	_, err = a.Extract(context.Background(), a.Candidates()[0], t.TempDir())
	if geo.CodeOf(err) != "ingest.zip.method" {
		t.Error(err)
	}
}

// TestZip64 has a small file in the form for large ones: sizes and offset in the extra field, zip64 end records.
func TestZip64(t *testing.T) {
	t.Run("bad-input 22 zip64", func(t *testing.T) {
		content := []byte("content of a")
		le := binary.LittleEndian
		le16, le32, le64 := le.AppendUint16, le.AppendUint32, le.AppendUint64
		local := append([]byte("PK\x03\x04"), 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		local = le32(le32(le32(local, crc32.ChecksumIEEE(content)), 0xFFFFFFFF), 0xFFFFFFFF)
		local = append(le16(le16(local, 5), 20), "a.shp"...)
		local = le64(le64(le16(le16(local, 1), 16), uint64(len(content))), uint64(len(content)))
		b := append(local, content...)
		at := len(b)
		b = append(append(b, "PK\x01\x02"...), 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		b = le32(le32(le32(b, crc32.ChecksumIEEE(content)), 0xFFFFFFFF), 0xFFFFFFFF)
		b = le32(le32(le16(le16(le16(le16(le16(b, 5), 28), 0), 0), 0), 0), 0xFFFFFFFF)
		b = append(b, "a.shp"...)
		b = le64(le64(le64(le16(le16(b, 1), 24), uint64(len(content))), uint64(len(content))), 0)
		size, end64 := len(b)-at, len(b)
		b = le64(append(b, "PK\x06\x06"...), 44)
		b = le64(le64(le64(le64(le32(le32(le16(le16(b, 45), 45), 0), 0), 1), 1), uint64(size)), uint64(at))
		b = le32(le64(le32(append(b, "PK\x06\x07"...), 0), uint64(end64)), 1)
		b = le16(le16(le16(le16(append(b, "PK\x05\x06"...), 0), 0), 0xFFFF), 0xFFFF)
		b = le16(le32(le32(b, 0xFFFFFFFF), 0xFFFFFFFF), 0)
		a, err := archive.Open(save(t, b), archive.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		path, err := a.Extract(context.Background(), a.Candidates()[0], t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); !bytes.Equal(got, content) {
			t.Errorf("got %q", got)
		}
	})
}

// TestRealArchives opens what users of another program uploaded, and the zip-slip samples.
func TestRealArchives(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the real files are not here: ", err)
	}
	for name, code := range map[string]string{
		"fmt-zip-slip/archives/zip-slip.zip":               "ingest.zip.unsafe-name",
		"fmt-zip-slip/archives/zip-slip-win.zip":           "ingest.zip.unsafe-name",
		"fmt-zip-slip/archives/zip-slip.tar":               "ingest.zip.foreign",
		"fmt-shp-gdal/poly.tar.gz":                         "ingest.zip.foreign",
		"fmt-shp-gdal/poly.zip":                            "",
		"fmt-gpkg-gdal/poly.gpkg.zip":                      "",
		"fmt-shp-pyshp/tests/shapefiles/empty_zipfile.zip": "", // holds a text without content
		"fmt-shp-pyshp/tests/shapefiles/blockgroups.zip":   "",
	} {
		a, err := archive.Open(shared+name, archive.Limits{})
		if geo.CodeOf(err) != code || (err == nil) != (code == "") {
			t.Errorf("%s: %v, want %q", name, err, code)
		}
		if err == nil {
			a.Close()
		}
	}
	zips := 0
	err := filepath.WalkDir(shared+"real-marxan-uploads", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".zip" {
			return err
		}
		zips++
		a, err := archive.Open(path, archive.Limits{})
		if err != nil {
			return err
		}
		defer a.Close()
		if got := a.Candidates(); len(got) != 1 || got[0].Kind != archive.Shapefile {
			t.Errorf("%s: %v", filepath.Base(path), names(a))
			return nil
		}
		_, err = a.Extract(context.Background(), a.Candidates()[0], t.TempDir())
		return err
	})
	if err != nil || zips < 10 {
		t.Errorf("%d archives, %v", zips, err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(makeZip(f, file{name: "a.shp", content: "shapes"}, file{name: "a.dbf", content: "table"}))
	f.Add(makeZip(f, file{name: "x/", content: ""}, file{name: "x/a.geojson", content: strings.Repeat("[", 500)}))
	f.Add(makeZip(f, file{change: gbkName("红线.txt"), content: "x"}))
	limits := archive.Limits{MaxEntries: 50, MaxTotal: 1 << 20}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := archive.Open(save(t, b), limits)
		if err != nil {
			if geo.CodeOf(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		defer a.Close()
		for _, c := range a.Candidates() {
			dir := t.TempDir()
			main, err := a.Extract(context.Background(), c, dir)
			if err == nil && filepath.Dir(main) != dir {
				t.Fatalf("unpacked to %q", main)
			}
			entries, _ := os.ReadDir(dir)
			for _, e := range entries {
				if info, err := e.Info(); err != nil || !info.Mode().IsRegular() || info.Size() > limits.MaxTotal+1 {
					t.Fatalf("unpacked %v, %v", e, err)
				}
			}
		}
	})
}
