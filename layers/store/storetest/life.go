package storetest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
)

var lifeChecks = []check{
	{"an empty store knows nothing", emptyStore},
	{"a draft is invisible until it is committed", draftIsInvisible},
	{"commit fills in and returns what it published", commitFillsIn},
	{"edit completes the metadata and cannot falsify it", editCompletes},
	{"issues are published with the features", issuesAreKept},
	{"fingerprints tell features apart", fingerprints},
	{"what is declared at the beginning is kept, and refused where it means nothing", declaredAtBegin},
	{"an edit that fails publishes nothing", failedEdit},
	{"discard leaves nothing", discardLeavesNothing},
	{"a draft that is done takes nothing more", doneDraft},
	{"a cancelled commit publishes nothing", cancelledCommit},
	{"a correction is the next revision", nextRevision},
	{"two drafts of one vintage get two revisions", twoDrafts},
	{"many drafts at once all succeed", manyDrafts},
	{"another theme is refused", anotherTheme},
	{"a theme that another draft took first is refused at commit", raceForTheme},
	{"malformed names are refused", malformedNames},
	{"withdrawal takes out of use and keeps the ref", withdrawal},
	{"layers and vintages come in order", orderOfLists},
}

func emptyStore(t *testing.T, s layers.Store) {
	if list, err := s.Layers(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("layers: %v, %v", list, err)
	}
	if list, err := s.Vintages(t.Context(), "redline"); err != nil || len(list) != 0 {
		t.Errorf("vintages: %v, %v", list, err)
	}
	ref := layers.Ref{Layer: "redline", Vintage: "2023", Revision: 1}
	wantNothing(t, s, ref)
	wantCode(t, s.Withdraw(t.Context(), ref), "store.vintage.unknown")
}

func draftIsInvisible(t *testing.T, s layers.Store) {
	d := begin(t, s, redline, "2023")
	appendAll(t, d, feature(square(109, 23, 1)))
	want := layers.Ref{Layer: "redline", Vintage: "2023", Revision: 1}
	if d.Ref() != want {
		t.Errorf("draft is %s, want %s", d.Ref(), want)
	}
	wantNothing(t, s, want)
	if list, err := s.Layers(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("layers: %v, %v", list, err)
	}
	if _, err := d.Commit(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if n := len(read(t, s, want, nil)); n != 1 {
		t.Errorf("%d features after commit, want 1", n)
	}
	if list, err := s.Layers(t.Context()); err != nil || !slices.Equal(list, []layers.Layer{redline}) {
		t.Errorf("layers: %v, %v", list, err)
	}
}

func commitFillsIn(t *testing.T, s layers.Store) {
	d := begin(t, s, redline, "2023-05")
	appendAll(t, d, feature(square(109, 23, 1)), feature(square(110, 22, 0.5)))
	v, err := d.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	bound := orb.Bound{Min: orb.Point{109, 22}, Max: orb.Point{110.5, 24}}
	if v.Ref != d.Ref() || v.Theme != layers.Redline || v.Count != 2 || v.Bound != bound ||
		v.Area != 2*1234.5678 || v.Length != 2*9.875 || v.Content == (layers.Hash{}) || v.Published.IsZero() {
		t.Errorf("published %+v", v)
	}
	got, err := s.Vintage(t.Context(), v.Ref)
	if err != nil || !reflect.DeepEqual(got, v) {
		t.Errorf("read back %+v, %v\nwant %+v", got, err, v)
	}
	list, err := s.Vintages(t.Context(), "redline")
	if err != nil || len(list) != 1 || !reflect.DeepEqual(list[0], v) {
		t.Errorf("listed %+v, %v\nwant %+v", list, err, v)
	}
}

func editCompletes(t *testing.T, s layers.Store) {
	d := begin(t, s, redline, "2023")
	appendAll(t, d, feature(square(109, 23, 1)))
	at := orb.Point{109.5, 23.5}
	place := orb.Bound{Min: at, Max: orb.Point{110, 24}}
	rejects := []layers.Reject{
		{Row: 7, Problem: geo.NewProblem("ingest.geometry.ambiguous", "rule", "自相交", "n", int64(3),
			"share", 0.5, "closed", false).Near(at), Bound: &place},
		{Row: 9, Problem: geo.NewProblem("ingest.geometry.missing")},
	}
	coverage := layers.Coverage{
		Kind:    layers.CoverageRegions,
		Regions: layers.Ref{Layer: "regions", Vintage: "2020", Revision: 2},
		Outline: orb.MultiPolygon{square(108, 22, 3), square(120, 22, 3)},
	}
	declared := layers.Declared{Accuracy: 0.7, ValidUntil: "2026-12-31"}
	v, err := d.Commit(t.Context(), func(v *layers.Vintage) error {
		if v.Count != 1 || v.Bound.IsEmpty() || v.Content == (layers.Hash{}) {
			t.Errorf("edit sees %+v", v)
		}
		v.Rejects, v.Coverage, v.Provenance, v.Declared = rejects, coverage, provenance(), declared
		v.Count, v.Area, v.Ref.Revision, v.Theme, v.Content = 99, 99, 99, layers.Farmland, layers.Hash{9}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if v.Count != 1 || v.Area == 99 || v.Ref != d.Ref() || v.Theme != layers.Redline || v.Content == (layers.Hash{9}) {
		t.Errorf("edit changed what the store counted: %+v", v)
	}
	got, err := s.Vintage(t.Context(), v.Ref)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Rejects, rejects) {
		t.Errorf("rejects %+v, want %+v", got.Rejects, rejects)
	}
	if !reflect.DeepEqual(got.Coverage, coverage) {
		t.Errorf("coverage %+v, want %+v", got.Coverage, coverage)
	}
	if got.Declared != declared {
		t.Errorf("declared %+v, want %+v", got.Declared, declared)
	}
	if !got.Provenance.At.Equal(provenance().At) || got.Provenance != provenance() {
		t.Errorf("provenance %+v, want %+v", got.Provenance, provenance())
	}
}

func declaredAtBegin(t *testing.T, s layers.Store) {
	v := draft("2023")
	v.Declared = layers.Declared{Accuracy: 2.5, ValidUntil: "2025-06-30"}
	d, err := s.Begin(t.Context(), redline, v)
	if err != nil {
		t.Fatal(err)
	}
	appendAll(t, d, feature(square(109, 23, 1)))
	done, err := d.Commit(t.Context(), nil)
	if err != nil || done.Declared != v.Declared {
		t.Errorf("published %+v, %v", done.Declared, err)
	}
	if list, err := s.Vintages(t.Context(), "redline"); err != nil || len(list) != 1 || list[0].Declared != v.Declared {
		t.Errorf("listed %+v, %v", list, err)
	}
	for code, wrong := range map[string]layers.Declared{
		"layer.accuracy.unusable":  {Accuracy: -1},
		"layer.validity.malformed": {ValidUntil: "soon"},
		"layer.validity.before":    {ValidUntil: "2022-12-31"},
	} {
		v.Declared = wrong
		_, err := s.Begin(t.Context(), redline, v)
		wantCode(t, err, code)
		late := begin(t, s, redline, "2023")
		_, err = late.Commit(t.Context(), func(v *layers.Vintage) error {
			v.Declared = wrong
			return nil
		})
		wantCode(t, err, code)
		wantNothing(t, s, late.Ref())
	}
}

func failedEdit(t *testing.T, s layers.Store) {
	d := begin(t, s, redline, "2023")
	appendAll(t, d, feature(square(109, 23, 1)))
	unsigned := geo.NewProblem("ingest.warnings")
	_, err := d.Commit(t.Context(), func(*layers.Vintage) error { return unsigned })
	wantCode(t, err, "ingest.warnings")
	wantNothing(t, s, d.Ref())
	if v := publish(t, s, redline, "2023", feature(square(109, 23, 1))); v.Ref != d.Ref() {
		t.Errorf("published %s after a %s that was given up", v.Ref, d.Ref())
	}
}

func issuesAreKept(t *testing.T, s layers.Store) {
	d := begin(t, s, redline, "2023")
	appendAll(t, d, feature(square(109, 23, 1)))
	at := orb.Point{109.5, 23.5}
	want := []layers.Issue{
		{Severity: layers.Note, Action: "none", Problem: geo.NewProblem("ingest.crs.wgs84-as-cgcs2000")},
		{
			Row: 7, Severity: layers.Repair, Action: "repaired", AreaBefore: 12.5, AreaAfter: 11.25,
			Problem: geo.NewProblem("ingest.geometry.repaired", "rule", geo.NewProblem("topo.rule.spike"), "places", int64(2)).Near(at),
		},
		{Row: 9, Severity: layers.Refusal, Action: "rejected", Problem: geo.NewProblem("ingest.geometry.missing")},
	}
	d.Note(want[0])
	d.Note(want[1:]...)
	v, err := d.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Issues(t.Context(), v.Ref)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	other := publish(t, s, redline, "2024", feature(square(109, 23, 1)))
	if got, err := s.Issues(t.Context(), other.Ref); err != nil || len(got) != 0 {
		t.Errorf("issues of a vintage without any: %v, %v", got, err)
	}
	_, err = s.Issues(t.Context(), layers.Ref{Layer: "redline", Vintage: "1999", Revision: 1})
	wantCode(t, err, "store.vintage.unknown")
}

func fingerprints(t *testing.T, s layers.Store) {
	plain := feature(square(110, 23, 1))
	plain.Roles = nil
	v := publish(t, s, redline, "2023", feature(square(109, 23, 1)), plain)
	var got []layers.Fingerprint
	for f, err := range s.Fingerprints(t.Context(), v.Ref) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, f)
	}
	var want []layers.Fingerprint
	for _, f := range read(t, s, v.Ref, nil) {
		want = append(want, layers.Fingerprint{Hash: f.Hash, Code: f.Roles[layers.Code], Area: f.Area})
	}
	if !slices.Equal(got, want) || len(got) != 2 || got[0].Code != "450800" || got[1].Code != "" {
		t.Errorf("got %v\nwant %v", got, want)
	}
	for _, err := range s.Fingerprints(t.Context(), layers.Ref{Layer: "redline", Vintage: "1999", Revision: 1}) {
		wantCode(t, err, "store.vintage.unknown")
	}
	for range s.Fingerprints(t.Context(), v.Ref) {
		break
	}
}

func discardLeavesNothing(t *testing.T, s layers.Store) {
	d := begin(t, s, redline, "2023")
	appendAll(t, d, feature(square(109, 23, 1)))
	for range 2 {
		if err := d.Discard(); err != nil {
			t.Fatal(err)
		}
	}
	wantNothing(t, s, d.Ref())
	v := publish(t, s, redline, "2023", feature(square(109, 23, 1)))
	if v.Ref.Revision != 1 {
		t.Errorf("after a discarded draft the first publication is %s", v.Ref)
	}
}

func doneDraft(t *testing.T, s layers.Store) {
	d := begin(t, s, redline, "2023")
	appendAll(t, d, feature(square(109, 23, 1)))
	v, err := d.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Discard(); err != nil {
		t.Errorf("discard after commit: %v", err)
	}
	if err := d.Append(t.Context(), feature(square(1, 1, 1))); err == nil {
		t.Error("append after commit succeeds")
	}
	if _, err := d.Commit(t.Context(), nil); err == nil {
		t.Error("second commit succeeds")
	}
	if n := len(read(t, s, v.Ref, nil)); n != 1 {
		t.Errorf("%d features, want 1", n)
	}
}

func cancelledCommit(t *testing.T, s layers.Store) {
	d := begin(t, s, redline, "2023")
	appendAll(t, d, feature(square(109, 23, 1)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Append(ctx, feature(square(1, 1, 1))); !errors.Is(err, context.Canceled) {
		t.Errorf("append: %v", err)
	}
	if _, err := d.Commit(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("commit: %v", err)
	}
	wantNothing(t, s, d.Ref())
	if v := publish(t, s, redline, "2023", feature(square(109, 23, 1))); v.Ref != d.Ref() {
		t.Errorf("published %s after a cancelled %s", v.Ref, d.Ref())
	}
}

func nextRevision(t *testing.T, s layers.Store) {
	first := publish(t, s, redline, "2023", feature(square(109, 23, 1)))
	second := publish(t, s, redline, "2023", feature(square(109, 23, 2)))
	other := publish(t, s, redline, "2023-01", feature(square(109, 23, 3)))
	if first.Ref.Revision != 1 || second.Ref.Revision != 2 || other.Ref.Revision != 1 {
		t.Errorf("got %s, %s, %s", first.Ref, second.Ref, other.Ref)
	}
	if f := read(t, s, first.Ref, nil); len(f) != 1 || !orb.Equal(f[0].Geometry, square(109, 23, 1)) {
		t.Errorf("the first revision changed: %+v", f)
	}
}

func twoDrafts(t *testing.T, s layers.Store) {
	a, b := begin(t, s, redline, "2023"), begin(t, s, redline, "2023")
	if a.Ref() == b.Ref() {
		t.Fatalf("both are %s", a.Ref())
	}
	appendAll(t, a, feature(square(1, 1, 1)))
	appendAll(t, b, feature(square(2, 2, 1)))
	appendAll(t, a, feature(square(3, 3, 1)))
	for _, d := range []layers.Draft{b, a} {
		if _, err := d.Commit(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if na, nb := len(read(t, s, a.Ref(), nil)), len(read(t, s, b.Ref(), nil)); na != 2 || nb != 1 {
		t.Errorf("%d and %d features, want 2 and 1", na, nb)
	}
}

func manyDrafts(t *testing.T, s layers.Store) {
	const drafts, features = 6, 40
	var wg sync.WaitGroup
	for i := range drafts {
		wg.Go(func() {
			d, err := s.Begin(t.Context(), redline, draft("2023"))
			if err != nil {
				t.Error(err)
				return
			}
			for j := range features {
				if err := d.Append(t.Context(), feature(square(float64(i), float64(j), 1))); err != nil {
					t.Error(err)
				}
			}
			if _, err := d.Commit(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	list, err := s.Vintages(t.Context(), "redline")
	if err != nil || len(list) != drafts {
		t.Fatalf("%d vintages, %v, want %d", len(list), err, drafts)
	}
	for i, v := range list {
		if n := len(read(t, s, v.Ref, nil)); v.Ref.Revision != i+1 || n != features {
			t.Errorf("%s has %d features, want revision %d with %d", v.Ref, n, i+1, features)
		}
	}
}

func anotherTheme(t *testing.T, s layers.Store) {
	v := publish(t, s, redline, "2023", feature(square(109, 23, 1)))
	wrong := layers.Layer{ID: redline.ID, Theme: layers.Farmland}
	_, err := s.Begin(t.Context(), wrong, draft("2024"))
	wantCode(t, err, "store.layer.theme-differs")
	if err := s.Withdraw(t.Context(), v.Ref); err != nil {
		t.Fatal(err)
	}
	// A layer whose every vintage is withdrawn was a mistake that one can mend.
	if v := publish(t, s, wrong, "2023", feature(square(109, 23, 1))); v.Ref.Revision != 2 {
		t.Errorf("published %s, want revision 2", v.Ref)
	}
}

func raceForTheme(t *testing.T, s layers.Store) {
	d := begin(t, s, redline, "2023")
	appendAll(t, d, feature(square(109, 23, 1)))
	publish(t, s, layers.Layer{ID: redline.ID, Theme: layers.Farmland}, "2024", feature(square(109, 23, 1)))
	_, err := d.Commit(t.Context(), nil)
	wantCode(t, err, "store.layer.theme-differs")
	wantNothing(t, s, d.Ref())
}

func malformedNames(t *testing.T, s layers.Store) {
	for name, tc := range map[string]struct {
		l       layers.Layer
		vintage string
		code    string
	}{
		"layer with a quote": {layers.Layer{ID: `a"b`, Theme: layers.Redline}, "2023", "layer.id.malformed"},
		"no layer":           {layers.Layer{Theme: layers.Redline}, "2023", "layer.id.malformed"},
		"no theme":           {layers.Layer{ID: "a"}, "2023", "layer.theme.unknown"},
		"no date":            {redline, "last year", "layer.vintage.malformed"},
	} {
		_, err := s.Begin(t.Context(), tc.l, draft(tc.vintage))
		if geo.CodeOf(err) != tc.code {
			t.Errorf("%s: %v, want %s", name, err, tc.code)
		}
	}
}

func withdrawal(t *testing.T, s layers.Store) {
	a := publish(t, s, redline, "2023", feature(square(109, 23, 1)))
	b := publish(t, s, redline, "2023", feature(square(109, 23, 2)))
	if err := s.Withdraw(t.Context(), b.Ref); err != nil {
		t.Fatal(err)
	}
	wantNothing(t, s, b.Ref)
	wantCode(t, s.Withdraw(t.Context(), b.Ref), "store.vintage.unknown")
	if got := refs(t, s, "redline"); !slices.Equal(got, []string{"redline@2023.1"}) {
		t.Errorf("listed %v", got)
	}
	if c := publish(t, s, redline, "2023", feature(square(109, 23, 3))); c.Ref.Revision != 3 {
		t.Errorf("published %s, want revision 3", c.Ref)
	}
	for _, ref := range []layers.Ref{a.Ref, {Layer: "redline", Vintage: "2023", Revision: 3}} {
		if err := s.Withdraw(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := s.Layers(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("a layer without vintages is listed: %v, %v", list, err)
	}
}

func orderOfLists(t *testing.T, s layers.Store) {
	for _, id := range []layers.LayerID{"river-b", "redline", "a_1"} {
		for _, vintage := range []string{"2024", "2023-11", "2023"} {
			l := layers.Layer{ID: id, Theme: layers.River, Title: `o'"` + string(id)}
			publish(t, s, l, vintage, feature(square(109, 23, 1)))
		}
	}
	list, err := s.Layers(t.Context())
	want := []layers.Layer{
		{ID: "a_1", Theme: layers.River, Title: `o'"a_1`},
		{ID: "redline", Theme: layers.River, Title: `o'"redline`},
		{ID: "river-b", Theme: layers.River, Title: `o'"river-b`},
	}
	if err != nil || !slices.Equal(list, want) {
		t.Errorf("layers %v, %v, want %v", list, err, want)
	}
	if got := refs(t, s, "a_1"); !slices.Equal(got, []string{"a_1@2023.1", "a_1@2023-11.1", "a_1@2024.1"}) {
		t.Errorf("vintages %v", got)
	}
}
