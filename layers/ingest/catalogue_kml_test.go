package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/open"
)

func kmlSpecimens() []specimen {
	return []specimen{
		{"kml.empty", kmlText("<?xml version='1.0'?><!-- <kml/> -->"), ""},
		{"kml.root", kmlText("<gpx><kml/></gpx>"), ""},
		{"kml.doctype", kmlText("<!DOCTYPE kml><kml/>"), ""},
		{"kml.syntax", kmlText("<kml><a></b></kml>"), ""},
		{"kml.truncated", kmlText("<kml><Document>"), ""},
		{"kml.after-end", kmlText("<kml/><kml/>"), ""},
		{"kml.nesting", kmlText("<kml>" + strings.Repeat("<Folder>", 200)), ""},
		{"kml.piece-too-long", kmlText("<kml a='" + strings.Repeat("x", 200_000) + "'/>"), ""},
		{"kml.encoding", kmlText("<?xml version='1.0' encoding='UTF-8'?><kml><name>\xb5\xd8\xbf\xe9\xb5\xd8</name></kml>"), ""},
		{"kml.too-many-records", kmlText("<kml>" + strings.Repeat("<Placemark/>", 11) + "</kml>"), ""},
		{"kml.too-many-fields", kmlPlace("<ExtendedData>" + kmlValues(1001) + "</ExtendedData>"), ""},
		{"kml.too-many-vertices", kmlPlace("<LineString><coordinates>" + strings.Repeat("1,2 ", 101) + "</coordinates></LineString>"), ""},
		{"kml.text-too-long", kmlPlace("<name>" + strings.Repeat("x", 1001) + "</name>"), ""},
		{"kml.coordinates", kmlPoint("110,north"), ""},
		{"kml.position", kmlPoint("110"), ""},
		{"kml.range", kmlPoint("23,110"), ""},
		{"kml.point", kmlPoint("1,2 3,4"), ""},
		{"kml.boundaries", kmlPlace("<Polygon><innerBoundaryIs><LinearRing><coordinates>1,2 2,2 2,3 1,2" +
			"</coordinates></LinearRing></innerBoundaryIs></Polygon>"), ""},
		{"kml.geometries", kmlPlace(strings.Repeat("<Point><coordinates>1,2</coordinates></Point>", 2)), ""},
		{"kml.group-mixed", kmlPlace("<MultiGeometry><Point><coordinates>1,2</coordinates></Point>" +
			"<LineString><coordinates>1,2 3,4</coordinates></LineString></MultiGeometry>"), ""},
		{"kml.link", kmlText("<kml><NetworkLink><Link><href>http://example.org/</href></Link></NetworkLink></kml>"), ""},
		{"kml.overlay", kmlText("<kml><GroundOverlay><Icon><href>a.png</href></Icon></GroundOverlay></kml>"), ""},
		{"kml.track", kmlPlace("<Track><coord>1 2 3</coord></Track>"), ""},
		{"kml.model", kmlPlace("<Model/>"), ""},
		{"kml.markup", kmlPlace("<description>a<br/>b</description>"), ""},
		{"kml.foreign-data", kmlPlace("<ExtendedData><c:n xmlns:c='urn:c'>1</c:n></ExtendedData>"), ""},
		{"kml.value-repeated", kmlPlace("<name>a</name><name>b</name>"), ""},
		{"kml.field-renamed", kmlPlace("<name>a</name><ExtendedData><Data name='name'><value>b</value></Data></ExtendedData>"), ""},
		{"kml.type", kmlText("<kml><Document><Schema id='s'><SimpleField name='n' type='int'/></Schema><Placemark><ExtendedData>" +
			"<SchemaData schemaUrl='#s'><SimpleData name='n'>x</SimpleData></SchemaData></ExtendedData></Placemark></Document></kml>"), ""},
	}
}

func kmlText(doc string) func(*testing.T) []*geo.Problem {
	return delivered("a.kml", doc, limited(format.Limits{MaxVertices: 100, MaxRecords: 10, MaxText: 1000}))
}

func kmlPlace(text string) func(*testing.T) []*geo.Problem {
	return kmlText("<kml><Placemark>" + text + "</Placemark></kml>")
}

func kmlPoint(coordinates string) func(*testing.T) []*geo.Problem {
	return kmlPlace("<Point><coordinates>" + coordinates + "</coordinates></Point>")
}

func kmlValues(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<Data name='%d'><value>1</value></Data>", i)
	}
	return b.String()
}

func dxfSpecimens() []specimen {
	const segment = "0 LINE,8 a,10 1,20 2,11 3,21 4"
	const ring = "0 LWPOLYLINE,8 a,70 1,10 0,20 0,10 9,20 0,10 9,20 9,10 0,20 9"
	return []specimen{
		{"dxf.binary", dxfText("AutoCAD Binary DXF\r\n\x1a\x00\x00\x00SECTION\x00"), ""},
		{"dxf.dwg", dxfText("AC1032\x00\x00\x00\x00"), ""},
		{"dxf.encoding", dxfText(dxfPairs("0 SECTION,2 HEADER,9 $ACADVER,1 AC1024,0 ENDSEC") +
			dxfEntities("0 LINE,8 \xb5\xd8\xbf\xe9,10 1,20 2,11 3,21 4")), ""},
		{"dxf.syntax", dxfText(dxfPairs("0 SECTION,0 ENDSEC,0 EOF")), ""},
		{"dxf.truncated", dxfText(dxfPairs("0 SECTION,2 ENTITIES," + segment)), ""},
		{"dxf.line-too-long", dxfText(dxfPairs("0 SECTION,2 ENTITIES,0 TEXT,1 " + strings.Repeat("x", 5000))), ""},
		{"dxf.no-entities", dxfText(dxfPairs("0 SECTION,2 HEADER,0 ENDSEC,0 EOF")), ""},
		{"dxf.too-many-records", dxfDrawing(strings.Repeat(segment+",", 11)), ""},
		{"dxf.too-many-vertices", dxfDrawing("0 LWPOLYLINE,70 0" + strings.Repeat(",10 1,20 1", 101)), ""},
		{"dxf.text-too-long", dxfDrawing(segment + ",8 " + strings.Repeat("x", 101)), ""},
		{"dxf.number", dxfDrawing("0 LINE,10 x,20 2,11 3,21 4"), ""},
		{"dxf.too-few", dxfDrawing("0 LINE,10 1,20 2"), ""},
		{"dxf.tilted", dxfDrawing("0 LWPOLYLINE,70 0,210 0.6,220 0,230 0.8,10 1,20 1,10 2,20 2"), ""},
		{"dxf.units", dxfText(dxfPairs("0 SECTION,2 HEADER,9 $INSUNITS,70 4,0 ENDSEC") + dxfEntities(segment)), ""},
		{"dxf.arcs", dxfDrawing("0 LWPOLYLINE,8 a,70 0,10 0,20 0,42 1,10 9,20 0"), ""},
		{"dxf.closed-by-point", dxfDrawing(strings.Replace(ring, "70 1", "70 0", 1) + ",10 0,20 0"), ""},
		{"dxf.nested", dxfDrawing(ring + "," + strings.NewReplacer("0 9", "0 8", "0 0", "0 1").Replace(ring)), ""},
		{"dxf.hidden", dxfDrawing("0 LINE,60 1,10 1,20 2,11 3,21 4"), ""},
		{"dxf.not-read", dxfDrawing("0 TEXT,8 a,1 x"), ""},
		{"dxf.no-end", dxfText(dxfPairs("0 SECTION,2 ENTITIES," + segment + ",0 ENDSEC")), ""},
	}
}

func dxfText(text string) func(*testing.T) []*geo.Problem {
	return delivered("a.dxf", text, limited(format.Limits{MaxVertices: 100, MaxRecords: 10, MaxText: 100}))
}

// dxfPairs writes group codes and values, given as "code value" between commas, each on a line of its own.
func dxfPairs(text string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(strings.Trim(text, ","), ",") {
		code, value, _ := strings.Cut(p, " ")
		fmt.Fprintf(&b, "%3s\n%s\n", code, value)
	}
	return b.String()
}

func dxfEntities(text string) string {
	return dxfPairs("0 SECTION,2 ENTITIES," + strings.Trim(text, ",") + ",0 ENDSEC,0 EOF")
}

func dxfDrawing(text string) func(*testing.T) []*geo.Problem { return dxfText(dxfEntities(text)) }

func geoJSONSpecimens() []specimen {
	const point = `{"type":"Point","coordinates":[1,2]}`
	return []specimen{
		{"geojson.empty", jsonText(" \n"), ""},
		{"geojson.root", jsonText(`[{"type":"Feature"}]`), ""},
		{"geojson.syntax", jsonText(`{"type":"Point" "coordinates":[1,2]}`), ""},
		{"geojson.truncated", jsonText(`{"type":"Point","coordinates":[1,`), ""},
		{"geojson.nesting", jsonText(`{"type":"Point","coordinates":` + strings.Repeat("[", 10_000)), ""},
		{"geojson.type-missing", jsonText(`{"features":[]}`), ""},
		{"geojson.type", jsonText(`{"type":"FooBar"}`), ""},
		{"geojson.topojson", jsonText(`{"type":"Topology","objects":{},"arcs":[]}`), ""},
		{"geojson.json-fg", jsonText(`{"conformsTo":["[ogc-json-fg-1-0.1:core]"],"type":"FeatureCollection","features":[]}`), ""},
		{"geojson.esrijson", jsonText(`{"geometryType":"esriGeometryPolygon","features":[{"attributes":{}}]}`), ""},
		{"geojson.no-features", jsonText(`{"type":"FeatureCollection"}`), ""},
		{"geojson.too-many-records", jsonRows(strings.Repeat(jsonRow(point, "{}")+",", 10) + jsonRow(point, "{}")), ""},
		{"geojson.too-many-fields", jsonRows(jsonRow(point, "{"+jsonMembers(1001)+"}")), ""},
		{"geojson.member-repeated", jsonRows(`{"type":"Feature","geometry":null,"geometry":null,"properties":{}}`), ""},
		{"geojson.feature-type", jsonRows(`null`), ""},
		{"geojson.properties", jsonRows(jsonRow(point, `[]`)), ""},
		{"geojson.geometry-type", jsonGeometry(`{"type":"Polgon","coordinates":[1,2]}`), ""},
		{"geojson.no-coordinates", jsonGeometry(`{"type":"Point"}`), ""},
		{"geojson.coordinates", jsonGeometry(`{"type":"Point","coordinates":[[1,2]]}`), ""},
		{"geojson.position-short", jsonGeometry(`{"type":"Point","coordinates":[1]}`), ""},
		{"geojson.position-value", jsonGeometry(`{"type":"Point","coordinates":[1,"2"]}`), ""},
		{"geojson.number", jsonGeometry(`{"type":"Point","coordinates":[01,2]}`), ""},
		{"geojson.empty-part", jsonGeometry(`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]],[]]}`), ""},
		{"geojson.collection-mixed", jsonGeometry(`{"type":"GeometryCollection","geometries":[` + point +
			`,{"type":"LineString","coordinates":[[0,0],[1,1]]}]}`), "geojson.collection-flattened"},
		{"geojson.too-many-vertices", jsonGeometry(`{"type":"LineString","coordinates":[` + strings.Repeat("[1,2],", 100) + `[1,2]]}`), ""},
		{"geojson.text-too-long", jsonRows(jsonRow(point, `{"a":"`+strings.Repeat("x", 101)+`"}`)), ""},
		{"geojson.crs", jsonText(`{"type":"FeatureCollection","crs":{"type":"link","properties":{"href":"http://example.org"}},"features":[]}`), ""},
		{"geojson.crs-mixed", jsonRows(`{"type":"Feature","crs":{"type":"name","properties":{"name":"EPSG:4524"}},"geometry":null,"properties":{}}`), ""},
		{"geojson.height-dropped", jsonGeometry(`{"type":"Point","coordinates":[1,2,3]}`), ""},
		{"geojson.collection-flattened", jsonGeometry(`{"type":"GeometryCollection","geometries":[]}`), ""},
		{"geojson.property-repeated", jsonRows(jsonRow(point, `{"a":1,"a":2}`)), ""},
		{"geojson.number-as-null", jsonRows(jsonRow(point, `{"a":NaN}`)), ""},
		{"geojson.member-missing", jsonRows(`{"type":"Feature","geometry":null}`), ""},
		{"geojson.member-foreign", jsonRows(`{"type":"Feature","coordinates":[1],"geometry":null,"properties":{}}`), ""},
		{"geojson.id", jsonRows(`{"type":"Feature","id":true,"geometry":null,"properties":{}}`), ""},
		{"geojson.bbox", jsonGeometry(`{"type":"Point","coordinates":[1,2],"bbox":[1,2,3]}`), ""},
		{"file.decoded", jsonRows(jsonRow(point, "{\"a\":\"\xb5\xd8\xbf\xe9\"}")), ""},
		{"file.encoding", jsonRows(jsonRow(point, "{\"a\":\"\xff\xff\xff\"}")), ""},
		{"file.encoding-unknown", delivered("a.geojson", point, open.Options{Encoding: "latin1"}), ""},
	}
}

func jsonText(doc string) func(*testing.T) []*geo.Problem {
	return delivered("a.geojson", doc, limited(format.Limits{MaxVertices: 100, MaxRecords: 10, MaxText: 100}))
}

func jsonRows(features string) func(*testing.T) []*geo.Problem {
	return jsonText(`{"type":"FeatureCollection","features":[` + features + `]}`)
}

func jsonRow(geometry, properties string) string {
	return `{"type":"Feature","geometry":` + geometry + `,"properties":` + properties + `}`
}

func jsonGeometry(geometry string) func(*testing.T) []*geo.Problem {
	return jsonRows(jsonRow(geometry, "{}"))
}

func jsonMembers(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`"p%d":1`, i))
	}
	return strings.Join(all, ",")
}
