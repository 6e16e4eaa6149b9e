package shapefile_test

import (
	"context"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/shapefile"
)

// shp makes a .shp of record contents.
func shp(contents ...[]byte) []byte {
	body := []byte{}
	for i, c := range contents {
		body = binary.BigEndian.AppendUint32(body, uint32(i+1))
		body = binary.BigEndian.AppendUint32(body, uint32(len(c)/2))
		body = append(body, c...)
	}
	head := make([]byte, 100)
	binary.BigEndian.PutUint32(head, 9994)
	binary.BigEndian.PutUint32(head[24:], uint32((100+len(body))/2))
	binary.LittleEndian.PutUint32(head[28:], 1000)
	if len(contents) > 0 {
		copy(head[32:], contents[0][:4])
	}
	return append(head, body...)
}

// shx makes the index of a .shp as shp makes it.
func shx(file []byte) []byte {
	out := append([]byte{}, file[:100]...)
	for off := 100; off < len(file); {
		out = binary.BigEndian.AppendUint32(out, uint32(off/2))
		out = append(out, file[off+4:off+8]...)
		off += 8 + 2*int(binary.BigEndian.Uint32(file[off+4:]))
	}
	return out
}

func u32(b []byte, v ...uint32) []byte {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	return b
}

func f64(b []byte, v ...float64) []byte {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

func point(x, y float64) []byte { return f64(u32(nil, 1), x, y) }

// parts makes a polyline (3) or polygon (5).
func parts(kind uint32, rings ...[]orb.Point) []byte {
	n := 0
	index := []byte{}
	for _, r := range rings {
		index = u32(index, uint32(n))
		n += len(r)
	}
	b := u32(f64(u32(nil, kind), 0, 0, 1, 1), uint32(len(rings)), uint32(n))
	b = append(b, index...)
	for _, r := range rings {
		for _, p := range r {
			b = f64(b, p[0], p[1])
		}
	}
	return b
}

// clockwise is a square shell in the winding of the format; reversed is the other.
func clockwise(x, y, size float64) []orb.Point {
	return []orb.Point{{x, y}, {x, y + size}, {x + size, y + size}, {x + size, y}, {x, y}}
}

func reversed(ps []orb.Point) []orb.Point {
	r := orb.Ring(append([]orb.Point{}, ps...))
	r.Reverse()
	return r
}

// column is a field descriptor for dbf.
type column struct {
	name  string
	kind  byte
	width int
	dec   byte
}

// dbf makes a .dbf; each row is the text of its cells, padded here. A row that begins with "*" is deleted.
func dbf(ldid byte, columns []column, rows ...[]string) []byte {
	rowLen := 1
	for _, c := range columns {
		rowLen += c.width
	}
	b := []byte{3, 124, 1, 1}
	b = u32(b, uint32(len(rows)))
	b = binary.LittleEndian.AppendUint16(b, uint16(33+32*len(columns)))
	b = binary.LittleEndian.AppendUint16(b, uint16(rowLen))
	b = append(b, make([]byte, 20)...)
	b[29] = ldid
	for _, c := range columns {
		d := make([]byte, 32)
		copy(d[:11], c.name)
		d[11], d[16], d[17] = c.kind, byte(c.width), c.dec
		b = append(b, d...)
	}
	b = append(b, 0x0D)
	for _, row := range rows {
		mark := byte(' ')
		if row[0] == "*" {
			mark, row = '*', row[1:]
		}
		b = append(b, mark)
		for i, c := range columns {
			cell := make([]byte, c.width)
			for j := range cell {
				cell[j] = ' '
			}
			copy(cell, row[i])
			b = append(b, cell...)
		}
	}
	return append(b, 0x1A)
}

// put writes the files of a shapefile under one name into a new folder and gives the path of the .shp.
func put(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for ext, b := range files {
		if err := os.WriteFile(filepath.Join(dir, "x"+ext), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "x.shp")
}

// read opens and ranges over everything.
func read(path string, o shapefile.Options) (format.Schema, []format.Record, error) {
	d, err := shapefile.Open(context.Background(), path, o)
	if err != nil {
		return format.Schema{}, nil, err
	}
	defer d.Close()
	var all []format.Record
	for r, err := range d.Records(context.Background()) {
		if err != nil {
			return d.Schema(), nil, err
		}
		all = append(all, r)
	}
	return d.Schema(), all, nil
}

func hasNote(s format.Schema, code string) bool {
	for _, n := range s.Notes {
		if n.Code == code {
			return true
		}
	}
	return false
}

// codeOf is the code of a row's problem, "" when it has none.
func codeOf(p *geo.Problem) string {
	if p == nil {
		return ""
	}
	return p.Code
}
