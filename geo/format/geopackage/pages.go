package geopackage

import (
	"encoding/binary"
	"io"
)

// The layout of a b-tree page (sqlite.org/fileformat2.html, section 1.6): type, two bytes first free block, two bytes
// number of cells, two bytes start of the cells, a byte of fragments, and in interior pages four bytes with the child
// after the last; then two bytes a cell with its place. All is big endian.
const (
	leafPage       = 0x0d
	interiorPage   = 0x05
	leafHeader     = 8
	interiorHeader = 12
	pointerBytes   = 2
	pageNumber     = 4
	maxVarint      = 9
)

// lockByte is the place in a file that SQLite locks; the page that holds it is never used (section 1.2).
const lockByte = 1 << 30

// treePages makes the b-tree of a table from its rows in order of their numbers: full leaves from left to right, long
// rows on with overflow pages, then the interior pages. A row by row INSERT costs ten times as much.
type treePages struct {
	size   int    // of a page, in bytes
	usable int    // what SQLite and not an extension of it uses of a page
	pages  uint32 // the number of the last page of the file
	write  func(number uint32, page []byte) error

	leaf     []byte
	cells    int
	content  int // where the cells of the leaf begin
	last     int64
	children []child // of the level above the leaves; 16 bytes a page
	overflow []byte
}

// child is a page and the highest number of a row below it.
type child struct {
	page uint32
	last int64
}

// newTreePages appends to a file of so many pages, of size bytes each of which SQLite leaves the last ones unused.
func newTreePages(size, reserved int, pages uint32, write func(uint32, []byte) error) *treePages {
	t := &treePages{
		size: size, usable: size - reserved, pages: pages, write: write,
		leaf: make([]byte, size), overflow: make([]byte, size),
	}
	t.clear()
	return t
}

func (t *treePages) clear() {
	clear(t.leaf)
	t.cells, t.content = 0, t.usable
}

// after is the number of the page that is written after page n.
func (t *treePages) after(n uint32) uint32 {
	if n == uint32(lockByte/t.size) {
		return n + 2
	}
	return n + 1
}

// put writes a page and gives its number.
func (t *treePages) put(page []byte) (uint32, error) {
	t.pages = t.after(t.pages)
	return t.pages, t.write(t.pages, page)
}

// local is how many bytes of a payload stay in the leaf (section 1.6, "Cell payload overflow", with its U, X, M, K).
func (t *treePages) local(payload int) int {
	x := t.usable - 35
	if payload <= x {
		return payload
	}
	m := (t.usable-12)*32/255 - 23
	k := m + (payload-m)%(t.usable-4)
	if k <= x {
		return k
	}
	return m
}

// add appends a row; its number is above that of the row before.
func (t *treePages) add(row int64, payload []byte) error {
	local := t.local(len(payload))
	size := varintBytes(uint64(len(payload))) + varintBytes(uint64(row)) + local
	if local < len(payload) {
		size += pageNumber
	}
	if leafHeader+pointerBytes*(t.cells+1)+size > t.content {
		if err := t.closeLeaf(); err != nil {
			return err
		}
	}
	t.content -= size
	b := appendVarint(t.leaf[t.content:t.content], uint64(len(payload)))
	b = appendVarint(b, uint64(row))
	copy(t.leaf[t.content+len(b):], payload[:local])
	if local < len(payload) {
		binary.BigEndian.PutUint32(t.leaf[t.content+size-pageNumber:], t.after(t.pages))
		if err := t.chain(payload[local:]); err != nil {
			return err
		}
	}
	binary.BigEndian.PutUint16(t.leaf[leafHeader+pointerBytes*t.cells:], uint16(t.content))
	t.cells++
	t.last = row
	return nil
}

// chain writes the rest of a payload into overflow pages, each of which begins with the number of the next.
func (t *treePages) chain(rest []byte) error {
	for len(rest) > 0 {
		n := min(len(rest), t.usable-pageNumber)
		clear(t.overflow)
		copy(t.overflow[pageNumber:], rest[:n])
		rest = rest[n:]
		if len(rest) > 0 {
			binary.BigEndian.PutUint32(t.overflow, t.after(t.after(t.pages)))
		}
		if _, err := t.put(t.overflow); err != nil {
			return err
		}
	}
	return nil
}

func (t *treePages) closeLeaf() error {
	pageHeader(t.leaf, leafPage, t.cells, t.content)
	number, err := t.put(t.leaf)
	t.children = append(t.children, child{number, t.last})
	t.clear()
	return err
}

// pageHeader fills in that of a page; a start of the cells at 65536 is written as 0.
func pageHeader(page []byte, kind byte, cells, content int) {
	page[0] = kind
	binary.BigEndian.PutUint16(page[3:], uint16(cells))
	binary.BigEndian.PutUint16(page[5:], uint16(content))
}

// root ends the tree: it writes what is left and returns the root page instead of writing it, for its number is given.
func (t *treePages) root() ([]byte, error) {
	if len(t.children) == 0 {
		pageHeader(t.leaf, leafPage, t.cells, t.content)
		return t.leaf, nil
	}
	if err := t.closeLeaf(); err != nil {
		return nil, err
	}
	// All children but the last of a page need a cell: its number, and the highest row's.
	capacity := (t.usable-interiorHeader)/(pageNumber+maxVarint+pointerBytes) + 1
	level := t.children
	for len(level) > capacity {
		// Evenly, so that no page has less than two children.
		count := (len(level) + capacity - 1) / capacity
		upper := make([]child, count)
		for i := range count {
			below := level[i*len(level)/count : (i+1)*len(level)/count]
			number, err := t.put(t.interior(below))
			if err != nil {
				return nil, err
			}
			upper[i] = child{number, below[len(below)-1].last}
		}
		level = upper
	}
	return t.interior(level), nil
}

func (t *treePages) interior(below []child) []byte {
	page := t.overflow
	clear(page)
	cells := len(below) - 1
	content := t.usable
	for i, c := range below[:cells] {
		content -= pageNumber + varintBytes(uint64(c.last))
		b := binary.BigEndian.AppendUint32(page[content:content], c.page)
		appendVarint(b, uint64(c.last))
		binary.BigEndian.PutUint16(page[interiorHeader+pointerBytes*i:], uint16(content))
	}
	pageHeader(page, interiorPage, cells, content)
	binary.BigEndian.PutUint32(page[leafHeader:], below[cells].page)
	return page
}

// pageRuns writes pages to their places in a file, many that follow each other in one go.
type pageRuns struct {
	file io.WriterAt
	size int    // of a page
	next uint32 // the number of the page after those that are held
	held []byte
}

// runBytes is how much is written at once.
const runBytes = 1 << 20

func (r *pageRuns) write(number uint32, page []byte) error {
	if number != r.next || len(r.held) >= runBytes {
		if _, err := r.flush(); err != nil {
			return err
		}
	}
	r.held = append(r.held, page...)
	r.next = number + 1
	return nil
}

// flush writes what is held, and returns the last page of it, which is good until the next one is written.
func (r *pageRuns) flush() ([]byte, error) {
	if len(r.held) == 0 {
		return nil, nil
	}
	at := int64(r.next-1)*int64(r.size) - int64(len(r.held))
	_, err := r.file.WriteAt(r.held, at)
	last := r.held[len(r.held)-r.size:]
	r.held = r.held[:0]
	return last, err
}
