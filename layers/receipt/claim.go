package receipt

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"greenshield/layers"
)

// Claim is what must stay as it is for a receipt to hold; it is small where the receipt is large.
type Claim struct {
	At     time.Time      `json:"at"`
	Inputs []ClaimedInput `json:"inputs"`
	// Day is the day that was asked about; "" is today, whenever that is.
	Day          string `json:"day,omitempty"`
	RuleBookHash string `json:"ruleBookHash,omitempty"`
}

// ClaimedInput is an input; Named ones stand in the question as it was asked, the others were chosen for it.
type ClaimedInput struct {
	Ref   layers.Ref `json:"ref"`
	Named bool       `json:"named,omitempty"`
}

// Claim gives what a receipt rests on.
func (r Receipt) Claim() (Claim, error) {
	asked, err := r.asked()
	if err != nil {
		return Claim{}, err
	}
	var question struct {
		Date string `json:"date"`
	}
	if err := json.Unmarshal(asked, &question); err != nil {
		return Claim{}, err
	}
	c := Claim{At: r.At, Day: question.Date}
	if r.RuleBook != nil {
		c.RuleBookHash = r.RuleBook.Hash
	}
	for _, in := range r.Inputs {
		c.Inputs = append(c.Inputs, ClaimedInput{Ref: in.Ref, Named: named(asked, in.Ref)})
	}
	return c, nil
}

// named reports whether a question names a ref.
func named(question json.RawMessage, ref layers.Ref) bool {
	return bytes.Contains(question, []byte(`"`+ref.String()+`"`))
}

// Why says what became of an input.
type Why string

// The reasons why an input is no longer the one that would be used.
const (
	Corrected Why = "corrected" // its vintage was delivered again
	Newer     Why = "newer"     // its layer has a later vintage that is in use on the day
	Withdrawn Why = "withdrawn" // it was withdrawn, and nothing took its place
	Added     Why = "added"     // its layer has come since, or has come into use
)

// Superseded is an input that would no longer be used.
type Superseded struct {
	Why Why `json:"why"`
	// Ref is the input, zero for one that was added; By is what would be used instead, zero for one that was withdrawn.
	Ref layers.Ref `json:"ref"`
	By  layers.Ref `json:"by"`
}

// Standing says whether a receipt still holds: whether its question, asked now, would be answered from the same inputs by
// the same rules.
type Standing struct {
	Superseded []Superseded `json:"superseded"`
	// OtherRules is set when the rule book is not the one that was applied.
	OtherRules bool `json:"otherRules"`
}

// Holds reports whether nothing was superseded.
func (s Standing) Holds() bool { return len(s.Superseded) == 0 && !s.OtherRules }

// Standing tells whether a claim holds against the store and the rule book as they are.
func (c *Catalogue) Standing(claim Claim) Standing {
	s := Standing{OtherRules: claim.RuleBookHash != "" && claim.RuleBookHash != c.ruleBookHash, Superseded: []Superseded{}}
	day := cmp.Or(claim.Day, c.today)
	chosen := false
	for _, in := range claim.Inputs {
		chosen = chosen || !in.Named
		if by, why := c.successor(in, day); why != "" {
			s.Superseded = append(s.Superseded, Superseded{Ref: in.Ref, By: by, Why: why})
		}
	}
	if chosen {
		s.Superseded = append(s.Superseded, c.added(claim, day)...)
	}
	return s
}

// successor is what would be used instead of an input, and why; "" when it would be the same.
func (c *Catalogue) successor(in ClaimedInput, day string) (layers.Ref, Why) {
	vintages := c.vintages[in.Ref.Layer]
	latest, ok := layers.Latest(vintages, day)
	if in.Named {
		latest, ok = lastRevision(vintages, in.Ref.Vintage)
	}
	switch {
	case ok && latest.Ref == in.Ref:
		return in.Ref, ""
	case !ok:
		return layers.Ref{}, Withdrawn
	case latest.Ref.Vintage == in.Ref.Vintage && latest.Ref.Revision > in.Ref.Revision:
		return latest.Ref, Corrected
	case latest.Ref.Compare(in.Ref) > 0:
		return latest.Ref, Newer
	}
	return latest.Ref, Withdrawn // an older one is back in use
}

func lastRevision(vintages []layers.Vintage, name string) (layers.Vintage, bool) {
	same := slices.DeleteFunc(slices.Clone(vintages), func(v layers.Vintage) bool { return v.Ref.Vintage != name })
	if len(same) == 0 {
		return layers.Vintage{}, false
	}
	return slices.MaxFunc(same, func(a, b layers.Vintage) int { return a.Ref.Compare(b.Ref) }), true
}

// added lists the layers that would be asked now and could not be then, of the themes that inputs were chosen for.
func (c *Catalogue) added(claim Claim, day string) []Superseded {
	themes := map[layers.Theme]bool{}
	asked := map[layers.LayerID]bool{}
	constraints := false
	for _, in := range claim.Inputs {
		theme := c.themes[in.Ref.Layer]
		asked[in.Ref.Layer] = true
		if !in.Named {
			themes[theme] = true
			constraints = constraints || theme.Constraint()
		}
	}
	var out []Superseded
	for _, id := range c.ids {
		theme := c.themes[id]
		if asked[id] || !themes[theme] && !(constraints && theme.Constraint()) {
			continue
		}
		now, used := layers.Latest(c.vintages[id], day)
		if _, then := layers.Latest(publishedBy(c.vintages[id], claim.At), day); used && !then {
			out = append(out, Superseded{By: now.Ref, Why: Added})
		}
	}
	return out
}

func publishedBy(vintages []layers.Vintage, at time.Time) []layers.Vintage {
	return slices.DeleteFunc(slices.Clone(vintages), func(v layers.Vintage) bool { return v.Published.After(at) })
}
