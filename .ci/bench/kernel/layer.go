package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/index"
	"greenshield/geo/overlay"
)

// feature is one record of a file: as it was delivered, in degrees, with the hash of its content that an import
// stores.
type feature struct {
	class int
	geom  orb.MultiPolygon
	hash  [sha256.Size]byte
}

// read gives the records of a *.wkbs file: id, class and length as 32 bits each, little endian, then the geometry as
// WKB. Lines are left out.
func read(folder, layer string) ([]feature, error) {
	name := filepath.Join(folder, layer+".wkbs")
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, 1<<20)
	var out []feature
	for {
		f, err := record(in)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s record %d: %w", name, len(out)+1, err)
		}
		if f.geom != nil {
			out = append(out, f)
		}
	}
}

// record reads one record; the error is io.EOF only between two of them.
func record(in io.Reader) (feature, error) {
	var head [12]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return feature{}, err
	}
	var body bytes.Buffer
	length := int64(binary.LittleEndian.Uint32(head[8:]))
	if n, err := io.CopyN(&body, in, length); err != nil {
		return feature{}, fmt.Errorf("%d of %d bytes: %w", n, length, io.ErrUnexpectedEOF)
	}
	g, err := wkb.Unmarshal(body.Bytes())
	if err != nil {
		return feature{}, err
	}
	f := feature{class: int(binary.LittleEndian.Uint32(head[4:])), hash: sha256.Sum256(body.Bytes())}
	switch g := g.(type) {
	case orb.Polygon:
		f.geom = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		f.geom = g
	}
	return f, nil
}

// layer is a vintage as an analysis finds it: in the legal plane, indexed by the bounds of its parts.
type layer struct {
	class []int
	hash  [][sha256.Size]byte
	plane []orb.MultiPolygon
	parts *index.Index[int]
}

// loadLayer reads a layer of the city.
func loadLayer(folder, name string) (*layer, error) {
	features, err := read(folder, name)
	if err != nil {
		return nil, err
	}
	return newLayer(features), nil
}

func newLayer(features []feature) *layer {
	l := &layer{parts: index.New[int]()}
	for _, f := range features {
		l.add(f.class, f.hash, ellipsoid.MultiPolygonToPlane(f.geom))
	}
	return l
}

func (l *layer) add(class int, hash [sha256.Size]byte, plane orb.MultiPolygon) {
	for _, p := range plane {
		l.parts.Insert(p.Bound(), len(l.plane))
	}
	l.class = append(l.class, class)
	l.hash = append(l.hash, hash)
	l.plane = append(l.plane, plane)
}

// vertices counts the corners with the closing point of each ring, as they are stored.
func (l *layer) vertices() int {
	n := 0
	for _, mp := range l.plane {
		n += vertices(mp)
	}
	return n
}

func vertices(mp orb.MultiPolygon) int {
	n := 0
	for _, p := range mp {
		for _, r := range p {
			n += len(r)
		}
	}
	return n
}

// near appends to found, once each, the features with a part whose bound meets b.
func (l *layer) near(b orb.Bound, found []int) []int {
	start := len(found)
	l.parts.Search(b, func(i int) bool {
		for _, known := range found[start:] {
			if known == i {
				return true
			}
		}
		found = append(found, i)
		return true
	})
	return found
}

// prepare lays every feature out for repeated questions.
func (l *layer) prepare() []*overlay.Prepared {
	out := make([]*overlay.Prepared, len(l.plane))
	for i, mp := range l.plane {
		out[i] = overlay.Prepare(mp)
	}
	return out
}
