package dxf_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo/format"
	"greenshield/geo/format/dxf"
	"greenshield/geo/format/formattest"
)

func TestReader(t *testing.T) {
	formattest.Run(t, formattest.Reader{
		Open: func(ctx context.Context, path string, l format.Limits) (format.Dataset, error) {
			return dxf.Open(ctx, path, dxf.Options{Limits: l})
		},
		Make: func(t testing.TB, dir string, rows int) string {
			var b strings.Builder
			for i := range rows {
				fmt.Fprintf(&b, "0 LWPOLYLINE,8 界址线,90 4,70 1,1001 APP,1000 %s,", formattest.Text(i))
				for _, p := range formattest.Square(i, false)[0][:4] {
					fmt.Fprintf(&b, "10 %.3f,20 %.3f,", p[0], p[1])
				}
			}
			path := filepath.Join(dir, "a.dxf")
			text := section("HEADER", "9 $ACADVER,1 AC1032") + drawing(strings.TrimSuffix(b.String(), ","))
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		},
		Records: "ingest.dxf.too-many-records", Vertices: "ingest.dxf.too-many-vertices", Text: "ingest.dxf.text-too-long",
	})
}
