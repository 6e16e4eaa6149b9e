package kml_test

import (
	"fmt"
	"strings"
	"testing"

	"greenshield/geo/format"
	"greenshield/geo/format/kml"
)

func ring(coordinates string) string {
	return "<LinearRing><coordinates>" + coordinates + "</coordinates></LinearRing>"
}

func outer(coordinates string) string {
	return "<outerBoundaryIs>" + ring(coordinates) + "</outerBoundaryIs>"
}

func polygon(boundaries string) string { return "<Polygon>" + boundaries + "</Polygon>" }

func line(coordinates string) string {
	return "<LineString><coordinates>" + coordinates + "</coordinates></LineString>"
}

func point(coordinates string) string {
	return "<Point><coordinates>" + coordinates + "</coordinates></Point>"
}

const (
	square    = "110,23 110.1,23 110.1,23.1 110,23.1 110,23"
	squareWKT = "((110 23,110.1 23,110.1 23.1,110 23.1,110 23)"
)

func TestGeometries(t *testing.T) {
	hole := "<innerBoundaryIs>" + ring("110.01,23.01 110.02,23.01 110.02,23.02 110.01,23.01") + "</innerBoundaryIs>"
	holeWKT := ",(110.01 23.01,110.02 23.01,110.02 23.02,110.01 23.01)"
	for name, tc := range map[string]struct{ text, want string }{
		"point":                       {point("110.5,23.25,0"), "POINT(110.5 23.25)"},
		"line with heights":           {line("110,23,5 111,24,6"), "LINESTRING(110 23,111 24)"},
		"ring that stands alone":      {ring("110,23 111,24 110,23"), "LINESTRING(110 23,111 24,110 23)"},
		"polygon":                     {polygon("<tessellate>1</tessellate>" + outer(square)), "POLYGON" + squareWKT + ")"},
		"polygon with a hole":         {polygon(outer(square) + hole), "POLYGON" + squareWKT + holeWKT + ")"},
		"hole before the outer ring":  {polygon(hole + outer(square)), "POLYGON" + squareWKT + holeWKT + ")"},
		"two holes in one boundary":   {polygon(outer(square) + strings.Replace(hole, "</inner", ring("110.03,23.03 110.04,23.03 110.03,23.03")+"</inner", 1)), "POLYGON" + squareWKT + holeWKT + ",(110.03 23.03,110.04 23.03,110.03 23.03))"},
		"group of polygons":           {"<MultiGeometry>" + polygon(outer(square)) + polygon(outer(square)+hole) + "</MultiGeometry>", "MULTIPOLYGON(" + squareWKT + ")," + squareWKT + holeWKT + "))"},
		"group in a group":            {"<MultiGeometry><MultiGeometry>" + line("110,23 111,24") + "</MultiGeometry>" + line("1,2 3,4") + "</MultiGeometry>", "MULTILINESTRING((110 23,111 24),(1 2,3 4))"},
		"group of points":             {"<MultiGeometry>" + point("1,2") + point("3,4") + "</MultiGeometry>", "MULTIPOINT((1 2),(3 4))"},
		"prefixed names":              {`<k:Point xmlns:k="http://www.opengis.net/kml/2.2"><k:coordinates>1,2</k:coordinates></k:Point>`, "POINT(1 2)"},
		"names of another vocabulary": {`<g:Point xmlns:g="http://www.opengis.net/gml"><g:pos>1 2</g:pos></g:Point>`, ""},
		"quoted coordinates":          {point("<![CDATA[1,2]]>"), "POINT(1 2)"},
		"comment in coordinates":      {line("1,2 <!-- x --> 3,4"), "LINESTRING(1 2,3 4)"},
		"no geometry":                 {"<name>a</name>", ""},
		"empty polygon":               {"<Polygon/>", ""},
		"empty coordinates":           {point(""), ""},
		"coordinates closed at once":  {"<Point><coordinates/></Point><name>x</name>", ""},
		"empty group":                 {"<MultiGeometry></MultiGeometry>", ""},
	} {
		got := read(t, placemark(tc.text), kml.Options{})
		if got.err != nil || len(got.records) != 1 || got.records[0].Problem != nil {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		if w := wktOf(got.records[0].Geometry); w != tc.want {
			t.Errorf("%s: %s, want %s", name, w, tc.want)
		}
	}
}

func TestWhiteSpaceInCoordinates(t *testing.T) {
	for name, text := range map[string]string{
		"bad-input 58 blanks around":     "  110,23   111,24\t",
		"bad-input 58 blanks at commas":  "110 , 23 , 0  111 ,24, 0",
		"bad-input 58 tabs and newlines": "\n\t\t110,\t23,0\r\n\t\t111,24,0\n",
		"bad-input 58 newline in a pair": "110,\n23 111\n,24",
		"exponents and signs":            "+1.1e2,2.3E+1 111.0,24.",
	} {
		got := read(t, placemark(line(text)), kml.Options{})
		if got.code() != "" || wktOf(got.records[0].Geometry) != "LINESTRING(110 23,111 24)" {
			t.Errorf("%s: %s %s", name, got.code(), wktOf(got.records[0].Geometry))
		}
	}
	blank := read(t, placemark(point(" \t\n ")), kml.Options{})
	if blank.code() != "" || blank.records[0].Geometry != nil {
		t.Errorf("bad-input 58 nothing but blanks: %+v", blank)
	}
}

// A row that is wrong by itself is told, and the rows after it are still read.
func TestBadRows(t *testing.T) {
	for name, tc := range map[string]struct{ text, code string }{
		"blanks for commas":            {line("110 23 111 24"), "position"},
		"one value":                    {point("110"), "position"},
		"four values":                  {point("110,23,0,1"), "position"},
		"position over the next":       {line("110,23, 111,24"), "position"},
		"two commas":                   {point("110,,23"), "coordinates"},
		"comma first":                  {point(",110,23"), "coordinates"},
		"comma last":                   {line("110,23 111,24,"), "coordinates"},
		"a word":                       {point("110,north"), "coordinates"},
		"not a number":                 {point("NaN,23"), "coordinates"},
		"infinite":                     {point("1e999,23"), "coordinates"},
		"hexadecimal":                  {point("0x6e,23"), "coordinates"},
		"full-width comma":             {point("110，23"), "coordinates"},
		"endless digits":               {point(strings.Repeat("1", 1000) + ",2"), "coordinates"},
		"an element":                   {point("<b>1,2</b>"), "coordinates"},
		"two lists":                    {"<LineString><coordinates>1,2</coordinates><coordinates>3,4</coordinates></LineString>", "coordinates"},
		"latitude first":               {point("23,110"), "range"},
		"metres":                       {polygon(outer("37355000,2556000 37355100,2556000 37355100,2556100 37355000,2556000")), "range"},
		"two positions in a point":     {point("1,2 3,4"), "point"},
		"hole without outer ring":      {polygon("<innerBoundaryIs>" + ring(square) + "</innerBoundaryIs>"), "boundaries"},
		"two outer rings":              {polygon(outer(square) + outer(square)), "boundaries"},
		"two geometries":               {point("1,2") + point("3,4"), "geometries"},
		"points and lines in a group":  {"<MultiGeometry>" + point("1,2") + line("1,2 3,4") + "</MultiGeometry>", "group-mixed"},
		"more vertices than allowed":   {line(strings.Repeat("1,2 ", 101)), "too-many-vertices"},
		"more text than allowed":       {"<name>" + strings.Repeat("x", 1001) + "</name>", "text-too-long"},
		"much text of allowed pieces":  {strings.Repeat("<ExtendedData><Data name='a'><value>"+strings.Repeat("x", 1000)+"</value></Data></ExtendedData>", 17), "text-too-long"},
		"a field's name without end":   {"<ExtendedData><Data name='" + strings.Repeat("x", 1025) + "'><value>1</value></Data></ExtendedData>", "text-too-long"},
		"coordinates beyond all pages": {line(strings.Repeat("1,2 ", 100_000)), "too-many-vertices"},
	} {
		doc := document("<Placemark>" + tc.text + "</Placemark><Placemark>" + point("1,2") + "</Placemark>")
		got := read(t, doc, kml.Options{Limits: format.Limits{MaxVertices: 100, MaxText: 1000}})
		if got.err != nil || len(got.records) != 2 {
			t.Errorf("%s: %d records, error %v", name, len(got.records), got.err)
			continue
		}
		if p := got.records[0].Problem; p == nil || p.Code != "ingest.kml."+tc.code || got.records[0].Geometry != nil {
			t.Errorf("%s: %v, want %s", name, p, tc.code)
		}
		if next := got.records[1]; next.Problem != nil || wktOf(next.Geometry) != "POINT(1 2)" || next.Row != 2 {
			t.Errorf("%s: the next row is %+v", name, next)
		}
	}
}

// A long list of positions is read across the edges of the buffer.
func TestManyVertices(t *testing.T) {
	var b strings.Builder
	const n = 50_000
	for i := range n {
		fmt.Fprintf(&b, "%.7f,%.7f,0\n", 110+float64(i)*1e-6, 23+float64(i%7)*1e-6)
	}
	got := read(t, placemark(line(b.String())), kml.Options{})
	if got.code() != "" {
		t.Fatal(got.code())
	}
	want := fmt.Sprintf("%.6f", 110+float64(n-1)*1e-6)
	text := wktOf(got.records[0].Geometry)
	if strings.Count(text, ",") != n-1 || !strings.Contains(text, want) {
		t.Errorf("%d commas, last %s", strings.Count(text, ","), text[len(text)-40:])
	}
}
