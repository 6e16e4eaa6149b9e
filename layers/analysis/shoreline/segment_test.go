package shoreline_test

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis/shoreline"
)

// traced holds a result to its promise: the segments are the rows.
func traced(t *testing.T, r shoreline.Result) {
	t.Helper()
	for _, row := range r.Rows {
		sum := geo.Length(0)
		for _, g := range r.Segments {
			if g.Code == row.Code && g.River == row.River {
				sum += g.Length
				near(t, "a segment by its outline", g.Length, ellipsoidLength(g))
				near(t, "a segment by its chainage", g.Length, g.To-g.From)
			}
		}
		near(t, "the segments of "+row.River, sum, row.Total)
	}
	sum := geo.Length(0)
	for _, b := range r.Banks {
		sum += b.Total
	}
	near(t, "the banks", sum, r.Total.Total)
}

// TestChainage has a bank delivered in two lines, which join, and three zones along it.
func TestChainage(t *testing.T) {
	c := newCity(t)
	zones := c.publish("zones", layers.Shoreline,
		item{wkt: "POLYGON((109.60 23.09,109.62 23.09,109.62 23.11,109.60 23.11,109.60 23.09))", zone: "1", river: "郁江"},
		item{wkt: "POLYGON((109.62 23.09,109.65 23.09,109.65 23.11,109.62 23.11,109.62 23.09))", zone: "3", river: "郁江"},
	)
	// The second piece is delivered first.
	line := c.publish("bank", layers.Bankline,
		item{wkt: "LINESTRING(109.63 23.1,109.65 23.1)", river: "郁江", side: "1"},
		item{wkt: "LINESTRING(109.60 23.1,109.61 23.1,109.63 23.1)", river: "郁江", side: "1"},
	)
	r := c.rate(zones, shoreline.Options{Line: line})
	traced(t, r)
	at := func(x string) geo.Length { return along(t, "LINESTRING(109.60 23.1,"+x+" 23.1)") }
	want := []struct {
		zone, line int64
		from, to   geo.Length
	}{
		{1, 2, 0, at("109.62")},
		{2, 2, at("109.62"), at("109.63")},
		{2, 1, at("109.63"), at("109.65")},
	}
	if len(r.Segments) != len(want) {
		t.Fatalf("%d segments, want %d: %+v", len(r.Segments), len(want), r.Segments)
	}
	for i, w := range want {
		g := r.Segments[i]
		if g.Zone != w.zone || g.Line != w.line || g.Chain != 1 || g.Side != "1" || g.Closed {
			t.Errorf("segment %d: %+v", i, g)
		}
		near(t, "from", g.From, w.from)
		near(t, "to", g.To, w.to)
	}
	if codes := said(r.Gaps); !slices.Contains(codes, "shoreline.bank.single") {
		t.Errorf("only the left bank is there, said %v", codes)
	}
}

// TestIslandsAreStated has both banks and an island whose shore is a ring, cut in two by the zones.
func TestIslandsAreStated(t *testing.T) {
	c := newCity(t)
	ring := "LINESTRING(109.61 23.1,109.62 23.1,109.62 23.105,109.61 23.105,109.61 23.1)"
	zones := c.publish("zones", layers.Shoreline,
		item{wkt: "LINESTRING(109.60 23.12,109.63 23.12)", zone: "1", river: "郁江", side: "1"},
		item{wkt: "LINESTRING(109.63 23.09,109.60 23.09)", zone: "4", river: "郁江", side: "2"},
		item{wkt: ring, zone: "2", river: "郁江"},
	)
	r := c.rate(zones, shoreline.Options{})
	traced(t, r)
	if len(r.Banks) != 3 || r.Banks[0].Side != "" || r.Banks[0].Rings != 1 {
		t.Fatalf("banks %+v", r.Banks)
	}
	near(t, "the island", r.Banks[0].Closed, along(t, ring))
	if r.Banks[1].Closed != 0 || r.Banks[2].Closed != 0 || len(r.Gaps) != 0 {
		t.Errorf("banks %+v, gaps %v", r.Banks, said(r.Gaps))
	}
}

// TestALakeOfTwoLinesIsClosed joins lines to a ring.
func TestALakeOfTwoLinesIsClosed(t *testing.T) {
	c := newCity(t)
	zones := c.publish("zones", layers.Shoreline,
		item{wkt: "LINESTRING(109.61 23.1,109.62 23.1,109.62 23.105)", zone: "1", river: "东湖"},
		item{wkt: "LINESTRING(109.62 23.105,109.61 23.105,109.61 23.1)", zone: "3", river: "东湖"},
	)
	r := c.rate(zones, shoreline.Options{})
	traced(t, r)
	for _, g := range r.Segments {
		if !g.Closed || g.Chain != 1 {
			t.Errorf("segment %+v", g)
		}
	}
	if len(r.Banks) != 1 || r.Banks[0].Rings != 1 {
		t.Errorf("one lake, but banks %+v", r.Banks)
	}
	near(t, "where the second begins", r.Segments[1].From, r.Segments[0].To)
}

func TestStatedLengths(t *testing.T) {
	c := newCity(t)
	square := "POLYGON((109.60 23.09,109.62 23.09,109.62 23.11,109.60 23.11,109.60 23.09))"
	zones := c.publish("zones", layers.Shoreline,
		item{wkt: square, zone: "1", river: "郁江", stated: "1.5", region: "450802"},
		item{wkt: square, zone: "4", river: "郁江", stated: " 0.5 ", region: "450802"},
		item{wkt: square, zone: "2", river: "黔江", stated: "无"},
	)
	r := c.rate(zones, shoreline.Options{Lengths: shoreline.Stated, Unit: "km"})
	if len(r.Rows) != 1 || r.Rows[0].Code != "450802" || r.Rows[0].Rate != 0.75 || r.Rows[0].Total != 2000 {
		t.Errorf("rows %+v", r.Rows)
	}
	if codes := said(r.Gaps); !reflect.DeepEqual(codes, []string{"shoreline.stated.partial"}) {
		t.Errorf("said %v", codes)
	}
	if r.Provenance.Method != "" || len(r.Segments) != 0 {
		t.Errorf("nothing was measured, but method %q and %d segments", r.Provenance.Method, len(r.Segments))
	}
	if _, err := c.try(zones, shoreline.Options{Lengths: shoreline.Stated}); problem(err) != "shoreline.unit.unknown" {
		t.Errorf("no unit: %v", err)
	}
	if _, err := c.try(zones, shoreline.Options{Lengths: "guessed"}); problem(err) != "shoreline.lengths.unknown" {
		t.Errorf("another way: %v", err)
	}
}

// TestEncroachments has a works of which a quarter lies in the zone of polygons, and sand taken at two places.
func TestEncroachments(t *testing.T) {
	c := newCity(t)
	zone := "POLYGON((109.60 23.09,109.62 23.09,109.62 23.11,109.60 23.11,109.60 23.09))"
	works := "POLYGON((109.61 23.10,109.63 23.10,109.63 23.12,109.61 23.12,109.61 23.10))"
	shared := "POLYGON((109.61 23.10,109.62 23.10,109.62 23.11,109.61 23.11,109.61 23.10))"
	zones := c.publish("zones", layers.Shoreline, item{wkt: zone, zone: "1", river: "郁江", name: "城区段"})
	line := c.publish("bank", layers.Bankline, item{wkt: "LINESTRING(109.59 23.105,109.64 23.105)", river: "郁江"})
	land := c.publish("land", layers.Landuse, item{wkt: works, class: "0602"}, item{wkt: works, class: "0101"})
	sand := c.publish("sand", layers.Activity,
		item{wkt: "POINT(109.605 23.095)", class: "mining"}, item{wkt: "POINT(109.7 23.2)", class: "mining"})
	o := shoreline.Options{
		Line: line, Landuse: land, Activities: sand, Construction: func(class string) bool { return class == "0602" },
	}
	r := c.rate(zones, o)
	if len(r.Encroachments) != 2 {
		t.Fatalf("%+v", r.Encroachments)
	}
	worksAt, sandAt := r.Encroachments[0], r.Encroachments[1]
	if worksAt.Class != "0602" || worksAt.Number != 1 || worksAt.Activity || worksAt.ZoneName != "城区段" {
		t.Errorf("works %+v", worksAt)
	}
	if want := legalArea(t, shared); math.Abs(float64(worksAt.Area-want)) > 0.01 {
		t.Errorf("works take %.3f m², want %.3f", worksAt.Area, want)
	}
	near(t, "the shoreline they take", worksAt.Length, along(t, "LINESTRING(109.61 23.105,109.62 23.105)"))
	if !sandAt.Activity || len(sandAt.Points) != 1 || sandAt.Area != 0 || sandAt.Feature != 1 {
		t.Errorf("sand %+v", sandAt)
	}

	// Zones that are lines: the patch takes a length, and a point lies on the shoreline when it is near it.
	lines := c.publish("lines", layers.Shoreline,
		item{wkt: "LINESTRING(109.60 23.0951,109.62 23.0951)", zone: "2", river: "郁江"})
	o.Line = layers.Ref{}
	if r = c.rate(lines, o); len(r.Encroachments) != 1 || !r.Encroachments[0].Activity {
		t.Errorf("11 m from the line: %+v", r.Encroachments)
	}
	o.Reach = 10
	if r = c.rate(lines, o); len(r.Encroachments) != 0 {
		t.Errorf("11 m from the line is beyond 10 m: %+v", r.Encroachments)
	}
	o.Landuse = sand
	if _, err := c.try(lines, o); problem(err) != "shoreline.patches.theme" {
		t.Errorf("activities as land use: %v", err)
	}
}

func TestResultsSurviveJSON(t *testing.T) {
	c := newCity(t)
	zones := c.publish("zones", layers.Shoreline,
		item{wkt: "LINESTRING(109.60 23.12,109.63 23.12)", zone: "1", river: "郁江", side: "1", stated: "3"})
	r := c.rate(zones, shoreline.Options{})
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back shoreline.Result
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(raw) {
		t.Errorf("%v\n%s\n%s", err, raw, again)
	}
}

func problem(err error) string {
	var p *geo.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}
