package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/open"
)

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
