package main

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
)

// asker is one goroutine's memory for its questions.
type asker struct {
	scratch overlay.Scratch
	near    []int
	failed  error
}

// find lays a parcel, in degrees, out in the legal plane and lists the features near it; nothing is transformed but its
// bound when there are none.
func (l *layer) find(parcel orb.MultiPolygon, a *asker) *overlay.Prepared {
	b := boundOf(parcel)
	a.near = l.near(orb.Bound{Min: ellipsoid.ToPlane(b.Min), Max: ellipsoid.ToPlane(b.Max)}, a.near[:0])
	if len(a.near) == 0 {
		return nil
	}
	return a.scratch.PrepareBy(parcel, ellipsoid.AppendToPlane)
}

func boundOf(mp orb.MultiPolygon) orb.Bound {
	b := orb.Bound{Min: mp[0][0][0], Max: mp[0][0][0]}
	for _, p := range mp {
		for _, v := range p[0] {
			b.Min[0], b.Max[0] = min(b.Min[0], v[0]), max(b.Max[0], v[0])
			b.Min[1], b.Max[1] = min(b.Min[1], v[1]), max(b.Max[1], v[1])
		}
	}
	return b
}

// overlap is the area in m² that a parcel, in degrees, shares with the layer.
func (l *layer) overlap(parcel orb.MultiPolygon, a *asker) float64 {
	asked := l.find(parcel, a)
	return l.shared(asked, a)
}

// shared is overlap for a polygon whose neighbours are listed.
func (l *layer) shared(asked *overlay.Prepared, a *asker) float64 {
	sum := 0.0
	for _, i := range a.near {
		p := l.At(i)
		sum += float64(p.Shared(asked))
	}
	return sum
}

// outline is the same with the outline of every overlap.
func (l *layer) outline(parcel orb.MultiPolygon, a *asker) float64 {
	asked := l.find(parcel, a)
	sum := 0.0
	for _, i := range a.near {
		p := l.At(i)
		shape, err := p.SharedOutline(asked, &a.scratch)
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
	line, err := loadLayer(b.city, "redline")
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
