package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/ingest"
)

// The kept… types are how results are written into the state: without the language that they were asked in, because
// the next reader may ask in another.

type keptProblem struct {
	Code string     `json:"code"`
	Args []keptArg  `json:"args,omitempty"`
	At   *orb.Point `json:"at,omitempty"`
}

type keptArg struct {
	Name string `json:"name"`
	// Value is text, a number, a truth value, a list of texts, or – as Problem – a problem within the problem.
	Value   any          `json:"value,omitempty"`
	Problem *keptProblem `json:"problem,omitempty"`
}

// keepProblem leaves out the technical cause, which is in the log.
func keepProblem(p *geo.Problem) *keptProblem {
	if p == nil {
		return nil
	}
	k := &keptProblem{Code: p.Code, At: p.At}
	for _, a := range p.Args {
		arg := keptArg{Name: a.Name}
		switch v := a.Value.(type) {
		case *geo.Problem:
			arg.Problem = keepProblem(v)
		case []string:
			arg.Value = v
		case float64:
			arg.Value = number(v)
		default:
			arg.Value = plain(v)
		}
		k.Args = append(k.Args, arg)
	}
	return k
}

func (k *keptProblem) problem() *geo.Problem {
	if k == nil {
		return nil
	}
	p := &geo.Problem{Code: k.Code, At: k.At}
	for _, a := range k.Args {
		arg := geo.Arg{Name: a.Name, Value: a.Value}
		if list, ok := a.Value.([]any); ok {
			arg.Value = texts(list)
		}
		if a.Problem != nil {
			arg.Value = a.Problem.problem()
		}
		p.Args = append(p.Args, arg)
	}
	return p
}

func texts(list []any) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = fmt.Sprint(v)
	}
	return out
}

// unkeep reads what json.Marshal wrote; numbers of unknown type keep their spelling.
func unkeep(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}

type keptReject struct {
	Row     int64        `json:"row"`
	Problem *keptProblem `json:"problem"`
	Bound   *orb.Bound   `json:"bound,omitempty"`
}

func keepRejects(rejects []layers.Reject) []keptReject {
	out := make([]keptReject, 0, len(rejects))
	for _, r := range rejects {
		out = append(out, keptReject{Row: r.Row, Problem: keepProblem(r.Problem), Bound: r.Bound})
	}
	return out
}

func rejectsOf(kept []keptReject) []layers.Reject {
	out := make([]layers.Reject, 0, len(kept))
	for _, k := range kept {
		out = append(out, layers.Reject{Row: k.Row, Problem: k.Problem.problem(), Bound: k.Bound})
	}
	return out
}

type keptIssue struct {
	Row       int64        `json:"row"`
	Severity  string       `json:"severity"`
	Action    string       `json:"action"`
	Problem   *keptProblem `json:"problem"`
	Before    float64      `json:"before,omitempty"`
	After     float64      `json:"after,omitempty"`
	IsMeasure bool         `json:"measured,omitempty"`
}

// keptIssues is how many issues of a file are kept: more than anyone reads, few enough for a page.
const keptIssues = 2_000

func keepIssues(issues []layers.Issue) []keptIssue {
	out := make([]keptIssue, 0, min(len(issues), keptIssues))
	for _, i := range issues[:min(len(issues), keptIssues)] {
		out = append(out, keptIssue{
			Row: i.Row, Severity: string(i.Severity), Action: i.Action, Problem: keepProblem(i.Problem),
			Before: float64(i.AreaBefore), After: float64(i.AreaAfter), IsMeasure: i.AreaBefore != 0 || i.AreaAfter != 0,
		})
	}
	return out
}

func issuesOf(kept []keptIssue) []layers.Issue {
	out := make([]layers.Issue, 0, len(kept))
	for _, k := range kept {
		out = append(out, layers.Issue{
			Row: k.Row, Severity: layers.Severity(k.Severity), Action: k.Action, Problem: k.Problem.problem(),
			AreaBefore: geo.Area(k.Before), AreaAfter: geo.Area(k.After),
		})
	}
	return out
}

// keptReport is the report of an import.
type keptReport struct {
	Read, Kept, Repaired, Guessed, Densified int64
	Warnings                                 int64
	Table                                    string
	AreaBefore, AreaAfter                    geo.Area
	Length                                   geo.Length
	System, Declared, Suspected              string
	TreatedAs                                bool
	Format, Encoding                         string
	Mapping                                  map[layers.Role]string
	Issues                                   []keptIssue
	Unlisted                                 int64
	Rejects                                  []keptReject
}

func keepFindings(f ingest.Findings) keptReport {
	return keptReport{
		Read: f.Read, Kept: f.Kept, Repaired: f.Repaired, Guessed: f.Guessed, Densified: f.Densified,
		Warnings: f.Warnings, Table: f.Table,
		AreaBefore: f.AreaBefore, AreaAfter: f.AreaAfter, Length: f.Length,
		System: f.Used(), Declared: f.DeclaredText, Suspected: f.Suspected, TreatedAs: f.TreatedAs,
		Format: f.Format, Encoding: f.Encoding, Mapping: f.Mapping, Issues: keepIssues(f.Issues),
		Unlisted: f.Unlisted + int64(max(0, len(f.Issues)-keptIssues)), Rejects: keepRejects(f.Rejects),
	}
}

// keptCheck is the result of a check, and what reading its file brought to light.
type keptCheck struct {
	Verdict    analysis.Verdict
	Parcels    []keptParcel
	Layers     []keptLayer
	Provenance analysis.Provenance
	Unread     []keptReject
	Gaps       []keptGap
	Area       geo.Area
	Union      *float64
	Issues     []keptIssue
}

// A union that could not be built is NaN, which is kept as null.
type keptLayer struct {
	Ref      layers.Ref
	Theme    layers.Theme
	Parcels  int
	Area     geo.Area
	Union    *float64
	Features []keptFeature
}

type keptFeature struct {
	Feature int64
	Name    string
	Parcels int
	Area    geo.Area
	Union   *float64
}

func keepLayers(all []conflict.LayerResult) []keptLayer {
	var out []keptLayer
	for _, l := range all {
		k := keptLayer{Ref: l.Ref, Theme: l.Theme, Parcels: l.Parcels, Area: l.Area, Union: number(float64(l.Union))}
		for _, f := range l.Features {
			k.Features = append(k.Features, keptFeature{
				Feature: f.Feature, Name: f.Name, Parcels: f.Parcels, Area: f.Area, Union: number(float64(f.Union)),
			})
		}
		out = append(out, k)
	}
	return out
}

func layersOf(kept []keptLayer) []conflict.LayerResult {
	var out []conflict.LayerResult
	for _, k := range kept {
		l := conflict.LayerResult{
			Ref: k.Ref, Theme: k.Theme, Parcels: k.Parcels, Area: k.Area, Union: geo.Area(orNaN(k.Union)),
		}
		for _, f := range k.Features {
			l.Features = append(l.Features, conflict.FeatureResult{
				Feature: f.Feature, Name: f.Name, Parcels: f.Parcels, Area: f.Area, Union: geo.Area(orNaN(f.Union)),
			})
		}
		out = append(out, l)
	}
	return out
}

func keepGaps(gaps []analysis.Gap) []keptGap {
	var out []keptGap
	for _, g := range gaps {
		out = append(out, keptGap{Layer: g.Layer, Problem: keepProblem(g.Problem)})
	}
	return out
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

type keptParcel struct {
	Row             int64
	Name            string
	Geometry        orb.MultiPolygon
	Area            geo.Area
	AreaMethod      ellipsoid.Method
	Plane, Declared *float64
	Verdict         analysis.Verdict
	Findings        []analysis.Finding
	Checked         []conflict.Checked
	Gaps            []keptGap
}

type keptGap struct {
	Layer   layers.LayerID
	Problem *keptProblem
}

func keepResult(r conflict.Result, issues []layers.Issue) keptCheck {
	k := keptCheck{
		Verdict: r.Verdict, Layers: keepLayers(r.Layers), Provenance: r.Provenance, Unread: keepRejects(r.Unread),
		Gaps: keepGaps(r.Gaps), Area: r.Area, Union: number(float64(r.Union)), Issues: keepIssues(issues),
	}
	for _, p := range r.Parcels {
		k.Parcels = append(k.Parcels, keptParcel{
			Row: p.Parcel.Row, Name: p.Parcel.Name, Geometry: p.Parcel.Geometry, Area: p.Parcel.Area,
			AreaMethod: p.Parcel.AreaMethod, Plane: number(p.Parcel.Plane), Declared: number(p.Parcel.Declared),
			Verdict: p.Verdict, Findings: p.Findings, Checked: p.Checked, Gaps: keepGaps(p.Gaps),
		})
	}
	return k
}

// result is what keepResult was given, without the parcels' other attributes.
func (k keptCheck) result() conflict.Result {
	r := conflict.Result{
		Verdict: k.Verdict, Layers: layersOf(k.Layers), Provenance: k.Provenance, Unread: rejectsOf(k.Unread),
		Gaps: gapsOf(k.Gaps), Area: k.Area, Union: geo.Area(orNaN(k.Union)),
	}
	for _, p := range k.Parcels {
		r.Parcels = append(r.Parcels, conflict.ParcelResult{
			Parcel: conflict.Parcel{
				Row: p.Row, Name: p.Name, Geometry: p.Geometry, Area: p.Area, AreaMethod: p.AreaMethod,
				Plane: orNaN(p.Plane), Declared: orNaN(p.Declared),
			},
			Verdict: p.Verdict, Findings: p.Findings, Checked: p.Checked, Gaps: gapsOf(p.Gaps),
		})
	}
	return r
}

func gapsOf(kept []keptGap) []analysis.Gap {
	var out []analysis.Gap
	for _, g := range kept {
		out = append(out, analysis.Gap{Layer: g.Layer, Problem: g.Problem.problem()})
	}
	return out
}

// packJSON writes a large result small.
func packJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(w).Encode(v); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

func unpackJSON(packed []byte, into any) error {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	d := json.NewDecoder(r)
	d.UseNumber()
	return d.Decode(into)
}
