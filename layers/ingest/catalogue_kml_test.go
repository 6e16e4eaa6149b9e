package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format"
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
