package change_test

import (
	"slices"
	"strings"
	"testing"

	"greenshield/layers"
	"greenshield/layers/analysis/change"
)

// told writes groups as "fate before>after", features by number.
func told(groups []change.Lineage) []string {
	var out []string
	for _, g := range groups {
		var b strings.Builder
		b.WriteString(string(g.Fate) + " ")
		for _, id := range g.Before {
			b.WriteByte(byte('0' + id))
		}
		b.WriteByte('>')
		for _, id := range g.After {
			b.WriteByte(byte('0' + id))
		}
		if g.Reclassified && g.Fate != change.Reclassified {
			b.WriteByte('*')
		}
		out = append(out, b.String())
	}
	return out
}

func TestFatesOfFeatures(t *testing.T) {
	for name, tc := range map[string]struct {
		before, after []item
		theme         layers.Theme
		want          []string
		gaps          []string
	}{
		"same place, other class": {
			before: []item{box(0, 0, 4, 4, "0101", "")}, after: []item{box(0, 0, 4, 4, "0701", "")}, want: []string{"reclassified 1>1"},
		},
		"border moved a little, which is the same shape": {
			before: []item{box(0, 0, 4, 4, "0101", ""), box(4, 0, 8, 4, "0301", "")},
			after:  []item{box(0, 0, 4.1, 4, "0101", ""), box(4.1, 0, 8, 4, "0301", "")},
		},
		"border moved": {
			before: []item{box(0, 0, 4, 4, "0101", ""), box(4, 0, 8, 4, "0301", "")},
			after:  []item{box(0, 0, 4.5, 4, "0101", ""), box(4.5, 0, 8, 4, "0301", "")},
			want:   []string{"reshaped 1>1", "reshaped 2>2"},
		},
		"reshaped and of another class": {
			before: []item{box(0, 0, 4, 4, "0101", "")}, after: []item{box(0, 0, 6, 4, "0103", "")}, want: []string{"reshaped 1>1*"},
		},
		"a house in a field": {
			before: []item{box(0, 0, 4, 4, "0101", "")},
			after:  []item{box(0, 0, 3.9, 4, "0101", ""), box(3.9, 0, 4, 4, "0702", "")},
			want:   []string{"split 1>12*"},
		},
		"two fields become one": {
			before: []item{box(0, 0, 2, 4, "0101", ""), box(2, 0, 4, 4, "0101", "")},
			after:  []item{box(0, 0, 4, 4, "0101", "")}, want: []string{"merged 12>1"},
		},
		"consolidation of land": {
			before: []item{box(0, 0, 2, 4, "0101", ""), box(2, 0, 4, 4, "0101", "")},
			after:  []item{box(0, 0, 4, 2, "0101", ""), box(0, 2, 4, 4, "0101", "")}, want: []string{"regrouped 12>12"},
		},
		"new ground and lost ground": {
			before: []item{box(0, 0, 2, 2, "0101", "")}, after: []item{box(5, 0, 7, 2, "0101", "")}, want: []string{"new >1", "gone 1>"},
		},
		"an id that lies elsewhere": {
			theme:  layers.Redline,
			before: []item{box(0, 0, 2, 2, "", "a"), box(8, 8, 9, 9, "", "b")},
			after:  []item{box(5, 0, 7, 2, "", "a"), box(8, 8, 9, 9, "", "b")}, want: []string{"moved 1>1"},
		},
		"an id that now names the neighbour": {
			before: []item{box(0, 0, 2, 2, "0101", "a"), box(2, 0, 4, 2, "0101", "b"), box(8, 8, 9, 9, "0301", "c"), box(7, 8, 8, 9, "0301", "d")},
			after:  []item{box(0, 0, 2, 2, "0102", "x"), box(2, 0, 4, 2, "0102", "a"), box(8, 8, 9, 9, "0301", "c"), box(7, 8, 8, 9, "0301", "d")},
			want:   []string{"reclassified 1>1", "reclassified 2>2"}, gaps: []string{"change.ids.elsewhere"},
		},
		"an id used twice": {
			before: []item{box(0, 0, 2, 2, "0101", "a"), box(2, 0, 4, 2, "0101", "a")},
			after:  []item{box(0, 0, 2, 2, "0101", "a"), box(2, 0, 4, 2, "0102", "b")},
			want:   []string{"reclassified 2>2"}, gaps: []string{"change.ids.twice"},
		},
		"ids given anew": {
			before: []item{box(0, 0, 2, 2, "0101", "1"), box(2, 0, 4, 2, "0301", "2"), box(4, 0, 6, 2, "0601", "3")},
			after:  []item{box(0, 0, 2, 2, "0101", "2"), box(2, 0, 4, 2, "0301", "3"), box(4, 0, 6, 2, "0601", "1")},
			gaps:   []string{"change.ids.renumbered"},
		},
		"features that overlap each other": {
			theme:  layers.Protected,
			before: []item{box(0, 0, 4, 4, "", "a"), box(2, 0, 6, 4, "", "b")}, after: []item{box(0, 0, 4, 4, "", "a"), box(2, 0, 6, 4, "", "b")},
		},
	} {
		c := newCity(t)
		theme := tc.theme
		if theme == "" {
			theme = layers.Landuse
		}
		r := compare(t, c, c.publish("l", theme, "2024", tc.before...), c.publish("l", theme, "2025", tc.after...), change.Options{})
		if got := told(r.Lineage.Groups); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
		var codes []string
		for _, g := range r.Gaps {
			codes = append(codes, g.Problem.Code)
		}
		if !slices.Equal(codes, tc.gaps) {
			t.Errorf("%s: gaps %q, want %q", name, codes, tc.gaps)
		}
		checkCounts(t, name, r.Lineage, len(tc.before), len(tc.after))
	}
}

// checkCounts sees to it that every feature has exactly one fate.
func checkCounts(t *testing.T, name string, l change.Lineages, before, after int) {
	t.Helper()
	for _, n := range l.Counts {
		before, after = before-n.Before, after-n.After
	}
	if before != 0 || after != 0 {
		t.Errorf("%s: %d features before and %d after have no fate: %+v", name, before, after, l.Counts)
	}
}

func TestSharesOfLineageCanBeStated(t *testing.T) {
	c := newCity(t)
	before := c.publish("landuse", layers.Landuse, "2024", box(0, 0, 4, 4, "0101", ""), box(4, 0, 8, 4, "0301", ""))
	after := c.publish("landuse", layers.Landuse, "2025", box(0, 0, 4.5, 4, "0101", ""), box(4.5, 0, 8, 4, "0301", ""))
	for name, tc := range map[string]struct {
		o    change.Options
		want []string
	}{
		"eight in nine are the same shape":  {change.Options{Same: 0.8}, nil},
		"an eighth is enough to come from":  {change.Options{Descent: 0.1}, []string{"regrouped 12>12"}},
		"shares above one are taken as one": {change.Options{Same: 7}, []string{"reshaped 1>1", "reshaped 2>2"}},
	} {
		if got := told(compare(t, c, before, after, tc.o).Lineage.Groups); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
