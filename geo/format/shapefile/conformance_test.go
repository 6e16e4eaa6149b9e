package shapefile_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"greenshield/geo/format"
	"greenshield/geo/format/formattest"
	"greenshield/geo/format/shapefile"
)

func TestReader(t *testing.T) {
	formattest.Run(t, formattest.Reader{
		Open: func(ctx context.Context, path string, l format.Limits) (format.Dataset, error) {
			return shapefile.Open(ctx, path, shapefile.Options{Limits: l})
		},
		Make: func(t testing.TB, dir string, rows int) string {
			var shapes [][]byte
			var cells [][]string
			for i := range rows {
				shapes = append(shapes, parts(5, reversed(formattest.Square(i, true)[0])))
				cells = append(cells, []string{formattest.Text(i)})
			}
			main := shp(shapes...)
			for ext, b := range map[string][]byte{
				".shp": main, ".shx": shx(main), ".cpg": []byte("UTF-8"), ".dbf": dbf(0, []column{{"name", 'C', 40, 0}}, cells...),
			} {
				if err := os.WriteFile(filepath.Join(dir, "a"+ext), b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			return filepath.Join(dir, "a.shp")
		},
		Cut: []string{"a.shp", "a.dbf", "a.shx"}, Turned: true,
		Records: "ingest.file.too-many-rows", Vertices: "ingest.geometry.too-many-vertices", Text: "ingest.field.too-long",
	})
}
