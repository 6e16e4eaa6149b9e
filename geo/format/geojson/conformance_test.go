package geojson_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo/format"
	"greenshield/geo/format/formattest"
	"greenshield/geo/format/geojson"
)

// ringText is the square of row i as coordinates.
func ringText(i int) string {
	var all []string
	for _, p := range formattest.Square(i, true)[0] {
		all = append(all, fmt.Sprintf("[%.6f,%.6f]", p[0], p[1]))
	}
	return "[[" + strings.Join(all, ",") + "]]"
}

func TestReader(t *testing.T) {
	r := formattest.Reader{
		Open: func(ctx context.Context, path string, l format.Limits) (format.Dataset, error) {
			return geojson.Open(ctx, path, geojson.Options{Limits: l})
		},
		Records: "ingest.geojson.too-many-records", Vertices: "ingest.geojson.too-many-vertices",
		Text: "ingest.geojson.text-too-long",
	}
	for name, between := range map[string][3]string{
		"collection":        {`{"type":"FeatureCollection","features":[`, ",", "]}"},
		"newline-delimited": {"", "\n", ""},
	} {
		r.Make = func(t testing.TB, dir string, rows int) string {
			var b bytes.Buffer
			for i := range rows {
				fmt.Fprintf(&b, `%s{"type":"Feature","properties":{"名称":%q},"geometry":{"type":"Polygon","coordinates":%s}}`,
					between[min(i, 1)], formattest.Text(i), ringText(i))
			}
			b.WriteString(between[2])
			path := filepath.Join(dir, "a.geojson")
			if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		if name == "newline-delimited" { // a list of lines may end behind any of them
			r.Silent = func(whole, cut []byte) bool { return whole[len(cut)] == '\n' || cut[len(cut)-1] == '\n' }
		}
		t.Run(name, func(t *testing.T) { formattest.Run(t, r) })
		r.Silent = nil
	}
}
