package parceltxt_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"greenshield/geo/format"
	"greenshield/geo/format/formattest"
	"greenshield/geo/format/parceltxt"
)

func TestReader(t *testing.T) {
	formattest.Run(t, formattest.Reader{
		Open: func(ctx context.Context, path string, l format.Limits) (format.Dataset, error) {
			return parceltxt.Open(ctx, path, parceltxt.Options{Limits: l})
		},
		Make: func(t testing.TB, dir string, rows int) string {
			var b strings.Builder
			b.WriteString(attributes + "[地块坐标]\n")
			for i := range rows {
				fmt.Fprintf(&b, "5,1.0000,%d,%s,面,,,,@\n", i, formattest.Text(i))
				for k, p := range formattest.Square(i, false)[0] {
					fmt.Fprintf(&b, "J%d,1,%.3f,%.3f\n", k%4+1, p[1], p[0])
				}
			}
			path := filepath.Join(dir, "a.txt")
			if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		},
		Held: true,
		// A text may end behind any parcel, and the zeros of its last number say nothing.
		Silent: func(whole, cut []byte) bool {
			return regexp.MustCompile(`^[.0]*\n?5,`).Match(whole[len(cut):])
		},
		Records: "ingest.txt.too-many-parcels", Vertices: "ingest.txt.too-many-points", Text: "ingest.txt.text-too-long",
	})
}
