package main

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
)

// redLine is the layer that parcels are checked against, loaded and indexed before the clock starts.
type redLine struct {
	layer    *layer
	prepared []*overlay.Prepared
}

func loadRedLine(folder string) (*redLine, error) {
	l, err := loadLayer(folder, "redline")
	if err != nil {
		return nil, err
	}
	return newRedLine(l), nil
}

func newRedLine(l *layer) *redLine { return &redLine{layer: l, prepared: l.prepare()} }

// asker is one goroutine's memory for its questions.
type asker struct {
	scratch overlay.Scratch
	near    []int
	pairs   int // candidate pairs so far
	failed  error
}

// overlap is the area in m² that a parcel, in degrees, shares with the red line.
func (r *redLine) overlap(parcel orb.MultiPolygon, a *asker) float64 {
	return r.overlapPlane(ellipsoid.MultiPolygonToPlane(parcel), a)
}

// overlapPlane is overlap for a polygon that is in the legal plane already.
func (r *redLine) overlapPlane(plane orb.MultiPolygon, a *asker) float64 {
	sum := 0.0
	a.near = r.layer.near(plane.Bound(), a.near[:0])
	a.pairs += len(a.near)
	for _, i := range a.near {
		sum += float64(r.prepared[i].Overlap(plane, &a.scratch))
	}
	return sum
}

// outline is the same with the outline of every overlap.
func (r *redLine) outline(parcel orb.MultiPolygon, a *asker) float64 {
	plane := ellipsoid.MultiPolygonToPlane(parcel)
	sum := 0.0
	a.near = r.layer.near(plane.Bound(), a.near[:0])
	for _, i := range a.near {
		shape, err := r.prepared[i].Outline(plane, &a.scratch)
		if err != nil {
			a.failed = err
		}
		sum += float64(overlay.AreaOf(shape))
	}
	return sum
}

// question is what is asked about one parcel.
type question func(parcel orb.MultiPolygon, a *asker) float64

// askAll puts a question about every parcel and gives the total area.
func askAll(parcels []feature, workers int, ask question, askers []asker) float64 {
	sums := make([]float64, workers)
	spread(len(parcels), workers, func(w, from, to int) {
		for _, p := range parcels[from:to] {
			sums[w] += ask(p.geom, &askers[w])
		}
	})
	total := 0.0
	for _, s := range sums {
		total += s
	}
	return total
}

// askEach is askAll on one core with the seconds of every single parcel.
func askEach(parcels []feature, ask question) []float64 {
	var a asker
	times := make([]float64, len(parcels))
	for i, p := range parcels {
		start := time.Now()
		ask(p.geom, &a)
		times[i] = time.Since(start).Seconds()
	}
	return times
}

// parcels: 10,000 parcels in degrees against the red line, areas and outlines on one core, areas on two.
func parcels(b *bench) error {
	asked, err := read(b.city, "parcels")
	if err != nil {
		return err
	}
	line, err := loadRedLine(b.city)
	if err != nil {
		return err
	}
	if err := measureParcels(b, "parcels.area", asked, line.overlap); err != nil {
		return err
	}
	return measureParcels(b, "parcels.outline", asked, line.outline)
}

func measureParcels(b *bench, key string, asked []feature, ask question) error {
	askers := make([]asker, 2)
	onCores(1, func() {
		seconds, total := least(b.times, func() float64 { return askAll(asked, 1, ask, askers) })
		result(key, seconds, total)
		times := askEach(asked, ask)
		result(key+".p50", quantile(times, 0.50), 0)
		result(key+".p99", quantile(times, 0.99), 0)
	})
	onCores(2, func() {
		seconds, total := least(b.times, func() float64 { return askAll(asked, 2, ask, askers) })
		result(key+".two", seconds, total)
	})
	for _, a := range askers {
		if a.failed != nil {
			return fmt.Errorf("%s: %w", key, a.failed)
		}
	}
	return nil
}
