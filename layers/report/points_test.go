package report_test

import (
	"bytes"
	"fmt"
	"iter"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/geo/format/open"
	"greenshield/layers/report"
)

func eachParcel(all ...report.PointParcel) iter.Seq2[report.PointParcel, error] {
	return func(yield func(report.PointParcel, error) bool) {
		for _, p := range all {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func pointTable(t *testing.T, epsg int) report.PointTable {
	t.Helper()
	s, err := crs.FromEPSG(epsg)
	if err != nil {
		t.Fatal(err)
	}
	return report.PointTable{
		Title: "建设用地", System: s, About: []string{"来源：用地.zip", "=1+1"}, Program: "greenshield 0.1",
		At: time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC),
	}
}

func plot(east, north, side float64) orb.Ring {
	return orb.Ring{
		{east, north},
		{east + side, north + 0.12345},
		{east + side, north + side},
		{east + 0.00005, north + side},
		{east, north},
	}
}

// pointParcels have a hole, two parts, a number twice, and text that a spreadsheet would run.
func pointParcels(east float64) []report.PointParcel {
	all := []report.PointParcel{
		{Number: "A1", Name: "一号地块𠮷", Geometry: orb.Polygon{plot(east, 2500000, 100), plot(east+10, 2500010, 20)}},
		{Number: "A1", Name: "=HYPERLINK(1)", Geometry: orb.MultiPolygon{
			{plot(east+500, 2500000, 50)}, {plot(east+700, 2500000, 50)},
		}},
		{Geometry: orb.Polygon{plot(east+900, 2500000, 30)}},
	}
	for i := range all {
		all[i].Area = geo.Area(ellipsoid.PlaneArea(all[i].Geometry) * 0.9995)
	}
	return all
}

func writePoints(t *testing.T, lang string, table report.PointTable, all ...report.PointParcel) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.BoundaryPoints(&b, table, eachParcel(all...), printer(t, lang)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "points.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if *keep != "" {
		if err := os.WriteFile(filepath.Join(*keep, "points-"+lang+".xlsx"), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func readPoints(t *testing.T, path string) (format.Schema, []format.Record) {
	t.Helper()
	d, err := open.Open(t.Context(), path, open.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var out []format.Record
	for r, err := range d.Records(t.Context()) {
		if err != nil || r.Problem != nil {
			t.Fatal(err, r.Problem)
		}
		out = append(out, r)
	}
	return d.Schema(), out
}

// TestBoundaryPointsReadBack reads the table with package table: the same system, parcels and areas, and every
// coordinate to 1e-4 m, the last decimal that is written.
func TestBoundaryPointsReadBack(t *testing.T) {
	for _, lang := range []string{"zh-CN", "en"} {
		for _, epsg := range []int{4525, 4546, 4497, 4508} {
			table := pointTable(t, epsg)
			want := pointParcels(table.System.FalseEasting() + 1234.56789)
			s, got := readPoints(t, writePoints(t, lang, table, want...))
			if s.Declared == nil || s.Declared.EPSG() != epsg || len(got) != len(want) {
				t.Fatalf("%s EPSG:%d: %v %v, %d parcels", lang, epsg, s.Declared, s.DeclaredProblem, len(got))
			}
			for i, r := range got {
				if d := farthest(r.Geometry, want[i].Geometry); d > 1e-4 {
					t.Errorf("%s EPSG:%d parcel %d is off by %g m", lang, epsg, i+1, d)
				}
				stated := r.Parcel.DeclaredHectares * 1e4
				if plane := ellipsoid.PlaneArea(want[i].Geometry); math.Abs(stated-plane) > 0.5 {
					t.Errorf("parcel %d states %v m², has %v", i+1, stated, plane)
				}
			}
			if v := fmt.Sprint(got[0].Values, got[1].Values, got[2].Values); !strings.Contains(v, "A1 一号地块𠮷") ||
				!strings.Contains(v, "A1 (2) ") || !strings.Contains(v, "=HYPERLINK(1)") || !strings.Contains(v, "[3 ") {
				t.Errorf("attributes %s", v)
			}
		}
	}
}

// farthest is how far the corners of two geometries lie apart, in the order of their rings; infinite when they differ in
// number.
func farthest(a, b orb.Geometry) float64 {
	p, q := corners(a), corners(b)
	if len(p) != len(q) {
		return math.Inf(1)
	}
	most := 0.0
	for i := range p {
		most = max(most, math.Abs(p[i][0]-q[i][0]), math.Abs(p[i][1]-q[i][1]))
	}
	return most
}

func corners(g orb.Geometry) []orb.Point {
	var out []orb.Point
	parts, ok := g.(orb.MultiPolygon)
	if p, one := g.(orb.Polygon); one || !ok {
		parts = orb.MultiPolygon{p}
	}
	for _, p := range parts {
		for _, r := range p {
			out = append(out, r...)
		}
	}
	return out
}

func TestBoundaryPointsAreLaidOut(t *testing.T) {
	table := pointTable(t, 4525)
	path := writePoints(t, "zh-CN", table, pointParcels(37500000)...)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := os.ReadFile(writePoints(t, "zh-CN", table, pointParcels(37500000)...))
	if err != nil || !bytes.Equal(raw, again) {
		t.Error("the same parcels give other bytes")
	}
	f := openBook(t, raw)
	if sheets := f.GetSheetList(); len(sheets) != 2 || sheets[0] != "界址点成果表" {
		t.Errorf("sheets %v", sheets)
	}
	for cell, want := range map[string]string{
		"A3": "坐标系：CGCS2000 / 3-degree Gauss-Kruger zone 37（EPSG:4525）",
		"A4": "地块编号", "B4": "A1", "A5": "地块名称", "B5": "一号地块𠮷", "A6": "用地面积（m²）", "A7": "用地面积（公顷）",
		"A9": "点号", "B9": "圈号", "C9": "X（北坐标，m）", "D9": "Y（东坐标，m）", "E9": "边长（m）",
		"A10": "J1", "B10": "1", "C10": "2500000.0000", "D10": "37500000.0000", "E10": "100.0001",
		"A14": "J1", "E14": "", "A15": "J5", "B15": "2",
	} {
		if got, err := f.GetCellValue("界址点成果表", cell); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", cell, got, want, err)
		}
	}
}

func TestBoundaryPointsRefuse(t *testing.T) {
	line := report.PointParcel{Geometry: orb.LineString{{1, 2}, {3, 4}}}
	short := report.PointParcel{Geometry: orb.Polygon{{{1, 2}, {3, 4}, {1, 2}}}}
	nowhere := report.PointParcel{Geometry: orb.Polygon{{{1, 2}, {3, math.NaN()}, {1, 4}, {1, 2}}}}
	huge := report.PointParcel{Geometry: orb.Polygon{make(orb.Ring, 1_000_001)}}
	for i := range huge.Geometry.(orb.Polygon)[0][:1_000_000] {
		huge.Geometry.(orb.Polygon)[0][i] = orb.Point{float64(i), 1}
	}
	for name, tc := range map[string]struct {
		epsg   int
		parcel report.PointParcel
		want   string
	}{
		"degrees":         {4490, pointParcels(0)[0], "layer.export.plane-only"},
		"a line":          {4525, line, "layer.export.polygons-only"},
		"two points":      {4525, short, "layer.export.polygons-only"},
		"no place":        {4525, nowhere, "layer.export.polygons-only"},
		"no geometry":     {4525, report.PointParcel{}, "layer.export.polygons-only"},
		"too many points": {4525, huge, "layer.export.too-many-points"},
	} {
		var b bytes.Buffer
		err := report.BoundaryPoints(&b, pointTable(t, tc.epsg), eachParcel(tc.parcel), printer(t, "en"))
		if geo.CodeOf(err) != tc.want || b.Len() > 0 {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
}

func TestGDALReadsBoundaryPoints(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo (Debian package gdal-bin) is not installed")
	}
	path := writePoints(t, "zh-CN", pointTable(t, 4525), pointParcels(37500000)...)
	out, err := exec.CommandContext(t.Context(), ogrinfo, "-ro", "-al", path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "一号地块𠮷") || !strings.Contains(string(out), "37500000") {
		t.Errorf("%v %.2000s", err, out)
	}
}
