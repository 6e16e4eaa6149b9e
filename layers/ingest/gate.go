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
	store   layers.Store
	request Request
	history history
	found   *Findings
	// Of a theme that is a coverage: all polygons, in degrees, and their rows.
	members []orb.MultiPolygon
	rows    []int64
	// fingerprints are those of the rows, where there is a vintage before.
	fingerprints []fingerprint
	stated       stated
	// regions are those that are published; nil when none are, or regions are what is delivered.
	regions *regions
	beyond  beyond
	sample  sample
	scratch overlay.Scratch
}

// mostPlaces is the number of overlaps, of gaps and of rows outside the regions that are listed one by one; the totals
// count all.
const mostPlaces = 50

func newGate(ctx context.Context, store layers.Store, req Request, h history, found *Findings) (*gate, error) {
	g := &gate{store: store, request: req, history: h, found: found}
	var err error
	g.regions, err = regionsOf(ctx, store, req.Regions, req.Vintage)
	return g, err
}

// isCoverage reports whether the features of a theme are meant to fill their place, each point once.
func isCoverage(t layers.Theme) bool { return t == layers.Landuse || t == layers.Region }

func (g *gate) add(k kept) {
	if isCoverage(g.request.Layer.Theme) {
		area, _ := k.geometry.(orb.MultiPolygon) // without area it is no member
		g.members = append(geo.Doubled(g.members), area)
		g.rows = append(geo.Doubled(g.rows), k.row)
	}
	g.stated.add(g.request.Layer.Theme, k)
	if g.history.last != nil {
		g.fingerprints = append(geo.Doubled(g.fingerprints), fingerprintOf(k.hash, k.roles[layers.Code]))
	}
	if g.regions == nil {
		return
	}
	g.sample.add(k.geometry)
	if g.places() {
		g.place(k, k.legal)
	}
}

// places reports whether rows are held against the regions, for which they are needed in the legal plane.
func (g *gate) places() bool { return g.regions != nil && g.request.Layer.Theme != layers.Region }

// close enters what was found in all rows together.
func (g *gate) close(ctx context.Context, proof *evidence) error {
	if len(g.members) > 1 {
		g.checkCoverage()
	}
	if g.regions != nil {
		g.sumBeyond()
		g.suspectShift(g.regions)
	}
	g.stated.tell(g.found)
	sum, err := proof.hash()
	if err != nil {
		return err
	}
	g.tellRepeated(sum)
	return g.tellDifference(ctx)
}

// checkCoverage lists the largest overlaps and gaps, and the sums of all.
func (g *gate) checkCoverage() {
	c, err := topo.CheckCoverage(g.members, topo.CoverageOptions{Limit: mostPlaces, Valid: true, Degrees: true})
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

// Lengths with two decimals and areas in hectares with four, for sentences.
func metres(l geo.Length) string { return strconv.FormatFloat(float64(l), 'f', 2, 64) }

func hectares(a geo.Area) string { return strconv.FormatFloat(a.Hectares(), 'f', 4, 64) }

func signed(n int64) string { return fmt.Sprintf("%+d", n) }
