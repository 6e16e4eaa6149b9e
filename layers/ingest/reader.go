package ingest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/layers"
)

// reader reads the rows of one delivered file one after the other; it holds no more than a few batches of them.
type reader struct {
	data    format.Dataset
	theme   layers.Theme
	request Reading
	settled settled
	accepts accepts
	roles   *roleReader
	// fields are the schema's: a dataset is not for several goroutines.
	fields  []format.Field
	found   *Findings
	remarks format.Notes
	// told are the codes of the file's own notes that are reported already.
	told map[string]bool
	// inPlane asks for polygons in the legal plane.
	inPlane bool
	// strangers counts rows whose numbers cannot be in the system; when all are, the system is wrong, not the rows.
	strangers int64
	stranger  *geo.Problem
}

// kept is a row that came through.
type kept struct {
	measured
	row    int64
	roles  map[layers.Role]string
	record format.Record
	// Of a row that goes into a vintage: its content hash, and polygons in the legal plane where the reader is asked for
	// them.
	hash  layers.Hash
	legal orb.MultiPolygon
}

// enough is the number of rows after which a file is refused when no row's numbers fit its system.
const enough = 100

// newReader settles all that concerns the file as a whole.
func newReader(
	ctx context.Context, data format.Dataset, r Reading, theme layers.Theme, found *Findings,
) (*reader, error) {
	schema := data.Schema()
	found.describe(schema, r)
	told := found.tell(schema.Notes, nil)
	mapping, err := mapFields(r, theme, schema.Fields)
	found.Mapping = mapping
	if err != nil {
		return nil, err
	}
	found.tellMapping(r, theme, schema.Fields)
	s, err := settle(ctx, data, r)
	if err != nil {
		return nil, err
	}
	found.System, found.TreatedAs, found.Suspected = s.system, s.treatedAs, s.suspected
	for _, p := range s.notes {
		found.note(0, layers.Note, p)
	}
	for _, p := range s.warnings {
		found.note(0, layers.Warning, p)
	}
	return &reader{
		data: data, theme: theme, request: r, settled: s, accepts: accepted(theme), found: found, told: told,
		roles: newRoleReader(r, theme, mapping, schema.Fields), fields: schema.Fields,
	}, nil
}

// accepted is what a theme is drawn with.
func accepted(t layers.Theme) accepts {
	switch t {
	case layers.Shoreline, layers.Bankline:
		return accepts{polygons: true, lines: true}
	}
	return accepts{polygons: true}
}

// each calls keep with every row that can be kept, and enters all others in the findings. It ends at the first error.
func (r *reader) each(ctx context.Context, keep func(kept) error) error {
	total := r.data.Schema().Count
	for e, err := range r.examined(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		r.found.Read++
		if err := r.take(e, keep); err != nil {
			return err
		}
		if r.request.Progress != nil {
			r.request.Progress(r.found.Read, total)
		}
	}
	return r.finish()
}

// take keeps or rejects a row.
func (r *reader) take(e examined, keep func(kept) error) error {
	if e.stranger {
		r.strangers++
		r.stranger = e.problem
	}
	if e.problem != nil {
		return r.reject(e.row, e.problem, e.bound)
	}
	k := e.kept
	k.roles = r.roles.read(k.row, k.record.Values)
	if err := keep(k); err != nil {
		return fmt.Errorf("keep row %d: %w", k.row, err)
	}
	r.found.count(k)
	if k.remark != nil {
		r.remarks.Add(k.row, k.remark.Code, arguments(k.remark)...)
	}
	return nil
}

// place is where a geometry that is not kept lies, nil when that cannot be said.
func (r *reader) place(g orb.Geometry) *orb.Bound {
	if vertices(g) == 0 || !finite(g) {
		return nil
	}
	if r.request.AxesExchanged {
		g = exchanged(g)
	}
	s := r.settled.of(g)
	if !crs.Passable(crs.CheckNumbers(s, g.Bound())) {
		return nil
	}
	b := s.GeometryToLonLat(g).Bound()
	if math.IsNaN(b.Min[0] + b.Min[1] + b.Max[0] + b.Max[1]) {
		return nil
	}
	return &b
}

func (r *reader) reject(row int64, p *geo.Problem, bound *orb.Bound) error {
	f := r.found
	if len(f.Rejects) >= MaxRejects {
		return geo.NewProblem("ingest.rejects.too-many", "max", MaxRejects, "row", row)
	}
	f.Rejects = append(f.Rejects, layers.Reject{Row: row, Problem: p, Bound: bound})
	f.list(layers.Issue{Row: row, Severity: layers.Refusal, Problem: p, Action: "rejected"})
	if r.strangers == f.Read && f.Read >= enough {
		return r.stranger
	}
	return nil
}

// finish asks what only the whole file can answer.
func (r *reader) finish() error {
	// Some readers know only at the end what they had to decide on the way, such as rings that ran the wrong way.
	r.found.tell(r.data.Schema().Notes, r.told)
	for _, p := range append(r.remarks.Problems(), r.roles.problems()...) {
		r.found.note(rowOf(p), layers.Warning, p)
	}
	switch f := r.found; {
	case f.Read == 0:
		return geo.NewProblem("ingest.file.empty", "file", f.FileName)
	case f.Kept == 0 && r.strangers == f.Read:
		return r.stranger
	case f.Kept == 0 && f.Read == 1:
		return f.Rejects[0].Problem
	case f.Kept == 0:
		return geo.NewProblem("ingest.rejects.all", "count", f.Read, "first", f.Rejects[0].Problem)
	}
	return nil
}

// tell reports the notes of a file whose codes were not told before, and gives all codes told so far.
func (f *Findings) tell(notes []*geo.Problem, before map[string]bool) map[string]bool {
	told := map[string]bool{}
	for _, p := range notes {
		if !before[p.Code] {
			f.note(rowOf(p), layers.Note, p)
		}
		told[p.Code] = true
	}
	return told
}

// describe enters what the file says about itself.
func (f *Findings) describe(s format.Schema, r Reading) {
	f.FileName = fileName(r)
	f.Format, f.Name, f.Encoding, f.Fields, f.DeclaredText = s.Format, s.Name, s.Encoding, s.Fields, s.DeclaredText
}

func fileName(r Reading) string {
	if r.FileName != "" {
		return filepath.Base(filepath.ToSlash(r.FileName))
	}
	return filepath.Base(r.Path)
}

func (f *Findings) count(k kept) {
	f.Kept++
	f.Densified += int64(k.densified)
	f.AreaBefore += k.before
	f.AreaAfter += k.area
	f.Length += k.length
	if !slices.Contains(f.Systems, k.system) {
		f.Systems = append(f.Systems, k.system)
	}
	if len(k.repairs) > 0 {
		f.Repaired++
		f.listRepairs(k)
	}
	if k.guessed {
		f.Guessed++
	}
}

// listRepairs makes one issue per rule that was broken, with the first place and the number of places. A repair on which
// people could differ is told in other words.
func (f *Findings) listRepairs(k kept) {
	code := "ingest.geometry.repaired"
	if k.guessed {
		code = "ingest.geometry.guessed"
	}
	places := map[string]int{}
	for _, v := range k.repairs {
		places[string(v.Rule)]++
	}
	for _, v := range k.repairs {
		n, ok := places[string(v.Rule)]
		if !ok {
			continue
		}
		delete(places, string(v.Rule))
		p := geo.NewProblem(code, "rule", geo.NewProblem("topo.rule."+string(v.Rule)), "places", n).Near(v.At)
		f.list(layers.Issue{
			Row: k.row, Severity: layers.Repair, Problem: p, Action: "repaired", AreaBefore: k.before, AreaAfter: k.area,
		})
	}
}

func (f *Findings) note(row int64, s layers.Severity, p *geo.Problem) {
	f.list(layers.Issue{Row: row, Severity: s, Problem: p, Action: "none"})
}

func (f *Findings) list(i layers.Issue) {
	if i.Severity == layers.Warning {
		f.Warnings++
	}
	if len(f.Issues) >= MaxIssues {
		f.Unlisted++
		return
	}
	f.Issues = append(f.Issues, i)
}

// rowOf is the row that a gathered note names as its first, 0 for the file.
func rowOf(p *geo.Problem) int64 {
	for _, a := range p.Args {
		if row, ok := a.Value.(int64); ok && a.Name == "row" {
			return row
		}
	}
	return 0
}

func arguments(p *geo.Problem) []any {
	var out []any
	for _, a := range p.Args {
		out = append(out, a.Name, a.Value)
	}
	return out
}

// closing closes a dataset that was only read and joins its error.
func closing(data format.Dataset, err *error) { *err = errors.Join(*err, data.Close()) }
