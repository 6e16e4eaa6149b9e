package report

import (
	"math/big"
)

// A table whose rows and columns add up is a circulation: figures are flows along arcs, and what flows into a node
// flows out of it. A cell flows from its row to its column, a row's total into the row, a column's total out of the
// column. Where the raw figures are a circulation, there is one of whole numbers in which every figure is its raw
// value rounded up or down, because the bounds are whole and such systems are totally unimodular (A. J. Hoffman's
// circulation theorem); L. H. Cox and L. R. Ernst, Controlled Rounding, INFOR 20 (1982), apply that to tables. Of all
// such circulations balance takes one that is nearest to the raw figures, totals before margins before cells.

// rank says how much it matters that a figure is rounded to its nearest value.
type rank int

const (
	cell rank = iota
	margin
	total
)

// arc is one printed figure.
type arc struct {
	from, to int
	raw      *big.Rat // in units of the last decimal
	rank     rank
	// fixed is the printed figure, when it is settled already.
	fixed *int64
}

// part is the whole for the fractions of a unit that costs are counted in.
const part = 1 << 20

// flow is an arc in the course of balancing: flow lies between lower and upper.
type flow struct {
	from, to     int
	lower, upper int64
	floor        int64 // of the wanted figure
	frac         int64 // of the wanted figure above floor, in parts
	weight       int64
	value        int64
}

// cost of the flow having the value x: its distance to the wanted figure, which is the raw one for a cell. For sums it
// is the raw one rounded half up, so that it does not matter by how little it was rounded.
func (f *flow) cost(x int64) int64 {
	d := (x-f.floor)*part - f.frac
	return max(d, -d) * f.weight
}

// balance rounds the figures so that they still add up at every node, as the raw figures must exactly. Every figure is
// within one unit of its raw value, or a little more where figures that are fixed leave no other way, and a figure that
// is whole stays what it is. Nil means that the fixed figures contradict each other.
func balance(nodes int, arcs []arc) []int64 {
	for slack := int64(0); slack < 3; slack++ {
		b := balancer{out: make([][]int, nodes), in: make([][]int, nodes), excess: make([]int64, nodes)}
		for _, a := range arcs {
			b.add(a, slack, int64(len(arcs)))
		}
		if b.settle() {
			values := make([]int64, len(arcs))
			for i, f := range b.flows {
				values[i] = f.value
			}
			return values
		}
	}
	return nil
}

type balancer struct {
	flows   []flow
	out, in [][]int // arcs by node
	excess  []int64 // of what flows into a node over what flows out
}

func (b *balancer) add(a arc, slack, count int64) {
	f := flow{from: a.from, to: a.to, floor: floor(a.raw)}
	rest := new(big.Rat).Sub(a.raw, new(big.Rat).SetInt64(f.floor))
	f.lower, f.upper = max(f.floor-slack, min(f.floor, 0)), f.floor+1+slack
	if rest.Sign() == 0 {
		f.lower, f.upper = f.floor, f.floor
	}
	f.frac = floor(rest.Mul(rest, big.NewRat(part, 1)))
	f.value = f.floor
	if 2*f.frac >= part {
		f.value++
	}
	if a.rank != cell {
		f.floor, f.frac = f.value, 0
	}
	if a.fixed != nil {
		f.lower, f.upper, f.value = *a.fixed, *a.fixed, *a.fixed
	}
	// One unit of a margin outweighs all cells together, one of a total all margins.
	f.weight = [...]int64{1, count + 1, (count + 1) * (count + 1)}[a.rank]
	i := len(b.flows)
	b.flows = append(b.flows, f)
	b.out[f.from], b.in[f.to] = append(b.out[f.from], i), append(b.in[f.to], i)
	b.excess[f.to] += f.value
	b.excess[f.from] -= f.value
}

// settle sends one unit at a time from a node with too much to one with too little, along the way that costs least
// (successive shortest paths). It answers false when there is no such way.
func (b *balancer) settle() bool {
	for {
		done := true
		for _, e := range b.excess {
			done = done && e <= 0
		}
		if done {
			return true
		}
		if !b.send() {
			return false
		}
	}
}

// step is the last arc of the cheapest way to a node; forward means along the arc, so that its flow grows.
type step struct {
	arc     int
	forward bool
}

func (b *balancer) send() bool {
	costs, steps := b.search()
	best := -1
	for v, e := range b.excess {
		if e < 0 && costs[v] != unreached && (best < 0 || costs[v] < costs[best]) {
			best = v
		}
	}
	if best < 0 {
		return false
	}
	b.excess[best]++
	v := best
	for steps[v].arc >= 0 {
		f := &b.flows[steps[v].arc]
		if steps[v].forward {
			f.value++
			v = f.from
		} else {
			f.value--
			v = f.to
		}
	}
	b.excess[v]--
	return true
}

const unreached = int64(1) << 62

// search finds the cheapest ways from all nodes with too much, by Bellman and Ford with a queue.
func (b *balancer) search() ([]int64, []step) {
	costs, steps := make([]int64, len(b.excess)), make([]step, len(b.excess))
	queued := make([]bool, len(b.excess))
	var queue []int
	for v, e := range b.excess {
		costs[v], steps[v] = unreached, step{arc: -1}
		if e > 0 {
			costs[v], queued[v] = 0, true
			queue = append(queue, v)
		}
	}
	reach := func(v int, cost int64, s step) {
		if cost >= costs[v] {
			return
		}
		costs[v], steps[v] = cost, s
		if !queued[v] {
			queue, queued[v] = append(queue, v), true
		}
	}
	for len(queue) > 0 {
		v := queue[0]
		queue, queued[v] = queue[1:], false
		for _, i := range b.out[v] {
			if f := &b.flows[i]; f.value < f.upper {
				reach(f.to, costs[v]+f.cost(f.value+1)-f.cost(f.value), step{i, true})
			}
		}
		for _, i := range b.in[v] {
			if f := &b.flows[i]; f.value > f.lower {
				reach(f.from, costs[v]+f.cost(f.value-1)-f.cost(f.value), step{i, false})
			}
		}
	}
	return costs, steps
}
