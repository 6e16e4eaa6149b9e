package shapefile_test

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format/shapefile"
)

// esri is how ArcGIS writes the plane of zone 37 with the number of the zone in its eastings.
const esri = `PROJCS["CGCS2000_3_Degree_GK_Zone_37",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",` +
	`DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],` +
	`UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",37500000.0],` +
	`PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",1.0],` +
	`PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`

func TestReferenceSystemFiles(t *testing.T) {
	for name, c := range map[string]struct {
		prj, problem string
		epsg         int
	}{
		"bad-input 39 byte order mark":    {"\uFEFF" + esri, "", 4525},
		"bad-input 39 as ArcGIS writes":   {esri, "", 4525},
		"bad-input 39 broken":             {"PROJCS[[", "ingest.crs.unknown", 0},
		"bad-input 39 a system of no one": {`LOCAL_CS["local"]`, "ingest.crs.unknown", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, err := read(put(t, map[string][]byte{".shp": shp(point(37355000, 2556000)), ".prj": []byte(c.prj)}),
				shapefile.Options{})
			if err != nil || codeOf(s.DeclaredProblem) != c.problem {
				t.Fatalf("%v, %v, want %q", s.DeclaredProblem, err, c.problem)
			}
			if c.epsg != 0 && (s.Declared == nil || s.Declared.EPSG() != c.epsg) {
				t.Errorf("declared %v, want EPSG:%d", s.Declared, c.epsg)
			}
		})
	}
}

// What a shapefile may lack, and what its header says without anybody believing it.
func TestWhatIsNotNeeded(t *testing.T) {
	main := shp(point(109, 23), point(110, 24))
	table := dbf(0, []column{{"n", 'N', 4, 0}}, []string{"1"}, []string{"2"})
	nowhere := append([]byte{}, main...)
	for at := 36; at < 100; at += 8 {
		binary.LittleEndian.PutUint64(nowhere[at:], math.Float64bits(math.NaN()))
	}
	odd := append(append([]byte{}, table[:33+32]...), append([]byte{0}, table[33+32:]...)...)
	odd[8]++
	for name, c := range map[string]struct {
		files  map[string][]byte
		note   string
		fields int
	}{
		"bad-input 27 no .shx":                 {map[string][]byte{".shp": main, ".dbf": table}, "", 1},
		"bad-input 27 no .dbf":                 {map[string][]byte{".shp": main, ".shx": shx(main)}, "ingest.dbf.missing", 0},
		"bad-input 31 extent is not a number":  {map[string][]byte{".shp": nowhere, ".dbf": table}, "", 1},
		"bad-input 37 header of an odd length": {map[string][]byte{".shp": main, ".dbf": odd}, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, rows, err := read(put(t, c.files), shapefile.Options{})
			if err != nil || len(rows) != 2 || len(s.Fields) != c.fields || c.note != "" && !hasNote(s, c.note) {
				t.Fatalf("%d rows, fields %v, notes %v, %v", len(rows), s.Fields, s.Notes, err)
			}
			if rows[1].Geometry != (orb.Point{110, 24}) || c.fields > 0 && rows[1].Values[0] != int64(2) {
				t.Errorf("row 2: %+v", rows[1])
			}
		})
	}
}

// Files at the limits of the format are refused at once: nothing is read but what their headers promise.
func TestFilesOfThreeGigabytes(t *testing.T) {
	const large = 3 << 30
	main := shp(point(109, 23), point(110, 24))
	whole := append([]byte{}, main...)
	binary.BigEndian.PutUint32(whole[24:], large/2)
	rows := dbf(0, []column{{"n", 'N', 4, 0}})
	binary.LittleEndian.PutUint32(rows[4:], (large-66)/5)
	for name, c := range map[string]struct {
		shp, dbf []byte
		code     string
	}{
		"bad-input 41 shapes of 3 GB":    {whole, nil, "ingest.file.too-many-rows"},
		"bad-input 41 a table of 3 GB":   {main, rows, "ingest.file.too-many-rows"},
		"bad-input 41 zeros behind both": {main, dbf(0, []column{{"n", 'N', 4, 0}}, []string{"1"}, []string{"2"}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.shp")
			sparse(t, path, c.shp, large)
			if c.dbf != nil {
				sparse(t, filepath.Join(filepath.Dir(path), "x.dbf"), c.dbf, large)
			}
			start := time.Now()
			_, got, err := read(path, shapefile.Options{})
			if geo.CodeOf(err) != c.code || c.code == "" && (err != nil || len(got) != 2) {
				t.Errorf("%d rows, %v, want %q", len(got), err, c.code)
			}
			const atOnce = 10 * time.Second // two on an idle machine without the race detector
			if took := time.Since(start); took > atOnce {
				t.Errorf("took %v", took)
			}
		})
	}
}

// sparse writes a file of so many bytes that takes no room on the disk but for its beginning.
func sparse(t *testing.T, path string, head []byte, size int64) {
	t.Helper()
	if err := os.WriteFile(path, head, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, size); err != nil {
		t.Skipf("no file of %d bytes can be made here: %v", size, err)
	}
}
