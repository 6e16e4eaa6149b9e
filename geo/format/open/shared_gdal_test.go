package open_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"greenshield/geo/format"
	"greenshield/geo/format/open"
)

// gdalCounts are the numbers of rows where GDAL 3.6 gives another one than we do, and why.
var gdalCounts = map[string]int{
	"fmt-csv-gdal/testtypeautodetectboolean.csv":                     2, // its first row is data to GDAL, columns to us
	"fmt-flatgeobuf-gdal/test_ogr_flatgeobuf_singlepart_mls_new.fgb": 0, // one part without ends: refused by 3.6, legal
	"fmt-geojson-hint/test/data/bad/badfeature.geojson":              0, // rows that are wrong are left out by GDAL
	"fmt-geojson-hint/test/data/bad/multiple_problems.geojson":       2,
	"fmt-geojson-hint/test/data/bad/nofeaturetype.geojson":           0,
	"fmt-kml-togeojson/data/twopoints.kml":                           1, // Placemarks outside a folder beside a document
}

var featureCount = regexp.MustCompile(`Feature Count: (\d+)`)

// gdalSource is the name by which GDAL opens a file of the shared data, and the layer.
func gdalSource(label string) (string, string) {
	name, layer, _ := strings.Cut(label, " | ")
	name = filepath.Join(shared, filepath.FromSlash(name))
	if strings.HasSuffix(name, ".zip") && !strings.HasSuffix(name, ".gdb.zip") {
		name = "/vsizip/" + name
	}
	return name, layer
}

// TestSharedCountsAgainstGDAL asks GDAL for the number of rows of the files of testdata/shared.txt. Drawings are left
// to the tests of their reader, because GDAL reads texts and blocks too, and exchange texts, which it does not know.
func TestSharedCountsAgainstGDAL(t *testing.T) {
	tool := gdal(t, "ogrinfo")
	sharedFiles(t)
	same, refused := 0, 0
	for label, outcome := range loadExpected(t).exact {
		words := strings.Fields(outcome)
		if strings.HasPrefix(outcome, "ingest.") || words[0] == "dxf" || words[0] == "parceltxt" || alike(label) {
			continue
		}
		name, layer := gdalSource(label)
		args := []string{"-ro", "-so", "-al", name}
		if layer != "" {
			args = []string{"-ro", "-so", name, layer}
		}
		out, err := exec.Command(tool, args...).Output()
		counts := featureCount.FindAllStringSubmatch(string(out), -1)
		if err != nil || len(counts) == 0 {
			refused++
			continue
		}
		found := 0
		for _, c := range counts {
			n, _ := strconv.Atoi(c[1])
			found += n
		}
		want, known := gdalCounts[label]
		if !known {
			want, _ = strconv.Atoi(words[1])
		}
		if found != want {
			t.Errorf("%s: GDAL counts %d, the list says %s", label, found, outcome)
		}
		same++
	}
	t.Logf("%d files counted alike, %d that GDAL does not open", same, refused)
	if same < 100 {
		t.Errorf("only %d files compared", same)
	}
}

// alike tells whether a file is one of many small ones that the tests of GeoJSON compare with what stands beside them.
func alike(label string) bool {
	for _, folder := range []string{"fmt-geojson-", "real-cn-echarts-old/", "real-cn-datav-guigang/v2"} {
		if strings.HasPrefix(label, folder) && gdalCounts[label] == 0 {
			return true
		}
	}
	return false
}

func gdal(t *testing.T, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("another engine is not asked in short mode")
	}
	tool, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return tool
}

// TestSharedTextAgainstGDAL compares every attribute text of the files that hold more than ASCII, character by
// character. Where a table does not say its encoding, GDAL takes ISO 8859-1 and we the one of China, with a note; those
// are left out.
func TestSharedTextAgainstGDAL(t *testing.T) {
	tool := gdal(t, "ogr2ogr")
	sharedFiles(t)
	files := 0
	for label, outcome := range loadExpected(t).exact {
		switch kind, _, _ := strings.Cut(outcome, " "); kind {
		case "shapefile", "geopackage", "flatgeobuf", "filegdb", "geojson":
		default:
			continue
		}
		fields, rows := texts(t, label)
		if rows == nil || alike(label) {
			continue
		}
		if same := compareTexts(t, tool, label, fields, rows); same > 0 {
			files++
		}
	}
	t.Logf("%d files with other than ASCII text are the same", files)
	if files < 10 {
		t.Errorf("only %d files compared", files)
	}
}

// texts gives the fields and the rows of values of a file with more than ASCII in a declared encoding, nil for others.
func texts(t *testing.T, label string) ([]format.Field, [][]any) {
	name, layer, _ := strings.Cut(label, " | ")
	d, err := open.Open(context.Background(), filepath.Join(shared, name), open.Options{Temp: t.TempDir(), Layer: layer})
	if err != nil {
		t.Errorf("%s: %v", label, err)
		return nil, nil
	}
	defer d.Close()
	for _, n := range d.Schema().Notes {
		if strings.HasPrefix(n.Code, "ingest.dbf.encoding-") {
			return nil, nil
		}
	}
	var rows [][]any
	wide := false
	for r, err := range d.Records(context.Background()) {
		if err != nil || r.Problem != nil {
			return nil, nil
		}
		rows = append(rows, r.Values)
		for _, v := range r.Values {
			s, ok := v.(string)
			wide = wide || ok && strings.ContainsFunc(s, func(c rune) bool { return c > 127 })
		}
	}
	if !wide {
		return nil, nil
	}
	return d.Schema().Fields, rows
}

// compareTexts gives the number of texts that are the same in GDAL, 0 when it cannot open the file.
func compareTexts(t *testing.T, tool, label string, fields []format.Field, rows [][]any) int {
	source, layer := gdalSource(label)
	args := []string{"-f", "GeoJSON", "/vsistdout/", source, "-nlt", "NONE", "-preserve_fid"}
	if layer != "" {
		args = append(args, layer)
	}
	out, err := exec.Command(tool, args...).Output()
	if err != nil {
		t.Logf("%s: ogr2ogr: %v", label, err)
		return 0
	}
	var doc struct {
		Features []struct {
			Properties map[string]any `json:"properties"`
		} `json:"features"`
	}
	if err := json.Unmarshal(out, &doc); err != nil || len(doc.Features) != len(rows) {
		t.Errorf("%s: %d rows, GDAL has %d, %v", label, len(rows), len(doc.Features), err)
		return 0
	}
	same := 0
	for i, values := range rows {
		for k, f := range fields {
			text, ok := values[k].(string)
			theirs, known := doc.Features[i].Properties[f.Name].(string)
			if !ok || !known || f.Kind != format.Text {
				continue
			}
			if text != theirs {
				t.Errorf("%s row %d %s: %q, GDAL has %q", label, i+1, f.Name, text, theirs)
				return same
			}
			same++
		}
	}
	if same == 0 {
		t.Errorf("%s: no text compared; fields %s", label, fmt.Sprint(fields))
	}
	return same
}
