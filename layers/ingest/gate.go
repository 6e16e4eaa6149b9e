package ingest

import (
	"context"
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/geo/topo"
	"greenshield/layers"
)

// gate asks of all rows together what no row can answer by itself: whether land use and regions fill their place
// without overlaps and gaps, whether the delivery lies where the bureau's land is, and what is different from the
// vintage before. It warns and refuses nothing: a lake may be a gap, and a year may change a lot.
type gate struct {
	request Request
	found   *Findings
	// Of a theme that is a coverage: all polygons in the legal plane, and their rows.
	members []orb.MultiPolygon
	rows    []int64
	before  *layers.Vintage
	same    []layers.Ref // published vintages that were made from this very file
	// regions are those that are published; nil when none are, or regions are what is delivered.
	regions *regions
	beyond  beyond
	sample  sample
	scratch overlay.Scratch
}

// mostPlaces is the number of overlaps, of gaps and of rows outside the regions that are listed one by one; the totals
// count all.
const mostPlaces = 50

func newGate(
	ctx context.Context, store layers.Store, req Request, before *layers.Vintage, found *Findings,
) (*gate, error) {
	g := &gate{request: req, before: before, found: found}
	var err error
	if g.same, err = madeFrom(ctx, store, req); err != nil {
		return g, err
	}
	g.regions, err = regionsOf(ctx, store, req.Regions, req.Vintage)
	return g, err
}

// isCoverage reports whether the features of a theme are meant to fill their place, each point once.
func isCoverage(t layers.Theme) bool { return t == layers.Landuse || t == layers.Region }

func (g *gate) add(k kept) {
	plane := k.legal
	if isCoverage(g.request.Layer.Theme) {
		g.members = append(g.members, plane)
		g.rows = append(g.rows, k.row)
	}
	if g.regions == nil {
		return
	}
	g.sample.add(k.geometry)
	if g.request.Layer.Theme != layers.Region {
		g.place(k, plane)
	}
}

// close enters what was found.
func (g *gate) close() {
	if len(g.members) > 1 {
		g.checkCoverage()
	}
	if g.regions != nil {
		g.sumBeyond()
		g.suspectShift(g.regions)
	}
	g.compare(g.before)
	g.repeated()
}

// checkCoverage lists the largest overlaps and gaps, and the sums of all.
func (g *gate) checkCoverage() {
	c, err := topo.CheckCoverage(g.members, topo.CoverageOptions{Limit: mostPlaces})
	if err != nil {
		g.found.note(0, layers.Warning, geo.NewProblem("ingest.coverage.unchecked").Because(err))
		return
	}
	for _, o := range c.Overlaps {
		a, b := g.rows[o.A], g.rows[o.B]
		g.patch(a, o.Patch, geo.NewProblem("ingest.coverage.overlap", "row", a, "other", b,
			"area", squareMetres(o.Area), "width", metres(o.Width)))
	}
	for _, gap := range c.Gaps {
		g.patch(0, gap, geo.NewProblem("ingest.coverage.gap", "area", squareMetres(gap.Area), "width", metres(gap.Width)))
	}
	if c.OverlapTotal.Count+c.GapTotal.Count+c.MismatchCount == 0 {
		return
	}
	g.found.note(0, layers.Warning, geo.NewProblem("ingest.coverage.sum",
		"overlaps", c.OverlapTotal.Count, "overlapping", squareMetres(c.OverlapTotal.Area),
		"gaps", c.GapTotal.Count, "missing", squareMetres(c.GapTotal.Area),
		"slivers", c.OverlapTotal.Slivers+c.GapTotal.Slivers, "mismatches", c.MismatchCount))
}

// patch notes a problem at the first corner of a patch.
func (g *gate) patch(row int64, p topo.Patch, problem *geo.Problem) {
	if len(p.Outline) > 0 && len(p.Outline[0]) > 0 {
		problem = problem.Near(ellipsoid.FromPlane(p.Outline[0][0]))
	}
	g.found.note(row, layers.Warning, problem)
}

// before is the vintage that a delivery follows: the latest of an earlier date, or else the last revision of this one.
// Nil when there is none.
func before(ctx context.Context, store layers.Store, req Request) (*layers.Vintage, error) {
	all, err := store.Vintages(ctx, req.Layer.ID)
	if err != nil {
		return nil, fmt.Errorf("look for the vintage before: %w", err)
	}
	var last *layers.Vintage
	for i := range all {
		if (req.Vintage == "" || all[i].Ref.Vintage <= req.Vintage) && (last == nil || all[i].Ref.Compare(last.Ref) > 0) {
			last = &all[i]
		}
	}
	return last, nil
}

// compare notes what is different from the vintage before.
func (g *gate) compare(before *layers.Vintage) {
	if before == nil {
		return
	}
	f := g.found
	g.found.note(0, layers.Note, geo.NewProblem("ingest.vintage.before", "ref", before.Ref,
		"was", before.Count, "is", f.Kept, "more", signed(f.Kept-before.Count),
		"area", hectares(before.Area), "now", hectares(f.AreaAfter), "change", hectares(f.AreaAfter-before.Area)))
}

// Lengths with two decimals and areas in hectares with four, for sentences.
func metres(l geo.Length) string { return strconv.FormatFloat(float64(l), 'f', 2, 64) }

func hectares(a geo.Area) string { return strconv.FormatFloat(a.Hectares(), 'f', 4, 64) }

func signed(n int64) string { return fmt.Sprintf("%+d", n) }
