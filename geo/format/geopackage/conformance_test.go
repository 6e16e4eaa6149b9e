package geopackage_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/formattest"
	"greenshield/geo/format/geopackage"
)

func TestReader(t *testing.T) {
	formattest.Run(t, formattest.Reader{
		Open: func(ctx context.Context, path string, l format.Limits) (format.Dataset, error) {
			return geopackage.Open(ctx, path, geopackage.Options{Limits: l})
		},
		Make: func(t testing.TB, dir string, rows int) string {
			s, err := crs.FromEPSG(4490)
			if err != nil {
				t.Fatal(err)
			}
			all := func(yield func(format.Record, error) bool) {
				for i := range rows {
					rec := format.Record{
						Row: int64(i + 1), Geometry: formattest.Square(i, true), Values: []any{formattest.Text(i)},
					}
					if !yield(rec, nil) {
						return
					}
				}
			}
			path := filepath.Join(dir, "a.gpkg")
			err = geopackage.Write(t.Context(), path, geopackage.Layer{
				Name: "红线", Geometry: "POLYGON", System: s, Fields: []format.Field{{Name: "名称"}},
				Changed: time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC),
			}, all)
			if err != nil {
				t.Fatal(err)
			}
			return path
		},
		Records: "ingest.file.too-many-rows", Vertices: "ingest.geometry.too-many-vertices", Text: "ingest.field.bad-value",
	})
}
