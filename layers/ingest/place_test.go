package ingest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/store/memory"
)

// square is a square of 600 m in a Gauss-Krüger plane.
func square(properties string, x, y float64) string {
	const ring = `[[[%[1]f,%[2]f],[%[3]f,%[2]f],[%[3]f,%[4]f],[%[1]f,%[4]f],[%[1]f,%[2]f]]]`
	return feature(properties, "Polygon", fmt.Sprintf(ring, x, y, x+600, y+600))
}

func TestOneDeliveryInTwoZones(t *testing.T) {
	// The meridian 109.5° E parts the 3° zones 36 and 37.
	west, east := square(`"HXMM":"西"`, 36_650_000, 2_560_000), square(`"HXMM":"东"`, 37_345_000, 2_560_000)
	plain := square(`"HXMM":"无带号"`, 345_000, 2_560_000)
	for name, tc := range map[string]struct {
		declared string
		rows     []string
		zones    int
		code     string
		used     string
	}{
		"not said":                      {"", []string{west, east}, 0, "ingest.crs.numbers-impossible", ""},
		"one zone declared":             {"EPSG:4524", []string{west, east}, 0, "ingest.rejects", ""},
		"each in its own":               {"null", []string{west, east}, 3, "", "EPSG:4524, EPSG:4525"},
		"each in its own, one declared": {"EPSG:4524", []string{west, east}, 3, "", "EPSG:4524, EPSG:4525"},
		"one zone only":                 {"null", []string{east}, 3, "", "EPSG:4525"},
		"a row without a number":        {"null", []string{west, plain}, 3, "ingest.rejects", ""},
		"no numbers":                    {"null", []string{plain}, 3, "ingest.crs.zones-none", ""},
		"zones of another width":        {"null", []string{west, east}, 6, "ingest.crs.zones-none", ""},
		"degrees declared":              {"EPSG:4490", []string{west, east}, 3, "ingest.crs.zones-differ", ""},
		"no zone numbers declared":      {"EPSG:4545", []string{west, east}, 3, "ingest.crs.zones-differ", ""},
	} {
		req := redline(t, collection(t, tc.declared, tc.rows...))
		req.Zones = tc.zones
		if name == "not said" {
			req.Path = collection(t, "EPSG:4490", tc.rows...)
		}
		report, err := ingest.Import(t.Context(), memory.New(), req)
		if geo.CodeOf(err) != tc.code && tc.code != "ingest.crs.numbers-impossible" {
			t.Errorf("%s: %v", name, err)
		}
		if tc.code != "" {
			if err == nil {
				t.Errorf("%s: published", name)
			}
			continue
		}
		if p := report.Vintage.Provenance; p.Used != tc.used || !p.TreatedAs {
			t.Errorf("%s: used %q", name, p.Used)
		}
		if !slices.Contains(codesOf(report.Issues), "ingest.crs.zones") {
			t.Errorf("%s: the zones are not told: %v", name, codesOf(report.Issues))
		}
		b := report.Vintage.Bound
		if b.Max[0]-b.Min[0] > 0.1 || b.Min[0] < 109.4 || b.Max[0] > 109.6 {
			t.Errorf("%s: lies at %v", name, b)
		}
	}
	req := redline(t, collection(t, "null", west))
	req.Zones, req.System = 3, system(t, "EPSG:4525")
	if _, err := ingest.Import(t.Context(), memory.New(), req); geo.CodeOf(err) != "ingest.crs.zones-and-system" {
		t.Errorf("zones and a system: %v", err)
	}
}

// town publishes two regions with a ragged border and gives their corners.
func town(t *testing.T, s layers.Store) []orb.Point {
	t.Helper()
	corner := func(i, k int) orb.Point {
		return orb.Point{109 + 0.02*float64(i) + 0.003*float64(k%3), 23 + 0.02*float64(k) + 0.002*float64(i%4)}
	}
	var corners, border []orb.Point
	for i := range 10 {
		border = append(border, corner(i, 0))
	}
	for k := range 9 {
		border = append(border, corner(9, k+1))
	}
	for i := range 9 {
		border = append(border, corner(8-i, 9))
	}
	for k := range 8 {
		border = append(border, corner(0, 8-k))
	}
	corners = append(corners, border...)
	req := redline(t, collection(t, "", feature(`"XZQDM":"450802"`, "Polygon", ringText(border))))
	req.Layer, req.Vintage = layers.Layer{ID: "region", Theme: layers.Region, Title: "行政区"}, "2020"
	if _, err := ingest.Import(t.Context(), s, req); err != nil {
		t.Fatal(err)
	}
	return corners
}

func ringText(points []orb.Point) string {
	var b strings.Builder
	b.WriteString("[[")
	for _, p := range append(slices.Clone(points), points[0]) {
		fmt.Fprintf(&b, "[%.9f,%.9f],", p[0], p[1])
	}
	return strings.TrimSuffix(b.String(), ",") + "]]"
}

func TestBordersInAnObfuscatedFrameAreSuspected(t *testing.T) {
	for name, tc := range map[string]struct {
		frame, operator, want string
	}{
		"bad-input 89 where the regions are": {"", "", ""},
		"bad-input 89 GCJ-02":                {crs.FrameGCJ02, "", crs.FrameGCJ02},
		"bad-input 89 BD-09":                 {crs.FrameBD09, "", crs.FrameBD09},
		"bad-input 89 GCJ-02, looked at":     {crs.FrameGCJ02, "none", ""},
	} {
		s := memory.New()
		var moved []orb.Point
		for _, p := range town(t, s) {
			q, _ := crs.Displaced(tc.frame, p)
			moved = append(moved, q)
		}
		req := redline(t, collection(t, "", feature(`"HXMM":"a"`, "Polygon", ringText(moved))))
		req.Suspected = tc.operator
		report, err := ingest.Import(t.Context(), s, req)
		if err != nil {
			t.Fatal(err)
		}
		if got := report.Vintage.Provenance.Suspected; got != tc.want {
			t.Errorf("%s: suspected %q", name, got)
		}
		if has := slices.Contains(codesOf(report.Issues), "ingest.crs.suspected-shift"); has != (tc.want != "") {
			t.Errorf("%s: %v", name, codesOf(report.Issues))
		}
	}
}

func TestFeaturesOutsideTheRegionsAreTold(t *testing.T) {
	inside, outside := cell(`"HXMM":"内"`, 109.05, 23.05), cell(`"HXMM":"外"`, 110, 23.05)
	across := cell(`"HXMM":"跨"`, 109.178, 23.08)
	for name, tc := range map[string]struct {
		rows []string
		want []string
	}{
		"all inside":   {[]string{inside}, nil},
		"one is away":  {[]string{inside, outside}, []string{"ingest.regions.away row=2 name=外", "ingest.regions.beyond rows=2 away=1 reaching=0"}},
		"one reaches":  {[]string{inside, across}, []string{"ingest.regions.beyond rows=2 away=0 reaching=1"}},
		"all are away": {[]string{outside}, []string{"ingest.regions.away row=1", "ingest.regions.all-away rows=1"}},
	} {
		s := memory.New()
		town(t, s)
		report, err := ingest.Import(t.Context(), s, redline(t, collection(t, "", tc.rows...)))
		if err != nil {
			t.Fatal(err)
		}
		got := said(report, "ingest.regions.")
		if len(got) != len(tc.want) {
			t.Errorf("%s: %q", name, got)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], tc.want[i]) {
				t.Errorf("%s: %q, want %q", name, got[i], tc.want[i])
			}
		}
	}
	// What lies outside is measured by another way than the raster's.
	s := memory.New()
	border := town(t, s)
	report, err := ingest.Import(t.Context(), s, redline(t, collection(t, "", inside, across)))
	if err != nil {
		t.Fatal(err)
	}
	want := outsideByHalves(orb.Ring(append(slices.Clone(border), border[0])), orb.Bound{
		Min: orb.Point{109.178, 23.08}, Max: orb.Point{109.188, 23.09},
	})
	var got float64
	text := said(report, "ingest.regions.beyond")[0]
	if _, err := fmt.Sscanf(text[strings.Index(text, "area="):], "area=%f", &got); err != nil {
		t.Fatal(err)
	}
	if diff := got - want; diff > 0.02*want || diff < -0.02*want {
		t.Errorf("outside: %.1f m², want about %.1f", got, want)
	}
}

// outsideByHalves sums small cells of a bound whose middle is outside the ring.
func outsideByHalves(ring orb.Ring, b orb.Bound) float64 {
	const n = 200
	total := float64(ellipsoid.Area(b.ToPolygon()))
	out := 0
	for i := range n {
		for k := range n {
			x := b.Min[0] + (float64(i)+0.5)/n*(b.Max[0]-b.Min[0])
			y := b.Min[1] + (float64(k)+0.5)/n*(b.Max[1]-b.Min[1])
			if !crossings(ring, x, y) {
				out++
			}
		}
	}
	return total * float64(out) / (n * n)
}

// crossings reports whether a point is inside a ring by counting edges to the east of it.
func crossings(ring orb.Ring, x, y float64) bool {
	inside := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a[1] > y) != (b[1] > y) && x < a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			inside = !inside
		}
	}
	return inside
}
