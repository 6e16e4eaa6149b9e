package ingest_test

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"unicode/utf16"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
	"greenshield/geo/format/open"
)

func geoPackageSpecimens() []specimen {
	return []specimen{
		{"gpkg.not-geopackage", gpkgOf("DROP TABLE gpkg_contents"), ""},
		{"gpkg.open-elsewhere", gpkgWith(func(t *testing.T, path string) { writeInto(t, filepath.Dir(path), "a.gpkg-wal", "x") }), ""},
		{"gpkg.damaged", gpkgWith(func(t *testing.T, path string) {
			if err := os.Truncate(path, 60_000); err != nil {
				t.Fatal(err)
			}
		}, `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 5000) INSERT INTO t (n) SELECT x FROM c`), ""},
		{"gpkg.no-features", gpkgOf("UPDATE gpkg_contents SET data_type = 'tiles'"), ""},
		{"gpkg.table-missing", gpkgOf("DROP TABLE t"), ""},
		{"gpkg.view", gpkgOf("ALTER TABLE t RENAME TO s", "CREATE VIEW t AS SELECT * FROM s",
			"UPDATE gpkg_contents SET table_name = 't'", "UPDATE gpkg_geometry_columns SET table_name = 't'"), ""},
		{"gpkg.column-left-out", gpkgOf("ALTER TABLE t ADD COLUMN photo BLOB"), ""},
		{"gpkg.geometry-damaged", gpkgOf("INSERT INTO t (geom) VALUES ('text')"), ""},
		{"gpkg.geometry-kind", gpkgOf("INSERT INTO t (geom) VALUES (x'4750000100000000010800000000000000')"), ""},
	}
}

func gpkgOf(change ...string) func(*testing.T) []*geo.Problem {
	return gpkgWith(func(*testing.T, string) {}, change...)
}

// gpkgWith reads a GeoPackage with one table t of a number, changed by statements and then as a file.
func gpkgWith(edit func(*testing.T, string), change ...string) func(*testing.T) []*geo.Problem {
	return func(t *testing.T) []*geo.Problem {
		path := filepath.Join(t.TempDir(), "a.gpkg")
		if err := makeGeoPackage(t.Context(), path, change); err != nil {
			t.Fatal(err)
		}
		edit(t, path)
		return opened(t, path, open.Options{})
	}
}

func makeGeoPackage(ctx context.Context, path string, change []string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = geopackage.CreateSchema(ctx, tx)
	if err == nil {
		err = geopackage.CreateFeatureTable(ctx, tx, geopackage.Table{
			Name: "t", System: 4490, Columns: []geopackage.Column{{Name: "n", Type: "INTEGER"}},
		})
	}
	for _, s := range change {
		if err == nil {
			_, err = tx.ExecContext(ctx, s)
		}
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

func geodatabaseSpecimens() []specimen {
	shell := gdbSquare(400, 10)
	turned := slices.Clone(shell)
	slices.Reverse(turned)
	rings := make([][][2]int64, 12_000)
	for i := range rings {
		rings[i] = gdbSquare(int64(i), int64(100_000-2*i))
	}
	return []specimen{
		{"filegdb.not-geodatabase", func(t *testing.T) []*geo.Problem {
			dir := filepath.Join(t.TempDir(), "a.gdb")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			return opened(t, dir, open.Options{})
		}, ""},
		{"filegdb.part", delivered("a00000009.gdbtable", "\x03\x00\x00\x00", open.Options{}), ""},
		{"filegdb.table-missing", gdbEdited(gdbTable{}, func(dir string) error { return os.Remove(dir + "/a00000003.gdbtablx") }), ""},
		{"filegdb.damaged", gdbOf(gdbTable{description: 5}), ""},
		{"filegdb.truncated", gdbEdited(gdbTable{}, func(dir string) error { return os.Truncate(dir+"/a00000003.gdbtable", 100) }), ""},
		{"filegdb.version-9", gdbOf(gdbTable{description: 3}), ""},
		{"filegdb.wide-ids", gdbOf(gdbTable{version: 4}), ""},
		{"filegdb.compressed", gdbEdited(gdbTable{}, func(dir string) error {
			return os.Rename(dir+"/a00000003.gdbtable", dir+"/a00000003.cdf")
		}), ""},
		{"filegdb.no-features", func(t *testing.T) []*geo.Problem { return opened(t, geodatabase(t), open.Options{}) }, ""},
		{"filegdb.count-differs", gdbOf(gdbTable{stated: 1}), ""},
		{"filegdb.column-left-out", gdbOf(gdbTable{columns: []gdbColumn{{"photo", gdbBinary}}}), ""},
		{"filegdb.row-damaged", gdbOf(gdbTable{rows: [][]byte{{0, 5}}}), ""},
		{"filegdb.geometry-damaged", gdbShape([]byte{1, 5}), ""},
		{"filegdb.geometry-kind", gdbShape([]byte{77}), ""},
		{"filegdb.curve", gdbShape(gdbPolygon(51, 1<<29, shell)), ""},
		{"filegdb.multipatch", gdbShape([]byte{54}), ""},
		{"filegdb.too-many-rings", gdbShape(gdbPolygon(5, 0, rings...)), ""},
		{"filegdb.ring-orientation", gdbShape(gdbPolygon(5, 0, turned)), ""},
	}
}

// The types of columns of a geodatabase that are used here, by their numbers.
const (
	gdbText     = 4
	gdbObjectID = 6
	gdbGeometry = 7
	gdbBinary   = 8
	gdbGUID     = 10
)

type gdbColumn struct {
	name string
	kind byte
}

// gdbTable is a table to be written: an object id, for feature classes a geometry, and further columns; all but the id
// may be null, so a row begins with a byte of flags.
type gdbTable struct {
	plain                        bool // no geometry
	columns                      []gdbColumn
	rows                         [][]byte
	description, version, stated int // stated rows beyond those that there are
}

func gdbShape(blob []byte) func(*testing.T) []*geo.Problem {
	return gdbOf(gdbTable{rows: [][]byte{slices.Concat([]byte{0}, gdbSized(blob))}})
}

func gdbOf(table gdbTable) func(*testing.T) []*geo.Problem {
	return gdbEdited(table, func(string) error { return nil })
}

func gdbEdited(table gdbTable, edit func(dir string) error) func(*testing.T) []*geo.Problem {
	return func(t *testing.T) []*geo.Problem {
		dir := geodatabase(t, table)
		if err := edit(dir); err != nil {
			t.Fatal(err)
		}
		return opened(t, dir, limited(format.Limits{MaxVertices: 100_000}))
	}
}

// geodatabase writes a folder with the catalog, the items and feature classes.
func geodatabase(t *testing.T, classes ...gdbTable) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a.gdb")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	// {70737809-852C-4A03-9E22-2CECEA5B9BFA} is a feature class; the first three groups are stored little-endian.
	const class = "\x09\x78\x73\x70\x2c\x85\x03\x4a\x9e\x22\x2c\xec\xea\x5b\x9b\xfa"
	names := gdbTable{plain: true, columns: []gdbColumn{{"Name", gdbText}}}
	items := gdbTable{plain: true, columns: []gdbColumn{{"Type", gdbGUID}, {"Name", gdbText}}}
	for i, name := range append([]string{"GDB_SystemCatalog", "GDB_Items"}, "parcels", "more")[:2+len(classes)] {
		names.rows = append(names.rows, slices.Concat([]byte{0}, gdbSized([]byte(name))))
		if i >= 2 {
			items.rows = append(items.rows, slices.Concat([]byte{0}, []byte(class), gdbSized([]byte(name))))
		}
	}
	for i, table := range append([]gdbTable{names, items}, classes...) {
		main, index := table.files()
		writeInto(t, dir, fmt.Sprintf("a%08x.gdbtable", i+1), string(main))
		writeInto(t, dir, fmt.Sprintf("a%08x.gdbtablx", i+1), string(index))
	}
	return dir
}

// files gives the .gdbtable and the .gdbtablx of a table of version 10.
func (g gdbTable) files() (main, index []byte) {
	le := binary.LittleEndian
	version, description := uint32(max(g.version, 3)), uint32(4)
	if g.description != 0 {
		description = uint32(g.description)
	}
	fields := g.fields()
	all := append([]gdbColumn{{"OBJECTID", gdbObjectID}}, g.columns...)
	if !g.plain {
		all = slices.Insert(all, 1, gdbColumn{"SHAPE", gdbGeometry})
	}
	d := le.AppendUint16(le.AppendUint32(le.AppendUint32(nil, description), 4|1<<8), uint16(len(all)))
	body := append(le.AppendUint32(nil, uint32(len(d)+len(fields))), append(d, fields...)...)
	var offsets []byte
	for _, r := range g.rows {
		offsets = append(le.AppendUint32(offsets, uint32(40+len(body))), 0)
		body = append(le.AppendUint32(body, uint32(len(r))), r...)
	}
	head := le.AppendUint32(le.AppendUint32(le.AppendUint32(le.AppendUint32(nil, version),
		uint32(len(g.rows)+g.stated)), 1000), 5)
	head = le.AppendUint64(le.AppendUint64(le.AppendUint64(head, 0), uint64(40+len(body))), 40)
	blocks := min(len(g.rows), 1)
	index = le.AppendUint32(le.AppendUint32(le.AppendUint32(le.AppendUint32(nil, version), uint32(blocks)), uint32(len(g.rows))), 5)
	if blocks > 0 {
		index = append(append(index, offsets...), make([]byte, 1024*5-len(offsets))...)
		index = le.AppendUint32(le.AppendUint32(le.AppendUint32(le.AppendUint32(index, 0), 1), 1), 0)
	}
	return append(head, body...), index
}

// fields describes the columns.
func (g gdbTable) fields() []byte {
	le := binary.LittleEndian
	named := func(b []byte, c gdbColumn) []byte {
		units := utf16.Encode([]rune(c.name))
		b = append(b, byte(len(units)))
		for _, u := range units {
			b = le.AppendUint16(b, u)
		}
		return append(b, 0, c.kind)
	}
	b := append(named(nil, gdbColumn{"OBJECTID", gdbObjectID}), 4, 2)
	if !g.plain {
		b = append(named(b, gdbColumn{"SHAPE", gdbGeometry}), 0, 1, 0, 0, 7)
		for _, v := range []float64{-400, -400, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1} {
			b = le.AppendUint64(b, math.Float64bits(v))
		}
		b = le.AppendUint64(le.AppendUint32(append(b, 0), 1), math.Float64bits(1))
	}
	for _, c := range g.columns {
		b = named(b, c)
		if c.kind == gdbText {
			b = append(le.AppendUint32(b, 255), 1, 0)
			continue
		}
		b = append(b, 38, 1)
	}
	return b
}

func gdbSized(b []byte) []byte { return append(binary.AppendUvarint(nil, uint64(len(b))), b...) }

// gdbSquare is a shell in the winding of the format, in steps of the grid.
func gdbSquare(at, size int64) [][2]int64 {
	return [][2]int64{{at, at}, {at, at + size}, {at + size, at + size}, {at + size, at}, {at, at}}
}

func gdbPolygon(kind, flags uint64, rings ...[][2]int64) []byte {
	b := binary.AppendUvarint(nil, kind|flags)
	b = binary.AppendUvarint(b, uint64(len(slices.Concat(rings...))))
	b = binary.AppendUvarint(b, uint64(len(rings)))
	if flags != 0 {
		b = append(b, 1) // one curve
	}
	b = append(b, 0, 0, 0, 0)
	for _, r := range rings[:len(rings)-1] {
		b = binary.AppendUvarint(b, uint64(len(r)))
	}
	var x, y int64
	for _, p := range slices.Concat(rings...) {
		b = gdbStep(gdbStep(b, p[0]-x), p[1]-y)
		x, y = p[0], p[1]
	}
	return b
}

// gdbStep is a whole number with its sign in the second bit.
func gdbStep(b []byte, v int64) []byte {
	sign := byte(0)
	if v < 0 {
		sign, v = 0x40, -v
	}
	first := sign | byte(v&0x3f)
	if v >>= 6; v == 0 {
		return append(b, first)
	}
	return binary.AppendUvarint(append(b, first|0x80), uint64(v))
}
