package open_test

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/open"
)

const (
	kmlText = `<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark/></kml>`
	dxfText = "  0\r\nSECTION\r\n  2\r\nENTITIES\r\n  0\r\nLINE\r\n 10\r\n1\r\n 20\r\n2\r\n" +
		" 11\r\n3\r\n 21\r\n4\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n"
	points  = "点号,X,Y\nJ1,2556000,37355000\nJ2,2556000,37355100\nJ3,2556100,37355100\n"
	geoJSON = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":null}]}`
	txt     = "[属性描述]\n坐标系=2000国家大地坐标系\n带号=37\n[地块坐标]\n3,,1,,面,,,,@\n" +
		"J1,1,2556000,37355000\nJ2,1,2556000,37355100\nJ3,1,2556100,37355100\n"
)

// put writes files into a new folder and gives it.
func put(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func zipped(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// book is the smallest workbook with one point.
func book(t *testing.T) string {
	return zipped(t,
		"_rels/.rels", `<Relationships><Relationship Id="a" Type="/officeDocument" Target="b.xml"/></Relationships>`,
		"b.xml", `<workbook xmlns:r="r"><sheets><sheet name="s" r:id="a"/></sheets></workbook>`,
		"_rels/b.xml.rels", `<Relationships><Relationship Id="a" Type="/worksheet" Target="s.xml"/></Relationships>`,
		"s.xml", `<worksheet><row><c t="str"><v>lon</v></c><c t="str"><v>lat</v></c></row>`+
			`<row><c><v>109.5</v></c><c><v>23.1</v></c></row></worksheet>`)
}

func rows(t *testing.T, d format.Dataset) int {
	t.Helper()
	n := 0
	for _, err := range d.Records(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	return n
}

func TestKindByBytes(t *testing.T) {
	for name, tc := range map[string]struct{ file, text, format, schema string }{
		"geojson":               {"a.geojson", geoJSON, "geojson", "a"},
		"json":                  {"a.JSON", geoJSON, "geojson", "a"},
		"geojson without name":  {"upload-17", geoJSON, "geojson", "upload-17"},
		"geojson with mark":     {"a.json", "\ufeff" + geoJSON, "geojson", "a"},
		"geojson sequence":      {"a.ndjson", "\x1e" + `{"type":"Feature","properties":{},"geometry":null}`, "geojson", "a"},
		"txt":                   {"a.txt", txt, "parceltxt", "a"},
		"txt without name":      {"upload", txt, "parceltxt", "upload"},
		"txt in gbk":            {"a.txt", "[\xb5\xd8\xbf\xe9\xd7\xf8\xb1\xea]\r\n" + txt[strings.Index(txt, "3,,1"):strings.Index(txt, "面")] + ",,,,@\nJ1,1,2556000,37355000\n", "parceltxt", "a"},
		"txt without title":     {"a.txt", txt[strings.Index(txt, "3,,1"):], "parceltxt", "a"},
		"txt as Excel saves it": {"a.csv", `"` + strings.ReplaceAll(txt, "\n", "\"\n\"") + `"`, "parceltxt", "a"},
		"csv":                   {"a.csv", points, "csv", "a"},
		"csv named txt":         {"a.txt", points, "csv", "a"},
		"csv without name":      {"upload-9", points, "csv", "upload-9"},
		"xlsx":                  {"a.xlsx", book(t), "xlsx", "a"},
		"zip of a workbook":     {"a.zip", zipped(t, "清单.xlsx", book(t)), "xlsx", "清单"},
		"zip of a table":        {"a.zip", zipped(t, "清单.csv", points, "其他.csv", "a,b\n1,2\n"), "csv", "清单"},
		"map beside a table":    {"a.zip", zipped(t, "清单.csv", points, "清单.xlsx", book(t), "c.geojson", geoJSON), "geojson", "c"},
		"xlsx without name":     {"upload-8", book(t), "xlsx", "upload-8"},
		"zip of geojson":        {"a.zip", zipped(t, "b/c.geojson", geoJSON), "geojson", "c"},
		"zip of txt and readme": {"a.zip", zipped(t, "说明.txt", "请查收", "地块.txt", txt), "parceltxt", "地块"},
		"dxf":                   {"a.dxf", dxfText, "dxf", "a"},
		"dxf in a zip":          {"a.zip", zipped(t, "宗地.dxf", "999\nx\n"+dxfText), "dxf", "宗地"},
		"kml":                   {"a.kml", kmlText, "kml", "a"},
		"kml without name":      {"upload-3", "\ufeff" + kmlText, "kml", "upload-3"},
		"kmz":                   {"a.kmz", zipped(t, "doc.kml", kmlText, "files/p.png", "x"), "kml", "doc"},
		"kmz of another name":   {"a.kmz", zipped(t, "现场.kml", kmlText), "kml", "现场"},
		"zip with metadata":     {"a.zip", zipped(t, "metadata.json", `{"title":"x"}`, "c.geojson", geoJSON), "geojson", "c"},
	} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			path := filepath.Join(put(t, map[string]string{tc.file: tc.text}), tc.file)
			d, err := open.Open(context.Background(), path, open.Options{Temp: temp})
			if err != nil {
				t.Fatal(err)
			}
			if s := d.Schema(); s.Format != tc.format || s.Name != tc.schema {
				t.Errorf("format %q, name %q", s.Format, s.Name)
			}
			if n := rows(t, d); n != 1 {
				t.Errorf("%d rows", n)
			}
			if left, _ := os.ReadDir(temp); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for name, tc := range map[string]struct{ file, text, code string }{
		"no bytes":                             {"a.geojson", "", "file.no-bytes"},
		"bad-input 9 zip named geojson":        {"a.geojson", zipped(t, "c.geojson", geoJSON), "file.extension"},
		"bad-input 9 geojson named shp":        {"a.shp", geoJSON, "file.extension"},
		"bad-input 9 geojson named txt":        {"a.txt", geoJSON, "file.extension"},
		"bad-input 9 program named shp":        {"a.shp", "MZ\x90\x00\x03\x00", "file.unknown-kind"},
		"noise":                                {"a.geojson", "\x01\x02\x03\x00\xff", "file.unknown-kind"},
		"a letter":                             {"a.doc", "To whom it may concern", "file.unknown-kind"},
		"a letter named txt":                   {"a.txt", "To whom it may concern", "txt.no-parcels"},
		"a word named json":                    {"a.json", "null", "geojson.root"},
		"array of features":                    {"a.geojson", `[{"type":"Feature"}]`, "geojson.root"},
		"topojson":                             {"a.json", `{"type":"Topology","arcs":[]}`, "geojson.topojson"},
		"json-fg":                              {"a.json", `{"type":"Feature","coordRefSys":"[EPSG:4490]","place":null}`, "geojson.json-fg"},
		"openstreetmap":                        {"a.osm", "<?xml version='1.0'?>\n<!-- x -->\n<osm version='0.6'>", "file.unsupported"},
		"vector tile":                          {"a.mvt", "\x1a\x2f\x78\x02", "file.unsupported"},
		"geometry alone":                       {"a.wkt", "POINT(1 2)", "file.unsupported"},
		"broken json":                          {"a.geojson", geoJSON[:50], "geojson.truncated"},
		"bad-input 26 RAR named zip":           {"a.zip", "Rar!\x1a\x07\x01\x00", "zip.foreign"},
		"bad-input 26 7z":                      {"a.7z", "7z\xbc\xaf\x27\x1c\x00", "zip.foreign"},
		"bad-input 9 kml named geojson":        {"a.geojson", `<kml/>`, "file.extension"},
		"web page named kml":                   {"a.kml", `<!DOCTYPE html><html><body/></html>`, "file.unsupported"},
		"dxf":                                  {"a.dxf", "  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "dxf.truncated"},
		"dwg":                                  {"a.dwg", "AC1018\x00\x00", "dxf.dwg"},
		"binary dxf":                           {"a.dxf", "AutoCAD Binary DXF\r\n\x1a\x00", "dxf.binary"},
		"letter named dxf":                     {"a.dxf", "To whom it may concern", "dxf.syntax"},
		"dxf named shp":                        {"a.shp", dxfText, "file.extension"},
		"xlsx":                                 {"a.xlsx", zipped(t, "[Content_Types].xml", "<Types/>"), "xlsx.not-workbook"},
		"document":                             {"a.docx", zipped(t, "[Content_Types].xml", "<Types/>"), "file.unsupported"},
		"bad-input 9 zip named xlsx":           {"a.xlsx", zipped(t, "c.geojson", geoJSON), "xlsx.not-workbook"},
		"bad-input 81 macros":                  {"a.xlsm", zipped(t, "[Content_Types].xml", "<Types/>", "xl/vbaProject.bin", "x"), "xlsx.macros"},
		"fgb of version 2":                     {"a.fgb", "fgb\x02fgb\x00\x04\x00\x00\x00\x00\x00\x00\x00", "fgb.version"},
		"letter named fgb":                     {"a.fgb", "To whom it may concern", "file.unknown-kind"},
		"broken fgb in a zip":                  {"a.zip", zipped(t, "a.fgb", "fgb\x03fgb\x00\xff\xff\xff\xff"), "fgb.damaged"},
		"bad-input 9 xlsx named zip":           {"a.zip", zipped(t, "[Content_Types].xml", "<Types/>"), "file.extension"},
		"kmz of a broken kml":                  {"a.kmz", zipped(t, "doc.kml", "<kml>"), "kml.truncated"},
		"kmz without kml":                      {"a.kmz", zipped(t, "files/a.png", "\x89PNG"), "zip.nothing"},
		"csv without coordinates":              {"a.csv", "a,b\n1,2\n", "table.no-geometry"},
		"bad-input 26 RAR in a zip":            {"a.zip", zipped(t, "a.rar", "Rar!\x1a\x07\x01\x00"), "zip.nested"},
		"geojson named csv":                    {"a.csv", geoJSON, "file.extension"},
		"dbf alone":                            {"a.dbf", "\x03\x7a\x01\x01", "file.shapefile-part"},
		"bad-input 57 two doc.kml in folders":  {"a.kmz", zipped(t, "a/doc.kml", kmlText, "b/doc.kml", kmlText), "file.several-layers"},
		"bad-input 57 two doc.kml of one name": {"a.kmz", zipped(t, "doc.kml", kmlText, "doc.kml", kmlText), "zip.duplicate-name"},
		"bad-input 57 doc.kml and another":     {"a.kmz", zipped(t, "doc.kml", kmlText, "files/b.kml", kmlText), "file.several-layers"},
		"bad-input 53 document type in a kmz":  {"a.kmz", zipped(t, "doc.kml", "<!DOCTYPE kml SYSTEM \"file:///etc/passwd\"><kml/>"), "kml.doctype"},
		"bad-input 24 two layers in a zip":     {"a.zip", zipped(t, "b.geojson", geoJSON, "c.geojson", geoJSON), "file.several-layers"},
		"zip of a readme":                      {"a.zip", zipped(t, "readme.txt", "hello"), "txt.no-parcels"},
		"zip with nothing":                     {"a.zip", zipped(t, "a.bmp", "BM"), "zip.nothing"},
		"bad-input 9 zip of another kind":      {"a.zip", zipped(t, "a.geojson", "PK\x03\x04 not json"), "file.extension"},
		"truncated shapefile":                  {"a.shp", "\x00\x00\x27\x0a\x00", "shp."},
		"sqlite without tables":                {"a.gpkg", "SQLite format 3\x00", "gpkg."},
	} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			path := filepath.Join(put(t, map[string]string{tc.file: tc.text}), tc.file)
			d, err := open.Open(context.Background(), path, open.Options{Temp: temp})
			if err == nil {
				d.Close()
			}
			if code := geo.CodeOf(err); !strings.HasPrefix(code, "ingest."+tc.code) || !strings.HasSuffix(tc.code, ".") && code != "ingest."+tc.code {
				t.Errorf("%v, want ingest.%s", err, tc.code)
			}
			if left, _ := os.ReadDir(temp); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// The refusal of a kind that is not read names the kind, so that it can be converted.
func TestKindsThatAreNotReadAreNamed(t *testing.T) {
	for kind, tc := range map[string]struct{ file, text string }{
		"OSM XML":            {"a.osm", "<?xml version='1.0'?>\n<!-- x -->\n<osm version='0.6'>"},
		"OSM PBF":            {"a.pbf", "\x00\x00\x00\x0e\x0a\x09OSMHeader\x18\x01"},
		"GPX":                {"a.gpx", "<?xml version='1.0'?><!DOCTYPE gpx SYSTEM 'file:///etc/passwd'><gpx version='1.1'/>"},
		"GML":                {"a.gml", `<a xmlns:gml="http://www.opengis.net/gml/3.2"/>`},
		"XML/HTML":           {"a.xml", "<metadata/>"},
		"Mapbox Vector Tile": {"a.mvt", "\x1a\x2f\x78\x02"},
		"PMTiles":            {"upload", "PMTiles\x03"},
		"MBTiles":            {"a.mbtiles", "SQLite format 3\x00"},
		"WKT":                {"a.wkt", "POLYGON((1 2,3 4,5 6,1 2))"},
		"WKB":                {"a.wkb", "\x01\x01\x00\x00\x00"},
		"Parquet":            {"a.parquet", "PAR1\x15"},
		"VCT":                {"a.vct", "HeadBegin\n"},
		"PDF":                {"a.pdf", "%PDF-1.7"},
	} {
		path := filepath.Join(put(t, map[string]string{tc.file: tc.text}), tc.file)
		d, err := open.Open(context.Background(), path, open.Options{})
		if err == nil {
			d.Close()
		}
		if got := refusal(err); got != "ingest.file.unsupported "+kind {
			t.Errorf("%s: %s", kind, got)
		}
	}
}

func TestLayers(t *testing.T) {
	other := strings.Replace(geoJSON, `"a"`, `"b"`, 1)
	dir := put(t, map[string]string{"a.zip": zipped(t, "x/b.geojson", geoJSON, "y/c.geojson", other)})
	for layer, want := range map[string]string{"x/b.geojson": "a", "b.geojson": "a", "c": "b"} {
		d, err := open.Open(context.Background(), filepath.Join(dir, "a.zip"), open.Options{Layer: layer})
		if err != nil {
			t.Fatalf("%s: %v", layer, err)
		}
		if got := d.Schema().Fields[0].Name; got != want {
			t.Errorf("%s: field %q, want %q", layer, got, want)
		}
		rows(t, d)
	}
	_, err := open.Open(context.Background(), filepath.Join(dir, "a.zip"), open.Options{Layer: "z"})
	if geo.CodeOf(err) != "ingest.file.layer-unknown" {
		t.Errorf("unknown layer: %v", err)
	}
}

func TestFolders(t *testing.T) {
	one := put(t, map[string]string{"a.geojson": geoJSON, "a.xml": "<metadata/>", ".hidden": geoJSON, "readme.txt": "hello"})
	d, err := open.Open(context.Background(), one, open.Options{})
	if err != nil || rows(t, d) != 1 {
		t.Errorf("folder of one: %v", err)
	}
	table := put(t, map[string]string{"a.csv": points, "b.csv": "a,b\n1,2\n"})
	if d, err = open.Open(context.Background(), table, open.Options{}); err != nil || rows(t, d) != 1 {
		t.Errorf("folder of a table: %v", err)
	}
	for code, files := range map[string]map[string]string{
		"ingest.file.several-layers": {"a.geojson": geoJSON, "b.txt": txt},
		"ingest.file.unknown-kind":   {"readme.txt": "hello"},
	} {
		if _, err := open.Open(context.Background(), put(t, files), open.Options{}); geo.CodeOf(err) != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
	gdb := filepath.Join(t.TempDir(), "a.gdb")
	if err := os.Mkdir(gdb, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := open.Open(context.Background(), gdb, open.Options{}); geo.CodeOf(err) != "ingest.filegdb.not-geodatabase" {
		t.Errorf("FileGDB: %v", err)
	}
}

func TestNameOfTheDelivery(t *testing.T) {
	dir := put(t, map[string]string{"upload-1": geoJSON})
	path := filepath.Join(dir, "upload-1")
	d, err := open.Open(context.Background(), path, open.Options{Name: "红线.geojson"})
	if err != nil || d.Schema().Name != "红线" {
		t.Fatalf("%v", err)
	}
	rows(t, d)
	if _, err := open.Open(context.Background(), path, open.Options{Name: "红线.shp"}); geo.CodeOf(err) != "ingest.file.extension" {
		t.Errorf("%v", err)
	}
}
