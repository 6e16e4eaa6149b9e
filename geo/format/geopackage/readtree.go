package geopackage

import "encoding/binary"

// The kinds of pages of a table's tree, and its greatest depth: 20 pages from the root to a leaf is what SQLite
// follows itself.
const (
	pageInterior  = 0x05
	pageLeaf      = 0x0d
	maxTreeLevels = 19
)

// The largest row that SQLite makes by default, bytes (sqlite.org/limits.html).
const maxRowBytes = 1_000_000_000

// tree walks over the rows of a table's b-tree in the order of their ids, section 1.6. It keeps a page of each level,
// so that memory does not grow with the file.
type tree struct {
	pages *pageReader
	root  uint32
	path  []level // from the root to the parent of leaf
	leaf  []byte
	cells int // of leaf
	at    int // the next of them
	begun bool
	last  lastID
	row   payload
}

// level is an interior page and the child that comes next; child number cells is the rightmost.
type level struct {
	page      []byte
	cells, at int
}

// lastID makes sure that row ids ascend.
type lastID struct {
	id  int64
	any bool
}

func (l *lastID) accept(id int64) error {
	if l.any && id <= l.id {
		return errBroken
	}
	l.id, l.any = id, true
	return nil
}

// next moves to the next row, which is then in t.row; it is false after the last.
func (t *tree) next() (bool, error) {
	for t.at >= t.cells {
		more, err := t.nextLeaf()
		if err != nil || !more {
			return false, err
		}
	}
	return true, t.cell()
}

// nextLeaf goes to the leaf after this one, at first to the first.
func (t *tree) nextLeaf() (bool, error) {
	if !t.begun {
		t.begun = true
		return true, t.descend(t.root)
	}
	for len(t.path) > 0 {
		top := &t.path[len(t.path)-1]
		if top.at <= top.cells {
			n, err := top.child()
			if err != nil {
				return false, err
			}
			return true, t.descend(n)
		}
		t.path = t.path[:len(t.path)-1]
	}
	return false, nil
}

// descend goes from page n down to the first leaf below it. Only a root may be without cells.
func (t *tree) descend(n uint32) error {
	for {
		p, err := t.pages.page(n)
		if err != nil {
			return err
		}
		cells := int(binary.BigEndian.Uint16(p[3:]))
		if cells > (len(p)-8)/6 || cells == 0 && (len(t.path) > 0 || p[0] != pageLeaf) {
			return errOdd
		}
		switch {
		case p[0] == pageLeaf:
			t.leaf = append(t.leaf[:0], p...)
			t.cells, t.at = cells, 0
			return nil
		case p[0] != pageInterior || len(t.path) == maxTreeLevels:
			return errOdd
		}
		if n, err = t.push(p, cells).child(); err != nil {
			return err
		}
	}
}

// push adds a copy of an interior page to the path.
func (t *tree) push(p []byte, cells int) *level {
	if n := len(t.path); n < cap(t.path) {
		t.path = t.path[:n+1] // whose page is used again
	} else {
		t.path = append(t.path, level{})
	}
	top := &t.path[len(t.path)-1]
	top.page, top.cells, top.at = append(top.page[:0], p...), cells, 0
	return top
}

// child is the page of the next child.
func (l *level) child() (uint32, error) {
	const header = 12
	i := l.at
	l.at++
	if i == l.cells {
		return binary.BigEndian.Uint32(l.page[8:]), nil
	}
	at := int(binary.BigEndian.Uint16(l.page[header+2*i:]))
	if at < header+2*l.cells || at+4 > len(l.page) {
		return 0, errBroken
	}
	return binary.BigEndian.Uint32(l.page[at:]), nil
}

// cell reads the leaf's next cell: the size of the row, its id, the first bytes of it and, if these are not all, the
// number of the first overflow page.
func (t *tree) cell() error {
	const header = 8
	at := int(binary.BigEndian.Uint16(t.leaf[header+2*t.at:]))
	t.at++
	if at < header+2*t.cells || at+4 > len(t.leaf) {
		return errBroken
	}
	b := t.leaf[at:]
	size, n := varint(b)
	id, m := varint(b[n:])
	if n == 0 || n > 5 || m == 0 || size > maxRowBytes || int64(size)/int64(len(t.leaf)) > int64(t.pages.count) {
		return errOdd
	}
	if err := t.last.accept(int64(id)); err != nil {
		return err
	}
	return t.row.begin(t.pages, b[n+m:], int(size))
}

// payload is the bytes of a row, of which only those that are asked for are read: a picture behind the attributes
// costs nothing.
type payload struct {
	pages *pageReader
	size  int    // of the whole
	have  []byte // what has been read of it
	next  uint32 // the overflow page with more
	chain []byte // memory for rows that do not fit in their leaf, grown as their pages are read
}

// begin takes what a row has in its leaf; the formulas and names are those of section 1.6, with U as the page's size.
func (p *payload) begin(pages *pageReader, b []byte, size int) error {
	u := pages.size
	x, m := u-35, (u-12)*32/255-23
	local := size
	if size > x {
		k := m + (size-m)%(u-4)
		if local = k; k > x {
			local = m
		}
	}
	p.pages, p.size, p.next = pages, size, 0
	if local == size {
		if size > len(b) {
			return errOdd
		}
		p.have = b[:size]
		return nil
	}
	if local+4 > len(b) {
		return errOdd
	}
	p.chain = append(p.chain[:0], b[:local]...)
	p.have = p.chain
	p.next = binary.BigEndian.Uint32(b[local:])
	return nil
}

// need reads on until the first n bytes are there, n being at most the size.
func (p *payload) need(n int) error {
	for len(p.have) < n {
		page, err := p.pages.page(p.next)
		if err != nil {
			return err
		}
		p.next = binary.BigEndian.Uint32(page)
		p.chain = append(p.chain, page[4:4+min(len(page)-4, p.size-len(p.chain))]...)
		p.have = p.chain
	}
	return nil
}

// varint reads an integer of 1 to 9 bytes and gives its length, 0 when b ends early (section 1.6).
func varint(b []byte) (uint64, int) {
	var v uint64
	for i, c := range b[:min(len(b), 9)] {
		if i == 8 {
			return v<<8 | uint64(c), 9
		}
		v = v<<7 | uint64(c&0x7f)
		if c < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}
