package inquiry_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/inquiry"
	"greenshield/layers/report"
)

// TestKeptAnswersReadTheSame: what is kept of an answer gives the same tables and the same map as the answer itself.
func TestKeptAnswersReadTheSame(t *testing.T) {
	d := desk(t)
	var err error
	if d.Codes, err = codes.Load(os.DirFS("../../data/codes")); err != nil {
		t.Fatal(err)
	}
	publish(t, d, "red", layers.Redline, square(0, 40, "", "A"))
	publish(t, d, "red2", layers.Redline, square(10, 50, "", "A"))
	publish(t, d, "land", layers.Landuse, square(0, 50, "0301", "1"))
	publish(t, d, "land2", layers.Landuse, square(0, 20, "0602", "2"), square(20, 48, "0301", "1")) // a gap with a ref: it ends before red2 does
	for name, question := range map[string]string{
		"nodecrease": `{"baseline":"red@2024.1","current":"red2@2024.1","landBefore":"land@2024.1","landNow":"land2@2024.1",
			"approvals":[{"number":"X","feature":"2"}],"scores":[{"region":"4508","before":80,"now":79}]}`,
		"leads": `{"land":"land2@2024.1","landBefore":"land@2024.1","redline":"red2@2024.1","batch":"2026",
			"earlier":[{"id":"E","centre":[110.005,23.005],"closed":true}]}`,
	} {
		a, err := kind(t, name).Ask(t.Context(), d, json.RawMessage(question))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		q, err := json.Marshal(a.Question)
		if err != nil {
			t.Fatal(err)
		}
		r, err := json.Marshal(a.Result)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := kind(t, name).Read(q, r)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if one, two := files(t, a), files(t, kept); !bytes.Equal(one, two) {
			t.Errorf("%s: what was kept prints otherwise", name)
		}
		again, err := kind(t, name).Ask(t.Context(), d, q)
		if err != nil || !bytes.Equal(files(t, a), files(t, again)) {
			t.Errorf("%s: asked again, the answer differs: %v", name, err)
		}
	}
}

// files are the tables and the map of an answer.
func files(t *testing.T, a inquiry.Answer) []byte {
	t.Helper()
	p := report.Printer{Lang: "en", Words: words{}}
	var out bytes.Buffer
	for _, table := range a.Document(p).Tables {
		if err := table.CSV(&out); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.GeoJSON(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// square is 10 by some thousandths of a degree from 110° E, 23° N.
func square(x0, x1 float64, class, code string) layers.Feature {
	w, e := 110+x0/1000, 110+x1/1000
	g := orb.Polygon{{{w, 23}, {e, 23}, {e, 23.01}, {w, 23.01}, {w, 23}}}
	f := layers.Feature{Geometry: g, Area: ellipsoid.Area(g), Roles: map[layers.Role]string{layers.Code: code}}
	if class != "" {
		f.Roles[layers.Class] = class
	}
	return f
}
