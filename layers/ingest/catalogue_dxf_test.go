package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format"
)

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
