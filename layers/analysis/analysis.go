// Package analysis holds what every analysis returns: overlaps, findings, verdicts and their provenance. An analysis
// is a pure function of the vintages it names: same inputs, same bytes. It knows no user and prints nothing.
package analysis

import (
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
)

// Verdict is the answer for a parcel. Verdicts are ordered: the worst of several wins, and Incomplete wins over all,
// because a question that was not fully asked has no answer.
type Verdict int

// The verdicts, from best to worst.
const (
	Clear            Verdict = iota // 未发现冲突: everything was checked and nothing was found
	Conditional                     // 附条件
	ApprovalRequired                // 须批准
	Prohibited                      // 禁止
	Incomplete                      // 未查全
)

// String gives the published word: "clear", "conditional", "approval-required", "prohibited" or "incomplete".
func (v Verdict) String() string {
	return [...]string{"clear", "conditional", "approval-required", "prohibited", "incomplete"}[v]
}

// Worst is the worse of the two verdicts.
func (v Verdict) Worst(o Verdict) Verdict { return max(v, o) }

// Overlap is a fact: what a parcel and one feature of a vintage share.
type Overlap struct {
	Ref     layers.Ref
	Feature int64
	// Roles are the feature's meaningful attributes, so that a reader needs no second look-up.
	Roles map[layers.Role]string
	Area  geo.Area
	// Share is Area as a part of the parcel's area, 0 to 1.
	Share float64
	// Accuracy is the declared accuracy of the vintage, in metres, and Effective what is left of Area after the band of
	// that width along the layer's border is taken off (package conflict says how). Both are 0 where nothing is declared.
	Accuracy  geo.Length
	Effective geo.Area
	// Outline is the shared place in CGCS2000 degrees; empty when it could not be built, and then the check is
	// Incomplete.
	Outline orb.MultiPolygon
}

// Finding is a judgement: an overlap and the rule that it seems to meet. It is never called a violation.
type Finding struct {
	// Overlap is with feature 0 where the finding is about what no feature covers, as outside the urban boundary.
	Overlap Overlap
	Theme   layers.Theme
	// Zones are the rule book's zones that the shared place lies in; empty when a zone could not be read.
	Zones []string
	// Regions are the parts of the overlap by region, which add up to it; nil where the parcel lies in one region, which
	// is then the finding's, or the regions are not known.
	Regions []RegionPart
	// Outcome is Incomplete when no rule could be applied; then Rule is empty or says why.
	Outcome Verdict
	// Border says that the overlap has an accuracy and no effective area: whether there is one at all is for a survey to
	// tell. The outcome is that of the rule, because an operator's word about accuracy must not make it milder, but
	// Conditional at least.
	Border bool
	// Rule is the rule's id in the rule book; Law, Article and Text are printed with the finding.
	Rule    string
	Law     string
	Article string
	// Text holds the sentence of the rule by language ("zh-CN", "en").
	Text map[string]string
	// Source marks how well the rule is founded: "verified", "recalled" or "proposed" (domain, marks V, R, P); a
	// report does not print a recalled or proposed rule as law.
	Source string
}

// Gap is a reason why a verdict is Incomplete.
type Gap struct {
	// Layer is the layer that could not be asked, "" when the gap is not about one layer.
	Layer   layers.LayerID
	Problem *geo.Problem
}

// Declaration is what was declared of a vintage that a result depends on.
type Declaration struct {
	Ref layers.Ref
	layers.Declared
}

// Provenance names all that a result depends on.
type Provenance struct {
	Refs []layers.Ref
	// Declared has those of the refs that something is declared of, in order: their accuracy is a tolerance of its own.
	Declared []Declaration
	// RuleBook is the rule book's name and content hash, empty where no rules were used.
	RuleBook     string
	RuleBookHash string
	// Date is the day whose rules were applied, Activity the activity that was asked about; empty without rules.
	Date     string
	Activity string
	// Method names how areas or lengths were computed.
	Method ellipsoid.Method
	// Tolerance is the area below which an overlap counts as touching.
	Tolerance geo.Area
	// Width is the effective width, twice the area by the perimeter, below which an overlap counts as touching.
	Width   geo.Length
	Program string
	At      time.Time
}

// RegionPart is the part of a place that lies in one region, by the region's code; "" is outside all regions.
type RegionPart struct {
	Region string
	Area   geo.Area
}
