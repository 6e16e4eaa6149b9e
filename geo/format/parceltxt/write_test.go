package parceltxt_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"

	"greenshield/geo/crs"
	"greenshield/geo/format/parceltxt"
)

// written is the largest difference between a coordinate and its written form: half of the last of four decimals.
const written = 0.5e-4 + 1e-8

func plane(t *testing.T, prefixed bool) crs.System {
	t.Helper()
	s, err := crs.GaussKruger(3, 37, prefixed)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, o parceltxt.WriteOptions, parcels ...parceltxt.Parcel) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := parceltxt.Write(&b, parcels, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteAsTheStandardSays(t *testing.T) {
	got := write(t, parceltxt.WriteOptions{System: plane(t, true), Encoding: "UTF-8", Producer: "某院", Date: "2024-01-31"},
		parceltxt.Parcel{Number: "1", Name: "一号,地\r\n@", Class: "0101", Geometry: orb.Polygon{square(0, 0, 100), clockwise(square(10, 10, 50))}})
	want := strings.Join([]string{
		"[属性描述]", "格式版本号=1.01版本", "数据产生单位=某院", "数据产生日期=2024-01-31", "坐标系=2000国家大地坐标系", "几度分带=3",
		"投影类型=高斯克吕格", "计量单位=米", "带号=37", "精度=0.0001", "转换参数=,,,,,,", "[地块坐标]",
		"10,0.7500,1,一号，地  ＠,面,,,0101,@",
		"J1,1,2556000.0000,37355000.0000", "J2,1,2556000.0000,37355100.0000", "J3,1,2556100.0000,37355100.0000",
		"J4,1,2556100.0000,37355000.0000", "J1,1,2556000.0000,37355000.0000",
		"J5,2,2556010.0000,37355010.0000", "J6,2,2556060.0000,37355010.0000", "J7,2,2556060.0000,37355060.0000",
		"J8,2,2556010.0000,37355060.0000", "J5,2,2556010.0000,37355010.0000", "",
	}, "\r\n")
	if string(got) != want {
		t.Errorf("wrote\n%s\nwant\n%s", got, want)
	}
}

func TestWriteIsReadBack(t *testing.T) {
	odd := orb.Ring{{37355000.12345, 2556000.98765}, {37355100.00005, 2556000.3}, {37355050.7, 2556100.123456}, {37355000.12345, 2556000.98765}}
	geometries := []orb.Geometry{
		orb.Polygon{odd},
		orb.Polygon{square(0, 0, 100), clockwise(square(10, 10, 50)), clockwise(square(70, 70, 20))},
		orb.MultiPolygon{{square(0, 0, 100), clockwise(square(10, 10, 50))}, {square(20, 20, 10)}, {square(0, 500, 30)}},
	}
	for _, prefixed := range []bool{true, false} {
		for _, encoding := range []string{"", "GBK", "UTF-8"} {
			system := plane(t, prefixed)
			var parcels []parceltxt.Parcel
			for _, g := range geometries {
				g = orb.Clone(g)
				if !prefixed {
					g = withoutPrefix(g)
				}
				parcels = append(parcels, parceltxt.Parcel{Number: "号", Name: "生僻字𠮷", Geometry: g})
			}
			text := write(t, parceltxt.WriteOptions{System: system, Encoding: encoding}, parcels...)
			got := read(t, string(text), parceltxt.Options{})
			if got.err != nil || len(got.records) != len(parcels) || codes(got.schema.Notes) != "number-repeated" {
				t.Fatalf("%d parcels, notes %q, error %v", len(got.records), codes(got.schema.Notes), got.err)
			}
			if got.schema.Declared == nil || *got.schema.Declared != system {
				t.Errorf("system %v, want %v", got.schema.Declared, system)
			}
			for i, rec := range got.records {
				if rec.Problem != nil || rec.Values[1] != "生僻字𠮷" {
					t.Errorf("parcel %d: %v, problem %v", i+1, rec.Values, rec.Problem)
				}
				if d := distance(rec.Geometry, parcels[i].Geometry); d > written {
					t.Errorf("parcel %d in %s: coordinates differ by %g m", i+1, system, d)
				}
			}
		}
	}
}

func withoutPrefix(g orb.Geometry) orb.Geometry {
	for _, p := range polygonsOf(g) {
		for _, r := range p {
			for i := range r {
				r[i][0] -= 37e6
			}
		}
	}
	return g
}

func polygonsOf(g orb.Geometry) orb.MultiPolygon {
	if p, ok := g.(orb.Polygon); ok {
		return orb.MultiPolygon{p}
	}
	mp, _ := g.(orb.MultiPolygon)
	return mp
}

// distance is the largest difference of coordinates, infinite when the structure differs.
func distance(a, b orb.Geometry) float64 {
	pa, pb := polygonsOf(a), polygonsOf(b)
	if len(pa) != len(pb) {
		return math.Inf(1)
	}
	most := 0.0
	for i := range pa {
		if len(pa[i]) != len(pb[i]) {
			return math.Inf(1)
		}
		for j := range pa[i] {
			if len(pa[i][j]) != len(pb[i][j]) {
				return math.Inf(1)
			}
			for k := range pa[i][j] {
				v, w := pa[i][j][k], pb[i][j][k]
				most = max(most, math.Abs(v[0]-w[0]), math.Abs(v[1]-w[1]))
			}
		}
	}
	return most
}

func TestWriteGBKIsGBK(t *testing.T) {
	text := write(t, parceltxt.WriteOptions{System: plane(t, true)}, parceltxt.Parcel{Name: "一号地", Geometry: orb.Polygon{square(0, 0, 100)}})
	back, err := simplifiedchinese.GBK.NewDecoder().Bytes(text)
	if err != nil || !strings.HasPrefix(string(back), "[属性描述]\r\n") || !strings.Contains(string(back), "一号地") {
		t.Errorf("%q, error %v", back, err)
	}
}

func TestWriteRefuses(t *testing.T) {
	degrees, err := crs.FromEPSG(4490)
	if err != nil {
		t.Fatal(err)
	}
	good := orb.Polygon{square(0, 0, 100)}
	for name, tc := range map[string]struct {
		g orb.Geometry
		o parceltxt.WriteOptions
	}{
		"degrees":          {good, parceltxt.WriteOptions{System: degrees}},
		"no system":        {good, parceltxt.WriteOptions{}},
		"unknown encoding": {good, parceltxt.WriteOptions{System: plane(t, true), Encoding: "latin1"}},
		"no geometry":      {nil, parceltxt.WriteOptions{System: plane(t, true)}},
		"a line":           {orb.LineString{{1, 2}, {3, 4}}, parceltxt.WriteOptions{System: plane(t, true)}},
		"two points":       {orb.Polygon{{{1, 2}, {3, 4}, {1, 2}}}, parceltxt.WriteOptions{System: plane(t, true)}},
		"not a number":     {orb.Polygon{{{1, 2}, {3, math.NaN()}, {5, 6}, {1, 2}}}, parceltxt.WriteOptions{System: plane(t, true)}},
	} {
		if err := parceltxt.Write(&bytes.Buffer{}, []parceltxt.Parcel{{Geometry: tc.g}}, tc.o); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}
