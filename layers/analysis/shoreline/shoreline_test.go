package shoreline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/shoreline"
	"greenshield/layers/store/memory"
)

// tolerance is what lengths may be off by: a cut in the legal plane and the way there and back, on lines of some
// kilometres. A line along a parallel is cut on a straight edge of the plane, which is the parallel too.
const tolerance = 1e-4 // m

// item is a feature of a test layer near Guigang, in degrees.
type item struct {
	wkt                             string
	zone, river, name, code, stated string
	side, region, class             string
}

type city struct {
	store *memory.Store
	t     *testing.T
}

func newCity(t *testing.T) city { return city{memory.New(), t} }

func (c city) publish(id string, theme layers.Theme, items ...item) layers.Ref {
	c.t.Helper()
	ctx := context.Background()
	d, err := c.store.Begin(ctx, layers.Layer{ID: layers.LayerID(id), Theme: theme},
		layers.Vintage{Ref: layers.Ref{Layer: layers.LayerID(id), Vintage: "2022"}, Theme: theme})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, i := range items {
		roles := map[layers.Role]string{}
		for role, v := range map[layers.Role]string{
			layers.Zone: i.zone, layers.RiverName: i.river, layers.Name: i.name, layers.Code: i.code,
			layers.Stated: i.stated, layers.Side: i.side, layers.RegionCode: i.region, layers.Class: i.class,
		} {
			if v != "" {
				roles[role] = v
			}
		}
		if err := d.Append(ctx, layers.Feature{Geometry: shape(c.t, i.wkt), Roles: roles}); err != nil {
			c.t.Fatal(err)
		}
	}
	v, err := d.Commit(ctx, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return v.Ref
}

func shape(t *testing.T, s string) orb.Geometry {
	t.Helper()
	g, err := wkt.Unmarshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (c city) rate(zones layers.Ref, o shoreline.Options) shoreline.Result {
	c.t.Helper()
	r, err := c.try(zones, o)
	if err != nil {
		c.t.Fatal(err)
	}
	c.adds(r)
	reads(c.t, r)
	return r
}

func (c city) try(zones layers.Ref, o shoreline.Options) (shoreline.Result, error) {
	o.Now = func() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) }
	return shoreline.Rate(context.Background(), layers.NewLibrary(c.store), zones, o)
}

// adds holds every result to what is always true of one.
func (c city) adds(r shoreline.Result) {
	c.t.Helper()
	var sum shoreline.Row
	for _, row := range r.Rows {
		zones := geo.Length(0)
		for k, l := range row.Lengths {
			sum.Lengths[k] += l
			sum.Zones[k] += row.Zones[k]
			zones += l
		}
		sum.Total += row.Total
		near(c.t, "the zones of "+row.River, row.Total, zones)
		if rate := row.Rate; rate < 0 || rate > 1 {
			c.t.Errorf("%s: rate %v", row.River, rate)
		}
	}
	near(c.t, "the sum of rows", r.Total.Total, sum.Total)
	for k := range sum.Lengths {
		near(c.t, "zone "+strconv.Itoa(k), r.Total.Lengths[k], sum.Lengths[k])
	}
	if r.Total.Zones != sum.Zones {
		c.t.Errorf("%v zones in rows, %v in all", sum.Zones, r.Total.Zones)
	}
}

func near(t *testing.T, what string, got, want geo.Length) {
	t.Helper()
	if math.Abs(float64(got-want)) > tolerance {
		t.Errorf("%s: %.6f m, want %.6f m", what, got, want)
	}
}

// along is the length of a line.
func along(t *testing.T, s string) geo.Length { return ellipsoid.Length(shape(t, s)) }

func ellipsoidLength(g shoreline.Segment) geo.Length { return ellipsoid.Length(g.Outline) }

// legalArea is the area of a polygon in the legal plane.
func legalArea(t *testing.T, s string) geo.Area {
	return overlay.AreaOf(ellipsoid.MultiPolygonToPlane(orb.MultiPolygon{shape(t, s).(orb.Polygon)}))
}

// said are the codes of the gaps, in order.
func said(gaps []analysis.Gap) []string {
	var out []string
	for _, g := range gaps {
		out = append(out, g.Problem.Code)
	}
	return out
}

func TestZonesAsLines(t *testing.T) {
	c := newCity(t)
	first := "LINESTRING(109.60 23.10,109.61 23.10,109.62 23.105)"
	second := "MULTILINESTRING((109.60 23.09,109.62 23.09),(109.63 23.09,109.64 23.09))"
	third := "LINESTRING(109.70 23.20,109.71 23.21)"
	zones := c.publish("shoreline", layers.Shoreline,
		item{wkt: first, zone: "1", river: "郁江", stated: "2.12"},
		item{wkt: second, zone: " 3 ", river: "郁江", stated: "3.07"},
		item{wkt: third, zone: "2", name: "鲤鱼江"},
		item{wkt: "LINESTRING(109.72 23.20,109.73 23.21)", zone: "保护", name: "鲤鱼江"},
	)
	r := c.rate(zones, shoreline.Options{})
	if len(r.Rows) != 2 || r.Rows[0].River != "郁江" || r.Rows[1].River != "鲤鱼江" || r.Line != (layers.Ref{}) {
		t.Fatalf("rows %+v", r.Rows)
	}
	one, three := along(t, first), along(t, second)
	near(t, "zone 1", r.Rows[0].Lengths[1], one)
	near(t, "zone 3", r.Rows[0].Lengths[3], three)
	if want := float64(one / (one + three)); math.Abs(r.Rows[0].Rate-want) > 1e-12 {
		t.Errorf("rate %v, want %v", r.Rows[0].Rate, want)
	}
	near(t, "without a readable zone", r.Rows[1].Lengths[0], along(t, "LINESTRING(109.72 23.20,109.73 23.21)"))
	near(t, "that counts in the total", r.Rows[1].Total, r.Rows[1].Lengths[0]+along(t, third))
	if want := []string{"shoreline.zone.unreadable", "shoreline.stated.partial"}; !slices.Equal(said(r.Gaps), want) {
		t.Errorf("gaps %v", said(r.Gaps))
	}
	if r.StatedUnit != "km" || math.Abs(r.Rows[0].Stated-5.19) > 1e-12 || !math.IsNaN(r.Rows[1].Stated) {
		t.Errorf("stated %v %s and %v", r.Rows[0].Stated, r.StatedUnit, r.Rows[1].Stated)
	}
	if m := r.StatedMetres(r.Rows[0]); math.Abs(m-5190) > 1e-9 {
		t.Errorf("stated %v m", m)
	}
}

func TestOtherNumerator(t *testing.T) {
	c := newCity(t)
	zones := c.publish("shoreline", layers.Shoreline,
		item{wkt: "LINESTRING(109.60 23.10,109.61 23.10)", zone: "1"},
		item{wkt: "LINESTRING(109.61 23.10,109.62 23.10)", zone: "3"})
	r := c.rate(zones, shoreline.Options{Numerator: []int{3, 1, 3}})
	if r.Total.Rate != 1 || !slices.Equal(r.Numerator, []int{1, 3}) {
		t.Errorf("rate %v by %v", r.Total.Rate, r.Numerator)
	}
}

// box is a rectangle in degrees.
func box(west, south, east, north string) string {
	return "POLYGON((" + west + " " + south + "," + east + " " + south + "," + east + " " + north + "," +
		west + " " + north + "," + west + " " + south + "))"
}

func TestPolygonZonesAlongTheLine(t *testing.T) {
	c := newCity(t)
	line := c.publish("bankline", layers.Bankline,
		item{wkt: "LINESTRING(109.60 23.10,109.70 23.10)", river: "郁江"},
		item{wkt: "LINESTRING(109.60 23.08,109.70 23.08)", river: "郁江"},
		item{wkt: "LINESTRING(109.65 23.20,109.65 23.30)", river: "鲤鱼江"},
	)
	zones := c.publish("shoreline", layers.Shoreline,
		item{wkt: box("109.60", "23.09", "109.62", "23.11"), zone: "1"}, // left bank
		item{wkt: box("109.62", "23.09", "109.65", "23.11"), zone: "4", river: "郁江"},
		item{wkt: box("109.60", "23.07", "109.66", "23.09"), zone: "2", river: "郁江"}, // right bank
		item{wkt: box("109.64", "23.25", "109.66", "23.31"), zone: "3"},
		item{wkt: box("109.90", "23.25", "109.91", "23.31"), zone: "1"}, // no line passes
	)
	r := c.rate(zones, shoreline.Options{Line: line})
	if len(r.Rows) != 2 || r.Rows[0].River != "郁江" || r.Rows[1].River != "鲤鱼江" {
		t.Fatalf("rows %+v", r.Rows)
	}
	yu := r.Rows[0]
	near(t, "zone 1", yu.Lengths[1], along(t, "LINESTRING(109.60 23.10,109.62 23.10)"))
	near(t, "zone 2", yu.Lengths[2], along(t, "LINESTRING(109.60 23.08,109.66 23.08)"))
	near(t, "zone 4", yu.Lengths[4], along(t, "LINESTRING(109.62 23.10,109.65 23.10)"))
	near(t, "the tributary", r.Rows[1].Lengths[3], along(t, "LINESTRING(109.65 23.25,109.65 23.30)"))
	if yu.Zones != [5]int{0, 1, 1, 0, 1} {
		t.Errorf("zones %v", yu.Zones)
	}
	want := []string{"shoreline.line.unzoned", "shoreline.zone.without-line"}
	if !slices.Equal(said(r.Gaps), want) {
		t.Fatalf("gaps %v", said(r.Gaps))
	}
	unzoned := along(t, "MULTILINESTRING("+
		"(109.65 23.10,109.70 23.10),(109.66 23.08,109.70 23.08),(109.65 23.20,109.65 23.25))")
	if got := r.Gaps[0].Problem.Args[1].Value; got != strconv.FormatFloat(float64(unzoned), 'f', 1, 64) {
		t.Errorf("%v m without a zone, want %.1f", got, unzoned)
	}
}

func TestAStretchInTwoZonesCountsOnceWhereItIsProtectedLess(t *testing.T) {
	for name, order := range map[string][2]int{"as delivered": {0, 1}, "the other way round": {1, 0}} {
		c := newCity(t)
		line := c.publish("bankline", layers.Bankline, item{wkt: "LINESTRING(109.60 23.10,109.70 23.10)", river: "郁江"})
		items := []item{
			{wkt: box("109.60", "23.09", "109.66", "23.11"), zone: "1"},
			{wkt: box("109.64", "23.09", "109.70", "23.11"), zone: "3"},
		}
		zones := c.publish("shoreline", layers.Shoreline, items[order[0]], items[order[1]])
		r := c.rate(zones, shoreline.Options{Line: line})
		near(t, name+": zone 1", r.Total.Lengths[1], along(t, "LINESTRING(109.60 23.10,109.64 23.10)"))
		near(t, name+": zone 3", r.Total.Lengths[3], along(t, "LINESTRING(109.64 23.10,109.70 23.10)"))
		if !slices.Equal(said(r.Gaps), []string{"shoreline.zones.overlapping"}) {
			t.Errorf("%s: gaps %v", name, said(r.Gaps))
		}
	}
}

func TestALineAlongTheBorderOfZones(t *testing.T) {
	// The management line is the outer border of one zone, then the common border of two.
	c := newCity(t)
	line := c.publish("bankline", layers.Bankline, item{wkt: "LINESTRING(109.60 23.10,109.62 23.10,109.64 23.10)"})
	zones := c.publish("shoreline", layers.Shoreline,
		item{wkt: "POLYGON((109.60 23.09,109.64 23.09,109.64 23.10,109.62 23.10,109.60 23.10,109.60 23.09))", zone: "2"},
		item{wkt: "POLYGON((109.62 23.10,109.64 23.10,109.64 23.11,109.62 23.11,109.62 23.10))", zone: "4"},
	)
	r := c.rate(zones, shoreline.Options{Line: line})
	near(t, "the outer border", r.Total.Lengths[2], along(t, "LINESTRING(109.60 23.10,109.62 23.10)"))
	near(t, "the common border", r.Total.Lengths[4], along(t, "LINESTRING(109.62 23.10,109.64 23.10)"))
	want := strconv.FormatFloat(float64(r.Total.Lengths[4]), 'f', 1, 64)
	if !slices.Equal(said(r.Gaps), []string{"shoreline.zones.overlapping"}) || r.Gaps[0].Problem.Args[1].Value != want {
		t.Errorf("gaps %v", r.Gaps)
	}
}

func TestAcrossRegions(t *testing.T) {
	c := newCity(t)
	regions := c.publish("region", layers.Region,
		item{wkt: box("109.62", "23.00", "109.65", "23.20"), code: "450803", name: "港南区"},
		item{wkt: box("109.50", "23.00", "109.62", "23.20"), code: "450802", name: "港北区"},
	)
	line := c.publish("bankline", layers.Bankline, item{wkt: "LINESTRING(109.60 23.10,109.70 23.10)", river: "郁江"})
	polygons := c.publish("shoreline", layers.Shoreline,
		item{wkt: box("109.60", "23.09", "109.63", "23.11"), zone: "1", stated: "3071"},
		item{wkt: box("109.63", "23.09", "109.70", "23.11"), zone: "3", stated: "7167"},
	)
	lines := c.publish("shoreline-lines", layers.Shoreline,
		item{wkt: "LINESTRING(109.60 23.10,109.63 23.10)", zone: "1", river: "郁江", stated: "3071"},
		item{wkt: "LINESTRING(109.63 23.10,109.70 23.10)", zone: "3", river: "郁江", stated: "7167"},
	)
	for name, r := range map[string]shoreline.Result{
		"polygons": c.rate(polygons, shoreline.Options{Line: line, Regions: regions}),
		"lines":    c.rate(lines, shoreline.Options{Regions: regions}),
	} {
		if len(r.Rows) != 3 || r.Rows[0].Name != "港北区" || r.Rows[1].Code != "450803" || r.Rows[2].Code != "" {
			t.Fatalf("%s: rows %+v", name, r.Rows)
		}
		near(t, name+" in the first", r.Rows[0].Lengths[1], along(t, "LINESTRING(109.60 23.10,109.62 23.10)"))
		near(t, name+" in the second", r.Rows[1].Lengths[1], along(t, "LINESTRING(109.62 23.10,109.63 23.10)"))
		near(t, name+" in the second, zone 3", r.Rows[1].Lengths[3], along(t, "LINESTRING(109.63 23.10,109.65 23.10)"))
		near(t, name+" outside", r.Rows[2].Lengths[3], along(t, "LINESTRING(109.65 23.10,109.70 23.10)"))
		// A stated length goes to the row in which most of the zone lies.
		if r.StatedUnit != "m" || r.Rows[0].Stated != 3071 || !math.IsNaN(r.Rows[1].Stated) || r.Total.Stated != 10238 {
			t.Errorf("%s: stated %v, %v, %v %s", name, r.Rows[0].Stated, r.Rows[1].Stated, r.Total.Stated, r.StatedUnit)
		}
		if r.Total.Zones != [5]int{0, 2, 0, 2, 0} || len(r.Gaps) != 0 {
			t.Errorf("%s: zones %v, gaps %v", name, r.Total.Zones, said(r.Gaps))
		}
	}
}

func TestWhatIsDeliveredTwiceCountsOnce(t *testing.T) {
	c := newCity(t)
	there := "LINESTRING(109.60 23.10,109.61 23.10,109.62 23.10)"
	back := "LINESTRING(109.62 23.10,109.61 23.10,109.60 23.10)"
	want := along(t, there)
	lines := c.publish("shoreline-lines", layers.Shoreline, item{wkt: there, zone: "1"}, item{wkt: back, zone: "4"})
	r := c.rate(lines, shoreline.Options{})
	near(t, "zone 4", r.Total.Lengths[4], want)
	near(t, "zone 1", r.Total.Lengths[1], 0)
	if !slices.Equal(said(r.Gaps), []string{"shoreline.zones.overlapping"}) {
		t.Errorf("gaps %v", said(r.Gaps))
	}
	bank := c.publish("bankline", layers.Bankline, item{wkt: there}, item{wkt: back})
	zones := c.publish("shoreline", layers.Shoreline, item{wkt: box("109.59", "23.09", "109.63", "23.11"), zone: "1"})
	near(t, "a management line delivered twice", c.rate(zones, shoreline.Options{Line: bank}).Total.Total, want)
}

func TestALongLineIsCutAsAShortOne(t *testing.T) {
	// More vertices than a piece has, winding across the border of two zones.
	var line orb.LineString
	for i := range 1000 {
		line = append(line, orb.Point{109.6 + float64(i)*1e-4, 23.1 + 0.002*math.Sin(float64(i)/20)})
	}
	c := newCity(t)
	bank := c.publish("bankline", layers.Bankline, item{wkt: wkt.MarshalString(line), river: "郁江"})
	zones := c.publish("shoreline", layers.Shoreline,
		item{wkt: box("109.5", "23.1", "109.8", "23.2"), zone: "1"},
		item{wkt: box("109.5", "23.0", "109.8", "23.1"), zone: "2"})
	r := c.rate(zones, shoreline.Options{Line: bank})
	near(t, "the whole line", r.Total.Total, ellipsoid.Length(line))
	if r.Total.Lengths[1] < 5000 || r.Total.Lengths[2] < 5000 || r.Total.Rate != 1 || len(r.Gaps) != 0 {
		t.Errorf("%v, rate %v, gaps %v", r.Total.Lengths, r.Total.Rate, said(r.Gaps))
	}
}

func TestRefusals(t *testing.T) {
	c := newCity(t)
	polygons := c.publish("shoreline", layers.Shoreline, item{wkt: box("109.60", "23.09", "109.63", "23.11"), zone: "1"})
	lines := c.publish("lines", layers.Shoreline, item{wkt: "LINESTRING(109.60 23.10,109.63 23.10)", zone: "1"})
	mixed := c.publish("mixed", layers.Shoreline, item{wkt: box("109.60", "23.09", "109.63", "23.11"), zone: "1"},
		item{wkt: "LINESTRING(109.60 23.10,109.63 23.10)", zone: "1"})
	points := c.publish("points", layers.Shoreline, item{wkt: "POINT(109.60 23.10)", zone: "1"})
	redline := c.publish("redline", layers.Redline, item{wkt: box("109.60", "23.09", "109.63", "23.11")})
	nameless := c.publish("region", layers.Region, item{wkt: box("109.60", "23.09", "109.63", "23.11"), name: "港北区"})
	unknown := layers.Ref{Layer: "nowhere", Vintage: "2022", Revision: 1}
	cases := []struct {
		name  string
		zones layers.Ref
		o     shoreline.Options
		code  string
	}{
		{"polygons without a line", polygons, shoreline.Options{}, "shoreline.line.missing"},
		{"a line that is none", polygons, shoreline.Options{Line: redline}, "shoreline.line.not-lines"},
		{"polygons and lines", mixed, shoreline.Options{}, "shoreline.zones.mixed"},
		{"points", points, shoreline.Options{}, "shoreline.zones.none"},
		{"another theme", redline, shoreline.Options{}, "shoreline.zones.theme"},
		{"regions without a code", lines, shoreline.Options{Regions: nameless}, "shoreline.region.no-code"},
		{"a zone that is none", lines, shoreline.Options{Numerator: []int{5}}, "shoreline.numerator.unknown"},
		{"unknown zones", unknown, shoreline.Options{}, "store.vintage.unknown"},
		{"an unknown line", polygons, shoreline.Options{Line: unknown}, "store.vintage.unknown"},
		{"unknown regions", lines, shoreline.Options{Regions: unknown}, "store.vintage.unknown"},
	}
	for _, tc := range cases {
		_, err := shoreline.Rate(context.Background(), layers.NewLibrary(c.store), tc.zones, tc.o)
		if code := geo.CodeOf(err); code != tc.code {
			t.Errorf("%s: %q (%v), want %q", tc.name, code, err, tc.code)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	lib := layers.NewLibrary(c.store)
	if _, err := shoreline.Rate(ctx, lib, lines, shoreline.Options{}); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := shoreline.Rate(ctx, lib, lines, shoreline.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

func TestSameInputsSameResult(t *testing.T) {
	c := newCity(t)
	var zones []item
	for i := range 40 {
		west := 109.60 + float64(i)*0.002
		f := func(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }
		zones = append(zones, item{
			wkt:  box(f(west), "23.09", f(west+0.003), "23.11"),
			zone: strconv.Itoa(i % 5), river: []string{"甲", "乙"}[i%2],
		})
	}
	line := c.publish("bankline", layers.Bankline, item{wkt: "LINESTRING(109.60 23.095,109.70 23.105)"})
	ref := c.publish("shoreline", layers.Shoreline, zones...)
	first := c.rate(ref, shoreline.Options{Line: line})
	for range 5 {
		if again := c.rate(ref, shoreline.Options{Line: line}); !reflect.DeepEqual(flat(first), flat(again)) {
			t.Fatal("the result differs")
		}
	}
}

// flat takes out what is not a number and so differs from itself.
func flat(r shoreline.Result) shoreline.Result {
	rows := slices.Clone(r.Rows)
	for i := range rows {
		rows[i].Stated = 0
	}
	r.Rows, r.Total.Stated = rows, 0
	return r
}

// reads holds every result to being read back from JSON: written again it is the same bytes.
func reads(t *testing.T, r shoreline.Result) {
	t.Helper()
	first, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var read shoreline.Result
	if err := json.Unmarshal(first, &read); err != nil {
		t.Fatal(err)
	}
	if second, err := json.Marshal(read); err != nil || !bytes.Equal(first, second) {
		t.Errorf("%v: written\n%s\nread and written again\n%s", err, first, second)
	}
}
