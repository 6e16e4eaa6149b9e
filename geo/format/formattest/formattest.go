// Package formattest is the conformance suite that every reader of a kind of file passes. It knows the contract of
// format.Dataset and nothing of how a kind of file is laid out.
package formattest

import (
	"context"
	"fmt"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
)

// Reader is the reader of one kind of file and what it promises.
type Reader struct {
	// Open opens the delivery at path.
	Open func(ctx context.Context, path string, l format.Limits) (format.Dataset, error)
	// Make writes a delivery of so many rows into the empty folder dir and gives its path. The row i, counted from 0,
	// has the geometry Square(i), and one of its texts is Text(i) or ends in it.
	Make func(t testing.TB, dir string, rows int) string
	// Cut are the base names of the files to be cut short; empty means the delivery itself.
	Cut []string
	// Silent tells whether the file cut behind these bytes may look like a whole one; nil means never.
	Silent func(whole, cut []byte) bool
	// Records, Vertices and Text are the codes for more rows, vertices of a geometry and bytes of a text than the
	// limits allow, whether of the file or of a row.
	Records, Vertices, Text string
	// Held says that the rows are held in memory, within the limits, because the kind of file asks for it; then
	// memory may grow with the file and a range may end before it sees that it was cancelled.
	Held bool
	// Turned says that the kind of file has its rings the other way round, or beginning elsewhere.
	Turned bool
}

// few is the number of rows of a small delivery, many that of one whose rows do not fit in a buffer.
const few, many = 3, 20_000

// Square is the geometry of row i: a square of 100 m on the plane of a 3-degree belt, with the number of the belt in
// its eastings, or of a thousandth of a degree when degrees is set.
func Square(i int, degrees bool) orb.Polygon {
	x, y, side := 37_355_000+float64(i%100)*200, 2_556_000+float64(i/100)*200, 100.0
	if degrees {
		x, y, side = 109+float64(i%100)*0.002, 23+float64(i/100)*0.002, 0.001
	}
	return orb.Polygon{{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}}
}

// Text is the text of row i; it has 13 bytes or more, beyond ASCII.
func Text(i int) string { return fmt.Sprintf("红线地块%d", i) }

// Run checks the whole contract.
func Run(t *testing.T, r Reader) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(t *testing.T, r Reader)
	}{
		{"rows come as delivered", asDelivered},
		{"rows come twice alike, also after a range that was left", twice},
		{"a cancelled request reads nothing", cancelled},
		{"a request cancelled on the way ends", cancelledOnTheWay},
		{"it may be closed twice", closed},
		{"the number of rows is limited", limitedRecords},
		{"the vertices of a geometry are limited", limitedVertices},
		{"the bytes of a text are limited", limitedText},
		{"bad-input 51 cut at every byte", cutAtEveryByte},
		{"memory does not grow with the file", memory},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, r) })
	}
}
