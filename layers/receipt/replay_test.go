package receipt_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/layers"
	"greenshield/layers/inquiry"
	"greenshield/layers/receipt"
	"greenshield/layers/rule"
)

func (h *house) replay(s receipt.Sealed) receipt.Replayed {
	h.t.Helper()
	p, err := receipt.Replay(h.t.Context(), h.Desk, open(h.t, s.Bytes).Receipt)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// TestReplayIsIdentical whatever was published since, and on whatever day one asks.
func TestReplayIsIdentical(t *testing.T) {
	for name, later := range map[string]func(h *house){
		"at once":                    func(*house) {},
		"a later vintage":            func(h *house) { h.publish("redline", layers.Redline, "2025", 30) },
		"a corrected vintage":        func(h *house) { h.publish("redline", layers.Redline, "2024", 30) },
		"another layer":              func(h *house) { h.publish("farmland", layers.Farmland, "2024", 0) },
		"another clock and version":  func(h *house) { h.Program = "greenshield next" },
		"a vintage of before, later": func(h *house) { h.publish("protected", layers.Protected, "2023", 0) },
	} {
		h := city(t)
		s := h.ask("conflict", question(nil))
		h.clock = h.clock.AddDate(1, 0, 0)
		later(h)
		p := h.replay(s)
		if p.Outcome != receipt.Identical || p.Count != 0 || p.Program != h.Program {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// TestReplayOfGaps: a layer that had not begun on the day leaves a gap, and leaves it again when it has begun since.
func TestReplayOfGaps(t *testing.T) {
	h := city(t)
	h.publish("farmland", layers.Farmland, "2027", 0)
	s := h.ask("conflict", question(nil))
	if !strings.Contains(string(s.Bytes), "check.layer.not-yet") {
		t.Fatal("no gap for the layer that has not begun")
	}
	h.clock = h.clock.AddDate(3, 0, 0)
	h.publish("farmland", layers.Farmland, "2026", 0)
	if p := h.replay(s); p.Outcome != receipt.Identical {
		t.Errorf("%+v", p)
	}
}

func TestReplayThatCannotBe(t *testing.T) {
	for name, tc := range map[string]struct {
		later func(h *house)
		want  []string
	}{
		"a withdrawn vintage": {func(h *house) { h.withdraw("redline@2024.1") }, []string{"receipt.input.gone"}},
		"other content":       {func(h *house) { *h = *h.elsewhere() }, []string{"receipt.input.other"}},
		"another rule book":   {func(h *house) { h.Rules = ownRules(t) }, []string{"receipt.rules.other"}},
		"all of them": {func(h *house) {
			*h = *h.elsewhere()
			h.withdraw("protected@2024.1")
			h.Rules = nil
		}, []string{"receipt.input.gone", "receipt.input.other", "receipt.rules.other"}},
	} {
		h := city(t)
		s := h.ask("conflict", question(nil))
		tc.later(h)
		p := h.replay(s)
		var codes []string
		for _, o := range p.Obstacles {
			codes = append(codes, o.Code)
		}
		if p.Outcome != receipt.Impossible || !slices.Equal(codes, tc.want) {
			t.Errorf("%s: %s %v, want %v", name, p.Outcome, codes, tc.want)
		}
	}
}

func (h *house) withdraw(text string) {
	h.t.Helper()
	ref, err := layers.ParseRef(text)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.Library.Store().Withdraw(h.t.Context(), ref); err != nil {
		h.t.Fatal(err)
	}
	h.Library.Forget(ref)
}

// elsewhere is another workspace, whose red line of the same name is another one.
func (h *house) elsewhere() *house {
	other := newHouse(h.t)
	other.publish("redline", layers.Redline, "2024", 0.1)
	other.publish("protected", layers.Protected, "2024", 60)
	return other
}

// ownRules are the rules with one of a bureau's own.
func ownRules(t *testing.T) *rule.Book {
	t.Helper()
	book, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	other := *book
	other.Name, other.Hash = book.Name+" + 某市", strings.Repeat("0", 64)
	return &other
}

// TestReplayFindsAnotherResult: a result that was altered, with hashes that fit.
func TestReplayFindsAnotherResult(t *testing.T) {
	h := city(t)
	s := h.ask("conflict", question(nil))
	forged := open(t, []byte(resealed(t, string(s.Bytes), `"Verdict":"prohibited"`, `"Verdict":"clear"`)))
	p, err := receipt.Replay(t.Context(), h.Desk, forged.Receipt)
	want := receipt.Difference{Path: "/Verdict", Before: `"clear"`, After: `"prohibited"`}
	if err != nil || p.Outcome != receipt.Different || p.Count != 1 || p.Differences[0] != want {
		t.Errorf("%v, %+v", err, p)
	}
}

// TestReplayOfNamedRefs: a question that names its refs is replayed of them, and superseded by corrections alone.
func TestReplayOfNamedRefs(t *testing.T) {
	h := newHouse(t)
	h.publishFeature("shore", layers.Shoreline, "2024", layers.Feature{
		Geometry: orb.LineString{{109.4, 23}, {109.5, 23}}, Roles: map[layers.Role]string{layers.Zone: "1"},
	})
	s := h.ask("shoreline", json.RawMessage(`{"zones":"shore@2024.1"}`))
	if p := h.replay(s); p.Outcome != receipt.Identical {
		t.Errorf("%+v", p)
	}
	h.clock = h.clock.Add(time.Hour)
	line := layers.Feature{
		Geometry: orb.LineString{{109.4, 23}, {109.6, 23}}, Roles: map[layers.Role]string{layers.Zone: "4"},
	}
	h.publishFeature("shore", layers.Shoreline, "2025", line)
	if got := h.standing(s); got != nil {
		t.Errorf("a later vintage of a named layer: %q", got)
	}
	h.publishFeature("shore", layers.Shoreline, "2024", line)
	if got, want := h.standing(s), []string{"corrected shore@2024.1 shore@2024.2"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	g, err := receipt.Ask(t.Context(), h.Desk, open(t, s.Bytes).Receipt)
	if err != nil || g.Count == 0 || g.VerdictBefore != "" {
		t.Errorf("%v, %+v", err, g)
	}
}

func TestStanding(t *testing.T) {
	named := question(func(q *inquiry.Conflict) { q.Pins = []layers.Ref{{Layer: "redline", Vintage: "2024", Revision: 1}} })
	dated := question(func(q *inquiry.Conflict) { q.Date = "2025-05-01" })
	for name, tc := range map[string]struct {
		question json.RawMessage
		later    func(h *house)
		want     []string
	}{
		"nothing happened":            {nil, func(*house) {}, nil},
		"a newer vintage":             {nil, func(h *house) { h.publish("redline", layers.Redline, "2025", 9) }, []string{"newer redline@2024.1 redline@2025.1"}},
		"a newer one, named":          {named, func(h *house) { h.publish("redline", layers.Redline, "2025", 9) }, nil},
		"a newer one, another day":    {dated, func(h *house) { h.publish("redline", layers.Redline, "2026", 9) }, nil},
		"a newer one, the day itself": {dated, func(h *house) { h.publish("redline", layers.Redline, "2025-05-01", 9) }, []string{"newer redline@2024.1 redline@2025-05-01.1"}},
		"not begun yet":               {nil, func(h *house) { h.publish("redline", layers.Redline, "2030", 9) }, nil},
		"an older one":                {nil, func(h *house) { h.publish("redline", layers.Redline, "2020", 9) }, nil},
		"a correction":                {nil, func(h *house) { h.publish("redline", layers.Redline, "2024", 9) }, []string{"corrected redline@2024.1 redline@2024.2"}},
		"a correction, named":         {named, func(h *house) { h.publish("redline", layers.Redline, "2024", 9) }, []string{"corrected redline@2024.1 redline@2024.2"}},
		"withdrawn":                   {nil, func(h *house) { h.withdraw("redline@2024.1") }, []string{"withdrawn redline@2024.1 "}},
		"another layer":               {nil, func(h *house) { h.publish("farm", layers.Farmland, "2024", 9) }, []string{"added  farm@2024.1"}},
		"a layer nobody asks":         {nil, func(h *house) { h.publish("ground", layers.Landuse, "2024", 9) }, nil},
		"other rules":                 {nil, func(h *house) { h.Rules = ownRules(t) }, []string{"rules"}},
	} {
		h := city(t)
		if tc.question == nil {
			tc.question = question(nil)
		}
		s := h.ask("conflict", tc.question)
		h.clock = h.clock.Add(time.Hour)
		tc.later(h)
		if got := h.standing(s); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

func (h *house) standing(s receipt.Sealed) []string {
	h.t.Helper()
	c, err := receipt.Survey(h.t.Context(), h.Desk)
	if err != nil {
		h.t.Fatal(err)
	}
	claim, err := open(h.t, s.Bytes).Claim()
	if err != nil {
		h.t.Fatal(err)
	}
	st := c.Standing(claim)
	var out []string
	for _, x := range st.Superseded {
		texts := []string{string(x.Why), "", ""}
		for i, ref := range []layers.Ref{x.Ref, x.By} {
			if ref != (layers.Ref{}) {
				texts[i+1] = ref.String()
			}
		}
		out = append(out, strings.Join(texts, " "))
	}
	if st.OtherRules {
		out = append(out, "rules")
	}
	if st.Holds() != (len(out) == 0) {
		h.t.Errorf("holds: %v with %q", st.Holds(), out)
	}
	return out
}

// TestAskedAgain: the red line has moved off the first parcel and onto the second.
func TestAskedAgain(t *testing.T) {
	pinned := question(func(q *inquiry.Conflict) {
		q.Pins = []layers.Ref{{Layer: "redline", Vintage: "2024", Revision: 1}}
		q.Parcels = q.Parcels[:1]
	})
	for name, tc := range map[string]struct {
		question    json.RawMessage
		later       func(h *house)
		after, path string
	}{
		"nothing happened":    {question(nil), func(*house) {}, "prohibited", ""},
		"the line has moved":  {question(nil), func(h *house) { h.publish("redline", layers.Redline, "2025", 30) }, "prohibited", "/Parcels/0/Verdict"},
		"the line is gone":    {question(nil), func(h *house) { h.publish("redline", layers.Redline, "2025", 70) }, "clear", "/Verdict"},
		"corrected and named": {pinned, func(h *house) { h.publish("redline", layers.Redline, "2024", 70) }, "clear", "/Verdict"},
		"withdrawn":           {question(nil), func(h *house) { h.withdraw("redline@2024.1") }, "incomplete", "/Verdict"},
	} {
		h := city(t)
		s := h.ask("conflict", tc.question)
		h.clock = h.clock.Add(time.Hour)
		tc.later(h)
		g, err := receipt.Ask(t.Context(), h.Desk, open(t, s.Bytes).Receipt)
		if err != nil {
			t.Fatal(err)
		}
		found := slices.ContainsFunc(g.Differences, func(d receipt.Difference) bool { return d.Path == tc.path })
		if g.VerdictBefore != "prohibited" || g.VerdictAfter != tc.after || found != (tc.path != "") || g.Count < len(g.Differences) {
			t.Errorf("%s: %s → %s, %+v", name, g.VerdictBefore, g.VerdictAfter, g.Differences)
		}
		if tc.path == "" && g.Count != 0 {
			t.Errorf("%s: %+v", name, g.Differences)
		}
	}
}

func TestAskedAgainWhereItCannotBe(t *testing.T) {
	h := city(t)
	s := h.ask("conflict", question(func(q *inquiry.Conflict) {
		q.Pins = []layers.Ref{{Layer: "redline", Vintage: "2024", Revision: 1}}
	}))
	h.withdraw("redline@2024.1")
	g, err := receipt.Ask(t.Context(), h.Desk, open(t, s.Bytes).Receipt)
	if err != nil || g.Problem == nil || g.VerdictAfter != "" || g.Standing.Superseded[0].Why != receipt.Withdrawn {
		t.Errorf("%v, %+v", err, g)
	}
}

func TestDifferences(t *testing.T) {
	for name, tc := range map[string]struct{ a, b, want string }{
		"equal":             {`{"a":[1,{"b":null}]}`, `{"a":[1,{"b":null}]}`, ``},
		"a number":          {`{"a":[1,2]}`, `{"a":[1,2.5]}`, `/a/1 2 2.5`},
		"a longer list":     {`[1]`, `[1,{"x":2}]`, `/1  {"x":2}`},
		"a member gone":     {`{"a":1,"b":"x"}`, `{"a":1}`, `/b "x" `},
		"null and absent":   {`{"a":null}`, `{}`, `/a null `},
		"another type":      {`{"a":[]}`, `{"a":{}}`, `/a [] {}`},
		"list and nothing":  {`{"a":null}`, `{"a":[1]}`, `/a null [1]`},
		"text and a number": {`"1"`, `1`, ` "1" 1`},
	} {
		list, count, err := receipt.Differences(json.RawMessage(tc.a), json.RawMessage(tc.b), 10)
		var got string
		for _, d := range list {
			got += d.Path + " " + d.Before + " " + d.After
		}
		if err != nil || got != tc.want || count != len(list) {
			t.Errorf("%s: %q, want %q, %v", name, got, tc.want, err)
		}
	}
	list, count, err := receipt.Differences(json.RawMessage(`[1,2,3]`), json.RawMessage(`[4,5,6]`), 2)
	if err != nil || len(list) != 2 || count != 3 {
		t.Errorf("%v of %d, %v", list, count, err)
	}
}
