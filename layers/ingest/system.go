package ingest

import (
	"context"
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
	system    crs.System
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
		return settled{}, missing(ctx, data, fileName(r))
	case !r.System.Accepted():
		return settled{}, r.System.Refusal()
	}
	note := geo.NewProblem("ingest.crs.supplied", "system", r.System.Title())
	return settled{system: *r.System, treatedAs: true, notes: []*geo.Problem{note}}, nil
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
func missing(ctx context.Context, data format.Dataset, name string) error {
	n, err := survey(ctx, data)
	switch {
	case err != nil:
		return err
	case n.rows == 0:
		return geo.NewProblem("ingest.file.empty", "file", name)
	case n.usable == 0:
		return geo.NewProblem("ingest.rejects.all", "count", n.rows, "first", n.first)
	}
	var titles []string
	for _, s := range crs.Interpretations(n.bound) {
		titles = append(titles, s.Title())
	}
	if len(titles) == 0 {
		titles = []string{"–"}
	}
	const most = 6 // six-digit eastings fit every zone
	if len(titles) > most {
		titles = append(titles[:most], "…")
	}
	return geo.NewProblem("ingest.crs.missing", "possible", strings.Join(titles, "; "))
}

// numbers are the coordinates of a file as delivered.
type numbers struct {
	rows, usable int64
	bound        orb.Bound    // of the usable rows
	first        *geo.Problem // of the first row that is not
}

func survey(ctx context.Context, data format.Dataset) (numbers, error) {
	var n numbers
	for rec, err := range data.Records(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return n, err
		}
		n.rows++
		if p := unusable(rec); p != nil {
			if n.first == nil {
				n.first = p
			}
			continue
		}
		b := rec.Geometry.Bound()
		if n.usable > 0 {
			b = b.Union(n.bound)
		}
		n.bound = b
		n.usable++
	}
	return n, nil
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
