package archive_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"greenshield/geo"
	"greenshield/geo/format/archive"
)

// What a refusal may cost. The list of bad inputs asks for 2 seconds; the rest is for the race detector and for
// machines that do other work.
const (
	refusalTime   = 10 * time.Second
	refusalMemory = 64 << 20
)

// refusedCheaply opens an archive and unpacks its first dataset, and wants it refused with a code, soon, with little
// memory, and with no more than most bytes on the disk.
func refusedCheaply(t *testing.T, b []byte, code string, most int64) {
	t.Helper()
	path, dir := save(t, b), t.TempDir()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	err := openAndExtract(t, path, dir)
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if geo.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
	taken := after.TotalAlloc - before.TotalAlloc
	if took > refusalTime || taken > refusalMemory {
		t.Errorf("the refusal took %s and %d bytes of memory", took, taken)
	}
	if size := sizeOf(t, dir); size > most {
		t.Errorf("%d bytes were unpacked, want at most %d", size, most)
	}
	t.Logf("%d bytes refused in %s with %d KiB of memory", len(b), took.Round(time.Millisecond), taken>>10)
}

func openAndExtract(t *testing.T, path, dir string) error {
	t.Helper()
	a, err := archive.Open(path, archive.Limits{})
	if err != nil {
		return err
	}
	defer a.Close()
	_, err = a.Extract(t.Context(), a.Candidates()[0], dir)
	return err
}

func sizeOf(t *testing.T, dir string) int64 {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		sum += info.Size()
	}
	return sum
}

// zeros is a deflate stream of a number of MiB of zeros: one packed MiB, repeated.
func zeros(t testing.TB, mib int) []byte {
	t.Helper()
	var one bytes.Buffer
	w, err := flate.NewWriter(&one, flate.BestCompression)
	if err == nil {
		_, err = w.Write(make([]byte, 1<<20))
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	var end bytes.Buffer
	w.Reset(&end)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return append(bytes.Repeat(one.Bytes(), mib), end.Bytes()...)
}

// packed is an entry with content that is packed already and a stated size that is its maker's choice.
type packed struct {
	name    string
	content []byte
	stated  uint64
}

func rawZip(t testing.TB, files ...packed) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateRaw(&zip.FileHeader{
			Name: f.name, Method: zip.Deflate, CompressedSize64: uint64(len(f.content)), UncompressedSize64: f.stated,
		})
		if err == nil {
			_, err = w.Write(f.content)
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

// sharedBytes is the bomb of D. Fifield: count directory entries over the same bytes.
func sharedBytes(t testing.TB, count int) []byte {
	b := rawZip(t, packed{"00000.shp", zeros(t, 10), 10 << 20})
	start, end := bytes.LastIndex(b, []byte("PK\x01\x02")), bytes.LastIndex(b, []byte("PK\x05\x06"))
	entry := b[start:end]
	out := slices.Clone(b[:start])
	for i := range count {
		out = append(out, bytes.Replace(entry, []byte("00000"), fmt.Appendf(nil, "%05d", i), 1)...)
	}
	tail := slices.Clone(b[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(count))
	binary.LittleEndian.PutUint16(tail[10:], uint16(count))
	binary.LittleEndian.PutUint32(tail[12:], uint32(count*len(entry)))
	return append(out, tail...)
}

func TestBombsAreRefusedCheaply(t *testing.T) {
	bomb := zeros(t, 4<<10)
	var nested []packed
	for i := range 16 { // like 42.zip, which holds 16 archives that hold 16 archives and so on
		nested = append(nested, packed{fmt.Sprintf("lib %x.zip", i), zeros(t, 1), 1 << 20})
	}
	var spread []packed // every file below the size from which the ratio counts, all together above the total
	for i := range 300 {
		spread = append(spread, packed{fmt.Sprintf("%d.shp", i), bomb[:len(bomb)/256], 16 << 20})
	}
	var crowd []file
	for i := range 100_000 {
		crowd = append(crowd, file{name: fmt.Sprintf("%d.shp", i)})
	}
	for name, tc := range map[string]struct {
		zip  []byte
		code string
		most int64
	}{
		"bad-input 11 four GiB that say so": {
			rawZip(t, packed{"a.shp", bomb, 4 << 30}), "ingest.zip.ratio", 0,
		},
		"bad-input 11 more than fits into 64 bits": {
			rawZip(t, packed{"a.shp", bomb, 1 << 63}, packed{"b.shp", bomb, 1 << 63}), "ingest.zip.too-large", 0,
		},
		"bad-input 11 many files, each inoffensive": {rawZip(t, spread...), "ingest.zip.too-large", 0},
		"bad-input 12 four hundred times one file":  {sharedBytes(t, 400), "ingest.zip.overlapping", 0},
		"bad-input 13 a hundred thousand entries":   {makeZip(t, crowd...), "ingest.zip.too-many-entries", 0},
		"bad-input 14 like 42.zip":                  {rawZip(t, nested...), "ingest.zip.nested", 0},
		"bad-input 18 four GiB that say one MiB": {
			rawZip(t, packed{"a.shp", bomb, 1 << 20}), "ingest.zip.size-differs", 1<<20 + 1,
		},
		"bad-input 18 one MiB that says fifteen": {
			rawZip(t, packed{"a.shp", zeros(t, 1), 15 << 20}), "ingest.zip.damaged", 1 << 20,
		},
		"bad-input 21 a directory cut to noise": {
			makeZip(t, crowd[:1000]...)[:60_000], "ingest.zip.damaged", 0,
		},
	} {
		t.Run(name, func(t *testing.T) { refusedCheaply(t, tc.zip, tc.code, tc.most) })
	}
}

// TestNamesThatDeceive has entries whose names would obey no reader: a direction of reading that is turned, and
// characters that a terminal obeys.
func TestNamesThatDeceive(t *testing.T) {
	for name, entry := range map[string]string{
		"bad-input 15 turned reading":   "红线\u202epj.shp",
		"bad-input 15 isolated reading": "\u2067a.shp",
		"bad-input 15 terminal":         "a\x1b[2J.shp", "bad-input 15 C1 control": "a\u009b2J.shp",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := archive.Open(save(t, makeZip(t, file{name: entry})), archive.Limits{})
			if geo.CodeOf(err) != "ingest.zip.unsafe-name" || strings.ContainsAny(err.Error(), "\u202e\u2067\x1b\u009b") {
				t.Errorf("got %q", err)
			}
		})
	}
}

// TestLitterAlone has nothing but what systems add, some of it with the extension of a dataset.
func TestLitterAlone(t *testing.T) {
	t.Run("bad-input 25 nothing else", func(t *testing.T) {
		b := makeZip(t, file{name: "__MACOSX/._a.shp", content: "x"}, file{name: "a/__MACOSX/b.txt", content: "x"},
			file{name: "Thumbs.db", content: "x"}, file{name: "A/.DS_Store", content: "x"}, file{name: "DESKTOP.INI"})
		refusedCheaply(t, b, "ingest.zip.nothing", 0)
	})
}

// TestEncryption has the marks of the old cipher, of AES in the way of WinZip, and a directory that is encrypted itself.
func TestEncryption(t *testing.T) {
	aes := func(h *zip.FileHeader) { h.Flags, h.Method = 1, 99 }
	plain := makeZip(t, file{name: "a.shp", content: "content"})
	for name, tc := range map[string]struct {
		zip  []byte
		code string
	}{
		"bad-input 17 ZipCrypto": {withFlag(plain, 1), "ingest.zip.encrypted"},
		"bad-input 17 AES":       {rawEntry(t, "a.shp", aes), "ingest.zip.encrypted"},
		"bad-input 17 directory": {
			bytes.ReplaceAll(plain, []byte("PK\x01\x02"), []byte("\x9a\x11\x02")), "ingest.zip.damaged",
		},
	} {
		t.Run(name, func(t *testing.T) { refusedCheaply(t, tc.zip, tc.code, 0) })
	}
}

func rawEntry(t *testing.T, name string, change func(*zip.FileHeader)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: name, Method: zip.Store, CompressedSize64: 7, UncompressedSize64: 7}
	change(h)
	w, err := z.CreateRaw(h)
	if err == nil {
		_, err = w.Write([]byte("content"))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// smallDisk mounts a disk of 2 MB, which takes a user who may do so.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("this user cannot mount a small disk: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return dir
}

// TestNoRoomToUnpack unpacks 4 MB onto a disk of 2 MB, and into folders that cannot be written to.
func TestNoRoomToUnpack(t *testing.T) {
	path := save(t, makeZip(t, file{name: "a.shp", content: strings.Repeat("geometry", 1<<19)}))
	t.Run("bad-input 94 full disk", func(t *testing.T) {
		if err := openAndExtract(t, path, smallDisk(t)); geo.CodeOf(err) != "ingest.zip.disk-full" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("bad-input 94 read-only disk", func(t *testing.T) {
		dir := smallDisk(t)
		if out, err := exec.Command("mount", "-o", "remount,ro", dir).CombinedOutput(); err != nil {
			t.Skipf("a disk cannot be made read-only here: %v %s", err, out)
		}
		if err := openAndExtract(t, path, dir); geo.CodeOf(err) != "ingest.zip.temp-read-only" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("bad-input 94 folder gone", func(t *testing.T) {
		err := openAndExtract(t, path, filepath.Join(t.TempDir(), "gone"))
		if geo.CodeOf(err) != "ingest.zip.temp-read-only" {
			t.Errorf("got %v", err)
		}
	})
}
