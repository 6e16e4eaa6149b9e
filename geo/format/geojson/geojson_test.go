package geojson_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/geojson"
)

// outcome is everything that reading a document gives.
type outcome struct {
	schema  format.Schema
	records []format.Record
	err     error
}

func read(t testing.TB, doc string, o geojson.Options) outcome {
	t.Helper()
	ctx := context.Background()
	d, err := geojson.Read(ctx, "test", strings.NewReader(doc), int64(len(doc)), o)
	if err != nil {
		return outcome{err: err}
	}
	out := outcome{schema: d.Schema()}
	for rec, err := range d.Records(ctx) {
		if err != nil {
			out.err = err
			break
		}
		out.records = append(out.records, rec)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if out.err == nil && out.schema.Count != int64(len(out.records)) {
		t.Errorf("schema counts %d rows, %d came", out.schema.Count, len(out.records))
	}
	return out
}

func codes(problems []*geo.Problem) string {
	var out []string
	for _, p := range problems {
		out = append(out, strings.TrimPrefix(p.Code, "ingest.geojson."))
	}
	return strings.Join(out, " ")
}

var square = orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}}

const squareText = `[[[0,0],[1,0],[1,1],[0,1],[0,0]]]`

// collection wraps features into a document.
func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

// feature has a square and the given properties.
func feature(properties string) string {
	return `{"type":"Feature","geometry":{"type":"Polygon","coordinates":` + squareText + `},"properties":` + properties + `}`
}

func bare(kind, coordinates string) string {
	return `{"type":"` + kind + `","coordinates":` + coordinates + `}`
}

func TestGeometries(t *testing.T) {
	for name, tc := range map[string]struct {
		doc   string
		want  orb.Geometry
		notes string
	}{
		"point":                               {bare("Point", `[1.5,-2e1]`), orb.Point{1.5, -20}, ""},
		"line":                                {bare("LineString", `[[1,2],[3,4]]`), orb.LineString{{1, 2}, {3, 4}}, ""},
		"points":                              {bare("MultiPoint", `[[1,2]]`), orb.MultiPoint{{1, 2}}, ""},
		"lines":                               {bare("MultiLineString", `[[[1,2],[3,4]]]`), orb.MultiLineString{{{1, 2}, {3, 4}}}, ""},
		"polygon":                             {bare("Polygon", squareText), square, ""},
		"polygons":                            {bare("MultiPolygon", `[`+squareText+`]`), orb.MultiPolygon{square}, ""},
		"coordinates first":                   {`{"coordinates":` + squareText + `,"type":"Polygon"}`, square, ""},
		"white space everywhere":              {" {\n\"type\" :\t\"Point\" , \"coordinates\" : [ 1 , 2 ] }\n", orb.Point{1, 2}, ""},
		"height":                              {bare("Point", `[1,2,3]`), orb.Point{1, 2}, "height-dropped"},
		"height and measure":                  {bare("Point", `[1,2,3,4]`), orb.Point{1, 2}, "height-dropped"},
		"bad-input 48 unclosed ring is left":  {bare("Polygon", `[[[0,0],[1,0],[1,1]]]`), orb.Polygon{{{0, 0}, {1, 0}, {1, 1}}}, ""},
		"bad-input 45 many digits":            {bare("Point", `[1.`+strings.Repeat("0", 400)+`,2]`), orb.Point{1, 2}, ""},
		"bad-input 48 empty polygon":          {bare("Polygon", `[]`), nil, ""},
		"bad-input 48 polygon of empty rings": {bare("Polygon", `[[],[]]`), nil, ""},
		"bad-input 48 null coordinates":       {bare("Polygon", `null`), nil, ""},
		"bad-input 48 null geometry":          {`{"type":"Feature","geometry":null,"properties":null}`, nil, ""},
		"escaped member name":                 {`{"\u0074ype":"Point","coordinates":[1,2]}`, orb.Point{1, 2}, ""},
		"collection of polygons": {
			`{"type":"GeometryCollection","geometries":[` + bare("Polygon", squareText) + `,` + bare("MultiPolygon", `[`+squareText+`]`) + `]}`,
			orb.MultiPolygon{square, square},
			"collection-flattened",
		},
		"bad-input 49 collection in a collection": {
			`{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[` + bare("LineString", `[[1,2],[3,4]]`) + `]}]}`,
			orb.MultiLineString{{{1, 2}, {3, 4}}},
			"collection-flattened",
		},
		"bad-input 48 empty collection": {`{"type":"GeometryCollection","geometries":[]}`, nil, "collection-flattened"},
		"wrong box":                     {`{"type":"Point","coordinates":[1,2],"bbox":[1,2,3]}`, orb.Point{1, 2}, "bbox"},
		"foreign members": {
			`{"type":"Point","coordinates":[1,2],"properties":{"a":1},"geometry":null,"features":[]}`,
			orb.Point{1, 2},
			"member-foreign",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, tc.doc, geojson.Options{})
			if got.err != nil || len(got.records) != 1 {
				t.Fatalf("%d records, error %v", len(got.records), got.err)
			}
			rec := got.records[0]
			if rec.Problem != nil || rec.Row != 1 || !reflect.DeepEqual(rec.Geometry, tc.want) {
				t.Errorf("row %d: %#v, problem %v; want %#v", rec.Row, rec.Geometry, rec.Problem, tc.want)
			}
			if notes := codes(got.schema.Notes); notes != tc.notes {
				t.Errorf("notes %q, want %q", notes, tc.notes)
			}
		})
	}
}

func TestRowProblems(t *testing.T) {
	deep := strings.Repeat("[", 7) + "1,2" + strings.Repeat("]", 7)
	for name, tc := range map[string]struct{ doc, code string }{
		"not an object":                         {`null`, "feature-type"},
		"wrong type":                            {`{"type":"Foo","geometry":null,"properties":{}}`, "feature-type"},
		"lower case type":                       {`{"type":"feature","geometry":null,"properties":{}}`, "feature-type"},
		"bare geometry":                         {bare("Point", "[1,2]"), "feature-type"},
		"properties are a list":                 {feature(`[]`), "properties"},
		"properties are a number":               {feature(`1`), "properties"},
		"geometry is a list":                    {`{"type":"Feature","geometry":[],"properties":{}}`, "geometry-type"},
		"unknown geometry":                      {inFeature(bare("Polgon", squareText)), "geometry-type"},
		"geometry without type":                 {inFeature(`{"coordinates":[1,2]}`), "geometry-type"},
		"no coordinates":                        {inFeature(`{"type":"Point"}`), "no-coordinates"},
		"no geometries":                         {inFeature(`{"type":"GeometryCollection"}`), "no-coordinates"},
		"text ordinate":                         {inFeature(bare("Point", `["1",2]`)), "position-value"},
		"null ordinate":                         {inFeature(bare("Point", `[1,null]`)), "position-value"},
		"one ordinate":                          {inFeature(bare("Point", `[1]`)), "position-short"},
		"one ordinate inside":                   {inFeature(bare("LineString", `[[1,2],[1]]`)), "position-short"},
		"bad-input 45 too large":                {inFeature(bare("Point", `[1e999,2]`)), "number"},
		"bad-input 45 not a number":             {inFeature(bare("Point", `[NaN,2]`)), "number"},
		"bad-input 45 infinite":                 {inFeature(bare("Point", `[-Infinity,2]`)), "number"},
		"bad-input 45 leading zero":             {inFeature(bare("Point", `[01,2]`)), "number"},
		"no digit behind the point":             {inFeature(bare("Point", `[1.,2]`)), "number"},
		"too flat":                              {inFeature(bare("Polygon", `[[0,0],[1,0],[1,1],[0,0]]`)), "coordinates"},
		"too nested":                            {inFeature(bare("Point", `[[1,2]]`)), "coordinates"},
		"nested past all types":                 {inFeature(bare("Point", deep)), "coordinates"},
		"mixed nesting":                         {inFeature(bare("LineString", `[[0,0],[[1,1]]]`)), "coordinates"},
		"number beside positions":               {inFeature(bare("LineString", `[[0,0],1]`)), "coordinates"},
		"bad-input 48 empty ring beside a ring": {inFeature(bare("Polygon", squareText[:len(squareText)-1]+`,[]]`)), "empty-part"},
		"bad-input 48 empty polygon beside one": {inFeature(bare("MultiPolygon", `[[],`+squareText+`]`)), "empty-part"},
		"mixed collection":                      {inFeature(`{"type":"GeometryCollection","geometries":[` + bare("Point", "[1,2]") + `]}`), "collection-mixed"},
		"collection of other things":            {inFeature(`{"type":"GeometryCollection","geometries":[false]}`), "geometry-type"},
		"two geometries":                        {`{"type":"Feature","geometry":null,"geometry":null,"properties":{}}`, "member-repeated"},
		"property with leading zero":            {feature(`{"a":007}`), "number"},
		"too many vertices":                     {inFeature(bare("LineString", "["+strings.Repeat("[1,2],", 100)+"[1,2]]")), "too-many-vertices"},
		"long text":                             {feature(`{"a":"` + strings.Repeat("x", 101) + `"}`), "text-too-long"},
		"long object":                           {feature(`{"a":[` + strings.Repeat("1,", 101) + `1]}`), "text-too-long"},
	} {
		t.Run(name, func(t *testing.T) {
			o := geojson.Options{Limits: format.Limits{MaxVertices: 100, MaxText: 100}}
			got := read(t, collection(feature(`{}`), tc.doc, feature(`{}`)), o)
			if got.err != nil || len(got.records) != 3 {
				t.Fatalf("%d records, error %v", len(got.records), got.err)
			}
			if bad := got.records[1]; geo.CodeOf(bad.Problem) != "ingest.geojson."+tc.code || bad.Geometry != nil || bad.Row != 2 {
				t.Errorf("row %d: problem %v, geometry %v; want %s", bad.Row, bad.Problem, bad.Geometry, tc.code)
			}
			for _, i := range []int{0, 2} {
				if good := got.records[i]; good.Problem != nil || !reflect.DeepEqual(good.Geometry, square) {
					t.Errorf("the good row %d: %v, problem %v", i+1, good.Geometry, good.Problem)
				}
			}
		})
	}
}

func inFeature(geometry string) string {
	return `{"type":"Feature","geometry":` + geometry + `,"properties":{}}`
}

func TestRefused(t *testing.T) {
	for name, tc := range map[string]struct{ doc, code string }{
		"empty":                                  {"", "geojson.empty"},
		"blank":                                  {" \n", "geojson.empty"},
		"a word":                                 {`null`, "geojson.root"},
		"a list":                                 {`[{"type":"Feature"}]`, "geojson.root"},
		"no type":                                {`{}`, "geojson.type-missing"},
		"type is an object":                      {`{"type":{}}`, "geojson.type-missing"},
		"unknown type":                           {`{"type":"FooBar"}`, "geojson.type"},
		"lower case type":                        {`{"type":"featurecollection","features":[]}`, "geojson.type"},
		"bad-input 49 topojson":                  {`{"type":"Topology","objects":{},"arcs":[]}`, "geojson.topojson"},
		"json-fg by conformance":                 {`{"conformsTo":["[ogc-json-fg-1-0.1:core]"],"type":"FeatureCollection","features":[]}`, "geojson.json-fg"},
		"json-fg in a feature":                   {collection(`{"type":"Feature","geometry":null,"properties":{},"coordRefSys":"[EPSG:4490]"}`), "geojson.json-fg"},
		"esri json":                              {`{"geometryType":"esriGeometryPolygon","features":[{"attributes":{}}]}`, "geojson.esrijson"},
		"no features":                            {`{"type":"FeatureCollection"}`, "geojson.no-features"},
		"features are an object":                 {`{"type":"FeatureCollection","features":{}}`, "geojson.no-features"},
		"features in a feature":                  {`{"features":[` + feature(`{}`) + `],"type":"Feature"}`, "geojson.type"},
		"bad-input 44 two lists of features":     {`{"type":"FeatureCollection","features":[],"features":[]}`, "geojson.member-repeated"},
		"missing comma":                          {`{"type":"Point" "coordinates":[1,2]}`, "geojson.syntax"},
		"trailing comma":                         {bare("Point", `[1,2,]`), "geojson.syntax"},
		"single quotes":                          {`{'type':'Point'}`, "geojson.syntax"},
		"bad escape":                             {feature(`{"a":"\x"}`), "geojson.syntax"},
		"bad unicode escape":                     {feature(`{"a":"\u12g4"}`), "geojson.syntax"},
		"line break in a string":                 {feature("{\"a\":\"x\ny\"}"), "geojson.syntax"},
		"unknown word":                           {feature(`{"a":undefined}`), "geojson.syntax"},
		"bad-input 45 endless number":            {feature(`{"a":` + strings.Repeat("9", 2000) + `}`), "geojson.syntax"},
		"text behind a collection":               {collection() + collection(), "geojson.syntax"},
		"bad-input 43 deep nesting of lists":     {feature(`{"a":` + strings.Repeat("[", 1e6) + `}`), "geojson.nesting"},
		"bad-input 43 deep nesting of objects":   {feature(`{"a":` + strings.Repeat(`{"a":`, 1e6) + `}`), "geojson.nesting"},
		"bad-input 43 deep nesting of ordinates": {bare("Point", strings.Repeat("[", 1e6)), "geojson.nesting"},
		"too many rows":                          {collection(strings.Repeat(feature(`{}`)+",", 10) + feature(`{}`)), "geojson.too-many-records"},
		"bad-input 50 too many columns":          {feature(`{` + manyProperties(1001) + `}`), "geojson.too-many-fields"},
		"neither utf-8 nor gbk":                  {feature("{\"a\":\"\xff\xff\xff\"}"), "file.encoding"},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, tc.doc, geojson.Options{Limits: format.Limits{MaxRecords: 10}})
			if geo.CodeOf(got.err) != "ingest."+tc.code {
				t.Errorf("%v, want ingest.%s", got.err, tc.code)
			}
		})
	}
}

func manyProperties(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`"p%d":%d`, i, i))
	}
	return strings.Join(all, ",")
}

func TestTruncatedAtEveryByte(t *testing.T) {
	doc := collection(feature(`{"名称":"a\u0041\n","n":-1.5e3,"o":{"a":[true,null]}}`), feature(`{}`))
	for n := 1; n < len(doc); n++ {
		got := read(t, doc[:n], geojson.Options{})
		var p *geo.Problem
		if !errors.As(got.err, &p) || p.Code != "ingest.geojson.truncated" {
			t.Fatalf("cut at byte %d: %v", n, got.err)
		}
		if offset := p.Args[0].Value.(int64); offset != int64(n) {
			t.Errorf("cut at byte %d: reported at %d", n, offset)
		}
	}
}

func TestPlaceOfSyntaxError(t *testing.T) {
	got := read(t, "{\"type\":\"Point\",\n\"coordinates\":\n[1;2]}", geojson.Options{})
	var p *geo.Problem
	if !errors.As(got.err, &p) || p.Args[0].Value != int64(3) {
		t.Errorf("%v, want line 3", got.err)
	}
}

func TestProperties(t *testing.T) {
	doc := collection(
		feature(`{"t":"a","i":1,"r":1,"b":true,"mix":1,"json":{"a": [1, "x" ,null,NaN]},"code":450802001001000000123}`),
		feature(`{"t":null,"i":-2,"r":2.5,"b":false,"mix":"x","json":null,"code":7,"late":"z"}`),
		feature(`{"t":"一\"\u4e8c\u0000","__proto__":"p","constructor":"c"}`),
		feature(`null`),
	)
	got := read(t, doc, geojson.Options{})
	if got.err != nil {
		t.Fatal(got.err)
	}
	fields := []format.Field{
		{Name: "t"},
		{Name: "i", Kind: format.Integer},
		{Name: "r", Kind: format.Real},
		{Name: "b", Kind: format.Boolean},
		{Name: "mix"},
		{Name: "json"},
		{Name: "code"},
		{Name: "late"},
		{Name: "__proto__"},
		{Name: "constructor"},
	}
	if !reflect.DeepEqual(got.schema.Fields, fields) {
		t.Errorf("fields %v, want %v", got.schema.Fields, fields)
	}
	for i, want := range [][]any{
		{"a", int64(1), 1.0, true, "1", `{"a":[1,"x",null,"NaN"]}`, "450802001001000000123", nil, nil, nil},
		{nil, int64(-2), 2.5, false, "x", nil, "7", "z", nil, nil},
		{"一\"二\x00", nil, nil, nil, nil, nil, nil, nil, "p", "c"},
		make([]any, 10),
	} {
		if rec := got.records[i]; rec.Problem != nil || !reflect.DeepEqual(rec.Values, want) {
			t.Errorf("row %d: %#v, problem %v; want %#v", i+1, rec.Values, rec.Problem, want)
		}
	}
}

func TestNotes(t *testing.T) {
	for name, tc := range map[string]struct{ doc, notes string }{
		"bad-input 44 repeated property": {collection(feature(`{"a":1,"a":2}`)), "property-repeated"},
		"bad-input 45 NaN as a value":    {collection(feature(`{"a":NaN}`)), "number-as-null"},
		"no properties":                  {collection(`{"type":"Feature","geometry":null}`), "member-missing"},
		"id is a boolean":                {collection(`{"type":"Feature","id":true,"geometry":null,"properties":{}}`), "id"},
		"coordinates outside":            {collection(`{"type":"Feature","coordinates":[1],"geometry":null,"properties":{}}`), "member-foreign"},
	} {
		if got := read(t, tc.doc, geojson.Options{}); got.err != nil || codes(got.schema.Notes) != tc.notes {
			t.Errorf("%s: notes %q, error %v; want %q", name, codes(got.schema.Notes), got.err, tc.notes)
		}
	}
	got := read(t, collection(feature(`{"a":1,"a":2}`)), geojson.Options{})
	if v := got.records[0].Values[0]; v != int64(2) {
		t.Errorf("repeated property: %v, want the last", v)
	}
}

func TestNotesCountRows(t *testing.T) {
	p := inFeature(bare("LineString", `[[1,2,3],[4,5,6]]`))
	got := read(t, collection(feature(`{}`), p, p), geojson.Options{})
	want := []geo.Arg{{Name: "row", Value: int64(2)}, {Name: "rows", Value: int64(2)}}
	if len(got.schema.Notes) != 1 || !reflect.DeepEqual(got.schema.Notes[0].Args, want) {
		t.Errorf("notes %v, want one from row 2, two rows", got.schema.Notes)
	}
}

func TestIDs(t *testing.T) {
	doc := collection(`{"type":"Feature","id":"x1","geometry":null,"properties":{"a":1}}`,
		`{"type":"Feature","id":2,"geometry":null,"properties":null}`)
	got := read(t, doc, geojson.Options{})
	if len(got.schema.Fields) != 2 || got.schema.Fields[1].Name != "id" {
		t.Fatalf("fields %v", got.schema.Fields)
	}
	if a, b := got.records[0].Values[1], got.records[1].Values[1]; a != "x1" || b != "2" {
		t.Errorf("ids %v, %v", a, b)
	}
	doc = collection(`{"type":"Feature","id":"x1","geometry":null,"properties":{"id":7}}`)
	got = read(t, doc, geojson.Options{})
	if len(got.schema.Fields) != 1 || got.records[0].Values[0] != int64(7) {
		t.Errorf("a property named id gives way to the feature's: %v %v", got.schema.Fields, got.records[0].Values)
	}
}

func TestSequences(t *testing.T) {
	for name, doc := range map[string]string{
		"bad-input 49 one per line":     feature(`{"a":1}`) + "\n" + feature(`{"a":2}`) + "\n",
		"no line break":                 feature(`{"a":1}`) + feature(`{"a":2}`),
		"bad-input 49 RFC 8142":         "\x1e" + feature(`{"a":1}`) + "\n\x1e" + feature(`{"a":2}`) + "\n",
		"windows":                       feature(`{"a":1}`) + "\r\n" + feature(`{"a":2}`),
		"bad-input 42 utf-8 mark first": "\xef\xbb\xbf" + feature(`{"a":1}`) + "\n" + feature(`{"a":2}`),
	} {
		got := read(t, doc, geojson.Options{})
		if got.err != nil || len(got.records) != 2 || got.records[1].Row != 2 || got.records[1].Values[0] != int64(2) {
			t.Errorf("%s: %v, error %v", name, got.records, got.err)
		}
	}
}

func TestEncodings(t *testing.T) {
	for name, tc := range map[string]struct {
		doc      string
		named    string
		encoding string
		notes    string
	}{
		"utf-8":                         {feature(`{"a":"地块"}`), "", "UTF-8", ""},
		"bad-input 42 gbk":              {feature("{\"a\":\"\xb5\xd8\xbf\xe9\"}"), "", "GB18030", "ingest.file.decoded"},
		"gbk named":                     {feature("{\"a\":\"\xb5\xd8\xbf\xe9\"}"), "GBK", "GB18030", "ingest.file.decoded"},
		"bad-input 42 utf-16 with mark": {"\xff\xfe" + wide(feature(`{"a":"地块"}`)), "", "UTF-16LE", "ingest.file.decoded"},
		"bad-input 42 utf-16, no mark":  {wide(feature(`{"a":"地块"}`)), "", "UTF-16LE", "ingest.file.decoded"},
		"utf-8 named":                   {feature(`{"a":"地块"}`), "UTF-8", "UTF-8", ""},
	} {
		got := read(t, tc.doc, geojson.Options{Encoding: tc.named})
		if got.err != nil || got.records[0].Values[0] != "地块" || got.schema.Encoding != tc.encoding || codes(got.schema.Notes) != tc.notes {
			t.Errorf("%s: %v in %s, notes %q, error %v", name, got.records, got.schema.Encoding, codes(got.schema.Notes), got.err)
		}
	}
	if got := read(t, feature(`{}`), geojson.Options{Encoding: "latin1"}); geo.CodeOf(got.err) != "ingest.file.encoding-unknown" {
		t.Errorf("latin1: %v", got.err)
	}
}

func wide(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

func TestSystem(t *testing.T) {
	member := func(crs string) string {
		return `{"type":"FeatureCollection","crs":` + crs + `,"features":[]}`
	}
	named := func(name string) string {
		return member(`{"type":"name","properties":{"name":"` + name + `"}}`)
	}
	inside := `{"type":"Feature","crs":{"type":"name","properties":{"name":"EPSG:4524"}},"geometry":null,"properties":{}}`
	for name, tc := range map[string]struct {
		doc, system, text, problem string
	}{
		"silent":                         {collection(), "EPSG:4326", "RFC 7946", ""},
		"bad-input 47 urn":               {named("urn:ogc:def:crs:EPSG::4524"), "EPSG:4524", "urn:ogc:def:crs:EPSG::4524", ""},
		"crs84":                          {named("urn:ogc:def:crs:OGC:1.3:CRS84"), "EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", ""},
		"bad-input 47 short":             {named("EPSG:4490"), "EPSG:4490", "EPSG:4490", ""},
		"code":                           {member(`{"type":"EPSG","properties":{"code":4490}}`), "EPSG:4490", "EPSG:4490", ""},
		"bad-input 47 behind features":   {`{"type":"FeatureCollection","features":[],"crs":{"type":"name","properties":{"name":"EPSG:4490"}}}`, "EPSG:4490", "EPSG:4490", ""},
		"unknown":                        {named("EPSG:99999"), "", "EPSG:99999", "ingest.crs.unknown"},
		"bad-input 47 old datum":         {named("EPSG:2362"), "", "EPSG:2362", "ingest.crs.old-datum"},
		"not accepted":                   {named("EPSG:32649"), "", "EPSG:32649", "ingest.crs.not-accepted"},
		"null":                           {member(`null`), "", "null", ""},
		"link":                           {member(`{"type":"link","properties":{"href":"http://example.com"}}`), "", "", "ingest.geojson.crs"},
		"bad-input 47 only in a feature": {collection(inside), "", "EPSG:4524", "ingest.geojson.crs-mixed"},
		"two in a sequence":              {inside + strings.ReplaceAll(inside, "4524", "4525"), "", "EPSG:4525", "ingest.geojson.crs-mixed"},
		"one of two objects":             {inside + feature(`{}`), "", "EPSG:4524", "ingest.geojson.crs-mixed"},
	} {
		got := read(t, tc.doc, geojson.Options{})
		if got.err != nil {
			t.Errorf("%s: %v", name, got.err)
			continue
		}
		system, problem := "", ""
		if got.schema.Declared != nil {
			system = got.schema.Declared.String()
		}
		if got.schema.DeclaredProblem != nil {
			problem = got.schema.DeclaredProblem.Code
		}
		if system != tc.system || problem != tc.problem || tc.text != "" && got.schema.DeclaredText != tc.text {
			t.Errorf("%s: %q %q %q, want %q %q %q", name, system, got.schema.DeclaredText, problem, tc.system, tc.text, tc.problem)
		}
	}
}
