package ingest_test

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/open"
)

func shapefileSpecimens() []specimen {
	point := shapePoint(1, 2)
	two := shapes(point, point)
	one := shapes(point)
	table := func(columns ...dbfColumn) string { return dbfTable(0, 1, columns...) }
	number := dbfColumn{"n", 'N', 4, "1"}
	rings := make([][][2]float64, 12_000)
	for i := range rings {
		rings[i] = shapeSquare(float64(i), float64(100_000-2*i))
	}
	turned := shapeSquare(0, 1)
	slices.Reverse(turned)
	return append([]specimen{
		{"shp.not-shapefile", shapefileOf(".shp", "\x00\x00\x27\x0a"), ""},
		{"shp.truncated", shapefileOf(".shp", two[:len(two)-6]), ""},
		{"shp.count-differs", shapefileOf(".shp", two, ".dbf", table(number)), ""},
		{"shp.record-damaged", shapefileOf(".shp", shapes("\x01\x00\x00\x00")), ""},
		{"shp.multipatch", shapefileOf(".shp", shapes("\x1f\x00\x00\x00\x00\x00\x00\x00")), ""},
		{"shp.too-many-rings", shapefileOf(".shp", shapes(shapePolygon(rings...))), ""},
		{"shp.ring-orientation", shapefileOf(".shp", shapes(shapePolygon(turned))), ""},
		{"shp.length-differs", shapefileOf(".shp", one+"rubbish rubbish ", ".dbf", table(number)), ""},
		{"shp.mixed-types", shapefileOf(".shp", shapes(point, shapePolygon(shapeSquare(0, 1)))), ""},
		{"shp.index-used", shapefileOf(shapesEdited()...), ""},
		{"geometry.bad-coordinate", shapefileOf(".shp", shapes(shapePoint(math.NaN(), 1))), ""},
		{"geometry.too-many-vertices", shapefileOf(".shp", shapes(shapePolygon(slices.Repeat(shapeSquare(0, 1), 20_001)))), ""},
		{"file.too-many-rows", shapefileOf(".shp", shapes(slices.Repeat([]string{point}, 11)...)), ""},
		{"file.shapefile-part", delivered("a.dbf", table(number), open.Options{}), ""},
	}, tableFileSpecimens(one, number)...)
}

// tableFileSpecimens are about the attribute table beside shapes of one point.
func tableFileSpecimens(one string, number dbfColumn) []specimen {
	const gbk = "\xc6\xbd\xc4\xcf\xcf\xd8" // 平南县
	with := func(ldid byte, columns ...dbfColumn) func(*testing.T) []*geo.Problem {
		return shapefileOf(".shp", one, ".dbf", dbfTable(ldid, 1, columns...))
	}
	text := func(s string) dbfColumn { return dbfColumn{"t", 'C', 20, s} }
	whole := dbfTable(0, 1, number)
	deleted := strings.Replace(dbfTable(0, 2, number), "\r ", "\r*", 1)
	long := strings.Repeat("x", 101)
	return []specimen{
		{"dbf.missing", shapefileIn("nowhere", ".shp", one), ""},
		{"dbf.damaged", shapefileOf(".shp", one, ".dbf", whole[:20]), ""},
		{"dbf.truncated", shapefileOf(".shp", one, ".dbf", whole[:len(whole)-3]), ""},
		{"dbf.encoding-unknown", shapefileOf(".shp", one, ".dbf", dbfTable(0, 1, text(gbk)), ".cpg", "932"), ""},
		{"dbf.encoding-overruled", shapefileOf(".shp", one, ".dbf", dbfTable(0, 1, text(gbk)), ".cpg", "UTF-8"), ""},
		{"dbf.encoding-guessed", with(0, text(gbk)), ""},
		{"dbf.encoding-unclear", with(0, text("caf\xe9")), "dbf.text-cut dbf.text-undecodable"},
		{"dbf.text-undecodable", shapefileOf(".shp", one, ".dbf", dbfTable(0, 1, text("a\xff")), ".cpg", "GBK"), "dbf.encoding-unclear"},
		{"dbf.text-cut", with(0x4D, dbfColumn{"t", 'C', 5, gbk[:5]}), ""},
		{"dbf.deleted-rows", shapefileOf(".shp", shapes(shapePoint(1, 2), shapePoint(3, 4)), ".dbf", deleted), ""},
		{"dbf.column-left-out", with(0, number, dbfColumn{"m", 'M', 10, "1"}), ""},
		{"dbf.field-renamed", with(0, number, number), ""},
		{"field.bad-value", with(0, dbfColumn{"n", 'N', 4, "12ab"}), ""},
		{"field.too-long", with(0, dbfColumn{"t", 'C', 120, long}), ""},
	}
}

// shapefileOf writes the files of a shapefile, given as extension and content in turn, with a table of one column when
// there is no other, and reads it.
func shapefileOf(parts ...string) func(*testing.T) []*geo.Problem {
	if !slices.Contains(parts, ".dbf") {
		parts = append(parts, ".dbf", dbfTable(0, shapeCount(parts[1]), dbfColumn{"n", 'N', 4, "1"}))
	}
	return shapefileIn("x", parts...)
}

// shapeCount is the number of records of a .shp, the last of which may be cut.
func shapeCount(file string) (n int) {
	for at := 100; at+8 <= len(file); n++ {
		at += 8 + 2*int(binary.BigEndian.Uint32([]byte(file[at+4:at+8])))
	}
	return n
}

func shapefileIn(name string, parts ...string) func(*testing.T) []*geo.Problem {
	return func(t *testing.T) []*geo.Problem {
		dir := t.TempDir()
		for i := 0; i < len(parts); i += 2 {
			writeInto(t, dir, name+parts[i], parts[i+1])
		}
		return opened(t, dir+"/"+name+".shp", limited(format.Limits{MaxVertices: 100_000, MaxRecords: 10, MaxText: 100}))
	}
}

func shapePoint(x, y float64) string {
	b := binary.LittleEndian.AppendUint32(nil, 1)
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	return string(binary.LittleEndian.AppendUint64(b, math.Float64bits(y)))
}

// shapeSquare is a shell in the winding of the format.
func shapeSquare(at, size float64) [][2]float64 {
	return [][2]float64{{at, at}, {at, at + size}, {at + size, at + size}, {at + size, at}, {at, at}}
}

func shapePolygon(rings ...[][2]float64) string {
	b := binary.LittleEndian.AppendUint32(nil, 5)
	b = append(b, make([]byte, 32)...)
	all := slices.Concat(rings...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(rings)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(all)))
	first := 0
	for _, r := range rings {
		b = binary.LittleEndian.AppendUint32(b, uint32(first))
		first += len(r)
	}
	for _, p := range all {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[0]))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[1]))
	}
	return string(b)
}

// shapes is a .shp of the contents of records.
func shapes(contents ...string) string {
	var body []byte
	for i, c := range contents {
		body = binary.BigEndian.AppendUint32(body, uint32(i+1))
		body = binary.BigEndian.AppendUint32(body, uint32(len(c)/2))
		body = append(body, c...)
	}
	head := make([]byte, 100)
	binary.BigEndian.PutUint32(head, 9994)
	binary.BigEndian.PutUint32(head[24:], uint32((100+len(body))/2))
	binary.LittleEndian.PutUint32(head[28:], 1000)
	copy(head[32:], contents[0][:4])
	return string(append(head, body...))
}

// shapesEdited is a shapefile whose second record was written anew at the end: only its index knows.
func shapesEdited() []string {
	file := []byte(shapes(shapePoint(1, 1), shapePoint(2, 2), shapePoint(9, 9)))
	binary.BigEndian.PutUint32(file[100+2*28:], 2)
	index := slices.Clone(file[:100])
	for _, at := range []uint32{100, 100 + 2*28} {
		index = binary.BigEndian.AppendUint32(index, at/2)
		index = binary.BigEndian.AppendUint32(index, 10)
	}
	return []string{".shp", string(file), ".shx", string(index), ".dbf", dbfTable(0, 2, dbfColumn{"n", 'N', 4, "1"})}
}

// dbfColumn is a column with the same text in every row.
type dbfColumn struct {
	name  string
	kind  byte
	width int
	cell  string
}

func dbfTable(ldid byte, rows int, columns ...dbfColumn) string {
	b := []byte{3, 124, 1, 1}
	b = binary.LittleEndian.AppendUint32(b, uint32(rows))
	b = binary.LittleEndian.AppendUint16(b, uint16(33+32*len(columns)))
	row := " "
	for _, c := range columns {
		row += c.cell + strings.Repeat(" ", c.width-len(c.cell))
	}
	b = binary.LittleEndian.AppendUint16(b, uint16(len(row)))
	b = append(b, make([]byte, 20)...)
	b[29] = ldid
	for _, c := range columns {
		d := make([]byte, 32)
		copy(d[:11], c.name)
		d[11], d[16] = c.kind, byte(c.width)
		b = append(b, d...)
	}
	return string(b) + "\r" + strings.Repeat(row, rows) + "\x1a"
}
