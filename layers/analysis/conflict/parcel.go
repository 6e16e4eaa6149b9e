package conflict

import (
	"cmp"
	"errors"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers/analysis"
)

const (
	// speck is the area in m² below which two polygons are taken to share nothing: what rounding leaves of zero.
	speck = 1e-4
	// margin is added around a parcel in degrees (about 1 mm), so that a feature that touches it is looked at.
	margin = 1e-8
)

// answer is what became of one parcel, with what the sums over the batch need.
type answer struct {
	ParcelResult
	plane  orb.MultiPolygon // the parcel in the legal plane
	pieces []piece
}

// piece is what the parcel and one feature share.
type piece struct {
	layer   int // index of the asked layer
	feature int // index within its vintage
	area    geo.Area
	// outline is in the legal plane and shown the same in degrees; both are nil when it could not be built.
	outline, shown orb.MultiPolygon
}

// question is one parcel being checked by one goroutine.
type question struct {
	*checker
	*overlay.Scratch
	parcel Parcel
	bound  orb.Bound        // in degrees, with margin
	plane  orb.MultiPolygon // in the legal plane
	own    geo.Area         // of the parcel in the legal plane

	prepared *overlay.Prepared // the parcel in the legal plane

	pieces   []piece
	touching []int  // per layer
	asked    []bool // per layer: all of it that matters was measured
	bands    []band // per layer: the uncertain place along its border
	findings []analysis.Finding
	gaps     []analysis.Gap
	under    *Ground
}

func (c *checker) answer(p Parcel, s *overlay.Scratch) answer {
	q := &question{checker: c, Scratch: s, parcel: p, touching: make([]int, len(c.layers))}
	q.asked, q.bands = make([]bool, len(c.layers)), make([]band, len(c.layers))
	q.plane = ellipsoid.MultiPolygonToPlane(p.Geometry)
	q.prepared = overlay.Prepare(q.plane)
	q.own = q.prepared.Area()
	q.bound = p.Geometry.Bound().Pad(margin)
	for _, problem := range c.missing {
		q.gaps = append(q.gaps, analysis.Gap{Problem: problem})
	}
	if q.prepared.Mended() {
		q.gaps = append(q.gaps, analysis.Gap{Problem: geo.NewProblem("check.parcel.mended", "row", p.Row)})
	}
	if !(q.own > 0) {
		q.gaps = append(q.gaps, analysis.Gap{Problem: geo.NewProblem("check.parcel.empty", "row", p.Row)})
	} else {
		for k := range c.layers {
			q.ask(k)
			q.askBorder(k)
			q.asked[k] = q.complete(k)
		}
		q.judge()
		q.under = q.groundOf()
	}
	return answer{ParcelResult: q.result(), plane: q.plane, pieces: q.pieces}
}

// ask measures the parcel against one layer and notes why the layer's answer may not be complete.
func (q *question) ask(k int) {
	a := &q.layers[k]
	if a.loaded == nil {
		q.gap(k, a.problem)
		return
	}
	q.askCoverage(k)
	if a.vintage.Provenance.Suspected != "" {
		q.gap(k, geo.NewProblem("check.layer.obfuscated", "layer", a.title(), "frame", a.vintage.Provenance.Suspected))
	}
	if problem := a.expired(q.Date); problem != nil {
		q.gap(k, problem)
	}
	rejects := 0
	for _, r := range a.vintage.Rejects {
		if r.Bound == nil || r.Bound.Intersects(q.bound) {
			rejects++
		}
	}
	if rejects > 0 {
		q.gap(k, geo.NewProblem("check.layer.rejects", "layer", a.title(), "count", rejects))
	}
	a.loaded.Search(q.bound, func(i int) bool {
		q.measure(k, i)
		return true
	})
}

// gap notes once why the answer about a layer is incomplete.
func (q *question) gap(k int, p *geo.Problem) {
	g := analysis.Gap{Layer: q.layers[k].layer.ID, Problem: p}
	same := func(o analysis.Gap) bool { return o.Layer == g.Layer && o.Problem.Error() == p.Error() }
	if !slices.ContainsFunc(q.gaps, same) {
		q.gaps = append(q.gaps, g)
	}
}

// complete reports whether a layer was asked without a gap.
func (q *question) complete(k int) bool {
	id := q.layers[k].layer.ID
	return !slices.ContainsFunc(q.gaps, func(g analysis.Gap) bool { return g.Layer == id })
}

// measure compares the parcel with one feature near it.
func (q *question) measure(k, i int) {
	a := &q.layers[k]
	feature := &a.loaded.Features()[i]
	if !a.loaded.IsArea(i) {
		if q.near(ellipsoid.GeometryToPlane(feature.Geometry)) {
			q.gap(k, geo.NewProblem("check.feature.no-area", "layer", a.title(), "feature", feature.ID))
		}
		return
	}
	shape := a.loaded.Plane().At(i)
	area := min(shape.Shared(q.prepared), q.own)
	if shape.Mended() && (area > 0 || shape.Near(q.prepared, reach)) {
		q.gap(k, geo.NewProblem("check.feature.mended", "layer", a.title(), "feature", feature.ID))
	}
	if area <= q.slight() {
		if area > speck || shape.Near(q.prepared, reach) {
			q.touching[k]++
		}
		return
	}
	p := piece{layer: k, feature: i, area: area}
	err := q.outline(&p, &shape)
	if err != nil {
		q.gap(k, outlineProblem(err, a.title(), feature.ID))
	}
	lost := err == nil && len(p.outline) == 0 // narrower than the outline's grid of 0.1 mm
	if lost || q.thin(&p) {
		q.touching[k]++
		return
	}
	q.pieces = append(q.pieces, p)
}

// outline builds the shared place and compares its area with the one that was integrated. A parcel that lies wholly
// in the feature is the shared place itself.
func (q *question) outline(p *piece, shape *overlay.Prepared) error {
	if q.own-p.area <= speck {
		p.outline, p.shown = q.plane, q.parcel.Geometry
		return nil
	}
	shared, err := shape.Place(p.area, q.prepared, q.Scratch)
	if err != nil {
		return err
	}
	p.outline, p.shown = shared, toDegrees(shared)
	return nil
}

// CodeDisagrees is the code of the gap that an overlap leaves whose area and outline do not agree.
const CodeDisagrees = "check.overlap.disagrees"

func outlineProblem(err error, layer string, feature int64) *geo.Problem {
	code := "check.overlap.failed"
	if errors.Is(err, overlay.ErrDisagree) {
		code = CodeDisagrees
	}
	return geo.NewProblem(code, "layer", layer, "feature", feature).Because(err)
}

// slight is the area up to which an overlap, or what is left of the parcel without it, counts as borders that nearly
// meet. Where half of the parcel is concerned it is no border, however small the parcel is.
func (q *question) slight() geo.Area { return min(max(q.Tolerance, speck), q.own/2) }

// thin reports whether an overlap is so narrow that it counts as touching: a strip of width w and length l has the
// area w·l and nearly the perimeter 2·l. Half of the parcel is never touching, however narrow the parcel is.
func (q *question) thin(p *piece) bool {
	if q.Width == 0 || p.shown == nil || p.area > q.own/2 {
		return false
	}
	perimeter := ellipsoid.Length(p.shown)
	return perimeter > 0 && geo.Length(2*p.area)/perimeter < q.Width
}

// askCoverage notes when the layer does not claim to be complete in all of the parcel.
func (q *question) askCoverage(k int) {
	a := &q.layers[k]
	if problem := q.uncovered(a); problem != nil {
		q.gap(k, problem)
	}
}

func (q *question) result() ParcelResult {
	r := ParcelResult{Parcel: q.parcel, Findings: q.findings, Gaps: q.gaps, Ground: q.under}
	for k := range q.layers {
		if !q.asked[k] || !q.complete(k) {
			continue
		}
		a := &q.layers[k]
		found := q.piecesOf(k)
		one := Checked{
			Ref: a.vintage.Ref, Theme: a.layer.Theme, Overlaps: len(found), Area: together(found),
			Touching: q.touching[k],
		}
		if one.Accuracy = q.bands[k].accuracy; one.Accuracy > 0 {
			one.Effective, one.Beside = q.certain(k, one.Area, found), q.beside(k, found)
		}
		r.Checked = append(r.Checked, one)
	}
	slices.SortStableFunc(r.Findings, func(x, y analysis.Finding) int {
		return cmp.Or(
			cmp.Compare(y.Outcome, x.Outcome), x.Overlap.Ref.Compare(y.Overlap.Ref),
			cmp.Compare(x.Overlap.Feature, y.Overlap.Feature),
		)
	})
	for _, f := range r.Findings {
		r.Verdict = r.Verdict.Worst(f.Outcome)
	}
	if len(r.Gaps) > 0 {
		r.Verdict = analysis.Incomplete
	}
	return r
}

func (q *question) piecesOf(k int) []piece {
	var out []piece
	for _, p := range q.pieces {
		if p.layer == k {
			out = append(out, p)
		}
	}
	return out
}

func toDegrees(plane orb.MultiPolygon) orb.MultiPolygon {
	g, _ := ellipsoid.GeometryFromPlane(plane).(orb.MultiPolygon)
	return g
}
