package main

import (
	"math"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/avoid"
	"greenshield/layers/analysis/change"
	"greenshield/layers/analysis/conflict"
)

// checkJSON is the answer to a check for machines; outlines are in --overlaps. Areas are unrounded square metres.
type checkJSON struct {
	Verdict string       `json:"verdict"`
	Parcels []parcelJSON `json:"parcels"`
	Layers  []layerJSON  `json:"layers"`
	Unread  []unreadJSON `json:"unread"`
	Gaps    []gapJSON    `json:"gaps"`
	// Issues are what reading the file had to repair or note.
	Issues []issue `json:"issues"`
	// Area is the sum over parcels, Union the area of their union; null when it could not be built.
	Area         geo.Area  `json:"areaM2"`
	Union        *geo.Area `json:"unionM2"`
	Refs         []string  `json:"refs"`
	RuleBook     string    `json:"ruleBook"`
	RuleBookHash string    `json:"ruleBookHash"`
	Date         string    `json:"date"`
	Activity     string    `json:"activity"`
	Tolerance    geo.Area  `json:"toleranceM2"`
	// Declared are the layers that something was declared of: their accuracy is a tolerance of its own.
	Declared []declaredJSON `json:"declared"`
	Program  string         `json:"program"`
	// Ground is what lies under all parcels, Avoid how conflicts can be avoided, where that was asked for.
	Ground *conflict.BatchGround `json:"ground,omitempty"`
	Avoid  []avoid.Result        `json:"avoid,omitempty"`
	// Receipt is the id of the receipt that was kept.
	Receipt string `json:"receipt,omitempty"`
}

// declaredJSON is what was declared of a vintage; zero and "" where nothing was.
type declaredJSON struct {
	Ref        string     `json:"ref"`
	Accuracy   geo.Length `json:"accuracyM"`
	ValidUntil string     `json:"validUntil"`
}

type parcelJSON struct {
	Row        int64    `json:"row"`
	Name       string   `json:"name"`
	Verdict    string   `json:"verdict"`
	Area       geo.Area `json:"areaM2"`
	AreaMethod string   `json:"areaMethod"`
	// Plane is the area in the Gauss plane of the file, Declared what the file states; null when there is none.
	Plane    *geo.Area     `json:"planeAreaM2"`
	Declared *geo.Area     `json:"declaredAreaM2"`
	Findings []findingJSON `json:"findings"`
	Checked  []checkedJSON `json:"checked"`
	Gaps     []gapJSON     `json:"gaps"`
}

type findingJSON struct {
	Ref     string   `json:"ref"`
	Theme   string   `json:"theme"`
	Feature int64    `json:"feature"`
	Name    string   `json:"name"`
	Zones   []string `json:"zones"`
	Outcome string   `json:"outcome"`
	Area    geo.Area `json:"areaM2"`
	Share   float64  `json:"share"`
	// Effective is what is left of Area after the band of the layer's declared accuracy is taken off; both are absent where
	// none is declared. Border says that nothing is left, and that the boundary has to be surveyed.
	Accuracy  geo.Length `json:"accuracyM,omitempty"`
	Effective *geo.Area  `json:"effectiveM2,omitempty"`
	Border    bool       `json:"border"`
	Rule      string     `json:"rule"`
	Law       string     `json:"law"`
	Article   string     `json:"article"`
	Text      string     `json:"text"`
	Source    string     `json:"source"`
}

type checkedJSON struct {
	Ref      string   `json:"ref"`
	Overlaps int      `json:"overlaps"`
	Touching int      `json:"touching"`
	Area     geo.Area `json:"areaM2"`
	// Effective is as in findingJSON; Beside is what shares nothing with the layer but lies within its accuracy.
	Accuracy  geo.Length `json:"accuracyM,omitempty"`
	Effective *geo.Area  `json:"effectiveM2,omitempty"`
	Beside    geo.Area   `json:"besideM2,omitempty"`
}

// effective is null where no accuracy is declared.
func effective(accuracy geo.Length, a geo.Area) *geo.Area {
	if accuracy == 0 {
		return nil
	}
	return &a
}

// layerJSON sums a batch up over a layer: Area counts what parcels share with each other again, Union does not.
type layerJSON struct {
	Ref      string        `json:"ref"`
	Theme    string        `json:"theme"`
	Parcels  int           `json:"parcels"`
	Area     geo.Area      `json:"areaM2"`
	Union    *geo.Area     `json:"unionM2"`
	Features []featureJSON `json:"features"`
}

type featureJSON struct {
	Feature int64     `json:"feature"`
	Name    string    `json:"name"`
	Parcels int       `json:"parcels"`
	Area    geo.Area  `json:"areaM2"`
	Union   *geo.Area `json:"unionM2"`
}

type gapJSON struct {
	Layer string `json:"layer,omitempty"`
	Code  string `json:"code"`
	Text  string `json:"text"`
}

type unreadJSON struct {
	Row  int64  `json:"row"`
	Code string `json:"code"`
	Text string `json:"text"`
}

func (s *session) checkSummary(r conflict.Result) checkJSON {
	p := r.Provenance
	out := checkJSON{
		Verdict: r.Verdict.String(), Parcels: []parcelJSON{}, Layers: []layerJSON{}, Unread: []unreadJSON{},
		Gaps: s.gaps(r.Gaps), Area: r.Area, Union: known(r.Union), Refs: []string{}, RuleBook: p.RuleBook,
		RuleBookHash: p.RuleBookHash, Date: p.Date, Activity: p.Activity, Tolerance: p.Tolerance, Program: p.Program,
	}
	out.Declared = []declaredJSON{}
	for _, d := range p.Declared {
		out.Declared = append(out.Declared, declaredJSON{d.Ref.String(), d.Accuracy, d.ValidUntil})
	}
	for _, parcel := range r.Parcels {
		out.Parcels = append(out.Parcels, s.parcelSummary(parcel))
	}
	for _, l := range r.Layers {
		out.Layers = append(out.Layers, layerSummary(l))
	}
	for _, u := range r.Unread {
		out.Unread = append(out.Unread, unreadJSON{u.Row, u.Problem.Code, s.texts.Sentence(s.lang, u.Problem)})
	}
	for _, ref := range p.Refs {
		out.Refs = append(out.Refs, ref.String())
	}
	return out
}

func (s *session) parcelSummary(p conflict.ParcelResult) parcelJSON {
	out := parcelJSON{
		Row: p.Parcel.Row, Name: p.Parcel.Name, Verdict: p.Verdict.String(), Area: p.Parcel.Area,
		AreaMethod: string(p.Parcel.AreaMethod), Plane: known(geo.Area(p.Parcel.Plane)),
		Declared: known(geo.Area(p.Parcel.Declared)), Findings: []findingJSON{}, Checked: []checkedJSON{},
		Gaps: s.gaps(p.Gaps),
	}
	for _, f := range p.Findings {
		o := f.Overlap
		out.Findings = append(out.Findings, findingJSON{
			Ref: o.Ref.String(), Theme: string(f.Theme), Feature: o.Feature, Name: o.Roles[layers.Name], Zones: f.Zones,
			Outcome: f.Outcome.String(), Area: o.Area, Share: o.Share, Rule: f.Rule, Law: f.Law, Article: f.Article,
			Text: f.Text[s.lang], Source: f.Source,
			Accuracy: o.Accuracy, Effective: effective(o.Accuracy, o.Effective), Border: f.Border,
		})
	}
	for _, c := range p.Checked {
		out.Checked = append(out.Checked, checkedJSON{
			c.Ref.String(), c.Overlaps, c.Touching, c.Area, c.Accuracy, effective(c.Accuracy, c.Effective), c.Beside,
		})
	}
	return out
}

func layerSummary(l conflict.LayerResult) layerJSON {
	out := layerJSON{
		Ref: l.Ref.String(), Theme: string(l.Theme), Parcels: l.Parcels, Area: l.Area, Union: known(l.Union),
		Features: []featureJSON{},
	}
	for _, f := range l.Features {
		out.Features = append(out.Features, featureJSON{f.Feature, f.Name, f.Parcels, f.Area, known(f.Union)})
	}
	return out
}

func (s *session) gaps(list []analysis.Gap) []gapJSON {
	out := []gapJSON{}
	for _, g := range list {
		out = append(out, gapJSON{string(g.Layer), g.Problem.Code, s.texts.Sentence(s.lang, g.Problem)})
	}
	return out
}

// known is null for an area that is not known, because JSON has no word for NaN.
func known(a geo.Area) *geo.Area {
	if math.IsNaN(float64(a)) {
		return nil
	}
	return &a
}

// changeJSON is a change for machines; outlines are in --patches. The matrix has a row per class before and a column
// per class after.
type changeJSON struct {
	Layer             string          `json:"layer"`
	Before            string          `json:"before"`
	After             string          `json:"after"`
	Regions           string          `json:"regions,omitempty"`
	Rows              []changeRowJSON `json:"rows"`
	Total             changeRowJSON   `json:"total"`
	Classes           []classJSON     `json:"classes"`
	Matrix            [][]geo.Area    `json:"matrixM2"`
	OverlappingBefore geo.Area        `json:"overlappingBeforeM2"`
	OverlappingAfter  geo.Area        `json:"overlappingAfterM2"`
	Gaps              []gapJSON       `json:"gaps"`
	Program           string          `json:"program"`
}

type changeRowJSON struct {
	Code           string   `json:"code"`
	Name           string   `json:"name"`
	Before         geo.Area `json:"beforeM2"`
	After          geo.Area `json:"afterM2"`
	Gained         geo.Area `json:"gainedM2"`
	Lost           geo.Area `json:"lostM2"`
	Net            geo.Area `json:"netM2"`
	Unchanged      geo.Area `json:"unchangedM2"`
	Changed        geo.Area `json:"changedM2"`
	FeaturesBefore int64    `json:"featuresBefore"`
	FeaturesAfter  int64    `json:"featuresAfter"`
}

// classJSON is the account of a class: OnlyBefore and OnlyAfter are where the other vintage says nothing.
type classJSON struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	Before     geo.Area `json:"beforeM2"`
	After      geo.Area `json:"afterM2"`
	Unchanged  geo.Area `json:"unchangedM2"`
	OnlyBefore geo.Area `json:"onlyBeforeM2"`
	OnlyAfter  geo.Area `json:"onlyAfterM2"`
}

func (s *session) changeSummary(w *workspace, r change.Result) changeJSON {
	out := changeJSON{
		Layer: string(r.Layer.ID), Before: r.Before.String(), After: r.After.String(), Rows: []changeRowJSON{},
		Total: changeRow(r.Total), Classes: []classJSON{}, Matrix: [][]geo.Area{}, OverlappingBefore: r.OverlappingBefore,
		OverlappingAfter: r.OverlappingAfter, Gaps: s.gaps(r.Gaps), Program: r.Provenance.Program,
	}
	if r.Regions != (layers.Ref{}) {
		out.Regions = r.Regions.String()
	}
	for _, row := range r.Rows {
		out.Rows = append(out.Rows, changeRow(row))
	}
	for i, code := range r.Classes {
		c := classJSON{
			Code: code, Name: w.codes.ClassTitle(s.lang, code), Before: r.OnlyBefore[i], After: r.OnlyAfter[i],
			Unchanged: r.Matrix[i][i],
		}
		c.OnlyBefore, c.OnlyAfter = r.OnlyBefore[i], r.OnlyAfter[i]
		for j := range r.Classes {
			c.Before += r.Matrix[i][j]
			c.After += r.Matrix[j][i]
		}
		out.Classes, out.Matrix = append(out.Classes, c), append(out.Matrix, r.Matrix[i])
	}
	return out
}

func changeRow(r change.Row) changeRowJSON {
	return changeRowJSON{
		r.Code, r.Name, r.Before, r.After, r.Gained, r.Lost, r.Net, r.Unchanged, r.Changed, r.FeaturesBefore, r.FeaturesAfter,
	}
}
