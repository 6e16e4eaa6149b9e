package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// The made polygons lie in a plane in metres, about where a Gauss-Krüger plane has a city; every corner is on the
// grid of 0.1 mm that survey files use.
const (
	originX = 500_000.0
	originY = 2_550_000.0

	outlineCorners = 50_000
	outlineRadius  = 12_000.0 // m
	cellsASide     = 141
	cellSize       = 200.0 // m
	digitising     = 0.05  // m, how far a second digitisation is off, at most, in x and in y
)

// makeAll writes the polygons that the city does not have: near.wkbs, one outline digitised twice; far.wkbs, two
// outlines that hardly cross; cells.wkbs, a coverage.
func makeAll(folder string) error {
	return errors.Join(
		write(filepath.Join(folder, "near.wkbs"), nearPair(outlineCorners)),
		write(filepath.Join(folder, "far.wkbs"), farPair(outlineCorners)),
		write(filepath.Join(folder, "cells.wkbs"), cells(cellsASide)))
}

// nearPair is an outline of n corners and the same outline digitised again.
func nearPair(n int) []orb.Polygon {
	r := rand.New(rand.NewPCG(3, 1))
	first := fractal(r, orb.Point{originX, originY}, outlineRadius, n)
	second := make(orb.Ring, n, n+1)
	for i := range second {
		second[i] = onGrid(first[i][0]+digitising*spin(r), first[i][1]+digitising*spin(r))
	}
	return []orb.Polygon{{first}, {append(second, second[0])}}
}

// farPair is two outlines of n corners, a third of their radius apart: they share most of their area and cross few
// times.
func farPair(n int) []orb.Polygon {
	r := rand.New(rand.NewPCG(3, 2))
	return []orb.Polygon{
		{fractal(r, orb.Point{originX, originY}, outlineRadius, n)},
		{fractal(r, orb.Point{originX + outlineRadius/3, originY + outlineRadius/12}, outlineRadius, n)},
	}
}

// fractal is an outline of n corners around a centre, as coasts and forests have them: its radius is the exponential
// of a fractal of the angle, made by midpoint displacement; then the plane is bent a little, so that nothing is exactly
// radial.
func fractal(r *rand.Rand, center orb.Point, radius float64, n int) orb.Ring {
	bumps := make([]float64, n+1)
	displace(r, bumps, 0.35)
	ring := make(orb.Ring, n, n+1)
	for i := range ring {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		d := radius * math.Exp(bumps[i])
		x, y := d*cos, d*sin
		ring[i] = onGrid(center[0]+x+300*math.Sin(y/2500), center[1]+y+300*math.Sin(x/3100))
	}
	return append(ring, ring[0])
}

// displace fills what lies between the ends of line with a fractal: the middle is the mean of the ends and up to
// size more or less, and so on in both halves with 0.55 of the size.
func displace(r *rand.Rand, line []float64, size float64) {
	last := len(line) - 1
	if last < 2 {
		return
	}
	middle := last / 2
	line[middle] = (line[0]+line[last])/2 + size*spin(r)
	displace(r, line[:middle+1], 0.55*size)
	displace(r, line[middle:], 0.55*size)
}

// spin is a random number from −1 to 1.
func spin(r *rand.Rand) float64 { return 2*r.Float64() - 1 }

func onGrid(x, y float64) orb.Point {
	return orb.Point{math.Round(x*1e4) / 1e4, math.Round(y*1e4) / 1e4}
}

// cells is a coverage of n × n polygons with fractal edges of eight pieces, which neighbours share; its border is a
// square.
func cells(n int) []orb.Polygon {
	r := rand.New(rand.NewPCG(3, 3))
	nodes := make([][]orb.Point, n+1)
	for i := range nodes {
		nodes[i] = make([]orb.Point, n+1)
		for k := range nodes[i] {
			nodes[i][k] = node(r, i, k, n)
		}
	}
	east, north := edges(r, nodes, 1, 0), edges(r, nodes, 0, 1)
	var out []orb.Polygon
	for i := range n {
		for k := range n {
			var ring orb.Ring
			ring = append(ring, east[i][k]...)
			ring = append(ring, north[i+1][k]...)
			ring = backwards(ring, nodes[i+1][k+1], east[i][k+1])
			ring = backwards(ring, nodes[i][k+1], north[i][k])
			out = append(out, orb.Polygon{append(ring, ring[0])})
		}
	}
	return out
}

// node is a corner of the coverage, up to a fifth of a cell from its place, but not off the border.
func node(r *rand.Rand, i, k, n int) orb.Point {
	x, y := float64(i)*cellSize, float64(k)*cellSize
	dx, dy := cellSize/5*spin(r), cellSize/5*spin(r)
	if i > 0 && i < n {
		x += dx
	}
	if k > 0 && k < n {
		y += dy
	}
	return onGrid(originX+x, originY+y)
}

// edges gives, for every node, the corners from it towards its neighbour dx columns and dy rows on, that one left out;
// its last row has no neighbours. On the border they are straight.
func edges(r *rand.Rand, nodes [][]orb.Point, dx, dy int) [][][]orb.Point {
	const pieces = 8
	n := len(nodes) - 1
	out := make([][][]orb.Point, n+1)
	for i := range out {
		out[i] = make([][]orb.Point, n+1)
		for k := range out[i] {
			if i+dx > n || k+dy > n {
				continue
			}
			a, b := nodes[i][k], nodes[i+dx][k+dy]
			bumps := make([]float64, pieces+1)
			if border := dx == 1 && k%n == 0 || dy == 1 && i%n == 0; !border {
				displace(r, bumps, 0.1)
			}
			for p := range pieces {
				t, h := float64(p)/pieces, bumps[p]
				x, y := b[0]-a[0], b[1]-a[1]
				out[i][k] = append(out[i][k], onGrid(a[0]+t*x-h*y, a[1]+t*y+h*x))
			}
		}
	}
	return out
}

// backwards appends an edge from its far end to its start, that one left out.
func backwards(ring orb.Ring, far orb.Point, edge []orb.Point) orb.Ring {
	ring = append(ring, far)
	for i := len(edge) - 1; i > 0; i-- {
		ring = append(ring, edge[i])
	}
	return ring
}

// write makes a *.wkbs file: id, class and length as 32 bits each, little endian, then the geometry as WKB.
func write(name string, polygons []orb.Polygon) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	for i, p := range polygons {
		body, err := wkb.Marshal(p, binary.LittleEndian)
		if err != nil {
			return errors.Join(err, file.Close())
		}
		head := binary.LittleEndian.AppendUint32(nil, uint32(i+1))
		head = binary.LittleEndian.AppendUint32(head, 0)
		head = binary.LittleEndian.AppendUint32(head, uint32(len(body)))
		if _, err := out.Write(append(head, body...)); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	return errors.Join(out.Flush(), file.Close())
}
