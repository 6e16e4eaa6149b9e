package api

import (
	"bytes"
	"encoding/json"

	"github.com/klauspost/compress/gzip"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/ingest"
)

// The kept… types are how results are written into the state: without the language that they were asked in, because
// the next reader may ask in another.

// unkeep reads what json.Marshal wrote; numbers of unknown type keep their spelling.
func unkeep(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}

type keptIssue struct {
	Row       int64        `json:"row"`
	Severity  string       `json:"severity"`
	Action    string       `json:"action"`
	Problem   *geo.Problem `json:"problem"`
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
			Row: i.Row, Severity: string(i.Severity), Action: i.Action, Problem: i.Problem,
			Before: float64(i.AreaBefore), After: float64(i.AreaAfter), IsMeasure: i.AreaBefore != 0 || i.AreaAfter != 0,
		})
	}
	return out
}

func issuesOf(kept []keptIssue) []layers.Issue {
	out := make([]layers.Issue, 0, len(kept))
	for _, k := range kept {
		out = append(out, layers.Issue{
			Row: k.Row, Severity: layers.Severity(k.Severity), Action: k.Action, Problem: k.Problem,
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
	Rejects                                  []layers.Reject
}

func keepFindings(f ingest.Findings) keptReport {
	return keptReport{
		Read: f.Read, Kept: f.Kept, Repaired: f.Repaired, Guessed: f.Guessed, Densified: f.Densified,
		Warnings: f.Warnings, Table: f.Table,
		AreaBefore: f.AreaBefore, AreaAfter: f.AreaAfter, Length: f.Length,
		System: f.Used(), Declared: f.DeclaredText, Suspected: f.Suspected, TreatedAs: f.TreatedAs,
		Format: f.Format, Encoding: f.Encoding, Mapping: f.Mapping, Issues: keepIssues(f.Issues),
		Unlisted: f.Unlisted + int64(max(0, len(f.Issues)-keptIssues)), Rejects: f.Rejects,
	}
}

// keptCheck is the result of a check, and what reading its file brought to light.
type keptCheck struct {
	Result conflict.Result
	Issues []keptIssue
}

// UnmarshalJSON reads a check, also one from before results could be written as they are.
func (k *keptCheck) UnmarshalJSON(raw []byte) error {
	var in struct {
		Result *conflict.Result
		Issues []keptIssue
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	k.Issues = in.Issues
	if in.Result != nil {
		k.Result = *in.Result
		return nil
	}
	return unkeepFirst(raw, &k.Result)
}

// unkeepFirst reads the result of a check in the form in which the first version kept it: the fields of the result at
// the top, and those of a parcel and of its answer in one object.
func unkeepFirst(raw []byte, into *conflict.Result) error {
	type result conflict.Result
	in := struct {
		*result
		Parcels []firstParcel
	}{result: (*result)(into)}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	for _, p := range in.Parcels {
		into.Parcels = append(into.Parcels, conflict.ParcelResult(p))
	}
	return nil
}

type firstParcel conflict.ParcelResult

// UnmarshalJSON reads one object twice: as the parcel, and as the answer for it.
func (p *firstParcel) UnmarshalJSON(raw []byte) error {
	if err := json.Unmarshal(raw, (*conflict.ParcelResult)(p)); err != nil {
		return err
	}
	return json.Unmarshal(raw, &p.Parcel)
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
