package table_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"greenshield/geo/format"
	"greenshield/geo/format/formattest"
	"greenshield/geo/format/table"
)

func polygonText(i int) string {
	var all []string
	for _, p := range formattest.Square(i, true)[0] {
		all = append(all, fmt.Sprintf("%.6f %.6f", p[0], p[1]))
	}
	return "POLYGON((" + strings.Join(all, ",") + "))"
}

func TestReaderOfCSV(t *testing.T) {
	formattest.Run(t, formattest.Reader{
		Open: func(ctx context.Context, path string, l format.Limits) (format.Dataset, error) {
			return table.Open(ctx, path, table.Options{Limits: l})
		},
		Make: func(t testing.TB, dir string, rows int) string {
			var b strings.Builder
			b.WriteString("名称,WKT\n")
			for i := range rows {
				fmt.Fprintf(&b, "%s,\"%s\"\n", formattest.Text(i), polygonText(i))
			}
			path := filepath.Join(dir, "a.csv")
			if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		},
		// A table may end behind any row, and a name without a geometry is a row as well.
		Silent:  func(_, cut []byte) bool { return strings.Count(string(cut), "\"")%2 == 0 },
		Records: "ingest.table.too-many-rows", Vertices: "ingest.wkt.too-many-points", Text: "ingest.table.text-too-long",
	})
}

func TestReaderOfXLSX(t *testing.T) {
	formattest.Run(t, formattest.Reader{
		Open: func(ctx context.Context, path string, l format.Limits) (format.Dataset, error) {
			return table.OpenXLSX(ctx, path, table.Options{Limits: l})
		},
		Make: func(t testing.TB, dir string, rows int) string {
			f := excelize.NewFile()
			defer f.Close()
			rowsInto(t, f, "Sheet1", []any{"名称", "WKT"})
			for i := range rows {
				if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &[]any{formattest.Text(i), polygonText(i)}); err != nil {
					t.Fatal(err)
				}
			}
			path := filepath.Join(dir, "a.xlsx")
			if err := f.SaveAs(path); err != nil {
				t.Fatal(err)
			}
			return path
		},
		Records: "ingest.table.too-many-rows", Vertices: "ingest.wkt.too-many-points", Text: "ingest.table.text-too-long",
	})
}
