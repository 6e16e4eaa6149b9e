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
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"greenshield/geo/ellipsoid"
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

// layer is a vintage as an analysis finds it: in the legal plane, laid out and indexed, its features known by class and
// by hash.
type layer struct {
	*overlay.Layer
	class  []int
	byHash []hashed // sorted
}

// hashed is a feature by the first half of its hash.
type hashed struct {
	key   [sha256.Size / 2]byte
	index int32
}

// loadLayer reads a layer of the city.
func loadLayer(folder, name string) (*layer, error) {
	features, err := read(folder, name)
	if err != nil {
		return nil, err
	}
	return newLayer(features), nil
}

// newLayer lays features out and looks whether their rings are sound, as happens once for each vintage.
func newLayer(features []feature) *layer {
	l := &layer{Layer: overlay.NewLayer(len(features),
		func(i int) orb.MultiPolygon { return features[i].geom }, ellipsoid.AppendToPlane)}
	for i, f := range features {
		l.class = append(l.class, f.class)
		l.byHash = append(l.byHash, hashed{[sha256.Size / 2]byte(f.hash[:]), int32(i)})
		l.At(i)
	}
	slices.SortFunc(l.byHash, func(a, b hashed) int { return bytes.Compare(a.key[:], b.key[:]) })
	return l
}

// near appends to found, once each and in order, the features with a part whose bound meets b.
func (l *layer) near(b orb.Bound, found []int) []int {
	start := len(found)
	l.Search(b, func(i int) bool {
		found = append(found, i)
		return true
	})
	if len(found) > start+1 {
		slices.Sort(found[start:])
		found = found[:start+len(slices.Compact(found[start:]))]
	}
	return found
}
