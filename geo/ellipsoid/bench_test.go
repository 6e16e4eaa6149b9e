package ellipsoid_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
)

// layer is as many vertices as a county's red line: polygons of a thousand vertices about places in China, in degrees.
func layer() (orb.MultiPolygon, int) {
	const polygons, vertices = 200, 1000
	var mp orb.MultiPolygon
	for i := range polygons {
		centre := orb.Point{108 + 0.01*float64(i%20), 22 + 0.01*float64(i/20)}
		ring := make(orb.Ring, 0, vertices+1)
		for k := range vertices {
			sin, cos := math.Sincos(2 * math.Pi * float64(k) / vertices)
			radius := 0.003 + 0.0005*math.Sin(17*float64(k))
			ring = append(ring, orb.Point{centre[0] + radius*cos, centre[1] + radius*sin})
		}
		mp = append(mp, orb.Polygon{append(ring, ring[0])})
	}
	return mp, polygons * (vertices + 1)
}

// BenchmarkLegalAreaOfALayer guards the promise of 20 million vertices per second from degrees to legal area.
func BenchmarkLegalAreaOfALayer(b *testing.B) {
	mp, vertices := layer()
	b.ReportAllocs()
	var sum geo.Area
	for b.Loop() {
		sum += ellipsoid.Area(mp)
	}
	if !(sum > 0) {
		b.Fatalf("the layer has %v m²", sum)
	}
	b.ReportMetric(float64(vertices)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mvertices/s")
}

// BenchmarkToPlane is what an overlay pays: rings into a buffer that is used again and again.
func BenchmarkToPlane(b *testing.B) {
	mp, vertices := layer()
	b.ReportAllocs()
	var buffer []orb.Point
	for b.Loop() {
		for _, p := range mp {
			buffer = ellipsoid.AppendToPlane(buffer[:0], p[0])
		}
	}
	b.ReportMetric(float64(vertices)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mvertices/s")
}

// BenchmarkMultiPolygonToPlane is what the loading of a layer pays: a new multipolygon in the plane.
func BenchmarkMultiPolygonToPlane(b *testing.B) {
	mp, vertices := layer()
	b.ReportAllocs()
	for b.Loop() {
		if got := ellipsoid.MultiPolygonToPlane(mp); len(got) != len(mp) {
			b.Fatalf("%d polygons of %d", len(got), len(mp))
		}
	}
	b.ReportMetric(float64(vertices)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mvertices/s")
}
