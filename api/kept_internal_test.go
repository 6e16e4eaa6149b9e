package api

import (
	"encoding/json"
	"math"
	"os"
	"testing"
	"time"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// TestChecksOfTheFirstVersionAreRead reads what the first version of the program wrote into its state.
func TestChecksOfTheFirstVersionAreRead(t *testing.T) {
	raw, err := os.ReadFile("testdata/check-first.json")
	if err != nil {
		t.Fatal(err)
	}
	var k keptCheck
	if err := json.Unmarshal(raw, &k); err != nil {
		t.Fatal(err)
	}
	r := k.Result
	if r.Verdict != analysis.Incomplete || len(r.Parcels) != 2 || !math.IsNaN(float64(r.Union)) || r.Area != 5688.25 ||
		len(r.Unread) != 1 || r.Unread[0].Bound.Max[0] != 110 || r.Unread[0].Problem.At[0] != 109 ||
		len(r.Gaps) != 1 || r.Gaps[0].Problem.Code != "check.parcels.union" || !math.IsNaN(float64(r.Layers[0].Union)) ||
		r.Layers[0].Features[0].Union != 123.5 || !r.Provenance.At.Equal(time.Date(2024, 5, 5, 23, 8, 9, 10, time.UTC)) {
		t.Errorf("%+v", r)
	}
	p := r.Parcels[0]
	ref := layers.Ref{Layer: "redline", Vintage: "2023", Revision: 2}
	if p.Parcel.Row != 3 || p.Parcel.Name != "地块甲" || len(p.Parcel.Geometry) != 1 || p.Parcel.Plane != 5680.5 ||
		!math.IsNaN(p.Parcel.Declared) || p.Verdict != analysis.Prohibited || p.Findings[0].Overlap.Ref != ref ||
		p.Findings[0].Overlap.Roles[layers.Name] != "红线甲" || p.Checked[0].Touching != 2 || p.Parcel.Area != 5678.25 {
		t.Errorf("%+v", p)
	}
	if theme, ok := p.Gaps[0].Problem.Args[0].Value.(*geo.Problem); !ok || theme.Code != "check.theme.farmland" {
		t.Errorf("%+v", p.Gaps[0].Problem)
	}
	if len(k.Issues) != 2 || k.Issues[0].After != 2 || k.Issues[1].Problem.Code != "x.y" {
		t.Errorf("%+v", k.Issues)
	}
	again, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	var second keptCheck
	if err := json.Unmarshal(again, &second); err != nil {
		t.Fatal(err)
	}
	if third, err := json.Marshal(second); err != nil || string(third) != string(again) {
		t.Errorf("%v\n%s\n%s", err, again, third)
	}
}
