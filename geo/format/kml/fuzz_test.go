package kml_test

import (
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/kml"
)

// FuzzRead holds that no input makes the reader panic, that every fatal error is a problem with a code, that the two
// passes agree, and that a row has either a problem or coordinates that can be degrees.
func FuzzRead(f *testing.F) {
	for _, doc := range []string{
		"", "<kml/>", "<kml><Placemark/></kml>x", "\xef\xbb\xbf<kml></kml>", "<!DOCTYPE x><kml/>",
		placemark(point("1,2") + "<name>红线</name>"), placemark(polygon(outer(square))),
		placemark("<MultiGeometry>" + line("1,2 3 ,4") + "<Point><coordinates/></Point></MultiGeometry>"),
		document(typed + "<Placemark><ExtendedData><SchemaData><SimpleData name='PDJB'>1</SimpleData></SchemaData>" +
			"<Data name='a'><value>1</value></Data></ExtendedData></Placemark>"),
		document("<Folder><name>a</name><NetworkLink><href>x</href></NetworkLink></Folder>"),
		placemark(point("<![CDATA[1,2]]>")), wide("\ufeff<kml><Placemark/></kml>"),
		`<?xml version="1.0" encoding="GBK"?><kml><name>` + "\xb5\xd8" + `</name></kml>`,
	} {
		f.Add([]byte(doc))
	}
	limits := format.Limits{MaxVertices: 1000, MaxRecords: 1000, MaxText: 1000}
	f.Fuzz(func(t *testing.T, doc []byte) {
		got := read(t, string(doc), kml.Options{Limits: limits})
		if got.err != nil {
			if code := geo.CodeOf(got.err); !strings.HasPrefix(code, "ingest.") || len(got.records) > 0 {
				t.Fatalf("%d records, then %v", len(got.records), got.err)
			}
			return
		}
		if int64(len(got.records)) != got.schema.Count {
			t.Fatalf("%d records, %d counted", len(got.records), got.schema.Count)
		}
		for _, rec := range got.records {
			if len(rec.Values) != len(got.schema.Fields) {
				t.Fatalf("row %d: %d values for %d fields", rec.Row, len(rec.Values), len(got.schema.Fields))
			}
			if rec.Geometry == nil {
				continue
			}
			if b := rec.Geometry.Bound(); rec.Problem != nil || !(b.Min[0] >= -180 && b.Max[0] <= 180 && b.Min[1] >= -90 && b.Max[1] <= 90) {
				t.Fatalf("row %d: bound %v with problem %v", rec.Row, b, rec.Problem)
			}
		}
	})
}
