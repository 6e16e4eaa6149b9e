package codes_test

import (
	"testing"

	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/ingest/codes"
)

func TestSetsOfClasses(t *testing.T) {
	b := load(t)
	for _, tc := range []struct {
		set, class string
		want       bool
	}{
		{codes.Cultivated, "0101", true},
		{codes.Cultivated, "0201", false},
		{codes.ForestGrassWetland, "0301", true},
		{codes.ForestGrassWetland, "0301K", true}, // adjustable
		{codes.ForestGrassWetland, "1106", true},
		{codes.ForestGrassWetland, "1104", false},
		{codes.Natural, "1101", true},
		{codes.Natural, "0601", false},
		{codes.Natural, "", false},
		{"no such set", "0101", false},
	} {
		if got := b.InSet(tc.set, tc.class); got != tc.want {
			t.Errorf("%s holds %q: %v", tc.set, tc.class, got)
		}
	}
}

func TestZonesByStrictness(t *testing.T) {
	b := load(t)
	if !(b.Strictness("core") > b.Strictness("buffer") && b.Strictness("buffer") > b.Strictness("general")) {
		t.Error("core, buffer and general are not in this order")
	}
	if b.Strictness("experimental") != b.Strictness("general") || b.Strictness("somewhere") != 0 {
		t.Error("experimental and general are equals, and a zone that is none has no place")
	}
	for zone, want := range map[string]string{"core": "both", "buffer": "old", "general": "new", "x": ""} {
		if got := b.Vocabulary(zone); got != want {
			t.Errorf("vocabulary of %s: %q", zone, got)
		}
	}
}

func TestActivityOfClass(t *testing.T) {
	b := load(t)
	for class, want := range map[string]string{"0602": "mining", "1008": "transport", "0809": "other", "0101": "", "1202": "", "x": ""} {
		if got, looked := b.ActivityOfClass(class); got != want || looked != (want != "") {
			t.Errorf("%s: %q, %v", class, got, looked)
		}
	}
}

func TestFocus(t *testing.T) {
	b := load(t)
	for _, tc := range []struct {
		name, kind, word string
		strict           bool
		four, eight      bool
	}{
		{"a quarry anywhere", "mining", "采石场", false, true, true},
		{"hydropower in the core", "energy", "小水电", true, true, true},
		{"hydropower in the general zone", "energy", "小水电", false, false, false},
		{"wind in the core", "energy", "风电", true, false, false},
		{"a wharf", "transport", "码头", false, false, true},
		{"a wharf as land use", "transport", "1008", false, false, true},
		{"a road", "transport", "公路", true, false, false},
		{"no kind", "x", "", true, false, false},
	} {
		if four, eight := b.Focus(tc.kind, tc.word, tc.strict); four != tc.four || eight != tc.eight {
			t.Errorf("%s: %v, %v", tc.name, four, eight)
		}
	}
}

func TestColumnsOfLists(t *testing.T) {
	b := load(t)
	heads := []string{"序号", "bsm", "批准文号"}
	if i, ok := b.Column("approval", "number", heads); !ok || i != 2 {
		t.Errorf("number in column %d, %v", i, ok)
	}
	if i, ok := b.Column("approval", "feature", heads); !ok || i != 1 {
		t.Errorf("feature in column %d, %v", i, ok)
	}
	if _, ok := b.Column("score", "now", heads); ok {
		t.Error("a score was found where there is none")
	}
	if !b.Closed(" 已销号") || b.Closed("整改中") {
		t.Error("words for a closed case")
	}
}

func TestDeliveredWordIsKept(t *testing.T) {
	v := layers.Vintage{
		Fields: []format.Field{{Name: "BH"}, {Name: "HDLX"}}, Mapping: map[layers.Role]string{layers.Class: "HDLX"},
	}
	f := layers.Feature{Roles: map[layers.Role]string{layers.Class: "mining", layers.Zone: "core"}, Values: []any{"1", " 采石场"}}
	if got := codes.Delivered(v, &f, layers.Class); got != "采石场" {
		t.Errorf("delivered %q", got)
	}
	if got := codes.Delivered(v, &f, layers.Zone); got != "core" {
		t.Errorf("a role without a column: %q", got)
	}
}
