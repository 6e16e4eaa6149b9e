package table_test

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/table"
)

// FuzzRead holds that no text makes the reader panic, that every error and problem has a code, that a row has values
// for all fields, and that coordinates are finite.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"", "点号,X,Y\n" + square, "权利人,甲\n点号;圈号;X;Y\nJ1;1;0;0\nJ2;1;0;9\nJ3;1;9;9\n", "经度\t纬度\n109.5\t23.1\n",
		"WKT,a\n\"SRID=4490;POLYGON Z ((0 0 1,1 0 1,1 1 1,0 0 1))\",007\n", "a\nMULTIPOINT(1 2,(3 4))\n",
		"坐标系：CGCS2000\n带号,37\nX,Y\n1e9,-\n", "\xff\xfeX\x00,\x00Y\x00\n\x00", "X,Y\n\"1\n",
	} {
		f.Add([]byte(text))
	}
	limits := format.Limits{MaxVertices: 1000, MaxRecords: 100, MaxText: 1000}
	f.Fuzz(func(t *testing.T, text []byte) {
		checkOutcome(t, read(t, string(text), table.Options{Limits: limits}))
	})
}

func checkOutcome(t *testing.T, o outcome) {
	if o.err != nil {
		if !strings.HasPrefix(geo.CodeOf(o.err), "ingest.") {
			t.Fatalf("an error without a code: %v", o.err)
		}
		return
	}
	if o.schema.Count != int64(len(o.records)) {
		t.Fatalf("%d rows, %d counted", len(o.records), o.schema.Count)
	}
	for _, r := range o.records {
		if len(r.Values) != len(o.schema.Fields) {
			t.Fatalf("row %d: %d values for %d fields", r.Row, len(r.Values), len(o.schema.Fields))
		}
		if r.Problem != nil && r.Geometry != nil {
			t.Fatalf("row %d has a geometry and %v", r.Row, r.Problem)
		}
		if r.Geometry != nil {
			checkFinite(t, r.Geometry)
		}
	}
}

func checkFinite(t *testing.T, g orb.Geometry) {
	if b := g.Bound(); !b.IsEmpty() {
		for _, v := range []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("bound %v", b)
			}
		}
	}
}
