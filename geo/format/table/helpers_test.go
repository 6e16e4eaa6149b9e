package table_test

import (
	"context"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/wkt"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/table"
)

type outcome struct {
	schema  format.Schema
	records []format.Record
	err     error
}

// code is that of the error, of the first row with a problem, or "".
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

// shapes are the geometries as WKT, one per line.
func (o outcome) shapes() string {
	var out []string
	for _, r := range o.records {
		if r.Geometry == nil {
			out = append(out, "-")
			continue
		}
		out = append(out, wkt.MarshalString(r.Geometry))
	}
	return strings.Join(out, "\n")
}

func (o outcome) notes() string {
	var out []string
	for _, p := range o.schema.Notes {
		out = append(out, strings.TrimPrefix(p.Code, "ingest."))
	}
	return strings.Join(out, " ")
}

func drain(t testing.TB, d format.Dataset, err error) outcome {
	t.Helper()
	if err != nil {
		return outcome{err: err}
	}
	o := outcome{schema: d.Schema()}
	for r, err := range d.Records(context.Background()) {
		if err != nil {
			o.err = err
			break
		}
		o.records = append(o.records, r)
	}
	if err := d.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	return o
}

func read(t testing.TB, text string, o table.Options) outcome {
	t.Helper()
	d, err := table.Read(context.Background(), "test", strings.NewReader(text), int64(len(text)), o)
	return drain(t, d, err)
}
