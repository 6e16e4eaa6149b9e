package api

import (
	"cmp"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"greenshield/api/state"
	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/report"
)

// checkDocument is the answer to a conflict check, and the receipt for it.
type checkDocument struct {
	ID         string         `json:"id"`
	Created    time.Time      `json:"created"`
	File       string         `json:"file" doc:"Name as delivered; empty for a drawn parcel"`
	Activity   string         `json:"activity"`
	Date       string         `json:"date"`
	Verdict    string         `json:"verdict" enum:"clear,conditional,approval-required,prohibited,incomplete"`
	Inline     bool           `json:"inline" doc:"Geometries are included; otherwise ask for one parcel at a time"`
	Parcels    []parcelInfo   `json:"parcels"`
	Unread     []rejectInfo   `json:"unread" doc:"Rows of the file that could not be checked"`
	Issues     []issueInfo    `json:"issues" doc:"What reading the file brought to light"`
	Layers     []checkedLayer `json:"layers"`
	Gaps       []gapInfo      `json:"gaps" doc:"What could not be summed up"`
	Area       area           `json:"area" doc:"Sum over parcels"`
	Union      *area          `json:"union,omitempty" doc:"Absent when it could not be built"`
	Provenance provenanceInfo `json:"provenance"`
}

type parcelInfo struct {
	Row        int64         `json:"row"`
	Name       string        `json:"name"`
	Verdict    string        `json:"verdict" enum:"clear,conditional,approval-required,prohibited,incomplete"`
	Area       area          `json:"area"`
	AreaMethod string        `json:"areaMethod" doc:"official-70m, legal-plane or geodesic"`
	Plane      *area         `json:"planeArea,omitempty" doc:"In the Gauss plane of the delivery; for comparison only"`
	Declared   *area         `json:"declaredArea,omitempty" doc:"Area that the file states"`
	Geometry   *geometry     `json:"geometry,omitempty"`
	BBox       bbox          `json:"bbox,omitempty"`
	Findings   []findingInfo `json:"findings" doc:"Worst outcome first"`
	Checked    []checkedInfo `json:"checked" doc:"Layers that were asked completely"`
	Gaps       []gapInfo     `json:"gaps" doc:"Why the verdict is incomplete"`
}

type findingInfo struct {
	Ref          string            `json:"ref"`
	Theme        string            `json:"theme"`
	Feature      int64             `json:"feature" doc:"0 where the finding is about what no feature covers"`
	Title        string            `json:"title"`
	Zones        []zoneInfo        `json:"zones" doc:"Functional zones that the shared place lies in"`
	Roles        map[string]string `json:"roles"`
	Outcome      string            `json:"outcome" enum:"clear,conditional,approval-required,prohibited,incomplete"`
	Area         area              `json:"area"`
	Share        float64           `json:"share" doc:"Part of the parcel's area, 0 to 1"`
	SharePrinted string            `json:"sharePrinted" example:"12.34 %"`
	Rule         string            `json:"rule"`
	Law          string            `json:"law"`
	Article      string            `json:"article"`
	Text         string            `json:"text"`
	Source       string            `json:"source" doc:"verified, recalled or proposed: only verified rules are law"`
	Accuracy     *length           `json:"accuracy,omitempty" doc:"Declared accuracy of the layer; absent where none is"`
	Effective    *area             `json:"effectiveArea,omitempty" doc:"What is left of the area after the band of the accuracy along the layer's border is taken off"`
	Border       string            `json:"border,omitempty" doc:"Set where nothing is left: the boundary has to be surveyed"`
	Geometry     *geometry         `json:"geometry,omitempty"`
	BBox         bbox              `json:"bbox,omitempty"`
}

type zoneInfo struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type checkedInfo struct {
	Ref      string `json:"ref"`
	Theme    string `json:"theme"`
	Title    string `json:"title"`
	Overlaps int    `json:"overlaps"`
	Touching int    `json:"touching" doc:"Features that share no more than the tolerance"`
	Area     area   `json:"area"`
	// Accuracy is a tolerance of the layer's own.
	Accuracy  *length `json:"accuracy,omitempty" doc:"Declared accuracy of the layer; absent where none is"`
	Effective *area   `json:"effectiveArea,omitempty" doc:"What is left of the area after the accuracy is taken off"`
	Beside    *area   `json:"besideArea,omitempty" doc:"Not in the layer, but nearer to its border than its accuracy; absent where nothing is"`
}

type gapInfo struct {
	Layer string `json:"layer,omitempty"`
	Code  string `json:"code"`
	Text  string `json:"text"`
}

type checkedLayer struct {
	Ref      string           `json:"ref"`
	Theme    string           `json:"theme"`
	Title    string           `json:"title"`
	Parcels  int              `json:"parcels" doc:"Parcels that overlap the layer"`
	Area     area             `json:"area" doc:"Sum of their overlaps"`
	Union    *area            `json:"union,omitempty" doc:"Area of the union of their overlaps"`
	Features []checkedFeature `json:"features"`
}

type checkedFeature struct {
	Feature int64  `json:"feature"`
	Title   string `json:"title"`
	Parcels int    `json:"parcels"`
	Area    area   `json:"area"`
	Union   *area  `json:"union,omitempty"`
}

// declaredInfo is what was declared of a vintage.
type declaredInfo struct {
	Ref        string  `json:"ref"`
	Accuracy   *length `json:"accuracy,omitempty" doc:"Greatest error of a boundary point; a tolerance of the layer's own"`
	ValidUntil string  `json:"validUntil,omitempty"`
}

type provenanceInfo struct {
	Refs         []string       `json:"refs"`
	Declared     []declaredInfo `json:"declared" doc:"What was declared of the refs"`
	RuleBook     string         `json:"ruleBook"`
	RuleBookHash string         `json:"ruleBookHash"`
	Date         string         `json:"date"`
	Activity     string         `json:"activity"`
	Method       string         `json:"method"`
	ToleranceM2  float64        `json:"toleranceM2" doc:"Area up to which an overlap counts as touching"`
	WidthM       float64        `json:"widthM" doc:"Effective width below which an overlap counts as touching"`
	Program      string         `json:"program"`
	At           time.Time      `json:"at"`
}

// checkView shows a result to one reader.
type checkView struct {
	server *Server
	lang   string
	titles map[layers.LayerID]string
	// outlines are left out of large batches.
	outlines bool
}

func (v checkView) document(row state.Check, kept keptCheck) checkDocument {
	r := kept.Result
	doc := checkDocument{
		ID: row.ID, Created: row.Created, File: row.File, Activity: row.Activity, Date: row.Date,
		Verdict: r.Verdict.String(), Inline: v.outlines, Parcels: []parcelInfo{}, Layers: []checkedLayer{},
		Unread: v.server.rejectInfos(v.lang, r.Unread, inlineRejects), Issues: v.server.issueInfos(v.lang, kept.Issues),
		Gaps: v.server.gapInfos(v.lang, r.Gaps), Area: areaOf(r.Area), Union: knownArea(float64(r.Union)),
		Provenance: provenanceOf(r.Provenance),
	}
	for _, p := range r.Parcels {
		doc.Parcels = append(doc.Parcels, v.parcel(p))
	}
	for _, l := range r.Layers {
		doc.Layers = append(doc.Layers, v.layer(l))
	}
	return doc
}

func (v checkView) parcel(p conflict.ParcelResult) parcelInfo {
	info := parcelInfo{
		Row: p.Parcel.Row, Name: p.Parcel.Name, Verdict: p.Verdict.String(), Area: areaOf(p.Parcel.Area),
		AreaMethod: string(p.Parcel.AreaMethod), Plane: knownArea(p.Parcel.Plane), Declared: knownArea(p.Parcel.Declared),
		Findings: []findingInfo{}, Checked: []checkedInfo{}, Gaps: v.server.gapInfos(v.lang, p.Gaps),
	}
	info.Geometry, info.BBox = v.outline(p.Parcel.Geometry)
	for _, f := range p.Findings {
		info.Findings = append(info.Findings, v.finding(f))
	}
	for _, c := range p.Checked {
		one := checkedInfo{
			Ref: c.Ref.String(), Theme: string(c.Theme), Title: v.titles[c.Ref.Layer], Overlaps: c.Overlaps,
			Touching: c.Touching, Area: areaOf(c.Area), Accuracy: declaredLength(c.Accuracy),
			Effective: v.effective(c.Accuracy, c.Effective),
		}
		if c.Beside > 0 {
			one.Beside = knownArea(float64(c.Beside))
		}
		info.Checked = append(info.Checked, one)
	}
	return info
}

// outline gives the bound always, the geometry only where it is wanted.
func (v checkView) outline(g orb.MultiPolygon) (*geometry, bbox) {
	if len(g) == 0 {
		return nil, nil
	}
	if !v.outlines {
		return nil, boundOf(g.Bound())
	}
	return geometryOf(g), boundOf(g.Bound())
}

func (v checkView) finding(f analysis.Finding) findingInfo {
	o := f.Overlap
	info := findingInfo{
		Ref: o.Ref.String(), Theme: string(f.Theme), Feature: o.Feature, Title: v.featureTitle(f),
		Zones: v.zones(f), Roles: rolesOf(o.Roles), Outcome: f.Outcome.String(), Area: areaOf(o.Area),
		Share: o.Share, SharePrinted: report.PrintPercent(o.Share), Rule: f.Rule, Law: f.Law, Article: f.Article,
		Text: f.Text[v.lang], Source: f.Source,
		Accuracy: declaredLength(o.Accuracy), Effective: v.effective(o.Accuracy, o.Effective),
	}
	if f.Border {
		info.Border = v.server.texts.Word(v.lang, "report.border.case", "accuracy", report.PrintLength(o.Accuracy).M)
	}
	info.Geometry, info.BBox = v.outline(o.Outline)
	return info
}

// effective is nil where no accuracy is declared.
func (v checkView) effective(accuracy geo.Length, a geo.Area) *area {
	if accuracy == 0 {
		return nil
	}
	return knownArea(float64(a))
}

// featureTitle is the feature's name; what no feature covers is called by its zone.
func (v checkView) featureTitle(f analysis.Finding) string {
	if f.Overlap.Feature > 0 {
		return roleTitle(f.Overlap.Roles, f.Overlap.Feature)
	}
	var names []string
	for _, z := range v.zones(f) {
		names = append(names, z.Title)
	}
	return strings.Join(names, ", ")
}

func (v checkView) zones(f analysis.Finding) []zoneInfo {
	out := []zoneInfo{}
	for _, id := range f.Zones {
		out = append(out, zoneInfo{ID: id, Title: cmp.Or(v.server.Book.ZoneTitle(v.lang, f.Theme, id), id)})
	}
	return out
}

func (v checkView) layer(l conflict.LayerResult) checkedLayer {
	info := checkedLayer{
		Ref: l.Ref.String(), Theme: string(l.Theme), Title: v.titles[l.Ref.Layer], Parcels: l.Parcels,
		Area: areaOf(l.Area), Union: knownArea(float64(l.Union)), Features: []checkedFeature{},
	}
	for _, f := range l.Features {
		info.Features = append(info.Features, checkedFeature{
			Feature: f.Feature, Title: f.Name, Parcels: f.Parcels, Area: areaOf(f.Area), Union: knownArea(float64(f.Union)),
		})
	}
	return info
}

// knownArea is nil for an area that is not known.
func knownArea(v float64) *area {
	if number(v) == nil {
		return nil
	}
	a := areaOf(geo.Area(v))
	return &a
}

func (s *Server) gapInfos(lang string, gaps []analysis.Gap) []gapInfo {
	out := []gapInfo{}
	for _, g := range gaps {
		said := s.noteOf(lang, g.Problem)
		out = append(out, gapInfo{Layer: string(g.Layer), Code: said.Code, Text: said.Text})
	}
	return out
}

func provenanceOf(p analysis.Provenance) provenanceInfo {
	info := provenanceInfo{
		Refs: []string{}, Declared: []declaredInfo{},
		RuleBook: p.RuleBook, RuleBookHash: p.RuleBookHash, Date: p.Date, Method: string(p.Method),
		Activity: p.Activity, ToleranceM2: float64(p.Tolerance), WidthM: float64(p.Width), Program: p.Program, At: p.At,
	}
	for _, r := range p.Refs {
		info.Refs = append(info.Refs, r.String())
	}
	for _, d := range p.Declared {
		info.Declared = append(info.Declared, declaredInfo{
			Ref: d.Ref.String(), Accuracy: declaredLength(d.Accuracy), ValidUntil: d.ValidUntil,
		})
	}
	return info
}
