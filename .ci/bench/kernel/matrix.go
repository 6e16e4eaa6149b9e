package main

import (
	"crypto/sha256"
	"fmt"

	"github.com/paulmach/orb"

	"greenshield/geo/overlay"
)

// transition is one cell of the matrix: classes of land use before and after, and the county by its place in the
// layer; −1 is outside all counties.
type transition struct{ before, after, county int }

// matrix: land use of 2022 and 2023 with counties, loaded before, on two cores and on one; and the time to read every
// vertex of both vintages once.
func matrix(b *bench) error {
	before, err := loadLayer(b.city, "landuse2022")
	if err != nil {
		return err
	}
	after, err := loadLayer(b.city, "landuse2023")
	if err != nil {
		return err
	}
	counties, err := loadLayer(b.city, "county")
	if err != nil {
		return err
	}
	m := matrixInput{before: before, after: after, county: newRedLine(counties)}
	for i, key := range []string{"matrix.one", "matrix"} {
		onCores(i+1, func() {
			seconds, total := least(b.times, func() float64 { return m.total(i + 1) })
			result(key, seconds, total)
			seconds, _ = least(b.times, func() float64 { return m.readOnce(i + 1) })
			result(key+".read", seconds, 0)
		})
	}
	result("matrix.changed", 0, changed(m.run(2)))
	return m.failed()
}

// matrixInput is what the matrix is made of, and what went wrong.
type matrixInput struct {
	before, after *layer
	county        *redLine
	askers        []*counter
}

// counter is one goroutine's part of the matrix.
type counter struct {
	asker
	sums map[transition]float64
}

func (m *matrixInput) failed() error {
	for _, c := range m.askers {
		if c.failed != nil {
			return c.failed
		}
	}
	return nil
}

// total is the area in m² of all cells together.
func (m *matrixInput) total(workers int) float64 {
	sum := 0.0
	for _, area := range m.run(workers) {
		sum += area
	}
	return sum
}

func changed(cells map[transition]float64) float64 {
	sum := 0.0
	for t, area := range cells {
		if t.before != t.after {
			sum += area
		}
	}
	return sum
}

// run makes the matrix: features with the same content are found by their hash and only measured per county, the
// rest of both vintages is overlaid.
func (m *matrixInput) run(workers int) map[transition]float64 {
	same, left := m.match()
	m.askers = nil
	for range workers {
		m.askers = append(m.askers, &counter{sums: map[transition]float64{}})
	}
	spread(len(same), workers, func(w, from, to int) {
		for i, partner := range same[from:to] {
			m.count(from+i, partner, left, m.askers[w])
		}
	})
	out := map[transition]float64{}
	for _, c := range m.askers {
		for t, area := range c.sums {
			out[t] += area
		}
	}
	return out
}

// match gives for every feature before the one after with the same content, or −1, and the features after that
// nobody has matched, indexed.
func (m *matrixInput) match() (same []int, left *layer) {
	known := make(map[[sha256.Size]byte]int, len(m.after.hash))
	for i, h := range m.after.hash {
		known[h] = i
	}
	same = make([]int, len(m.before.hash))
	taken := make([]bool, len(m.after.hash))
	for i, h := range m.before.hash {
		same[i] = -1
		if k, ok := known[h]; ok {
			same[i], taken[k] = k, true
		}
	}
	left = newLayer(nil)
	for i, t := range taken {
		if !t {
			left.add(m.after.class[i], m.after.hash[i], m.after.plane[i])
		}
	}
	return same, left
}

// count adds what feature i has become. A feature that lies in one county needs no outline; where a border runs
// through it, what it shares with each feature after is built and measured per county.
func (m *matrixInput) count(i, partner int, left *layer, c *counter) {
	plane, class := m.before.plane[i], m.before.class[i]
	if partner >= 0 {
		m.perCounty(plane, class, m.after.class[partner], c)
		return
	}
	c.near = left.near(plane.Bound(), c.near[:0])
	overlaps := append([]int(nil), c.near...)
	home := m.home(plane, c)
	for _, k := range overlaps {
		if home >= 0 {
			shared := float64(c.scratch.Area(plane, left.plane[k]))
			c.sums[transition{class, left.class[k], home}] += shared
			continue
		}
		shape, err := c.scratch.Outline(plane, left.plane[k], overlay.Intersection)
		if err != nil {
			c.failed = fmt.Errorf("feature %d: %w", i+1, err)
		}
		m.perCounty(shape, class, left.class[k], c)
	}
}

// home is the county that has all of a feature, −1 when there is none.
func (m *matrixInput) home(plane orb.MultiPolygon, c *counter) int {
	whole := float64(overlay.AreaOf(plane))
	c.near = m.county.layer.near(plane.Bound(), c.near[:0])
	for _, k := range c.near {
		if isAll(float64(m.county.prepared[k].Overlap(plane, &c.scratch)), whole) {
			return k
		}
	}
	return -1
}

// perCounty adds the area of a region to the counties that it lies in.
func (m *matrixInput) perCounty(region orb.MultiPolygon, before, after int, c *counter) {
	if len(region) == 0 {
		return
	}
	rest := float64(overlay.AreaOf(region))
	whole := rest
	c.near = m.county.layer.near(region.Bound(), c.near[:0])
	for _, k := range c.near {
		area := float64(m.county.prepared[k].Overlap(region, &c.scratch))
		c.sums[transition{before, after, k}] += area
		rest -= area
		if isAll(area, whole) {
			return
		}
	}
	c.sums[transition{before, after, -1}] += rest
}

// isAll says whether a part is the whole, to a millionth of it.
func isAll(part, whole float64) bool { return part >= whole*(1-1e-6) }

// readOnce adds up every coordinate of both vintages.
func (m *matrixInput) readOnce(workers int) float64 {
	sums := make([]float64, workers)
	for _, l := range []*layer{m.before, m.after} {
		spread(len(l.plane), workers, func(w, from, to int) {
			sum := 0.0
			for _, mp := range l.plane[from:to] {
				sum += sumOf(mp)
			}
			sums[w] += sum
		})
	}
	total := 0.0
	for _, s := range sums {
		total += s
	}
	return total
}

func sumOf(mp orb.MultiPolygon) float64 {
	sum := 0.0
	for _, p := range mp {
		for _, r := range p {
			for _, q := range r {
				sum += q[0] + q[1]
			}
		}
	}
	return sum
}
