package layers_test

import (
	"encoding/json"
	"errors"
	"testing"

	"greenshield/geo"
	"greenshield/layers"
)

func TestRefAsJSON(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want layers.Ref
	}{
		"printed form":      {`"redline@2023-05.2"`, layers.Ref{Layer: "redline", Vintage: "2023-05", Revision: 2}},
		"nothing":           {`""`, layers.Ref{}},
		"object of earlier": {`{"Layer":"redline","Vintage":"2023","Revision":1}`, layers.Ref{"redline", "2023", 1}},
	} {
		var got layers.Ref
		if err := json.Unmarshal([]byte(tc.text), &got); err != nil || got != tc.want {
			t.Errorf("%s: got %v, %v; want %v", name, got, err, tc.want)
		}
		again, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var back layers.Ref
		if err := json.Unmarshal(again, &back); err != nil || back != tc.want {
			t.Errorf("%s: written as %s, read as %v, %v", name, again, back, err)
		}
	}
	var r layers.Ref
	var problem *geo.Problem
	if err := json.Unmarshal([]byte(`"redline"`), &r); !errors.As(err, &problem) || problem.Code != "layer.ref.malformed" {
		t.Errorf("a layer without vintage: %v", err)
	}
}
