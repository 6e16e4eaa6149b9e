package kml_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo/format"
	"greenshield/geo/format/formattest"
	"greenshield/geo/format/kml"
)

func TestReader(t *testing.T) {
	formattest.Run(t, formattest.Reader{
		Open: func(ctx context.Context, path string, l format.Limits) (format.Dataset, error) {
			return kml.Open(ctx, path, kml.Options{Limits: l})
		},
		Make: func(t testing.TB, dir string, rows int) string {
			var b strings.Builder
			for i := range rows {
				fmt.Fprintf(&b, "<Placemark><name>%s</name><Polygon><outerBoundaryIs><LinearRing><coordinates>", formattest.Text(i))
				for _, p := range formattest.Square(i, true)[0] {
					fmt.Fprintf(&b, "%.6f,%.6f ", p[0], p[1])
				}
				b.WriteString("</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>")
			}
			path := filepath.Join(dir, "a.kml")
			if err := os.WriteFile(path, []byte(document(b.String())), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		},
		Records: "ingest.kml.too-many-records", Vertices: "ingest.kml.too-many-vertices", Text: "ingest.kml.text-too-long",
	})
}
