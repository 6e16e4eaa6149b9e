package api_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"greenshield/api"
)

type checkDoc struct {
	ID, Verdict, File, Date string
	Inline                  bool
	Parcels                 []parcelDoc
	Layers                  []struct {
		Ref     string
		Parcels int
		Union   *measure
	}
	Area       measure
	Union      *measure
	Provenance struct {
		Refs     []string
		RuleBook string
		Program  string
	}
}

type parcelDoc struct {
	Row      int64
	Name     string
	Verdict  string
	Area     measure
	Geometry *struct{ Type string }
	BBox     []float64
	Findings []struct {
		Ref, Theme, Title, Outcome, SharePrinted, Text string
		Area                                           measure
		Share                                          float64
		Geometry                                       *struct{ Type string }
	}
	Checked []struct {
		Ref      string
		Overlaps int
	}
	Gaps []struct{ Code, Text string }
}

// drawn is the body of a check for a square parcel.
func drawn(x, y, size float64) string {
	ring, _ := json.Marshal(square(x, y, size))
	return fmt.Sprintf(`{"geometry":{"type":"Polygon","coordinates":%s},"name":"试点","activity":"construction"}`, ring)
}

func (h *house) draw(t *testing.T, x, y, size float64) checkDoc {
	t.Helper()
	return read[checkDoc](t, h.post(t, "/api/checks", "application/json",
		strings.NewReader(h.known(t, drawn(x, y, size)))), 201)
}

// known puts an activity that the rule book has into a body.
func (h *house) known(t *testing.T, body string) string {
	t.Helper()
	return strings.Replace(body, `"construction"`, `"`+h.activity(t)+`"`, 1)
}

func (h *house) activity(t *testing.T) string {
	t.Helper()
	return read[catalogue](t, h.get(t, "/api/catalogue"), 200).Activities[0].ID
}

func TestDrawnParcel(t *testing.T) {
	h := newHouse(t, nil)
	h.city(t)
	hit := h.draw(t, 0.5, 0.5, 1)
	if hit.Verdict == "clear" || !hit.Inline || len(hit.Parcels) != 1 || len(hit.Parcels[0].Findings) < 2 {
		t.Fatalf("hit: %+v", hit)
	}
	p := hit.Parcels[0]
	if p.Name != "试点" || p.Geometry == nil || len(p.BBox) != 4 || p.Area.Printed.Mu == "" {
		t.Errorf("parcel: %+v", p)
	}
	f := p.Findings[0]
	if f.Geometry == nil || f.Share <= 0 || f.Share > 1 || !strings.HasSuffix(f.SharePrinted, " %") || f.Text == "" {
		t.Errorf("finding: %+v", f)
	}
	// A quarter of the parcel lies in the protected area, all of it in the red line.
	for _, f := range p.Findings {
		want := 1.0
		if f.Theme == "protected" {
			want = 0.25
		}
		if math.Abs(f.Share-want) > 1e-4 { // the legal area shrinks a little with latitude
			t.Errorf("%s: share %g, want %g", f.Ref, f.Share, want)
		}
	}
	miss := h.draw(t, 50, 50, 1)
	if len(miss.Parcels[0].Findings) != 0 || len(miss.Parcels[0].Checked) < 2 {
		t.Errorf("miss: %+v", miss)
	}
	if miss.Verdict != "clear" {
		t.Errorf("miss: %s because of %+v", miss.Verdict, miss.Parcels[0].Gaps)
	}
}

func TestCheckIsKept(t *testing.T) {
	dir := t.TempDir()
	h := openHouse(t, dir, newHouse(t, nil).store, nil)
	h.city(t)
	made := h.draw(t, 0.5, 0.5, 1)
	raw := h.get(t, "/api/checks/"+made.ID).body
	h.leave()
	again := openHouse(t, dir, h.store, nil)
	if kept := again.get(t, "/api/checks/"+made.ID); !bytes.Equal(kept.body, raw) {
		t.Errorf("after a restart:\n%s\nbefore:\n%s", kept.body, raw)
	}
	if zh := again.get(t, "/api/checks/"+made.ID+"?lang=zh-CN"); bytes.Equal(zh.body, raw) {
		t.Error("a check that was made in English is told in English for ever")
	}
	one := read[parcelDoc](t, again.get(t, "/api/checks/"+made.ID+"/parcels/1"), 200)
	if one.Geometry == nil || one.Verdict != made.Verdict {
		t.Errorf("one parcel: %+v", one)
	}
	refused(t, again.get(t, "/api/checks/"+made.ID+"/parcels/2"), 404, "api.parcel.unknown")
	overlaps := read[struct{ Features []any }](t, again.get(t, "/api/checks/"+made.ID+"/overlaps.geojson"), 200)
	if len(overlaps.Features) != len(made.Parcels[0].Findings) {
		t.Errorf("%d overlaps, want %d", len(overlaps.Features), len(made.Parcels[0].Findings))
	}
	workbook(t, again.get(t, "/api/checks/"+made.ID+"/report.xlsx?lang=zh-CN"), "冲突检测报告")
}

// workbook checks that a download is a spreadsheet under a Chinese name.
func workbook(t *testing.T, r reply, name string) {
	t.Helper()
	if r.StatusCode != 200 || !strings.Contains(r.Header.Get("Content-Disposition"),
		"filename*=UTF-8''"+url.QueryEscape(name)) {
		t.Fatalf("%s: %d %v %.300s", r.Request.URL, r.StatusCode, r.Header.Get("Content-Disposition"), r.body)
	}
	z, err := zip.NewReader(bytes.NewReader(r.body), int64(len(r.body)))
	if err != nil {
		t.Fatalf("%s: %v", r.Request.URL, err)
	}
	if !slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == "xl/workbook.xml" }) {
		t.Errorf("%s is no workbook", r.Request.URL)
	}
}

func TestBatchComesWithoutOutlines(t *testing.T) {
	h := newHouse(t, func(c *api.Config) { c.Limits.InlineParcels, c.Limits.Parcels, c.Limits.Vertices = 2, 5, 1000 })
	h.city(t)
	batch := func(n int) *form {
		var features []string
		for i := range n {
			ring, _ := json.Marshal(square(float64(i), 0, 0.5))
			features = append(features, fmt.Sprintf(
				`{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":%s}}`, ring))
		}
		return newForm("activity", h.activity(t)).file("地块.geojson",
			`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4490"}},"features":[`+
				strings.Join(features, ",")+`]}`)
	}
	two := read[checkDoc](t, h.send(t, "/api/checks", batch(2)), 201)
	if !two.Inline || two.Parcels[0].Geometry == nil || two.File != "地块.geojson" {
		t.Errorf("two: %+v", two)
	}
	three := read[checkDoc](t, h.send(t, "/api/checks", batch(3)), 201)
	if three.Inline || three.Parcels[0].Geometry != nil || len(three.Parcels[0].BBox) != 4 ||
		len(three.Parcels[0].Findings) == 0 {
		t.Errorf("three: %+v", three)
	}
	one := read[parcelDoc](t, h.get(t, fmt.Sprintf("/api/checks/%s/parcels/%d", three.ID, three.Parcels[1].Row)), 200)
	if one.Geometry == nil {
		t.Errorf("one of three: %+v", one)
	}
	if three.Union == nil || math.Abs(three.Union.M2-three.Area.M2) > 0.1 {
		t.Errorf("parcels that do not overlap: sum %v, union %v", three.Area, three.Union)
	}
	refused(t, h.send(t, "/api/checks", batch(6)), 422, "ingest.parcels.too-many")
	if left := h.cleared(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSurveyFileIsChecked(t *testing.T) {
	const folder = "../../shared/data/txt-kcdj"
	names := surveyFiles(t, folder)
	h := newHouse(t, nil)
	h.city(t)
	for _, n := range names {
		r := h.send(t, "/api/checks", newForm("activity", h.activity(t)).file(n,
			string(must(os.ReadFile(folder+"/"+n))(t))))
		if r.StatusCode != 201 {
			if p := read[problem](t, r, r.StatusCode); r.StatusCode != 422 || !strings.HasPrefix(p.Code, "ingest.") ||
				strings.HasPrefix(p.Detail, p.Code) {
				t.Errorf("%s: %d %+v", n, r.StatusCode, p)
			}
		}
	}
}

func surveyFiles(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Skip(folder + " is not there")
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(strings.ToLower(e.Name()), ".txt") {
			names = append(names, e.Name())
		}
	}
	return names
}

type changeDoc struct {
	Layer, Before, After string
	Rows                 []changeRowDoc
	Total                changeRowDoc
	Classes              []struct{ Code, Name string }
	Matrix               [][]measure
	Patches              int
}

type changeRowDoc struct {
	Code                                                 string
	Before, After, Gained, Lost, Net, Unchanged, Changed measure
}

func TestChanges(t *testing.T) {
	h := newHouse(t, nil)
	h.city(t)
	const query = "?before=landuse@2022.1&after=landuse@2023.1&regions=region@2023.1"
	got := read[changeDoc](t, h.get(t, "/api/changes"+query), 200)
	if got.Layer != "landuse" || len(got.Classes) != 3 || len(got.Matrix) != 3 || got.Patches == 0 {
		t.Fatalf("got %+v", got)
	}
	if got.Total.Changed.M2 < 1e6 || got.Total.Net.M2 > 1 {
		t.Errorf("total: %+v", got.Total)
	}
	sum := new(big.Rat)
	for _, row := range got.Rows {
		v, ok := new(big.Rat).SetString(row.After.Printed.Hectares)
		if !ok {
			t.Fatalf("row: %+v", row)
		}
		sum.Add(sum, v)
	}
	if total, _ := new(big.Rat).SetString(got.Total.After.Printed.Hectares); total == nil || sum.Cmp(total) != 0 {
		t.Errorf("printed rows add up to %s, printed total %s", sum.FloatString(4), got.Total.After.Printed.Hectares)
	}
	patches := read[struct{ Features []any }](t, h.get(t, "/api/changes/patches.geojson"+query), 200)
	if len(patches.Features) != got.Patches {
		t.Errorf("%d patches, want %d", len(patches.Features), got.Patches)
	}
	workbook(t, h.get(t, "/api/changes/report.xlsx"+query+"&lang=zh-CN"), "年度变化报告")
	r := h.get(t, "/api/changes?before=landuse@2022.1&after=redline@2023.1")
	if r.StatusCode < 400 || r.StatusCode > 499 {
		t.Errorf("two layers compared: %d %s", r.StatusCode, r.body)
	}
	if r := h.get(t, "/api/changes?before=shore@2023.1&after=shore@2023.1"); r.StatusCode < 400 || r.StatusCode > 499 {
		t.Errorf("lines compared: %d %s", r.StatusCode, r.body)
	}
}

func TestShoreline(t *testing.T) {
	h := newHouse(t, nil)
	h.city(t)
	type row struct {
		River, RatePrinted string
		Rate               *float64
		Total              struct{ M float64 }
		Lengths            []struct{ M float64 }
	}
	type doc struct {
		Rows  []row
		Total row
	}
	got := read[doc](t, h.get(t, "/api/shoreline?zones=shore@2023.1"), 200)
	if len(got.Rows) != 1 || got.Rows[0].River != "甲江" || got.Total.Rate == nil ||
		math.Abs(*got.Total.Rate-0.5) > 1e-6 ||
		got.Total.RatePrinted != "50.00 %" || len(got.Total.Lengths) != 5 {
		t.Errorf("got %+v", got)
	}
	workbook(t, h.get(t, "/api/shoreline/report.xlsx?zones=shore@2023.1&lang=zh-CN"), "岸线保护率报告")
	if r := h.get(t, "/api/shoreline?zones=redline@2023.1"); r.StatusCode < 400 || r.StatusCode > 499 {
		t.Errorf("a red line measured as shoreline: %d %s", r.StatusCode, r.body)
	}
}

func TestBusyServerSaysWhenToComeBack(t *testing.T) {
	h := newHouse(t, func(c *api.Config) { c.Limits.HeavyRequests = -1 })
	h.city(t)
	for _, r := range []reply{
		h.post(t, "/api/checks", "application/json", strings.NewReader(h.known(t, drawn(0, 0, 1)))),
		h.get(t, "/api/changes?before=landuse@2022.1&after=landuse@2023.1"),
		h.get(t, "/api/shoreline?zones=shore@2023.1"),
	} {
		refused(t, r, 503, "api.busy")
		if r.Header.Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", r.Request.URL)
		}
	}
}
