package conflict

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/rule"
)

// Check asks, for every parcel, each published constraint layer in the vintage that was in use on the day: the layer's
// latest vintage that had begun by then, in its latest revision. Areas are taken in the legal plane; the outline of
// every overlap is built by another method, and where the two disagree the check is incomplete.
//
// The red line has no zones of its own in the rule book: an overlap with it is judged by the zones of the protected
// areas that it also lies in, and where it lies in several, or partly in none, the worst rule counts.
//
// The result depends on nothing but the vintages, the rule book, the parcels and o: same inputs, same bytes. A layer
// that cannot be asked leaves a gap and the others are asked; only when nothing can be said at all is there an error.
func Check(
	ctx context.Context, lib *layers.Library, book *rule.Book, parcels []Parcel, o Options,
) (Result, error) {
	if len(parcels) == 0 {
		return Result{}, geo.NewProblem("check.parcels.none")
	}
	o, err := o.withDefaults()
	if err != nil {
		return Result{}, err
	}
	if _, err := book.Activity(o.Activity); err != nil {
		return Result{}, err
	}
	all, err := chooseLayers(ctx, lib, o)
	if err != nil {
		return Result{}, err
	}
	grounds, err := askGround(ctx, lib, o)
	if err != nil {
		return Result{}, err
	}
	c := &checker{Options: o, book: book, layers: all, missing: missing(o.Required, all), grounds: grounds}
	answers, err := c.answers(ctx, parcels)
	if err != nil {
		return Result{}, err
	}
	return c.result(answers), nil
}

// checker is a check under way; it does not change once it has begun.
type checker struct {
	Options
	book    *rule.Book
	layers  []asked
	missing []*geo.Problem
	grounds *groundLayers // nil when the ground is not asked for
}

// answers checks all parcels, several at once, and returns the answers in the order of the parcels.
func (c *checker) answers(ctx context.Context, parcels []Parcel) ([]answer, error) {
	workers := c.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	out := make([]answer, len(parcels))
	count := counter{total: int64(len(parcels)), tell: c.Progress}
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(workers, len(parcels)) {
		group.Go(func() {
			scratch := new(overlay.Scratch)
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(parcels) {
					return
				}
				out[i] = c.answer(parcels[i], scratch)
				count.add()
			}
		})
	}
	group.Wait()
	return out, ctx.Err()
}

// counter tells the progress, one call at a time.
type counter struct {
	total int64
	tell  func(done, total int64)

	mu   sync.Mutex
	done int64
}

func (c *counter) add() {
	if c.tell == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	c.tell(c.done, c.total)
}

// result puts the answers together.
func (c *checker) result(answers []answer) Result {
	r := Result{Unread: c.Unread, Provenance: c.provenance()}
	for i := range answers {
		r.Parcels = append(r.Parcels, answers[i].ParcelResult)
		r.Verdict = r.Verdict.Worst(answers[i].Verdict)
		r.Area += answers[i].Parcel.Area
	}
	for k := range c.layers {
		if c.layers[k].loaded == nil {
			continue
		}
		sum, gap := c.sum(k, answers)
		r.Layers = append(r.Layers, sum)
		if gap != nil {
			r.Gaps = append(r.Gaps, *gap)
		}
	}
	pairs := pair(answers)
	r.Pairs, r.PairsOmitted = pairs.list(answers), pairs.omitted
	clusters := pairs.clusters(answers)
	r.Ground = c.batchGround(answers, clusters)
	var gap *analysis.Gap
	if r.Union, gap = unionOfParcels(answers, clusters, r.Area); gap != nil {
		r.Gaps = append(r.Gaps, *gap)
	}
	if len(r.Unread) > 0 || len(r.Gaps) > 0 {
		r.Verdict = analysis.Incomplete
	}
	return r
}

func (c *checker) provenance() analysis.Provenance {
	p := analysis.Provenance{
		RuleBook: c.book.Name, RuleBookHash: c.book.Hash, Date: c.Date, Activity: c.Activity, Method: ellipsoid.LegalPlane,
		Tolerance: c.Tolerance, Width: c.Width, Program: c.Program, At: c.Now(),
	}
	for _, a := range append(slices.Clone(c.layers), c.grounds.asked()...) {
		if a.loaded == nil {
			continue
		}
		p.Refs = append(p.Refs, a.vintage.Ref)
		if a.vintage.Declared != (layers.Declared{}) {
			p.Declared = append(p.Declared, analysis.Declaration{Ref: a.vintage.Ref, Declared: a.vintage.Declared})
		}
	}
	slices.SortFunc(p.Refs, layers.Ref.Compare)
	slices.SortFunc(p.Declared, func(x, y analysis.Declaration) int { return x.Ref.Compare(y.Ref) })
	return p
}
