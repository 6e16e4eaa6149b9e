package open

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"

	"greenshield/geo/format/archive"
	"greenshield/geo/format/charset"
	"greenshield/geo/format/dxf"
	"greenshield/geo/format/flatgeobuf"
	"greenshield/geo/format/kml"
	"greenshield/geo/format/parceltxt"
)

// kind is the kind of a file by its first bytes.
type kind string

// The kinds that can be opened, in the words of format.Schema, besides the zip that holds one.
const (
	none       kind = ""
	text       kind = "text" // some text: only its name can tell what it is meant to be
	zipFile    kind = "zip"
	shp        kind = "shapefile"
	gpkg       kind = "geopackage"
	geoJSON    kind = "geojson"
	parcelText kind = "parceltxt"
	kmlText    kind = "kml"
	drawing    kind = "dxf"
	fgb        kind = "flatgeobuf"
	csvText    kind = "csv"
	workbook   kind = "xlsx"
)

// Accepted lists the kinds of files that Open reads, for messages.
const Accepted = "GeoJSON, Shapefile (.zip / .shp), GeoPackage, FileGDB (.gdb / .zip), KML / KMZ, DXF, " +
	"FlatGeobuf, CSV, XLSX, TXT"

// headSize is how much of a file is looked at; an exchange file may begin with long sections of its own.
const headSize = 64 << 10

// kindOf tells the kind of a file from its first bytes.
func kindOf(head []byte) kind {
	switch {
	case bytes.HasPrefix(head, []byte("\x00\x00\x27\x0a")): // 9994, ESRI Shapefile Technical Description, table 1
		return shp
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return gpkg
	case officeZip(head):
		return workbook
	case archive.IsZip(head):
		return zipFile
	case flatgeobuf.Looks(head):
		return fgb
	case dxf.Looks(string(head)): // binary DXF and DWG too: the reader says what to do about them
		return drawing
	}
	return textKind(charset.Head(head))
}

// blanks may stand before the first value of a JSON text.
const blanks = " \t\r\n"

// mapText tells whether a JSON text that begins with head is a map rather than, say, a description of one.
func mapText(head []byte) bool {
	for _, word := range []string{`"features"`, `"Feature"`, `"geometry"`, `"coordinates"`, `"geometries"`} {
		if strings.Contains(charset.Head(head), word) {
			return true
		}
	}
	return false
}

func textKind(head string) kind {
	if strings.ContainsRune(head, 0) {
		return none
	}
	if parceltxt.Looks(head) {
		return parcelText
	}
	if kml.Looks(head) {
		return kmlText
	}
	first := strings.TrimLeft(head, blanks+"\x1e") // the record separator of RFC 8142
	if list, ok := strings.CutPrefix(first, "["); ok {
		first = strings.TrimLeft(list, blanks) // an array of objects: the reader of GeoJSON refuses it with the reason
	}
	if strings.HasPrefix(first, "{") {
		return geoJSON
	}
	return text
}

// meant is the kind that a file's name promises, none when it promises nothing.
func meant(name string) kind {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".shp":
		return shp
	case ".gpkg":
		return gpkg
	case ".geojson", ".json", ".geojsonl", ".ndjson":
		return geoJSON
	case ".zip", ".kmz":
		return zipFile
	case ".kml":
		return kmlText
	case ".dxf":
		return drawing
	case ".fgb":
		return fgb
	case ".xlsx", ".xlsm", ".xltx", ".xltm":
		return workbook
	case ".csv", ".tsv":
		return csvText
	case ".txt":
		return parcelText
	}
	return none
}

// shapefilePart tells whether a name is that of a file beside a .shp.
func shapefilePart(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".shx", ".dbf", ".prj", ".cpg", ".cst", ".sbn", ".sbx", ".qpj", ".qix":
		return true
	}
	return false
}

// foreign names the kind of a file that is known but not read here, "" for others.
func foreign(head []byte, name string) string {
	if other := archive.Foreign(head); other != "" {
		return other
	}
	for _, m := range []struct{ kind, mark string }{
		{"PDF", "%PDF"},
		{"XLS/DOC", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
		{"MDB", "\x00\x01\x00\x00Standard Jet DB"},
		{"MDB", "\x00\x01\x00\x00Standard ACE DB"},
		{"Parquet", "PAR1"},
		{"TIFF", "II*\x00"},
		{"TIFF", "MM\x00*"},
		{"PNG", "\x89PNG"},
		{"JPEG", "\xff\xd8\xff"},
		{"PMTiles", "PMTiles"},
	} {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			return m.kind
		}
	}
	switch {
	case archive.IsZip(head):
		return foreignZip(name)
	case len(head) > 4 && bytes.HasPrefix(head[4:], []byte("\x0a\x09OSMHeader")): // a blob header behind its size
		return "OSM PBF"
	case kindOf(head) == gpkg && strings.EqualFold(filepath.Ext(name), ".mbtiles"):
		return "MBTiles" // both are SQLite
	}
	if other := foreignText(charset.Head(head)); other != "" {
		return other
	}
	return foreignName(kindOf(head), name)
}

// foreignName knows kinds without a mark of their own by their names, when the bytes say nothing else.
func foreignName(found kind, name string) string {
	if found != none && found != text {
		return ""
	}
	switch ext := strings.ToUpper(strings.TrimPrefix(filepath.Ext(name), ".")); ext {
	case "MVT", "PBF":
		return "Mapbox Vector Tile"
	case "PMTILES":
		return "PMTiles"
	case "WKT", "WKB", "MIF", "TAB", "VCT", "E00", "DGN":
		return ext
	}
	return ""
}

// foreignZip knows the kinds of documents that are zip files by their names: their bytes are those of a workbook.
func foreignZip(name string) string {
	switch ext := strings.ToUpper(strings.TrimPrefix(filepath.Ext(name), ".")); ext {
	case "DOCX", "DOCM", "PPTX", "XLSB", "ODS", "WPS", "OFD":
		return ext
	}
	return ""
}

// officeZip tells whether a zip is an Office document by the name of its first member, which begins at byte 30.
func officeZip(head []byte) bool {
	return archive.IsZip(head) && len(head) > 30 &&
		(bytes.HasPrefix(head[30:], []byte("[Content_Types].xml")) || bytes.HasPrefix(head[30:], []byte("_rels/.rels")))
}

// roots are the first elements of texts that are named by them, behind the declaration, document type and comments.
var roots = regexp.MustCompile(`^(?:<\?[^>]*>|<!--[^>]*-->|<![A-Z][^>]*>|\s)*<(osm|gpx)\b`)

func foreignText(head string) string {
	start := strings.TrimSpace(head)
	switch {
	case kml.Looks(start):
		return ""
	case strings.HasPrefix(start, "<") && strings.Contains(start, "opengis.net/gml"):
		return "GML"
	case strings.HasPrefix(start, "<"):
		return xmlKind(start)
	case strings.HasPrefix(start, "HeadBegin"):
		return "VCT"
	}
	return ""
}

func xmlKind(start string) string {
	switch m := roots.FindStringSubmatch(start); {
	case m == nil:
		return "XML/HTML"
	case m[1] == "osm":
		return "OSM XML"
	}
	return "GPX"
}
