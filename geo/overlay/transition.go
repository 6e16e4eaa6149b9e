package overlay

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"

	"greenshield/geo"

	"github.com/paulmach/orb"
)

// Labelled is a layer whose polygons each carry a label, such as a land-use class, counted from 0.
type Labelled struct {
	*Layer
	Labels []int32
}

// TransitionOptions of Compare. The zero value compares without twins or zones, on all processors.
type TransitionOptions struct {
	// Twins says, for each polygon before, which polygon after is known to be equal, −1 for none: by the hash of their
	// content, for example. Nil means that none is known. Twins need no overlay. Others that are equal point by point
	// are found to be so: their attributes may differ, and a year that is written into each of them makes no difference.
	Twins []int32
	// Zones split the account; nil means that everything lies in one zone.
	Zones *Zones
	// Changes asks for the list of places whose label changed, or that only one layer covers.
	Changes bool
	// Workers is the number of goroutines; 0 means one per processor. It does not change the result.
	Workers int
	// Progress, when set, is told now and then how many polygons are done, from any goroutine.
	Progress func(done, total int64)
}

// Transition says where the area of each label went between two layers, zone by zone. All areas are sums over pairs of
// polygons and are right whether or not the layers are coverages: what no polygon of the other layer covers is
// Vanished or Appeared, and a place that several polygons of one layer cover counts for each of them, which Tangled
// tells.
type Transition struct {
	// Labels and Zones are the dimensions of the tables; the last zone is the outside of all.
	Labels, Zones int
	flow          []geo.Area // zone, label before, label after
	vanished      []geo.Area // zone, label
	appeared      []geo.Area
	before, after []geo.Area
	// CountBefore and CountAfter are, per zone, the number of polygons that have a part in it.
	CountBefore, CountAfter []int64
	// TangledBefore and TangledAfter are the pairs within one layer that overlap; none for a coverage.
	TangledBefore, TangledAfter []Pair
	// Twins are the polygons after that equal one before, by number of the latter, −1 for none: those that were known and
	// those that were found. Polygons that overlap others of their layer are not among them.
	Twins []int32
	// Pairs are the polygons before and after that are no twins and share more than rounding, whatever their labels, in
	// order of the polygon before, then of the polygon after: what descended from what.
	Pairs []Pair
	// Changes are in order of the polygon before, then of the polygon after; those without a polygon before come last.
	Changes []Change

	from *comparison
}

// Change is a place that changed: what two polygons share, or what of one is left when all that it meets in the other
// layer is taken away. The number of a polygon that is not there is −1.
type Change struct {
	Before, After int32
	Area          geo.Area
}

// Flow is the area in a zone that had one label before and another, or the same, after.
func (t *Transition) Flow(zone, before, after int) geo.Area {
	return t.flow[(zone*t.Labels+before)*t.Labels+after]
}

// Before is the area of a label in a zone in the layer before, whatever became of it, and After that in the layer after.
func (t *Transition) Before(zone, label int) geo.Area { return t.before[zone*t.Labels+label] }

// After is the area of a label in a zone in the layer after.
func (t *Transition) After(zone, label int) geo.Area { return t.after[zone*t.Labels+label] }

// Vanished is the area of a label in a zone where the layer after has nothing.
func (t *Transition) Vanished(zone, label int) geo.Area { return t.vanished[zone*t.Labels+label] }

// Appeared is the area of a label in a zone where the layer before had nothing.
func (t *Transition) Appeared(zone, label int) geo.Area { return t.appeared[zone*t.Labels+label] }

// Compare accounts for the difference between two layers, polygon by polygon. Twins are only counted. A polygon without
// a twin is compared with those that it meets in the other layer: by their areas alone where it lies in one zone, and
// by the outline of what they share where that has to be split, the two checked against each other. The result depends
// on nothing but the layers and o: same inputs, same bytes. The error is that of ctx or a PairError.
// More than a tenth of a gigabyte of tables is ErrTables: nobody reads them, and a label for every polygon is a mistake.
func Compare(ctx context.Context, before, after Labelled, o TransitionOptions) (*Transition, error) {
	c, err := newComparison(before, after, o)
	if err != nil {
		return nil, err
	}
	for side := range c.sides {
		if err := c.follow(ctx, side); err != nil {
			return nil, err
		}
	}
	return c.result, nil
}

// follow follows the polygons of one side, a chunk at a time, and adds up what came of it. The side before comes first:
// it measures all pairs, and the side after only looks at what is left.
func (c *comparison) follow(ctx context.Context, side int) error {
	chunks := make([]chunk, c.chunks(side))
	var failed atomic.Pointer[error]
	inParallel(len(chunks), c.Workers, func() func(int) {
		w := worker{comparison: c, Scratch: new(Scratch), side: side}
		return func(k int) {
			err := ctx.Err()
			if err == nil && failed.Load() == nil {
				err = w.fill(&chunks[k], k)
			}
			if err != nil {
				failed.CompareAndSwap(nil, &err)
			}
		}
	})
	if err := failed.Load(); err != nil {
		return *err
	}
	for i := range chunks {
		c.enter(&chunks[i], side)
	}
	return nil
}

// Outline is the place of one of the Changes, by the outline engine and checked against its area, with the memory of s.
func (t *Transition) Outline(c Change, s *Scratch) (orb.MultiPolygon, error) {
	if c.Before != none && c.After != none {
		p, q := t.from.sides[0].At(int(c.Before)), t.from.sides[1].At(int(c.After))
		return p.Place(c.Area, &q, s)
	}
	w := worker{comparison: t.from, Scratch: s}
	number := c.Before
	if number == none {
		w.side, number = 1, c.After
	}
	p := w.sides[w.side].At(int(number))
	w.find(&p)
	outline, err := w.leftOutline(&p)
	if err != nil {
		return nil, err
	}
	return outline, p.agree(c.Area, outline, &p)
}

// PairError says which polygons could not be overlaid: one before and one after, −1 where only one is concerned.
type PairError struct {
	Before, After int32
	Err           error
}

// Error names the polygons by their numbers.
func (e *PairError) Error() string {
	return fmt.Sprintf("polygons %d before and %d after: %v", e.Before, e.After, e.Err)
}

// Unwrap gives the cause.
func (e *PairError) Unwrap() error { return e.Err }

// comparison is what all workers share.
type comparison struct {
	TransitionOptions
	sides  [2]party
	done   atomic.Int64
	result *Transition
}

// party is one of the two layers as the other sees it.
type party struct {
	Labelled
	twins   []int32    // in the other layer, −1 for none
	tangled []bool     // polygons that overlap others of their layer
	covered []geo.Area // of each polygon after, by those before that have no twin
}

const chunkSize = 2048

func (c *comparison) chunks(side int) int { return (c.sides[side].Len() + chunkSize - 1) / chunkSize }

// ErrTables says that labels and zones are too many for a table of each with each.
var ErrTables = errors.New("overlay: too many labels and zones for a table of transitions")

// mostCells is the number of cells in a table of transitions, of 8 bytes each.
const mostCells = 1 << 24

func newComparison(before, after Labelled, o TransitionOptions) (*comparison, error) {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Zones == nil {
		o.Zones = NewZones(nil)
	}
	c := &comparison{TransitionOptions: o}
	labels := 0
	for _, of := range [...][]int32{before.Labels, after.Labels} {
		for _, l := range of {
			labels = max(labels, int(l)+1)
		}
	}
	zones := len(o.Zones.zones) + 1
	if labels > mostCells || zones > mostCells/max(labels*labels, 1) {
		return nil, ErrTables
	}
	c.result = &Transition{
		Labels: labels, Zones: zones, flow: make([]geo.Area, zones*labels*labels),
		vanished: make([]geo.Area, zones*labels), appeared: make([]geo.Area, zones*labels),
		before: make([]geo.Area, zones*labels), after: make([]geo.Area, zones*labels),
		CountBefore: make([]int64, zones), CountAfter: make([]int64, zones),
		TangledBefore: before.Overlaps(), TangledAfter: after.Overlaps(),
	}
	c.sides = [2]party{newParty(before, c.result.TangledBefore), newParty(after, c.result.TangledAfter)}
	c.result.from = c
	c.sides[1].covered = make([]geo.Area, after.Len())
	c.pairUp()
	c.result.Twins = c.sides[0].twins
	return c, nil
}

func newParty(l Labelled, overlaps []Pair) party {
	s := party{Labelled: l, twins: slices.Repeat([]int32{none}, l.Len())}
	if len(overlaps) > 0 {
		s.tangled = make([]bool, l.Len())
		for _, p := range overlaps {
			s.tangled[p.A], s.tangled[p.B] = true, true
		}
	}
	return s
}

func (s *party) isTangled(i int32) bool { return s.tangled != nil && s.tangled[i] }

// pairUp takes over the twins, but for those that overlap others: these meet more than their twin. Then it looks for more.
func (c *comparison) pairUp() {
	before, after := &c.sides[0], &c.sides[1]
	pair := func(i, j int32) { before.twins[i], after.twins[j] = j, i }
	for i, j := range c.Twins {
		if j != none && before.mayPair(int32(i)) && after.mayPair(j) {
			pair(int32(i), j)
		}
	}
	before.Layer.twins(after.Layer, before.mayPair, after.mayPair, pair)
}

// mayPair reports whether polygon i has no twin and may have one.
func (s *party) mayPair(i int32) bool { return s.twins[i] == none && !s.isTangled(i) }

// chunk is what comparing some polygons gave. Chunks are added up in their order, whoever was faster.
type chunk struct {
	postings []posting
	counts   []int64
	changes  []Change
	covers   []Pair // what each polygon before shares with each after
}

// posting is an amount for one place of a table.
type posting struct {
	table int8
	place int32
	area  geo.Area
}

const (
	flowTable int8 = iota
	goneTable      // vanished or appeared, by side
	stockTable
	keptTable // a flow that is the whole stock of its polygon
)

// enter adds a chunk to the tables.
func (c *comparison) enter(k *chunk, side int) {
	r := c.result
	tables, counts := [...][]geo.Area{r.flow, r.vanished, r.before, r.flow}, r.CountBefore
	if side == 1 {
		tables, counts = [...][]geo.Area{r.flow, r.appeared, r.after, r.flow}, r.CountAfter
	}
	for _, p := range k.postings {
		tables[p.table][p.place] += p.area
		if p.table == keptTable {
			r.before[int(p.place)/r.Labels] += p.area
		}
	}
	for _, p := range k.covers {
		c.sides[1].covered[p.B] += p.Area
	}
	r.Pairs = append(r.Pairs, k.covers...)
	for zone, n := range k.counts {
		counts[zone] += n
	}
	r.Changes = append(r.Changes, k.changes...)
}

// worker compares polygons; it belongs to one goroutine.
type worker struct {
	*comparison
	*Scratch
	*chunk
	side     int
	near     []int32
	portions []Portion
	parts    []Portion
	met      []met
}

// met is a polygon of the other layer that shares area with the one in hand.
type met struct {
	Prepared
	number int32
	area   geo.Area
}

func (w *worker) fill(k *chunk, number int) error {
	w.chunk = k
	k.counts = make([]int64, w.result.Zones)
	from := number * chunkSize
	to := min(from+chunkSize, w.sides[w.side].Len())
	k.postings = make([]posting, 0, to-from+(to-from)/4)
	for i := from; i < to; i++ {
		if err := w.account(int32(i)); err != nil {
			return w.blame(int32(i), err)
		}
	}
	if done := w.done.Add(int64(to - from)); w.Progress != nil {
		w.Progress(done, int64(w.sides[0].Len()+w.sides[1].Len()))
	}
	return nil
}

// blame is an error about polygon i of this side, unless it names its polygons already.
func (w *worker) blame(i int32, err error) error {
	var pair *PairError
	switch {
	case errors.As(err, &pair):
		return err
	case w.side == 0:
		return &PairError{i, none, err}
	}
	return &PairError{none, i, err}
}

func (w *worker) post(table int8, place int, area geo.Area) {
	w.postings = append(w.postings, posting{table, int32(place), area})
}

// place is where a label of a zone stands in a table.
func (w *worker) place(zone int, label int32) int { return zone*w.result.Labels + int(label) }

// account accounts for one polygon.
func (w *worker) account(i int32) error {
	own := &w.sides[w.side]
	label, twin := own.Labels[i], own.twins[i]
	if err := w.portion(own, i); err != nil {
		return err
	}
	if twin != none && w.side == 0 {
		for _, q := range w.portions {
			w.post(keptTable, w.flow(q.Zone, label, w.sides[1].Labels[twin]), q.Area)
			w.counts[q.Zone]++
		}
		w.list(i, twin, own.areas[i])
		return nil
	}
	for _, q := range w.portions {
		w.post(stockTable, w.place(q.Zone, label), q.Area)
		w.counts[q.Zone]++
	}
	if twin != none {
		return nil
	}
	p := own.At(int(i))
	return w.meet(i, &p)
}

// portion leaves in w.portions how a polygon is split by zone. Most lie in one zone, and need no look at their edges.
func (w *worker) portion(own *party, i int32) error {
	w.portions = w.portions[:0]
	if zone := w.Zones.within(&own.boxes[i]); zone != mixed && own.state[i].Load() == sound {
		w.portions = append(w.portions, Portion{int(zone), own.areas[i]})
		return nil
	}
	p := own.At(int(i))
	if p.err == nil {
		w.portions = w.Zones.Split(w.portions, &p)
	}
	return p.err
}

// flow is where a pair of labels of a zone stands in the table of flows.
func (w *worker) flow(zone int, before, after int32) int {
	return w.place(zone, before)*w.result.Labels + int(after)
}

// list notes a change, when that was asked for. An equal label is none.
func (w *worker) list(before, after int32, area geo.Area) {
	if !w.Changes {
		return
	}
	if before != none && after != none && w.sides[0].Labels[before] == w.sides[1].Labels[after] {
		return
	}
	w.changes = append(w.changes, Change{before, after, area})
}

// meet compares a polygon with those of the other layer. What two polygons share is measured and posted from the side
// before; a polygon after that is covered whole by what was found there needs no look.
func (w *worker) meet(i int32, p *Prepared) error {
	switch {
	case p.empty():
		return nil
	case w.side == 1 && !w.sides[1].isTangled(i) && !w.uncovered(i, p):
		return nil
	}
	w.find(p)
	if w.side == 0 {
		for k := range w.met {
			if err := w.pass(i, p, &w.met[k]); err != nil {
				return err
			}
		}
	}
	return w.rest(i, p)
}

// uncovered reports whether more of polygon i after than rounding is left by those before, or whether that cannot be told
// by their sum because they overlap each other.
func (w *worker) uncovered(i int32, p *Prepared) bool {
	left := p.Area() - w.sides[1].covered[i]
	return w.sides[0].tangled != nil || left > Rounding(p.Area())
}

// find fills w.met, in order of the other layer. A twin has nothing for anybody else: what is equal to it in the layer of
// p overlaps nothing there.
func (w *worker) find(p *Prepared) {
	other := &w.sides[1-w.side]
	box, area := p.box(), p.Area()
	w.met = w.met[:0]
	w.near = other.near(w.near, &box, 0)
	for _, k := range w.near {
		if other.twins[k] != none {
			continue
		}
		m := met{Prepared: other.At(int(k)), number: k}
		if equal(&p.chains, &m.chains) {
			m.area = area
		} else {
			m.area = min(p.Shared(&m.Prepared), area)
		}
		if m.err != nil || m.area > Rounding(area) {
			w.met = append(w.met, m)
		}
	}
}

// equal reports whether two polygons are the same, point by point.
func equal(a, b *chains) bool {
	return len(a.points) == len(b.points) && a.box() == b.box() && slices.Equal(a.rings, b.rings) &&
		slices.Equal(a.points, b.points)
}

// pass posts what two polygons share, split by zone.
func (w *worker) pass(i int32, p *Prepared, m *met) error {
	if m.err != nil {
		return &PairError{i, m.number, m.err}
	}
	before, after := w.sides[0].Labels[i], w.sides[1].Labels[m.number]
	w.covers = append(w.covers, Pair{i, m.number, m.area})
	w.list(i, m.number, m.area)
	if len(w.portions) == 1 {
		w.post(flowTable, w.flow(w.portions[0].Zone, before, after), m.area)
		return nil
	}
	outline, err := p.Place(m.area, &m.Prepared, w.Scratch)
	if err != nil {
		return &PairError{i, m.number, err}
	}
	w.split(outline, m.area)
	for _, q := range w.parts {
		w.post(flowTable, w.flow(q.Zone, before, after), q.Area)
	}
	return nil
}

// split leaves in w.parts how an outline of the given area is split by zone.
func (w *worker) split(outline orb.MultiPolygon, area geo.Area) {
	part := w.Prepare(outline)
	w.parts = withoutNoise(w.Zones.Split(w.parts[:0], part), Noise(outline))
	if len(w.parts) == 0 {
		w.parts = append(w.parts, Portion{w.portions[0].Zone, 0})
	}
	// The outline is rounded to the grid, the area is not: the largest part takes the difference.
	largest := 0
	for k := range w.parts {
		if area -= w.parts[k].Area; w.parts[k].Area > w.parts[largest].Area {
			largest = k
		}
	}
	w.parts[largest].Area += area
}

// rest posts what is left of a polygon when all that it meets is taken away.
func (w *worker) rest(i int32, p *Prepared) error {
	left, err := w.left(p)
	if err != nil || left <= Rounding(p.Area())*geo.Area(1+len(w.met)) {
		return err
	}
	if label := w.sides[w.side].Labels[i]; len(w.portions) == 1 {
		w.post(goneTable, w.place(w.portions[0].Zone, label), left)
	} else {
		outline, err := w.leftOutline(p)
		if err != nil {
			return err
		}
		w.split(outline, left)
		for _, q := range w.parts {
			w.post(goneTable, w.place(q.Zone, label), q.Area)
		}
	}
	if w.side == 0 {
		w.list(i, none, left)
	} else {
		w.list(none, i, left)
	}
	return nil
}

// left is the area of p that none of those it meets covers: the sum when they do not overlap each other, and else by
// outline.
func (w *worker) left(p *Prepared) (geo.Area, error) {
	other, sum, tangled := &w.sides[1-w.side], geo.Area(0), 0
	for k := range w.met {
		sum += w.met[k].area
		if other.isTangled(w.met[k].number) {
			tangled++
		}
	}
	if tangled < 2 {
		return p.Area() - sum, nil
	}
	outline, err := w.leftOutline(p)
	return AreaOf(outline), err
}

// leftOutline is the outline of what left measures.
func (w *worker) leftOutline(p *Prepared) (orb.MultiPolygon, error) {
	taken := make([]orb.MultiPolygon, len(w.met))
	for k := range w.met {
		taken[k] = w.met[k].Polygon()
	}
	union, err := Dissolve(taken)
	if err != nil {
		return nil, err
	}
	return w.Outline(p.Polygon(), union, Difference)
}
