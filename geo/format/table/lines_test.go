package table_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/table"
)

func linesOf(t *testing.T, text string, o table.Options) (string, error) {
	t.Helper()
	lines, err := table.Lines(context.Background(), "t", strings.NewReader(text), int64(len(text)), o)
	return printed(lines), err
}

func printed(lines []table.Line) string {
	var out []string
	for _, l := range lines {
		out = append(out, fmt.Sprintf("%d:%s", l.Row, strings.Join(l.Cells, "|")))
	}
	return strings.Join(out, " ")
}

func TestLinesOfText(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("行政区代码,年份\r\n450802,2024\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ text, want string }{
		"comma":            {"code,year\n450802, 2024 \n", "1:code|year 2:450802|2024"},
		"tab":              {"code\tyear\n450802\t2024\n", "1:code|year 2:450802|2024"},
		"byte order mark":  {"\ufeffcode,year\n1,2\n", "1:code|year 2:1|2"},
		"blank rows":       {"code,year\n,\n\n1,2\n", "1:code|year 4:1|2"},
		"leading zeroes":   {"a,b\n0101,0603\n", "1:a|b 2:0101|0603"},
		"quoted new lines": {"a,b\n\"x\ny\",1\n2,3\n", "1:a|b 2:x\ny|1 4:2|3"},
		"GBK":              {gbk, "1:行政区代码|年份 2:450802|2024"},
	} {
		if got, err := linesOf(t, tc.text, table.Options{}); err != nil || got != tc.want {
			t.Errorf("%s: %q, %v, want %q", name, got, err, tc.want)
		}
	}
}

func TestLinesRefuse(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		o    table.Options
		want string
	}{
		"nothing":        {"\n,\n", table.Options{}, "ingest.table.empty"},
		"too many":       {"a\nb\nc\n", table.Options{Limits: format.Limits{MaxRecords: 2}}, "ingest.table.too-many-rows"},
		"a broken quote": {"a,b\n\"x,1\n", table.Options{}, "ingest.csv.quote"},
		"a torn zip":     {"PK\x03\x04 torn", table.Options{}, "ingest.xlsx.damaged"},
	} {
		if _, err := linesOf(t, tc.text, tc.o); geo.CodeOf(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
}

func TestLinesOfWorkbook(t *testing.T) {
	path := saved(t, func(f *excelize.File) {
		rowsInto(t, f, "Sheet1")
		rowsInto(t, f, "数据", []any{"区", "值"}, []any{"450802", 12.5}, []any{nil, nil}, []any{"450803", "–"})
		rowsInto(t, f, "说明", []any{"x"})
	})
	for sheet, want := range map[string]string{"": "1:区|值 2:450802|12.5 4:450803|–", "说明": "1:x"} {
		lines, err := table.LinesOf(context.Background(), path, table.Options{Layer: sheet})
		if err != nil || printed(lines) != want {
			t.Errorf("sheet %q: %q, %v, want %q", sheet, printed(lines), err, want)
		}
	}
	if _, err := table.LinesOf(context.Background(), path, table.Options{Layer: "没有"}); geo.CodeOf(err) != "ingest.file.layer-unknown" {
		t.Errorf("an unknown sheet gives %v", err)
	}
	missing := filepath.Join(t.TempDir(), "no.csv")
	if _, err := table.LinesOf(context.Background(), missing, table.Options{}); !os.IsNotExist(err) {
		t.Errorf("a missing file gives %v", err)
	}
}
