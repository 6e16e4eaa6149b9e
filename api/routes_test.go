package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/api"
	"greenshield/geo"
	"greenshield/geo/ellipsoid"
)

// lockedWriter lets a log be written by several goroutines.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func lengthOf(g orb.Geometry) geo.Length {
	if g.Dimensions() == 1 {
		return ellipsoid.Length(g)
	}
	return 0
}

type catalogue struct {
	Limits     struct{ UploadBytes int64 }
	Themes     []struct{ ID, Title string }
	Activities []struct{ ID, Title string }
	Layers     []layerInfo
}

type layerInfo struct {
	ID, Theme, Title, Geometry string
	Classed                    bool
	Vintages                   []struct {
		Ref     string
		Current bool
		Area    measure
		BBox    []float64
	}
}

type measure struct {
	M2      float64
	Printed struct{ M2, Hectares, Mu string }
}

func TestCatalogue(t *testing.T) {
	h := newHouse(t, nil)
	empty := read[catalogue](t, h.get(t, "/api/catalogue"), 200)
	if len(empty.Layers) != 0 || len(empty.Themes) != 11 || len(empty.Activities) == 0 || empty.Limits.UploadBytes == 0 {
		t.Errorf("empty: %+v", empty)
	}
	h.city(t)
	h.publish(t, "redline", "redline", "2023", item{geometry: square(0, 0, 3)})
	got := read[catalogue](t, h.get(t, "/api/catalogue?lang=zh-CN"), 200)
	i := slices.IndexFunc(got.Layers, func(l layerInfo) bool { return l.ID == "redline" })
	redline := got.Layers[i]
	if len(redline.Vintages) != 2 || redline.Vintages[0].Ref != "redline@2023.2" || !redline.Vintages[0].Current ||
		redline.Vintages[1].Current || len(redline.Vintages[0].BBox) != 4 || redline.Vintages[0].Area.M2 < 1e6 ||
		redline.Vintages[0].Area.Printed.Hectares == "" || redline.Geometry != "polygon" {
		t.Errorf("redline: %+v", redline)
	}
	if got.Themes[0].Title != "生态保护红线" {
		t.Errorf("theme: %+v", got.Themes[0])
	}
	for _, l := range got.Layers {
		if l.ID == "landuse" && !l.Classed || l.ID == "shore" && l.Geometry != "line" {
			t.Errorf("layer: %+v", l)
		}
	}
}

func TestVintageLife(t *testing.T) {
	h := newHouse(t, nil)
	h.city(t)
	type vintage struct {
		Ref, Layer, Theme, Title, Content string
		Fields                            []struct{ Name, Role string }
		Rejected                          []any
	}
	v := read[vintage](t, h.get(t, "/api/vintages/redline@2023.1"), 200)
	if v.Layer != "redline" || v.Theme != "redline" || v.Title != "图层 redline" || len(v.Content) != 64 ||
		len(v.Fields) != 2 || v.Fields[0].Role != "name" || v.Rejected == nil {
		t.Errorf("got %+v", v)
	}
	csv := h.get(t, "/api/vintages/redline@2023.1/rejects.csv?lang=zh-CN")
	if csv.StatusCode != 200 || !bytes.HasPrefix(csv.body, []byte("\ufeff")) ||
		!strings.Contains(csv.Header.Get("Content-Disposition"), "filename*=UTF-8''%E6%9C%AA") {
		t.Errorf("csv: %v %q", csv.Header, csv.body)
	}
	if r := h.do(t, h.request(t, http.MethodDelete, "/api/vintages/redline@2023.1", "", nil)); r.StatusCode != 204 {
		t.Fatalf("withdraw: %d %s", r.StatusCode, r.body)
	}
	refused(t, h.get(t, "/api/vintages/redline@2023.1"), 404, "store.vintage.unknown")
	refused(t, h.get(t, "/api/vintages/redline@2023.1/features/1"), 404, "store.vintage.unknown")
	refused(t, h.do(t, h.request(t, http.MethodDelete, "/api/vintages/redline@2023.1", "", nil)), 404,
		"store.vintage.unknown")
}

type features struct {
	Type           string
	NumberReturned int
	Features       []struct {
		ID         int64
		Properties map[string]any
		Geometry   struct{ Type string }
	}
	Links []struct{ Rel, Href string }
}

func TestFeaturesPageByPage(t *testing.T) {
	h := newHouse(t, nil)
	var items []item
	for i := range 5 {
		items = append(items, item{geometry: square(float64(2*i), 0, 1)})
	}
	h.publish(t, "redline", "redline", "2023", items...)
	var seen []int64
	pages := 0
	for path := "/api/vintages/redline@2023.1/features?limit=2&bbox=109.3,23,109.465,24"; path != ""; pages++ {
		r := h.get(t, path)
		page := read[features](t, r, 200)
		if r.Header.Get("Content-Type") != "application/geo+json" || page.Type != "FeatureCollection" ||
			page.NumberReturned != len(page.Features) {
			t.Fatalf("%s: %v %s", path, r.Header, r.body)
		}
		path = ""
		for _, f := range page.Features {
			seen = append(seen, f.ID)
		}
		for _, l := range page.Links {
			path = l.Href
		}
	}
	if !slices.Equal(seen, []int64{1, 2, 3, 4}) || pages != 2 {
		t.Errorf("saw %v on %d pages", seen, pages)
	}
	one := h.get(t, "/api/vintages/redline@2023.1/features/3")
	if !strings.Contains(string(one.body), `"type":"Polygon"`) {
		t.Errorf("one: %s", one.body)
	}
	refused(t, h.get(t, "/api/vintages/redline@2023.1/features/6"), 404, "api.feature.unknown")
}

func TestIdentify(t *testing.T) {
	h := newHouse(t, nil)
	h.city(t)
	type place []struct {
		Ref, Title string
		Fields     []struct{ Name, Value any }
	}
	both := read[place](t, h.get(t, "/api/identify?lon=109.405&lat=23.105&refs=protected@2023.1,redline@2023.1"), 200)
	if len(both) != 2 || both[0].Ref != "protected@2023.1" || both[1].Title != "红线甲" || len(both[0].Fields) != 2 {
		t.Errorf("got %+v", both)
	}
	none := read[place](t, h.get(t, "/api/identify?lon=110&lat=23.105&refs=redline@2023.1"), 200)
	line := read[place](t, h.get(t, "/api/identify?lon=109.405&lat=23.1001&refs=shore@2023.1&within=0.001"), 200)
	if len(none) != 0 || len(line) != 1 {
		t.Errorf("none %+v, line %+v", none, line)
	}
}

func TestTiles(t *testing.T) {
	h := newHouse(t, nil)
	h.city(t)
	const path = "/api/tiles/redline@2023.1/10/823/444.mvt"
	r := h.request(t, http.MethodGet, path, "", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	packed := h.do(t, r)
	if packed.StatusCode != 200 || packed.Header.Get("Content-Encoding") != "gzip" ||
		!strings.Contains(packed.Header.Get("Cache-Control"), "immutable") {
		t.Fatalf("packed: %d %v", packed.StatusCode, packed.Header)
	}
	unpacked := must(io.ReadAll(must(gzip.NewReader(bytes.NewReader(packed.body)))(t)))(t)
	r.Header.Set("Accept-Encoding", "identity")
	plain := h.do(t, r)
	if len(plain.body) == 0 || !bytes.Equal(plain.body, unpacked) || plain.Header.Get("Content-Encoding") != "" {
		t.Errorf("plain %d bytes, packed holds %d", len(plain.body), len(unpacked))
	}
	r.Header.Set("If-None-Match", packed.Header.Get("ETag"))
	if again := h.do(t, r); again.StatusCode != 304 || len(again.body) != 0 {
		t.Errorf("again: %d with %d bytes", again.StatusCode, len(again.body))
	}
	r.Header.Set("If-None-Match", `"other"`)
	if other := h.do(t, r); other.StatusCode != 200 {
		t.Errorf("other tag: %d", other.StatusCode)
	}
	if empty := h.get(t, "/api/tiles/redline@2023.1/10/0/0.mvt"); empty.StatusCode != 200 || len(empty.body) != 0 {
		t.Errorf("empty: %d with %d bytes", empty.StatusCode, len(empty.body))
	}
	doc := read[struct {
		TileJSON string
		Tiles    []string
	}](t, h.get(t, "/api/tiles/redline@2023.1/tile.json"), 200)
	if doc.TileJSON != "3.0.0" || doc.Tiles[0] != h.URL+"/api/tiles/redline@2023.1/{z}/{x}/{y}.mvt" {
		t.Errorf("tile.json: %+v", doc)
	}
	style := read[struct {
		Version int
		Layers  []any
	}](t, h.get(t, "/api/style.json?refs=landuse@2023.1,redline@2023.1"), 200)
	if style.Version != 8 || len(style.Layers) < 2 {
		t.Errorf("style: %+v", style)
	}
	legend := read[[]struct{ Theme, Label string }](t, h.get(t, "/api/legend"), 200)
	for _, l := range legend {
		if l.Label == "" || strings.HasPrefix(l.Label, "api.") {
			t.Errorf("legend entry without a label: %+v", l)
		}
	}
}

func TestBadRequests(t *testing.T) {
	h := newHouse(t, nil)
	h.city(t)
	for path, want := range map[string]struct {
		status int
		code   string
	}{
		"/api/vintages/redline":                                       {400, "layer.ref.malformed"},
		"/api/vintages/redline@2023.0":                                {400, "layer.ref.malformed"},
		"/api/vintages/other@2023.1":                                  {404, "store.vintage.unknown"},
		"/api/vintages/redline@2023.9/features":                       {404, "store.vintage.unknown"},
		"/api/vintages/redline@2023.1/features?bbox=1,2,3":            {400, "api.request.bbox"},
		"/api/vintages/redline@2023.1/features?bbox=3,2,1,4":          {400, "api.request.bbox"},
		"/api/vintages/redline@2023.1/features?bbox=NaN,2,3,4":        {400, "api.request.bbox"},
		"/api/vintages/redline@2023.1/features?limit=0":               {422, "api.request.invalid"},
		"/api/vintages/redline@2023.1/features?limit=x":               {422, "api.request.invalid"},
		"/api/vintages/redline@2023.1/features/0":                     {422, "api.request.invalid"},
		"/api/vintages/redline@2023.1/features/x":                     {422, "api.request.invalid"},
		"/api/vintages/" + strings.Repeat("a", 100):                   {422, "api.request.invalid"},
		"/api/layers/none":                                            {404, "api.layer.unknown"},
		"/api/identify?lon=1&lat=2":                                   {422, "api.request.invalid"},
		"/api/identify?lon=1000&lat=2&refs=redline@2023.1":            {422, "api.request.invalid"},
		"/api/identify?lon=1&lat=2&refs=%27%20OR%201":                 {400, "layer.ref.malformed"},
		"/api/tiles/redline@2023.1/2/9/0.mvt":                         {404, "tile.address.outside"},
		"/api/tiles/redline@2023.1/2/-1/0.mvt":                        {422, "api.request.invalid"},
		"/api/tiles/redline@2023.1/2/1/0.png":                         {404, "api.route.unknown"},
		"/api/tiles/none@2023.1/2/1/0.mvt":                            {404, "store.vintage.unknown"},
		"/api/style.json?refs=none@2023.1":                            {404, "store.vintage.unknown"},
		"/api/imports/none":                                           {404, "job.unknown"},
		"/api/imports/none/rejects.csv":                               {404, "job.unknown"},
		"/api/checks/none":                                            {404, "api.check.unknown"},
		"/api/checks/none/overlaps.geojson":                           {404, "api.check.unknown"},
		"/api/checks/none/report.xlsx":                                {404, "api.check.unknown"},
		"/api/checks/none/parcels/1":                                  {404, "api.check.unknown"},
		"/api/changes?before=landuse@2022.1":                          {422, "api.request.invalid"},
		"/api/changes?before=landuse@2022.1&after=landuse@2029.1":     {404, "store.vintage.unknown"},
		"/api/changes/report.xlsx?before=x&after=landuse@2023.1":      {400, "layer.ref.malformed"},
		"/api/changes/patches.geojson?before=x&after=landuse@2023.1":  {400, "layer.ref.malformed"},
		"/api/shoreline?zones=none@2023.1":                            {404, "store.vintage.unknown"},
		"/api/shoreline?zones=shore@2023.1&line=x":                    {400, "layer.ref.malformed"},
		"/api/shoreline/report.xlsx?zones=shore@2023.1&regions=x@1.1": {400, "layer.ref.malformed"},
		"/api/none":            {404, "api.route.unknown"},
		"/api/../../etc/hosts": {404, "api.route.unknown"},
		"/assets/none.js":      {404, "api.route.unknown"},
		"/api/catalogue/":      {404, "api.route.unknown"},
	} {
		refused(t, h.get(t, path), want.status, want.code)
	}
	refused(t, h.do(t, h.request(t, http.MethodPut, "/api/catalogue", "", nil)), 405, "api.method.unknown")
	refused(t, h.do(t, h.request(t, http.MethodDelete, "/api/imports", "", nil)), 405, "api.method.unknown")
	refused(t, h.post(t, "/api/imports/none/cancel", "", nil), 404, "job.unknown")
}

func TestProblemsSpeakTheVisitorsLanguage(t *testing.T) {
	h := newHouse(t, nil)
	for accept, want := range map[string]string{
		"":                        "没有这个地址",
		"zh":                      "没有这个地址",
		"en-GB,en;q=0.9":          "There is nothing at",
		"fr, en;q=0.5, zh;q=0.4":  "There is nothing at",
		"en;q=0.1, zh-Hans;q=0.9": "没有这个地址",
		"en;q=x":                  "没有这个地址",
	} {
		r := h.request(t, http.MethodGet, "/api/none", "", nil)
		r.Header.Set("Accept-Language", accept)
		if p := refused(t, h.do(t, r), 404, "api.route.unknown"); !strings.HasPrefix(p.Detail, want) {
			t.Errorf("%q: %s", accept, p.Detail)
		}
	}
	if p := refused(t, h.get(t, "/api/none?lang=zh-CN"), 404, "api.route.unknown"); !strings.HasPrefix(p.Detail,
		"没有") {
		t.Errorf("lang=zh-CN: %s", p.Detail)
	}
}

func TestHealthAndMetrics(t *testing.T) {
	h := newHouse(t, nil)
	for _, path := range []string{"/livez", "/readyz"} {
		if r := h.get(t, path); r.StatusCode != 200 {
			t.Errorf("%s: %d %s", path, r.StatusCode, r.body)
		}
	}
	h.get(t, "/api/none-of-these")
	metrics := string(h.get(t, "/metrics").body)
	for _, line := range []string{
		`greenshield_requests_total{method="GET",route="/livez",status="200"} 1`,
		`greenshield_requests_total{method="GET",route="other",status="404"} 1`,
		`greenshield_request_seconds_count{route="/livez"} 1`,
		`greenshield_imports{state="running"} 0`,
		`greenshield_overlay_disagreements_total{analysis="conflict"} 0`,
	} {
		if !strings.Contains(metrics, line+"\n") {
			t.Errorf("metrics lack %s:\n%s", line, metrics)
		}
	}
	h.state.Close()
	refused(t, h.get(t, "/readyz"), 503, "api.state.unusable")
	if r := h.get(t, "/livez"); r.StatusCode != 200 {
		t.Errorf("livez without state: %d", r.StatusCode)
	}
}

func TestLimitsAreTold(t *testing.T) {
	h := newHouse(t, func(c *api.Config) { c.Limits.UploadBytes = 12345 })
	if body := string(h.get(t, "/openapi.json").body); !strings.Contains(body, "12345 bytes") {
		t.Error("the OpenAPI document does not tell the upload limit")
	}
}
