package ingest

import (
	"context"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// The frames that web maps shift their coordinates into.
const (
	gcj02      = "GCJ-02"
	bd09       = "BD-09"
	notSuspect = "none"
)

// settled is the reference system that a file is read in, and how that came.
type settled struct {
	system crs.System
	// zones is the width of the zones that the rows lie in, each in its own; system is then the first of them. 0 when
	// all rows are in system.
	zones     int
	treatedAs bool
	suspected string
	notes     []*geo.Problem
	warnings  []*geo.Problem
}

// settle decides the reference system. What the file says counts; the operator may name a system where the file is
// silent, and overrules it only by TreatAs, which is recorded. Nothing is ever taken from the numbers.
func settle(ctx context.Context, data format.Dataset, r Reading) (settled, error) {
	schema := data.Schema()
	out, err := chosen(ctx, data, r)
	if err != nil {
		return out, err
	}
	out.notes = append(out.notes, out.system.Notes()...)
	out.suspect(schema, r)
	return out, nil
}

func chosen(ctx context.Context, data format.Dataset, r Reading) (settled, error) {
	schema := data.Schema()
	switch {
	case r.Zones != 0:
		return zonesOf(ctx, data, r)
	case schema.DeclaredProblem != nil && (r.TreatAs == nil || unshiftable(schema.DeclaredProblem, *r.TreatAs)):
		return settled{}, schema.DeclaredProblem
	case r.TreatAs != nil:
		note := geo.NewProblem("ingest.crs.treated-as", "declared", declaredText(schema), "system", r.TreatAs.Title())
		return settled{system: *r.TreatAs, treatedAs: true, notes: []*geo.Problem{note}}, nil
	case schema.Declared != nil:
		if r.System != nil && !agree(*r.System, *schema.Declared) {
			return settled{}, geo.NewProblem("ingest.crs.conflict",
				"declared", schema.Declared.Title(), "operator", r.System.Title())
		}
		return settled{system: *schema.Declared}, nil
	case r.System == nil:
		return settled{}, missing(ctx, data, r)
	case !r.System.Accepted():
		return settled{}, r.System.Refusal()
	}
	note := geo.NewProblem("ingest.crs.supplied", "system", r.System.Title())
	return settled{system: *r.System, treatedAs: true, notes: []*geo.Problem{note}}, nil
}

// zonesOf settles a file whose rows lie in several zones. It may name one of them, or none.
func zonesOf(ctx context.Context, data format.Dataset, r Reading) (settled, error) {
	schema := data.Schema()
	width, named := r.Zones, schema.Declared
	switch {
	case r.System != nil || r.TreatAs != nil:
		return settled{}, geo.NewProblem("ingest.crs.zones-and-system")
	case schema.DeclaredProblem != nil && schema.DeclaredProblem.Code == "ingest.crs.old-datum":
		return settled{}, schema.DeclaredProblem
	case named != nil && (!named.Prefixed() || named.Width() != width):
		return settled{}, geo.NewProblem("ingest.crs.zones-differ", "declared", named.Title(), "width", width)
	}
	n, err := survey(ctx, data, r.AxesExchanged)
	if err != nil {
		return settled{}, err
	}
	if n.usable == 0 {
		return settled{}, n.nothing(fileName(r))
	}
	found := n.zones(width)
	if len(found) == 0 {
		return settled{}, geo.NewProblem("ingest.crs.zones-none", "width", width)
	}
	note := geo.NewProblem("ingest.crs.zones", "declared", declaredText(schema), "systems", titles(found))
	return settled{system: found[0], zones: width, treatedAs: true, notes: []*geo.Problem{note}}, nil
}

// of is the system that a row's coordinates, easting first, are in.
func (s settled) of(g orb.Geometry) crs.System {
	if s.zones != 0 {
		if own, ok := crs.OfPrefix(s.zones, g.Bound()); ok {
			return own
		}
	}
	return s.system
}

// unshiftable reports a declaration that no word of an operator makes usable: coordinates on an old datum lie up to
// hundreds of metres off, and the parameters that would shift them are classified (domain section 7), unless the
// operator has some.
func unshiftable(p *geo.Problem, treatAs crs.System) bool {
	return p.Code == "ingest.crs.old-datum" && treatAs.Shift().IsZero()
}

// agree takes degrees for degrees: WGS 84 is used as CGCS2000 anyway, with a note, and an RFC 7946 file says WGS 84
// only by being one.
func agree(a, b crs.System) bool {
	return a == b || a.Geographic() && b.Geographic() && a.Accepted() && b.Accepted()
}

func declaredText(s format.Schema) string {
	if s.DeclaredText == "" {
		return "–"
	}
	return s.DeclaredText
}

// missing lists what the numbers could be in, so that the operator knows what to ask the supplier.
func missing(ctx context.Context, data format.Dataset, r Reading) error {
	n, err := survey(ctx, data, r.AxesExchanged)
	if err != nil {
		return err
	}
	if n.usable == 0 {
		return n.nothing(fileName(r))
	}
	return geo.NewProblem("ingest.crs.missing", "possible", titles(crs.Interpretations(n.bound)))
}

// titles names systems for a sentence.
func titles(systems []crs.System) string {
	var names []string
	for _, s := range systems {
		names = append(names, s.Title())
	}
	if len(names) == 0 {
		return "–"
	}
	const most = 6 // six-digit eastings fit every zone
	if len(names) > most {
		names = append(names[:most], "…")
	}
	return strings.Join(names, "; ")
}

// numbers are the coordinates of a file as delivered.
type numbers struct {
	rows, usable int64
	bound        orb.Bound // of the usable rows
	// prefixes has the bound of the rows whose eastings begin with a zone's number, by that number and the width of
	// the zones.
	prefixes map[[2]int]orb.Bound
	first    *geo.Problem // of the first row that is not usable
}

func newNumbers() numbers { return numbers{prefixes: map[[2]int]orb.Bound{}} }

// survey looks at the coordinates of every row, easting first once they are exchanged where the operator says so.
func survey(ctx context.Context, data format.Dataset, exchanged bool) (numbers, error) {
	n := newNumbers()
	for rec, err := range data.Records(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return n, err
		}
		n.add(rec, exchanged)
	}
	return n, nil
}

func (n *numbers) add(rec format.Record, exchanged bool) {
	n.rows++
	if p := unusable(rec); p != nil {
		if n.first == nil {
			n.first = p
		}
		return
	}
	b := rec.Geometry.Bound()
	if exchanged {
		b = orb.Bound{Min: orb.Point{b.Min[1], b.Min[0]}, Max: orb.Point{b.Max[1], b.Max[0]}}
	}
	n.bound = joined(n.bound, b, n.usable == 0)
	n.usable++
	for _, width := range []int{3, 6} {
		if s, ok := crs.OfPrefix(width, b); ok {
			key := [2]int{width, s.Zone()}
			before, met := n.prefixes[key]
			n.prefixes[key] = joined(before, b, !met)
		}
	}
}

func joined(all, b orb.Bound, first bool) orb.Bound {
	if first {
		return b
	}
	return all.Union(b)
}

// zones are the planes of a width that the rows' own zone numbers name, from west to east.
func (n numbers) zones(width int) []crs.System {
	var found []crs.System
	for key, bound := range n.prefixes {
		if s, ok := crs.OfPrefix(width, bound); ok && key[0] == width {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b crs.System) int { return a.Zone() - b.Zone() })
	return found
}

// nothing is the problem of a file none of whose rows can be used.
func (n numbers) nothing(name string) *geo.Problem {
	if n.rows == 0 {
		return geo.NewProblem("ingest.file.empty", "file", name)
	}
	return geo.NewProblem("ingest.rejects.all", "count", n.rows, "first", n.first)
}

func unusable(rec format.Record) *geo.Problem {
	switch {
	case rec.Problem != nil:
		return rec.Problem
	case vertices(rec.Geometry) == 0:
		return geo.NewProblem("ingest.geometry.missing")
	case !finite(rec.Geometry):
		return geo.NewProblem("ingest.geometry.not-finite")
	}
	return nil
}

// suspect records the obfuscated frame that the operator, the file's own words or its field names point to. It
// changes no coordinate: there is no lawful way back.
func (s *settled) suspect(schema format.Schema, r Reading) {
	switch {
	case r.Suspected == notSuspect:
	case r.Suspected != "":
		s.obfuscated("ingest.crs.suspected-obfuscated", r.Suspected)
	case schema.DeclaredProblem != nil && schema.DeclaredProblem.Code == "ingest.crs.obfuscated":
		frame := gcj02
		if strings.Contains(strings.ToLower(schema.DeclaredText), "bd") {
			frame = bd09
		}
		s.obfuscated("ingest.crs.suspected-obfuscated", frame)
	case s.system.Geographic():
		if frame := r.Codes.Suspect(schema.Fields); frame != "" {
			s.obfuscated("ingest.crs.suspected-gcj02", frame)
		}
	}
}

func (s *settled) obfuscated(code, frame string) {
	s.suspected = frame
	s.warnings = append(s.warnings, geo.NewProblem(code, "frame", frame))
}
