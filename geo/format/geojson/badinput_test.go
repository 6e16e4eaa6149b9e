package geojson_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format/geojson"
)

// The file ends where its size says, however much room it takes.
func TestThreeGigabytesOfZeros(t *testing.T) {
	for name, head := range map[string]string{
		"bad-input 41 zeros in a collection":     `{"type":"FeatureCollection","features":[`,
		"bad-input 41 zeros behind a collection": collection(feature(`{}`)),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.geojson")
			if err := os.WriteFile(path, []byte(head), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(path, 3<<30); err != nil {
				t.Skipf("no file of 3 GB can be made here: %v", err)
			}
			if _, err := geojson.Open(t.Context(), path, geojson.Options{}); geo.CodeOf(err) != "ingest.file.encoding" {
				t.Errorf("%v, want ingest.file.encoding", err)
			}
		})
	}
}

func TestHostileProperties(t *testing.T) {
	const long = 10 << 20
	for name, tc := range map[string]struct{ properties, code string }{
		"bad-input 50 100,000 properties": {"{" + manyProperties(100_000) + "}", "ingest.geojson.too-many-fields"},
		"bad-input 50 a text of 10 MB":    {`{"a":"` + strings.Repeat("x", long) + `"}`, "ingest.geojson.text-too-long"},
		"bad-input 50 a list of 10 MB":    {`{"a":[` + strings.Repeat("1,", long/2) + `1]}`, "ingest.geojson.text-too-long"},
		"bad-input 50 a name of 10 MB":    {`{"` + strings.Repeat("x", long) + `":1}`, "ingest.geojson.text-too-long"},
		"bad-input 50 names of methods":   {`{"__proto__":{"a":1},"constructor":"x","prototype":null}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, collection(feature(tc.properties), feature(`{"b":1}`)), geojson.Options{})
			var codes []string
			if got.err != nil {
				codes = append(codes, geo.CodeOf(got.err))
			}
			for _, r := range got.records {
				if r.Problem != nil {
					codes = append(codes, r.Problem.Code)
				}
			}
			if strings.Join(codes, " ") != tc.code {
				t.Errorf("%v, want %q", codes, tc.code)
			}
		})
	}
}

// generated is a document that is made while it is read: n pieces between a head and a tail, each of piece's length
// for its number.
type generated struct {
	head, tail string
	n, length  int
	piece      func(i int) string
}

func (g generated) size() int64 { return int64(len(g.head) + g.n*g.length + len(g.tail)) }

// ReadAt implements io.ReaderAt.
func (g generated) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) && off < g.size() {
		at, text := off, g.head
		if body := off - int64(len(g.head)); body >= int64(g.n*g.length) {
			at, text = body-int64(g.n*g.length), g.tail
		} else if body >= 0 {
			at, text = body%int64(g.length), g.piece(int(body/int64(g.length)))
		}
		k := copy(p[n:], text[at:])
		n, off = n+k, off+int64(k)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// peak is the largest heap in bytes that was in use after each so many rows, and the rows.
func peak(t *testing.T, g generated, every int) (heap uint64, rows int, last orb.Geometry) {
	t.Helper()
	d, err := geojson.Read(t.Context(), "a", g, g.size(), geojson.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var m runtime.MemStats
	for r, err := range d.Records(context.Background()) {
		if err != nil || r.Problem != nil {
			t.Fatal(r.Row, err, r.Problem)
		}
		if rows, last = rows+1, r.Geometry; rows%every == 0 {
			runtime.ReadMemStats(&m)
			heap = max(heap, m.HeapInuse)
		}
	}
	return heap, rows, last
}

// One polygon of five million vertices takes its vertices, 80 MB, and what a growing list leaves behind.
func TestLargePolygon(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("150 MB are read neither in short mode nor under the race detector")
	}
	t.Run("bad-input 52 one polygon of 5 million vertices", func(t *testing.T) {
		const n = 5_000_000
		vertex := func(i int) string { return ",[109." + digits(i, 7) + ",23." + digits(i%1000, 7) + "]" }
		g := generated{
			head: `{"type":"Polygon","coordinates":[[[109,23]`, tail: `,[109,23]]]}`,
			n: n, length: len(vertex(0)), piece: vertex,
		}
		heap, _, last := peak(t, g, 1)
		if p, ok := last.(orb.Polygon); !ok || len(p[0]) != n+2 || p[0][n] != (orb.Point{109.4999999, 23.0000999}) {
			t.Fatalf("%T", last)
		}
		if heap > 400<<20 {
			t.Errorf("%d MB in use, 400 are allowed", heap>>20)
		}
	})
}

// squares is a document of n squares of ten metres, in pieces of equal length.
func squares(n int, collected bool) generated {
	const x, y, name = "XXXXXX", "YYYYYY", "NNNNNNNN"
	text := `{"type":"Feature","properties":{"名称":"地块` + name + `"},"geometry":{"type":"Polygon","coordinates":` +
		`[[[109.` + x + `,23.` + y + `],[109.` + x + `1,23.` + y + `],[109.` + x + `1,23.` + y + `1],[109.` + x + `,23.` + y +
		`1],[109.` + x + `,23.` + y + `]]]}}` + "\n"
	g := generated{n: n}
	if collected {
		text = strings.TrimSuffix(text, "\n") + ","
		g.head, g.tail = `{"type":"FeatureCollection","features":[`, `{"type":"Feature","properties":{},"geometry":null}]}`
	}
	g.length = len(text)
	marks := map[byte][]int{}
	for at := range len(text) {
		if c := text[at]; (c == x[0] || c == y[0] || c == name[0]) && (at == 0 || text[at-1] != c) && text[at+1] == c {
			marks[c] = append(marks[c], at)
		}
	}
	piece := []byte(text)
	g.piece = func(i int) string {
		fill := func(c byte, v string) {
			for _, at := range marks[c] {
				copy(piece[at:], v)
			}
		}
		fill(x[0], digits(i%10_000, len(x)))
		fill(y[0], digits(i/10_000, len(y)))
		fill(name[0], digits(i, len(name)))
		return string(piece)
	}
	return g
}

// digits is a number in so many digits.
func digits(v, n int) string {
	b := make([]byte, n)
	for i := n - 1; i >= 0; i-- {
		b[i], v = byte('0'+v%10), v/10
	}
	return string(b)
}

// A document of a million polygons, about 260 MB, is read twice in a small buffer.
func TestManyPolygons(t *testing.T) {
	const most = 32 << 20
	for name, collected := range map[string]bool{
		"bad-input 52 a million polygons in a collection": true, "bad-input 52 polygons line by line": false,
	} {
		t.Run(name, func(t *testing.T) {
			n := 20_000
			if !testing.Short() && !raced { // a million under the race detector take minutes
				n = map[bool]int{true: 1_000_000, false: 100_000}[collected]
			}
			var before runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			g := squares(n, collected)
			heap, rows, _ := peak(t, g, 1000)
			if rows < n {
				t.Errorf("%d rows of %d", rows, n)
			}
			t.Logf("%d rows, %d MB, heap in use at most %d MB", rows, g.size()>>20, heap>>20)
			if heap > before.HeapInuse+most {
				t.Errorf("%d MB of heap in use, %d before; %d more are allowed", heap>>20, before.HeapInuse>>20, most>>20)
			}
		})
	}
}
