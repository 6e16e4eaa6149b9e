package geopackage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// rowsOf collects what one of the two ways of reading yields.
func rowsOf(read func(yield func(format.Record, error) bool) error) ([]format.Record, error) {
	var all []format.Record
	err := read(func(r format.Record, err error) bool {
		all = append(all, r)
		return err == nil
	})
	return all, err
}

func bySQL(d *dataset) ([]format.Record, error) {
	return rowsOf(func(yield func(format.Record, error) bool) error { return d.readSQL(context.Background(), 0, yield) })
}

func byPages(d *dataset) ([]format.Record, error) {
	return rowsOf(func(yield func(format.Record, error) bool) error {
		_, err := d.readPages(context.Background(), yield)
		return err
	})
}

func byRecords(d *dataset) ([]format.Record, error) {
	return rowsOf(func(yield func(format.Record, error) bool) error {
		for r, err := range d.Records(context.Background()) {
			if err != nil {
				return err
			}
			yield(r, nil)
		}
		return nil
	})
}

func openFile(t testing.TB, path string, o Options) *dataset {
	t.Helper()
	d, err := Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d.(*dataset)
}

// compareRows fails unless the records are the same in every value, kind of value and problem.
func compareRows(t *testing.T, got, want []format.Record) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d rows, SQL gives %d", len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("row %d\n got %#v %v\nSQL gives %#v %v", i+1, got[i], got[i].Problem, want[i], want[i].Problem)
		}
	}
}

// compareWhole reads a table that must be read from its pages both ways.
func compareWhole(t *testing.T, d *dataset) {
	t.Helper()
	want, err := bySQL(d)
	if err != nil {
		t.Fatal(err)
	}
	got, err := byPages(d)
	if err != nil {
		t.Fatal(err)
	}
	compareRows(t, got, want)
	if int64(len(want)) != d.schema.Count {
		t.Errorf("%d rows, the schema says %d", len(want), d.schema.Count)
	}
}

// tablesOf are the feature tables of a file.
func tablesOf(t *testing.T, path string) []string {
	t.Helper()
	db, err := openReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	found, err := (&dataset{db: db}).tables(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range found {
		names = append(names, f.name)
	}
	return names
}

func TestPagesOfRealFilesGiveWhatSQLGives(t *testing.T) {
	const shared = "../../../../shared/data"
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the real files are not here: ", err)
	}
	layers, unusual := 0, map[string]bool{"poly_non_conformant.gpkg": true} // without a key
	err := filepath.WalkDir(shared, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.EqualFold(filepath.Ext(path), ".gpkg") {
			return err
		}
		for _, layer := range tablesOf(t, path) {
			layers++
			t.Run(filepath.Base(path)+" "+layer, func(t *testing.T) {
				d := openFile(t, path, Options{Layer: layer})
				if !unusual[filepath.Base(path)] {
					compareWhole(t, d)
				} else if rows, err := byPages(d); len(rows) != 0 || !errors.Is(err, errOdd) {
					t.Errorf("%d rows from pages, %v", len(rows), err)
				}
			})
		}
		return nil
	})
	if err != nil || layers < 12 {
		t.Errorf("%d layers, %v", layers, err)
	}
}

// TestPagesOfGDALGiveWhatSQLGives has the program that most deliveries come from make one column of each kind.
func TestPagesOfGDALGiveWhatSQLGives(t *testing.T) {
	program, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr (Debian package gdal-bin) is not installed")
	}
	dir := t.TempDir()
	table := `WKT,i,j,r,b,d,dt,s,n
"POLYGON((109 23,110 23,110 24,109 23))",7,9007199254740993,1.5,1,2023-12-31,2023-12-31T08:00:00Z,林地,
"POLYGON((109 23,110 23,110 24,109 23))",-1,,2,0,1949-10-01,,"12",3
,,-4,,,,2024-01-01T00:00:00Z,,
`
	kinds := "WKT,Integer,Integer64,Real,Integer(Boolean),Date,DateTime,String(20),String\n"
	for name, text := range map[string]string{"t.csv": table, "t.csvt": kinds} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, size := range []string{"512", "4096", "65536"} {
		path := filepath.Join(dir, size+".gpkg")
		c := exec.Command(program, "-f", "GPKG", path, filepath.Join(dir, "t.csv"), "-a_srs", "EPSG:4490",
			"--config", "OGR_SQLITE_PRAGMA", "page_size="+size)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		d := openFile(t, path, Options{})
		if len(d.schema.Fields) < 8 || d.schema.Count != 3 {
			t.Errorf("schema %+v", d.schema)
		}
		compareWhole(t, d)
	}
}

func TestPagesOfWrittenFilesGiveWhatSQLGives(t *testing.T) {
	system, err := crs.FromEPSG(4490)
	if err != nil {
		t.Fatal(err)
	}
	for name, corners := range map[string]int{"small": 4, "in overflow pages": 600} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "w.gpkg")
			l := Layer{
				Name: "红线", Geometry: "POLYGON", System: system, Changed: time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC),
				Fields: []format.Field{
					{Name: "名称"},
					{Name: "n", Kind: format.Integer},
					{Name: "r", Kind: format.Real},
					{Name: "b", Kind: format.Boolean},
					{Name: "d", Kind: format.Date},
				},
			}
			if err := Write(t.Context(), path, l, manyRows(2000, corners)); err != nil {
				t.Fatal(err)
			}
			compareWhole(t, openFile(t, path, Options{}))
		})
	}
}

// manyRows yields rows of rings with so many corners, some of them without this or that.
func manyRows(rows, corners int) func(yield func(format.Record, error) bool) {
	return func(yield func(format.Record, error) bool) {
		for i := range rows {
			ring := make(orb.Ring, 0, corners+1)
			for k := range corners + i%7 {
				a := 2 * math.Pi * float64(k) / float64(corners+i%7)
				ring = append(ring, orb.Point{109 + math.Cos(a)/100 + float64(i%100), 23 + math.Sin(a)/100})
			}
			r := format.Record{
				Row: int64(i + 1), Geometry: orb.Polygon{append(ring, ring[0])},
				Values: []any{
					fmt.Sprintf("地块%d", i%50), int64(i*i*i*i) - 5, float64(i) / float64(1+i%3), i%2 == 0, "2024-02-29",
				},
			}
			if i%11 == 0 {
				r.Geometry, r.Values[i%5] = nil, nil
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// sqlFile makes a GeoPackage with the feature table t by the statement given and runs the others.
func sqlFile(t testing.TB, pragma, create string, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.gpkg")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, s := range append([]string{
		"PRAGMA synchronous = OFF", pragma, createSystems, createContents, createGeometryColumns, createExtensions, create,
		`INSERT INTO gpkg_contents (table_name, data_type) VALUES ('t', 'features')`,
		`INSERT INTO gpkg_geometry_columns VALUES ('t', 'geom', 'GEOMETRY', 0, 0, 0)`,
	}, statements...) {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return path
}

// point is the blob of POINT(1 2) as an SQL literal, count the beginning of a statement with the numbers 1 to n in c.
const point = `x'47500001000000000101000000000000000000f03f0000000000000040'`

func count(n int) string {
	return fmt.Sprintf("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < %d) ", n)
}

// everyValue has values of each class and length that SQLite stores, those that a column turns into others among them.
const everyValue = `NULL, 0, 1, -1, 127, -128, 128, 32767, -32769, 8388607, -8388609, 2147483647, -2147483649,
	140737488355327, -140737488355329, 9223372036854775807, -9223372036854775807, 1.0, -0.0, 0.1, 1e300, 9e999, 2.0,
	4503599627370497.0, '', '7', ' 7 ', '1.0', '1e3', '12abc', '林地', '2023-12-31', '2023-13-01', 'true',
	CAST(x'ff41' AS TEXT), CAST(x'410042' AS TEXT), x'', x'00', x'37', replace(hex(zeroblob(400)), '0', '长'),
	zeroblob(3000)`

func TestPagesGiveEveryValueAsSQLDoes(t *testing.T) {
	types := []string{
		"TEXT", "TEXT(5)", "VARCHAR(20)", "DATETIME", "TIME(REAL)", "INTEGER", "MEDIUMINT", "INT(REAL)", "TINYINT", "REAL",
		"DOUBLE", "FLOAT", "NUMERIC", "DECIMAL(10,2)", "BOOLEAN", "DATE", "", "real", "Double Precision", "INTEGER(FLOAT)",
	}
	values := joined(strings.Split(everyValue, ","))
	for _, size := range []int{512, 1024, 4096, 65536} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			columns, names := "fid INTEGER PRIMARY KEY, geom GEOMETRY", ""
			for i, k := range types {
				columns += fmt.Sprintf(", c%d %s", i, Quote(k))
				names += fmt.Sprintf(", c%d", i)
			}
			var inserts []string
			for _, v := range values {
				inserts = append(inserts, "INSERT INTO t (geom"+names+") VALUES ("+v+strings.Repeat(", "+v, len(types))+")")
			}
			path := sqlFile(t, fmt.Sprintf("PRAGMA page_size = %d", size), "CREATE TABLE t ("+columns+")", inserts...)
			compareWhole(t, openFile(t, path, Options{}))
			compareWhole(t, openFile(t, path, Options{Limits: format.Limits{MaxText: 4, MaxVertices: 1}}))
		})
	}
}

// joined puts literals together again that were parted at a comma within brackets.
func joined(parts []string) []string {
	var whole []string
	open := 0
	for _, p := range parts {
		if open > 0 {
			whole[len(whole)-1] += "," + p
		} else {
			whole = append(whole, p)
		}
		open += strings.Count(p, "(") - strings.Count(p, ")")
	}
	return whole
}

func TestPagesOfOddlyShapedTablesGiveWhatSQLGives(t *testing.T) {
	plain := "CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB, n INTEGER, s TEXT)"
	wide := "CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB"
	for i := range 1500 {
		wide += fmt.Sprintf(", c%d TEXT", i)
	}
	fill := count(1000) + "INSERT INTO t (geom, n, s) SELECT " + point + ", x * x, hex(zeroblob(x % 700)) FROM c"
	cases := map[string]struct {
		create     string
		statements []string
	}{
		"no row":       {plain, nil},
		"three levels": {plain, []string{fill}},
		"rows taken out and put in": {plain, []string{
			fill, "DELETE FROM t WHERE fid % 3 = 0 OR fid < 500", "UPDATE t SET s = hex(zeroblob(900)) WHERE fid % 5 = 0",
			"INSERT INTO t (fid, n) VALUES (3, 4), (-9223372036854775808, 5), (9223372036854775807, 6), (-1, 7)",
		}},
		"columns added after rows": {plain, []string{
			fill, "ALTER TABLE t ADD COLUMN later TEXT", "ALTER TABLE t ADD COLUMN number REAL",
			"INSERT INTO t (fid, later, number) VALUES (9000, 'x', 3)",
		}},
		"column taken out, another called otherwise": {plain, []string{
			fill, "ALTER TABLE t DROP COLUMN n", "ALTER TABLE t RENAME COLUMN s TO \"a \"\"b\"\" c\"",
		}},
		"headers longer than a page": {wide + ")", []string{"INSERT INTO t (geom, c1499) VALUES (" + point + ", 'x')"}},
		"pictures before and after": {
			"CREATE TABLE t (photo BLOB, geom BLOB, fid INTEGER NOT NULL PRIMARY KEY, n REAL, more BLOB)",
			[]string{count(20) + "INSERT INTO t SELECT zeroblob(5000 * x), " + point + ", 7 * x, x, zeroblob(9000) FROM c"},
		},
		"indexes over all columns": {plain, []string{fill, "CREATE INDEX i ON t (geom, n, s)", "CREATE INDEX j ON t (n)"}},
		"strict": {
			strings.Replace(plain, "s TEXT", "s TEXT, r REAL, a ANY", 1) + " STRICT",
			[]string{fill, "UPDATE t SET r = n, a = s"},
		},
		"defaults that all rows have": {
			"CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB, n INTEGER DEFAULT 3, s TEXT DEFAULT '')", []string{fill},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for _, pragma := range []string{"PRAGMA page_size = 512", "PRAGMA page_size = 4096", "PRAGMA journal_mode = WAL"} {
				compareWhole(t, openFile(t, sqlFile(t, pragma, c.create, c.statements...), Options{}))
			}
		})
	}
}

func TestUnusualTablesAreLeftToSQL(t *testing.T) {
	plain := "CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB, n INTEGER)"
	fill := count(500) + "INSERT INTO t (geom, n) SELECT " + point + ", x FROM c"
	cases := map[string]struct {
		pragma, create string
		statements     []string
		before         int // rows read from pages
	}{
		"UTF-16":         {"PRAGMA encoding = 'UTF-16le'", plain, []string{fill}, 0},
		"no key":         {"", "CREATE TABLE t (geom BLOB, n INTEGER)", []string{fill}, 0},
		"key of texts":   {"", "CREATE TABLE t (s TEXT PRIMARY KEY, geom BLOB, n INTEGER)", []string{fill}, 0},
		"key is no id":   {"", strings.Replace(plain, "INTEGER", "INT", 1), []string{fill, "UPDATE t SET fid = -n"}, 0},
		"descending key": {"", strings.Replace(plain, "KEY", "KEY DESC", 1), []string{fill, "UPDATE t SET fid = -n"}, 0},
		"no row id": {"", plain + " WITHOUT ROWID", []string{
			strings.NewReplacer("(geom", "(fid, geom", "SELECT x'", "SELECT -x, x'").Replace(fill),
		}, 0},
		"two keys": {
			"", "CREATE TABLE t (fid INTEGER, geom BLOB, n INTEGER, PRIMARY KEY (fid, n))",
			[]string{fill, "UPDATE t SET fid = -n"},
			0,
		},
		"computed column": {
			"", "CREATE TABLE t (fid INTEGER PRIMARY KEY, g INT AS (n + 1), geom BLOB, n INTEGER)", []string{fill}, 0,
		},
		"stored column": {
			"", "CREATE TABLE t (fid INTEGER PRIMARY KEY, g INT AS (n + 1) STORED, geom BLOB, n INTEGER)", []string{fill}, 0,
		},
		"default for rows before it": {"", plain, []string{fill, "ALTER TABLE t ADD COLUMN s TEXT DEFAULT 'x'"}, 0},
		"default for a row amid others": {"", plain, []string{
			fill, "ALTER TABLE t ADD COLUMN s TEXT DEFAULT ''", "UPDATE t SET s = n WHERE n <> 321",
		}, 320},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			d := openFile(t, sqlFile(t, c.pragma, c.create, c.statements...), Options{})
			got, err := byPages(d)
			if !errors.Is(err, errOdd) || len(got) != c.before {
				t.Errorf("%d rows from pages, %v; want %d", len(got), err, c.before)
			}
			want, err := bySQL(d)
			if err != nil || len(want) != 500 {
				t.Fatalf("%d rows, %v", len(want), err)
			}
			got, err = byRecords(d)
			if err != nil {
				t.Fatal(err)
			}
			compareRows(t, got, want)
		})
	}
}

// TestLayoutIsUnderstood fails when another release of SQLite walks through a table in other steps, so that nothing is
// read from pages any more.
func TestLayoutIsUnderstood(t *testing.T) {
	create := "CREATE TABLE t (fid INTEGER PRIMARY KEY, a REAL, geom BLOB, p BLOB, n INT)"
	d := openFile(t, sqlFile(t, "", create), Options{})
	l, err := d.layout(t.Context())
	want := []column{{at: 2}, {at: 1, real: true}, {at: 4}}
	if err != nil || l.root < 2 || l.defaults || !reflect.DeepEqual(l.columns, want) {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestFileChangedWhileItIsRead(t *testing.T) {
	change := map[string]func(t *testing.T, path string){
		"by another program": func(t *testing.T, path string) {
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec("UPDATE t SET n = 7"); err != nil {
				t.Fatal(err)
			}
		},
		"by a log of changes": func(t *testing.T, path string) {
			if err := os.WriteFile(path+"-wal", []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"by another file": func(t *testing.T, path string) {
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(os.WriteFile(path+"2", whole, 0o600), os.Rename(path+"2", path)); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, act := range change {
		t.Run(name, func(t *testing.T) {
			path := sqlFile(t, "", "CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB, n INTEGER)",
				count(500)+"INSERT INTO t (n) SELECT x FROM c")
			d := openFile(t, path, Options{})
			var last error
			for r, err := range d.Records(t.Context()) {
				if r.Row == 3 {
					act(t, path)
				}
				last = err
			}
			if geo.CodeOf(last) != "ingest.gpkg.open-elsewhere" {
				t.Errorf("%v", last)
			}
		})
	}
}

// BenchmarkRead reads 20 000 polygons both ways; the first has to take less than half of the second.
func BenchmarkRead(b *testing.B) {
	system, err := crs.FromEPSG(4490)
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "b.gpkg")
	l := Layer{
		Name: "dltb", Geometry: "POLYGON", System: system, Changed: time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC),
		Fields: []format.Field{
			{Name: "DLMC"},
			{Name: "BSM", Kind: format.Integer},
			{Name: "TBMJ", Kind: format.Real},
			{Name: "SFJS", Kind: format.Boolean},
			{Name: "GXSJ", Kind: format.Date},
		},
	}
	const rows = 20_000
	if err := Write(b.Context(), path, l, manyRows(rows, 20)); err != nil {
		b.Fatal(err)
	}
	d := openFile(b, path, Options{})
	for _, way := range []struct {
		name string
		read func(yield func(format.Record, error) bool) error
	}{
		{"pages", func(yield func(format.Record, error) bool) error {
			_, err := d.readPages(b.Context(), yield)
			return err
		}},
		{"SQL", func(yield func(format.Record, error) bool) error { return d.readSQL(b.Context(), 0, yield) }},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				err := way.read(func(format.Record, error) bool {
					n++
					return true
				})
				if err != nil || n != rows {
					b.Fatalf("%d rows, %v", n, err)
				}
			}
		})
	}
}
