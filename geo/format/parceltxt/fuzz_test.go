package parceltxt_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/geo/format/parceltxt"
)

// FuzzRead holds that no input makes the reader panic, that every fatal error is a problem with a code, that every
// ring is closed and finite, and that a parcel which is read can be written and read again with its area.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"", attributes, file(header, box("1", 0, 0, 100)), file("10,0.75,1,,面,,,,@", box("2", 10, 10, 50), box("1", 0, 0, 100)),
		file("4,,1,,面,,,,@", "J1,1,23.1,109.6\nJ2,1,23.1,109.7\nJ3,1,23.2,109.7"),
		file("４，１，１，，面，，，，＠", "\"J1\",1,37355000,2556000\r37355100\t2556000"),
		"[\xb5\xd8\xbf\xe9\xd7\xf8\xb1\xea]\r\n3,,1,,,,,,@\r\nJ1,1,2556000,355000\r\nJ1,1,2556000,2556000",
	} {
		f.Add([]byte(text))
	}
	limits := format.Limits{MaxVertices: 1000, MaxRecords: 100}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := read(t, string(text), parceltxt.Options{Limits: limits})
		if got.err != nil {
			if !strings.HasPrefix(geo.CodeOf(got.err), "ingest.") {
				t.Fatalf("an error without a code: %v", got.err)
			}
			return
		}
		if got.schema.Declared != nil && got.schema.DeclaredProblem != nil {
			t.Fatal("a system is declared and in question")
		}
		for _, rec := range got.records {
			if (rec.Geometry == nil) == (rec.Problem == nil) {
				t.Fatalf("row %d: geometry %v, problem %v", rec.Row, rec.Geometry, rec.Problem)
			}
			if rec.Geometry != nil {
				checkRings(t, rec.Geometry)
				checkWritten(t, rec.Geometry)
			}
		}
	})
}

func checkRings(t *testing.T, g orb.Geometry) {
	for _, p := range polygonsOf(g) {
		for _, r := range p {
			if len(r) < 4 || r[0] != r[len(r)-1] || math.IsNaN(r[0][0]) {
				t.Fatalf("ring %v", r)
			}
		}
	}
}

// checkWritten writes a parcel in metres and reads it back. Its rings may come back differently when they touch
// themselves in their first point, so only what the area says is compared, and only for parcels in one zone.
func checkWritten(t *testing.T, g orb.Geometry) {
	for _, p := range polygonsOf(g) {
		for _, r := range p {
			for _, v := range r {
				if math.Trunc(v[0]/1e6) != 37 {
					return
				}
			}
		}
	}
	var b bytes.Buffer
	if err := parceltxt.Write(&b, []parceltxt.Parcel{{Geometry: g}}, parceltxt.WriteOptions{System: plane(t, true)}); err != nil {
		t.Fatal(err)
	}
	back := read(t, b.String(), parceltxt.Options{})
	if back.err != nil || len(back.records) != 1 || back.schema.Declared == nil {
		t.Fatalf("read back: %v, problem %v", back.err, back.schema.DeclaredProblem)
	}
	if back.records[0].Problem == nil && codes(back.schema.Notes) == "" {
		before, after := ellipsoid.PlaneArea(g), ellipsoid.PlaneArea(back.records[0].Geometry)
		if math.Abs(before-after) > written*perimeter(g)+1 {
			t.Fatalf("area %v read back as %v", before, after)
		}
	}
}

func perimeter(g orb.Geometry) float64 {
	sum := 0.0
	for _, p := range polygonsOf(g) {
		for _, r := range p {
			for i := range r[1:] {
				sum += math.Hypot(r[i+1][0]-r[i][0], r[i+1][1]-r[i][1])
			}
		}
	}
	return sum
}
