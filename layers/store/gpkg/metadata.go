package gpkg

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
	"greenshield/layers"
)

// vintageRow is a row of gs_vintage. What has no columns of its own is kept as JSON, in types that belong to this
// package, so that a change of a Go name cannot change the file.
type vintageRow struct {
	vintage layers.Vintage
	table   string
}

type fieldJSON struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	Width    int    `json:"width,omitempty"`
	Decimals int    `json:"decimals,omitempty"`
}

type rejectJSON struct {
	Row     int64       `json:"row"`
	Problem problemJSON `json:"problem"`
	Bound   *[4]float64 `json:"bound,omitempty"`
}

type problemJSON struct {
	Code string      `json:"code"`
	Args []argJSON   `json:"args,omitempty"`
	At   *[2]float64 `json:"at,omitempty"`
	// Cause is the text of the technical cause.
	Cause string `json:"cause,omitempty"`
}

// argJSON keeps the kind of an argument; exactly one of the values is set.
type argJSON struct {
	Name    string       `json:"name"`
	Text    *string      `json:"text,omitempty"`
	Integer *int64       `json:"integer,omitempty"`
	Real    *float64     `json:"real,omitempty"`
	Boolean *bool        `json:"boolean,omitempty"`
	List    []string     `json:"list,omitempty"`
	Problem *problemJSON `json:"problem,omitempty"`
}

type provenanceJSON struct {
	Operator  string    `json:"operator"`
	File      string    `json:"file"`
	SHA256    string    `json:"sha256"`
	Format    string    `json:"format"`
	Encoding  string    `json:"encoding"`
	Declared  string    `json:"declared"`
	Used      string    `json:"used"`
	TreatedAs bool      `json:"treatedAs"`
	Suspected string    `json:"suspected"`
	Table     string    `json:"table,omitempty"`
	Read      int64     `json:"read,omitempty"`
	Warnings  int64     `json:"warnings,omitempty"`
	Unlisted  int64     `json:"unlisted,omitempty"`
	SignedOff string    `json:"signedOff,omitempty"`
	Repaired  int64     `json:"repaired"`
	Guessed   int64     `json:"guessed,omitempty"`
	Densified int64     `json:"densified"`
	Program   string    `json:"program"`
	At        time.Time `json:"at"`
}

func kindNames() []string { return []string{"text", "integer", "real", "boolean", "date"} }

func (r vintageRow) arguments() ([]any, error) {
	v := r.vintage
	var errs []error
	text := func(x any) string {
		b, err := json.Marshal(x)
		errs = append(errs, err)
		return string(b)
	}
	var outline []byte
	if v.Coverage.Outline != nil {
		var err error
		outline, err = geopackage.EncodeGeometry(v.Coverage.Outline, legalSystem)
		errs = append(errs, err)
	}
	regions := ""
	if v.Coverage.Regions != (layers.Ref{}) {
		regions = v.Coverage.Regions.String()
	}
	args := []any{
		v.Ref.Layer, v.Ref.Vintage, v.Ref.Revision, v.Theme, r.table, text(fieldsToJSON(v.Fields)), text(v.Mapping),
		v.Count, float64(v.Area), float64(v.Length), v.Bound.Min[0], v.Bound.Min[1], v.Bound.Max[0], v.Bound.Max[1],
		v.Content.String(), v.Coverage.Kind, regions, outline, text(rejectsToJSON(v.Rejects)),
		text(provenanceToJSON(v.Provenance)), v.Published.UTC().Format(time.RFC3339Nano),
		float64(v.Declared.Accuracy), v.Declared.ValidUntil,
	}
	return args, errors.Join(errs...)
}

func scanVintage(scan func(...any) error) (vintageRow, error) {
	var r vintageRow
	var fields, mapping, content, regions, rejects, provenance, published string
	var outline []byte
	v := &r.vintage
	err := scan(&v.Ref.Layer, &v.Ref.Vintage, &v.Ref.Revision, &v.Theme, &r.table, &fields, &mapping, &v.Count,
		&v.Area, &v.Length, &v.Bound.Min[0], &v.Bound.Min[1], &v.Bound.Max[0], &v.Bound.Max[1], &content,
		&v.Coverage.Kind, &regions, &outline, &rejects, &provenance, &published,
		&v.Declared.Accuracy, &v.Declared.ValidUntil)
	if err != nil {
		return r, err
	}
	var fs []fieldJSON
	var rs []rejectJSON
	var p provenanceJSON
	err = errors.Join(
		json.Unmarshal([]byte(fields), &fs), json.Unmarshal([]byte(mapping), &v.Mapping),
		json.Unmarshal([]byte(rejects), &rs), json.Unmarshal([]byte(provenance), &p),
		readHash(content, &v.Content), readHash(p.SHA256, &v.Provenance.SHA256),
		readCoverage(regions, outline, &v.Coverage), readTime(published, &v.Published))
	if err != nil {
		return r, fmt.Errorf("metadata of %s: %w", v.Ref, err)
	}
	v.Fields, v.Rejects = fieldsFromJSON(fs), rejectsFromJSON(rs)
	hash := v.Provenance.SHA256
	v.Provenance = provenanceFromJSON(p)
	v.Provenance.SHA256 = hash
	return r, nil
}

func readHash(s string, into *layers.Hash) error {
	if n, err := hex.Decode(into[:], []byte(s)); err != nil || n != len(into) {
		return fmt.Errorf("hash %q: %w", s, errors.Join(err, errors.New("not 64 hexadecimal digits")))
	}
	return nil
}

func readTime(s string, into *time.Time) error {
	t, err := time.Parse(time.RFC3339Nano, s)
	*into = t.UTC()
	return err
}

func readCoverage(regions string, outline []byte, into *layers.Coverage) error {
	if regions != "" {
		ref, err := layers.ParseRef(regions)
		if err != nil {
			return err
		}
		into.Regions = ref
	}
	if outline == nil {
		return nil
	}
	g, err := geopackage.DecodeGeometry(outline)
	if err != nil {
		return err
	}
	mp, ok := g.(orb.MultiPolygon)
	if !ok {
		return fmt.Errorf("coverage outline is a %T", g)
	}
	into.Outline = mp
	return nil
}

func fieldsToJSON(fields []format.Field) []fieldJSON {
	out := []fieldJSON{}
	for _, f := range fields {
		out = append(out, fieldJSON{f.Name, kindNames()[f.Kind], f.Width, f.Decimals})
	}
	return out
}

func fieldsFromJSON(fields []fieldJSON) []format.Field {
	var out []format.Field
	for _, f := range fields {
		field := format.Field{Name: f.Name, Width: f.Width, Decimals: f.Decimals}
		for i, name := range kindNames() {
			if name == f.Kind {
				field.Kind = format.Kind(i)
			}
		}
		out = append(out, field)
	}
	return out
}

func rejectsToJSON(rejects []layers.Reject) []rejectJSON {
	out := []rejectJSON{}
	for _, r := range rejects {
		j := rejectJSON{Row: r.Row, Problem: problemToJSON(r.Problem)}
		if r.Bound != nil {
			j.Bound = &[4]float64{r.Bound.Min[0], r.Bound.Min[1], r.Bound.Max[0], r.Bound.Max[1]}
		}
		out = append(out, j)
	}
	return out
}

func rejectsFromJSON(rejects []rejectJSON) []layers.Reject {
	var out []layers.Reject
	for _, j := range rejects {
		r := layers.Reject{Row: j.Row, Problem: problemFromJSON(j.Problem)}
		if b := j.Bound; b != nil {
			r.Bound = &orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}}
		}
		out = append(out, r)
	}
	return out
}

func problemToJSON(p *geo.Problem) problemJSON {
	if p == nil {
		return problemJSON{}
	}
	j := problemJSON{Code: p.Code}
	for _, a := range p.Args {
		j.Args = append(j.Args, argToJSON(a))
	}
	if p.At != nil {
		j.At = &[2]float64{p.At[0], p.At[1]}
	}
	if p.Err != nil {
		j.Cause = p.Err.Error()
	}
	return j
}

func problemFromJSON(j problemJSON) *geo.Problem {
	if j.Code == "" {
		return nil
	}
	p := &geo.Problem{Code: j.Code}
	for _, a := range j.Args {
		p.Args = append(p.Args, argFromJSON(a))
	}
	if j.At != nil {
		p.At = &orb.Point{j.At[0], j.At[1]}
	}
	if j.Cause != "" {
		p.Err = errors.New(j.Cause)
	}
	return p
}

func argToJSON(a geo.Arg) argJSON {
	j := argJSON{Name: a.Name}
	switch v := a.Value.(type) {
	case string:
		j.Text = &v
	case int:
		n := int64(v)
		j.Integer = &n
	case int64:
		j.Integer = &v
	case bool:
		j.Boolean = &v
	case []string:
		j.List = v
	case *geo.Problem:
		p := problemToJSON(v)
		j.Problem = &p
	case float64:
		if _, err := json.Marshal(v); err == nil { // refuses NaN and the infinities
			j.Real = &v
			break
		}
		s := fmt.Sprint(v)
		j.Text = &s
	default:
		s := fmt.Sprint(v)
		j.Text = &s
	}
	return j
}

func argFromJSON(j argJSON) geo.Arg {
	a := geo.Arg{Name: j.Name, Value: ""}
	switch {
	case j.Text != nil:
		a.Value = *j.Text
	case j.Integer != nil:
		a.Value = *j.Integer
	case j.Real != nil:
		a.Value = *j.Real
	case j.Boolean != nil:
		a.Value = *j.Boolean
	case j.List != nil:
		a.Value = j.List
	case j.Problem != nil:
		a.Value = problemFromJSON(*j.Problem)
	}
	return a
}

func provenanceToJSON(p layers.Provenance) provenanceJSON {
	return provenanceJSON{
		Operator: p.Operator, File: p.File, SHA256: p.SHA256.String(), Format: p.Format, Encoding: p.Encoding,
		Declared: p.Declared, Used: p.Used, TreatedAs: p.TreatedAs, Suspected: p.Suspected, Repaired: p.Repaired,
		Guessed: p.Guessed, Densified: p.Densified, Program: p.Program, At: p.At.UTC(),
		Table: p.Table, Read: p.Read, Warnings: p.Warnings, Unlisted: p.Unlisted, SignedOff: p.SignedOff,
	}
}

func provenanceFromJSON(p provenanceJSON) layers.Provenance {
	return layers.Provenance{
		Operator: p.Operator, File: p.File, Format: p.Format, Encoding: p.Encoding, Declared: p.Declared,
		Used: p.Used, TreatedAs: p.TreatedAs, Suspected: p.Suspected, Repaired: p.Repaired, Guessed: p.Guessed,
		Densified: p.Densified, Program: p.Program, At: p.At.UTC(),
		Table: p.Table, Read: p.Read, Warnings: p.Warnings, Unlisted: p.Unlisted, SignedOff: p.SignedOff,
	}
}
