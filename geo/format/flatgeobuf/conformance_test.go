package flatgeobuf_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"greenshield/geo/format"
	"greenshield/geo/format/flatgeobuf"
	"greenshield/geo/format/formattest"
)

func TestReader(t *testing.T) {
	formattest.Run(t, formattest.Reader{
		Open: func(ctx context.Context, path string, l format.Limits) (format.Dataset, error) {
			return flatgeobuf.Open(ctx, path, flatgeobuf.Options{Limits: l})
		},
		Make: func(t testing.TB, dir string, rows int) string {
			var all []blob
			for i := range rows {
				var xy []float64
				for _, p := range formattest.Square(i, true)[0] {
					xy = append(xy, p[0], p[1])
				}
				all = append(all, build(geometry(0, xy, nil), property(0, formattest.Text(i))))
			}
			path := filepath.Join(dir, "a.fgb")
			text := file(header(3, uint64(rows), tables{build("名称", uint8(11))}, build("EPSG", int32(4490))), all...)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		},
		Records: "ingest.fgb.too-many-records", Vertices: "ingest.fgb.too-many-vertices", Text: "ingest.fgb.text-too-long",
	})
}
