package geopackage

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"greenshield/geo"
)

// SpatialIndex gathers the bounds of a table's rows, from which AddSpatialIndex makes the R-tree in one go. The zero
// value is empty; it takes 24 bytes a row.
type SpatialIndex struct{ entries []entry }

// entry is a cell of an R-tree node: the number of a row or of a node below, and its bound rounded outwards.
type entry struct {
	id  int64
	box [4]float32 // min x, max x, min y, max y
}

// Add notes the bound of the geometry blob of a row; NULL and an empty geometry have none. Each row comes once.
func (s *SpatialIndex) Add(id int64, blob []byte) error {
	if blob == nil {
		return nil
	}
	b, ok, err := blobBound(blob)
	if ok {
		s.entries = append(geo.Doubled(s.entries), entry{id, [4]float32{
			below(b.Min[0]), above(b.Max[0]), below(b.Min[1]), above(b.Max[1]),
		}})
	}
	return err
}

// below and above are the nearest float32 that is not greater, and not less.
func below(v float64) float32 {
	f := float32(v)
	if float64(f) > v {
		f = math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

func above(v float64) float32 { return -below(-v) }

// The layout of the R-tree module's nodes (SQLite, ext/rtree/rtree.c, "Database Format of R-Tree Tables"): two bytes
// depth, in the root only, two bytes number of cells, then the cells; all big endian. Node 1 is the root.
const (
	nodeHeader = 4
	nodeCell   = 24
	rootNode   = 1
)

// packed is an R-tree whose nodes are as full as they can be. Compared with inserting row by row it costs a twentieth,
// because no node is ever split and none read again, and its nodes overlap less.
type packed struct {
	size    int     // bytes of a node
	leaf    []int64 // parallel to the entries: the node that holds it
	parents []int64 // by node number − 2: the node above
}

// levels packs entries, in order along the curve, into nodes level by level. write gets every node but the root with
// its number; the root is returned.
func (p *packed) levels(entries []entry, write func(node int64, blob []byte) error) ([]byte, error) {
	capacity := (p.size - nodeHeader) / nodeCell
	next := int64(rootNode + 1)
	for depth := 0; ; depth++ {
		if len(entries) <= capacity {
			root := p.node(entries)
			binary.BigEndian.PutUint16(root, uint16(depth))
			p.own(entries, rootNode, depth)
			return root, nil
		}
		// Evenly, so that none is nearly empty, which the module would take apart at the first deletion.
		count := (len(entries) + capacity - 1) / capacity
		upper := make([]entry, count)
		for i := range count {
			cells := entries[i*len(entries)/count : (i+1)*len(entries)/count]
			if err := write(next, p.node(cells)); err != nil {
				return nil, err
			}
			p.own(cells, next, depth)
			upper[i] = entry{next, around(cells)}
			next++
		}
		entries = upper
	}
}

// own notes the node above rows, at depth 0, or above nodes.
func (p *packed) own(cells []entry, node int64, depth int) {
	if depth == 0 {
		for range cells {
			p.leaf = append(p.leaf, node)
		}
		return
	}
	for _, c := range cells {
		for int64(len(p.parents)) <= c.id-rootNode-1 {
			p.parents = append(p.parents, 0)
		}
		p.parents[c.id-rootNode-1] = node
	}
}

func (p *packed) node(cells []entry) []byte {
	b := make([]byte, nodeHeader, p.size)
	binary.BigEndian.PutUint16(b[2:], uint16(len(cells)))
	for _, c := range cells {
		b = binary.BigEndian.AppendUint64(b, uint64(c.id))
		for _, v := range c.box {
			b = binary.BigEndian.AppendUint32(b, math.Float32bits(v))
		}
	}
	return b[:p.size]
}

func around(cells []entry) [4]float32 {
	b := cells[0].box
	for _, c := range cells[1:] {
		b = [4]float32{min(b[0], c.box[0]), max(b[1], c.box[1]), min(b[2], c.box[2]), max(b[3], c.box[3])}
	}
	return b
}

// alongCurve sorts entries by the place of their centres along a Hilbert curve (I. Kamel and C. Faloutsos, "On packing
// R-trees", 1993), and by id where that is equal.
func alongCurve(entries []entry) {
	if len(entries) == 0 {
		return
	}
	all := around(entries)
	type placed struct {
		at uint64
		entry
	}
	list := make([]placed, len(entries))
	for i, e := range entries {
		x := unit(float64(e.box[0])+float64(e.box[1]), 2*float64(all[0]), 2*float64(all[1]))
		y := unit(float64(e.box[2])+float64(e.box[3]), 2*float64(all[2]), 2*float64(all[3]))
		list[i] = placed{hilbert(x, y), e}
	}
	slices.SortFunc(list, func(a, b placed) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id)) })
	for i := range list {
		entries[i] = list[i].entry
	}
}

// curveOrder is the number of halvings of the square that the curve fills.
const curveOrder = 24

// unit is the cell of v between least and most.
func unit(v, least, most float64) uint32 {
	if !(most > least) {
		return 0
	}
	return uint32(min((v-least)/(most-least), 1) * (1<<curveOrder - 1))
}

// hilbert is the place of a cell along the curve: in each quadrant the curve is turned such that it enters where it
// left the one before.
func hilbert(x, y uint32) uint64 {
	var d uint64
	for s := uint32(1) << (curveOrder - 1); s > 0; s /= 2 {
		var quadrant uint64
		if x&s != 0 {
			quadrant = 3
		}
		if y&s != 0 {
			quadrant ^= 1
		}
		d = d<<2 | quadrant
		if y&s == 0 {
			if x&s != 0 {
				x, y = ^x, ^y
			}
			x, y = y, x
		}
	}
	return d
}

// fill writes the tree into the tables behind the virtual table, which has to be new and untouched: the module reads
// them when it is asked the first time.
func (s *SpatialIndex) fill(ctx context.Context, tx *sql.Tx, index string) error {
	p := packed{}
	err := tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT length(data) FROM %s WHERE nodeno = %d`,
		Quote(index+"_node"), rootNode)).Scan(&p.size)
	if err != nil {
		return err
	}
	if p.size < nodeHeader+2*nodeCell {
		return fmt.Errorf("nodes of %d bytes in the R-tree", p.size)
	}
	alongCurve(s.entries)
	if err := p.write(ctx, tx, index, s.entries); err != nil {
		return err
	}
	parents := make([][2]int64, len(p.parents))
	for i, node := range p.parents {
		parents[i] = [2]int64{int64(i + rootNode + 1), node}
	}
	leaves := make([][2]int64, len(p.leaf))
	for i, node := range p.leaf {
		leaves[i] = [2]int64{s.entries[i].id, node}
	}
	// Pages fill up in order of the key.
	slices.SortFunc(leaves, func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	if err := insertPairs(ctx, tx, index+"_parent", parents); err != nil {
		return err
	}
	return insertPairs(ctx, tx, index+"_rowid", leaves)
}

// write packs the entries and writes the nodes.
func (p *packed) write(ctx context.Context, tx *sql.Tx, index string, entries []entry) error {
	table := Quote(index + "_node")
	insert, err := tx.PrepareContext(ctx, `INSERT INTO `+table+` VALUES (?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	root, err := p.levels(entries, func(node int64, blob []byte) error {
		_, err := insert.ExecContext(ctx, node, blob)
		return err
	})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE `+table+` SET data = ? WHERE nodeno = ?`, root, rootNode)
	return err
}

// pairsAtOnce is the number of rows of one INSERT; what a statement costs beside its rows is spread over so many.
const pairsAtOnce = 200

// insertPairs writes rows of two numbers.
func insertPairs(ctx context.Context, tx *sql.Tx, table string, pairs [][2]int64) error {
	args := make([]any, 0, 2*pairsAtOnce)
	var many *sql.Stmt
	for len(pairs) > 0 {
		n := min(len(pairs), pairsAtOnce)
		args = args[:0]
		for _, p := range pairs[:n] {
			args = append(args, p[0], p[1])
		}
		pairs = pairs[n:]
		var err error
		if n < pairsAtOnce {
			_, err = tx.ExecContext(ctx, insertRows(table, n), args...)
			return err
		}
		if many == nil {
			if many, err = tx.PrepareContext(ctx, insertRows(table, n)); err != nil {
				return err
			}
			defer many.Close()
		}
		if _, err = many.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

func insertRows(table string, n int) string {
	return fmt.Sprintf(`INSERT INTO %s VALUES (?, ?)%s`, Quote(table), strings.Repeat(", (?, ?)", n-1))
}
