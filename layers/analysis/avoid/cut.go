package avoid

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/rule"
)

// Find suggests, for every parcel with findings that are to be avoided, what could remain of it; parcels without any
// are left out. The suggestions come in the order of the parcels and depend on nothing but the inputs.
//
// Where a suggestion could not be made, or what remains still conflicts, it says so among its gaps. Errors are those
// of the check, "avoid.system" for a plane that is none, "avoid.zone" where there is no zone, and the context's.
func Find(
	ctx context.Context, lib *layers.Library, book *rule.Book, parcels []conflict.ParcelResult, o Options,
) ([]Result, error) {
	o = o.withDefaults()
	if !o.System.IsZero() && !o.System.Gauss() {
		return nil, geo.NewProblem("avoid.system", "system", o.System.Title())
	}
	var all []*suggestion
	for i := range parcels {
		if slices.ContainsFunc(parcels[i].Findings, o.of) {
			all = append(all, &suggestion{Options: o, parcel: &parcels[i]})
		}
	}
	if err := o.chooseZone(all); err != nil {
		return nil, err
	}
	if err := begin(ctx, lib, all, o.Workers); err != nil {
		return nil, err
	}
	// Borders are drawn with fewer points first; where that brings a conflict back they are followed point by point.
	for _, exact := range []bool{false, true} {
		if err := eachOf(ctx, all, o.Workers, func(s *suggestion, m *overlay.Scratch) { s.cut(m, exact) }); err != nil {
			return nil, err
		}
		if err := recheck(ctx, lib, book, all, o); err != nil {
			return nil, err
		}
	}
	out := make([]Result, len(all))
	for i, s := range all {
		out[i] = s.finish()
	}
	return out, nil
}

// chooseZone gives all suggestions one plane, because a file of boundary points has one.
func (o Options) chooseZone(all []*suggestion) error {
	if len(all) == 0 {
		return nil
	}
	if o.System.IsZero() {
		bound := all[0].parcel.Parcel.Geometry.Bound()
		for _, s := range all {
			bound = bound.Union(s.parcel.Parcel.Geometry.Bound())
		}
		var err error
		if o.System, err = zoneOf(bound.Center()); err != nil {
			return geo.NewProblem("avoid.zone").Because(err)
		}
	}
	for _, s := range all {
		s.System = o.System
	}
	return nil
}

// suggestion is one parcel being cut.
type suggestion struct {
	Options
	parcel *conflict.ParcelResult
	plane  orb.MultiPolygon // the parcel in the legal plane
	reach  float64          // the margin in metres of the legal plane
	// shapes are what is to be avoided around the parcel, in the legal plane.
	shapes []orb.MultiPolygon
	result Result
	done   bool // checked again and nothing open
}

// begin finds out what is to be avoided around each parcel.
func begin(ctx context.Context, lib *layers.Library, all []*suggestion, workers int) error {
	loaded := map[layers.Ref]*layers.Loaded{}
	for _, s := range all {
		for _, f := range s.parcel.Findings {
			if s.of(f) && loaded[f.Overlap.Ref] == nil {
				v, err := lib.Load(ctx, f.Overlap.Ref)
				if err != nil {
					return err
				}
				loaded[f.Overlap.Ref] = v
			}
		}
	}
	return eachOf(ctx, all, workers, func(s *suggestion, m *overlay.Scratch) { s.begin(loaded, m) })
}

// eachOf calls work with every suggestion, several at once.
func eachOf(ctx context.Context, all []*suggestion, workers int, work func(*suggestion, *overlay.Scratch)) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(workers, len(all)) {
		group.Go(func() {
			scratch := new(overlay.Scratch)
			for i := next.Add(1) - 1; i < int64(len(all)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				work(all[i], scratch)
			}
		})
	}
	group.Wait()
	return ctx.Err()
}

func (s *suggestion) begin(loaded map[layers.Ref]*layers.Loaded, m *overlay.Scratch) {
	p := s.parcel
	s.result = Result{
		Row: p.Parcel.Row, Name: p.Parcel.Name, Parcel: p.Parcel.Geometry, Area: p.Parcel.Area, Verdict: p.Verdict,
		Margin: s.Margin, Sliver: s.Sliver, SliverWidth: s.SliverWidth,
	}
	s.plane = ellipsoid.MultiPolygonToPlane(p.Parcel.Geometry)
	middle := p.Parcel.Geometry.Bound().Center()
	s.reach = float64(s.Margin) * stretch(middle)
	window := s.plane.Bound().Pad(3*s.reach + 1)
	for _, f := range p.Findings {
		if f.Outcome == analysis.Incomplete {
			s.gap("avoid.undecided", "row", p.Parcel.Row)
		}
		if !s.of(f) {
			continue
		}
		s.result.Avoided = append(s.result.Avoided, avoided(f))
		shape, err := around(loaded[f.Overlap.Ref], f.Overlap.Feature, window, m)
		if err != nil {
			s.gap("avoid.failed", "row", p.Parcel.Row)
			s.done = true
			return
		}
		s.shapes = append(s.shapes, shape)
	}
}

func avoided(f analysis.Finding) Avoided {
	return Avoided{
		Ref: f.Overlap.Ref, Theme: f.Theme, Feature: f.Overlap.Feature, Name: f.Overlap.Roles[layers.Name],
		Outcome: f.Outcome, Area: f.Overlap.Area,
	}
}

// gap notes once why the suggestion is not all that it could be.
func (s *suggestion) gap(code string, args ...any) {
	g := analysis.Gap{Problem: geo.NewProblem(code, args...)}
	if !slices.ContainsFunc(s.result.Gaps, func(o analysis.Gap) bool { return o.Problem.Code == code }) {
		s.result.Gaps = append(s.result.Gaps, g)
	}
}

// cut makes both cuts, or what is not good of them again.
func (s *suggestion) cut(m *overlay.Scratch, exact bool) {
	if s.done {
		return
	}
	along, err := s.along(m, exact)
	if err == nil {
		s.result.Along, err = s.remains(along)
	}
	if err != nil {
		s.result.Along = nil
		s.gap("avoid.failed", "row", s.result.Row)
	}
	if exact { // the line has no points to leave out
		return
	}
	line, side, err := s.straight(m)
	if err == nil && side != nil {
		if s.result.Straight, err = s.remains(side); s.result.Straight != nil {
			s.result.Straight.Line = line
		}
	}
	if err != nil {
		s.result.Straight = nil
		s.gap("avoid.failed", "row", s.result.Row)
	}
}

// recheck asks the layers about what remains of all parcels.
func recheck(ctx context.Context, lib *layers.Library, book *rule.Book, all []*suggestion, o Options) error {
	var cuts []*Cut
	var parcels []conflict.Parcel
	for _, s := range all {
		for _, c := range []*Cut{s.result.Along, s.result.Straight} {
			if s.done || c == nil {
				continue
			}
			cuts = append(cuts, c)
			parcels = append(parcels, conflict.Parcel{
				Row: int64(len(cuts)), Geometry: c.Outline, Area: c.Kept, AreaMethod: ellipsoid.Official70m,
			})
		}
	}
	if len(cuts) == 0 {
		return nil
	}
	asked := o.Check
	asked.Unread, asked.Progress, asked.Codes = nil, nil, nil
	r, err := conflict.Check(ctx, lib, book, parcels, asked)
	if err != nil {
		return err
	}
	for i, c := range cuts {
		c.Verdict, c.Open = r.Parcels[i].Verdict, 0
		for _, f := range r.Parcels[i].Findings {
			if o.of(f) {
				c.Open++
			}
		}
	}
	for _, s := range all {
		s.done = s.done || s.result.Along == nil || s.result.Along.Open == 0
	}
	return nil
}

// kept is what a cut keeps, nothing where there is none.
func kept(c *Cut) geo.Area {
	if c == nil {
		return 0
	}
	return c.Kept
}

// finish leaves out a line that does not solve the conflict and says of a border that does not.
func (s *suggestion) finish() Result {
	r := s.result
	if r.Straight != nil && r.Straight.Open > 0 {
		r.Straight = nil
	}
	switch {
	case r.Along != nil && r.Along.Open > 0:
		s.gap("avoid.open", "row", r.Row, "count", r.Along.Open)
	case r.Along == nil && r.Straight == nil && len(r.Gaps) == 0:
		s.gap("avoid.nothing-left", "row", r.Row)
	}
	if most := max(kept(r.Along), kept(r.Straight)); most > 0 && most < r.Area/2 {
		s.gap("avoid.little", "row", r.Row)
	}
	r.Gaps = s.result.Gaps
	return r
}
