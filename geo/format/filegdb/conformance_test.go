package filegdb_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/geo/format/filegdb"
	"greenshield/geo/format/formattest"
)

func TestReader(t *testing.T) {
	formattest.Run(t, formattest.Reader{
		Open: func(ctx context.Context, path string, l format.Limits) (format.Dataset, error) {
			return filegdb.Open(ctx, path, filegdb.Options{Limits: l})
		},
		Make: func(t testing.TB, dir string, rows int) string {
			b := parcels()
			b.scale, b.rows = 1e9, nil
			for i := range rows {
				ring := formattest.Square(i, true)[0]
				b.rows = append(b.rows, row([]byte{0}, sized(polygon(5, 0, stored(ring))), str(formattest.Text(i))))
			}
			made := geodatabase(t, named{name: "地块", table: b})
			path := filepath.Join(dir, "a.gdb")
			if err := os.Rename(made, path); err != nil {
				t.Fatal(err)
			}
			return path
		},
		Cut: []string{"a00000001.gdbtable", "a00000002.gdbtable", "a00000003.gdbtable", "a00000003.gdbtablx"}, Turned: true,
		Records: "ingest.file.too-many-rows", Vertices: "ingest.geometry.too-many-vertices", Text: "ingest.field.too-long",
	})
}

// stored is a ring in the whole numbers of a table whose origin is -400 and whose scale is 1e9, the other way round.
func stored(ring orb.Ring) [][2]int64 {
	var out [][2]int64
	for i := range ring {
		p := ring[len(ring)-1-i]
		out = append(out, [2]int64{int64(math.Round((p[0] + 400) * 1e9)), int64(math.Round((p[1] + 400) * 1e9))})
	}
	return out
}
