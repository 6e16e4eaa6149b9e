package main

import (
	"bytes"
	"context"
	"slices"

	"greenshield/geo/overlay"
)

// matrix: land use of 2022 and 2023 with counties, loaded before, on two cores and on one; and the time to read every
// vertex of both vintages once.
func matrix(b *bench) error {
	m := matrixInput{}
	for i, name := range []string{"landuse2022", "landuse2023"} {
		l, err := loadLayer(b.city, name)
		if err != nil {
			return err
		}
		l.Overlaps() // that a vintage is a coverage is found once, when it is loaded
		m.years[i] = l
	}
	counties, err := loadLayer(b.city, "county")
	if err != nil {
		return err
	}
	for i := range counties.Len() {
		p := counties.At(i)
		m.counties = append(m.counties, &p)
	}
	m.label()
	for i, key := range []string{"matrix.one", "matrix"} {
		onCores(i+1, func() {
			seconds, total := least(b.times, func() float64 { return m.run(i + 1) })
			result(key, seconds, total)
			seconds, _ = least(b.times, func() float64 { return m.readOnce(i + 1) })
			result(key+".read", seconds, 0)
		})
	}
	result("matrix.changed", 0, m.changed)
	return m.failed
}

// matrixInput is what the matrix is made of, and what came of it.
type matrixInput struct {
	years    [2]*layer
	labels   [2][]int32
	counties []*overlay.Prepared
	changed  float64 // area whose class changed, in the last run
	failed   error
}

// label numbers the classes of both years from 0 on.
func (m *matrixInput) label() {
	var classes []int
	for _, l := range m.years {
		classes = append(classes, l.class...)
	}
	slices.Sort(classes)
	classes = slices.Compact(classes)
	for i, l := range m.years {
		for _, c := range l.class {
			at, _ := slices.BinarySearch(classes, c)
			m.labels[i] = append(m.labels[i], int32(at))
		}
	}
}

// run makes the matrix and gives the area of all its cells together.
func (m *matrixInput) run(workers int) float64 {
	t, err := overlay.Compare(context.Background(),
		overlay.Labelled{Layer: m.years[0].Layer, Labels: m.labels[0]},
		overlay.Labelled{Layer: m.years[1].Layer, Labels: m.labels[1]},
		overlay.TransitionOptions{
			Twins: m.years[0].twins(m.years[1]), Zones: overlay.NewZones(m.counties), Workers: workers,
		})
	if err != nil {
		m.failed = err
		return 0
	}
	total := 0.0
	m.changed = 0
	for zone := range t.Zones {
		for before := range t.Labels {
			for after := range t.Labels {
				area := float64(t.Flow(zone, before, after))
				if total += area; before != after {
					m.changed += area
				}
			}
		}
	}
	return total
}

// twins finds the features of o with the same content, as layers.Loaded.Twins does.
func (l *layer) twins(o *layer) []int32 {
	twins := slices.Repeat([]int32{-1}, l.Len())
	ours, theirs := l.byHash, o.byHash
	for len(ours) > 0 && len(theirs) > 0 {
		switch c := bytes.Compare(ours[0].key[:], theirs[0].key[:]); {
		case c < 0:
			ours = ours[1:]
		case c > 0:
			theirs = theirs[1:]
		default:
			twins[ours[0].index] = theirs[0].index
			ours, theirs = ours[1:], theirs[1:]
		}
	}
	return twins
}

// readOnce adds up every coordinate of both vintages.
func (m *matrixInput) readOnce(workers int) float64 {
	sums := make([]float64, workers)
	for _, l := range m.years {
		spread(l.Len(), workers, func(w, from, to int) {
			sum := 0.0
			for i := from; i < to; i++ {
				for _, q := range l.Points(i) {
					sum += q[0] + q[1]
				}
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
