package kml_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/kml"
)

// outcome is all that a document gave.
type outcome struct {
	schema  format.Schema
	records []format.Record
	err     error
}

func read(t *testing.T, doc string, o kml.Options) outcome {
	t.Helper()
	ctx := context.Background()
	d, err := kml.Read(ctx, "test", strings.NewReader(doc), int64(len(doc)), o)
	if err != nil {
		return outcome{err: err}
	}
	return drain(t, d)
}

func drain(t *testing.T, d format.Dataset) outcome {
	t.Helper()
	defer d.Close()
	out := outcome{schema: d.Schema()}
	for rec, err := range d.Records(context.Background()) {
		if err != nil {
			out.err = err
			break
		}
		out.records = append(out.records, rec)
	}
	return out
}

// document wraps text into a KML document.
func document(text string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2" ` +
		`xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>` + text + `</Document></kml>`
}

func placemark(text string) string { return document("<Placemark>" + text + "</Placemark>") }

// value is the attribute of a row by its field's name, "no field" without one.
func (o outcome) value(row int, field string) any {
	for i, f := range o.schema.Fields {
		if f.Name == field {
			return o.records[row].Values[i]
		}
	}
	return "no field"
}

func (o outcome) notes() string {
	var codes []string
	for _, n := range o.schema.Notes {
		codes = append(codes, strings.TrimPrefix(n.Code, "ingest."))
	}
	return strings.Join(codes, " ")
}

// code is how a document of one placemark ended: the code of the error or of the row's problem, else "".
func (o outcome) code() string {
	if o.err != nil {
		return geo.CodeOf(o.err)
	}
	for _, r := range o.records {
		if r.Problem != nil {
			return r.Problem.Code
		}
	}
	return ""
}

func wktOf(g orb.Geometry) string {
	if g == nil {
		return ""
	}
	return wkt.MarshalString(g)
}

const shared = "../../../../shared/data"

// corpus lists the KML files of a folder of the shared test data, and skips the test when it is absent.
func corpus(t *testing.T, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(shared, folder, "*.kml"))
	if err != nil || len(names) == 0 {
		t.Skipf("test data %s is not here", folder)
	}
	return names
}

func open(t *testing.T, path string) outcome {
	t.Helper()
	d, err := kml.Open(context.Background(), path, kml.Options{})
	if err != nil {
		return outcome{err: err}
	}
	return drain(t, d)
}

// write puts a text into a file and gives its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
