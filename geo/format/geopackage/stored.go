package geopackage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
)

// Querier is a connection or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// ErrOdd says that a table, or a row of it, has to be read by SQL: it is laid out in a way that is not read here, or has
// bytes that SQLite may refuse. So there is one judge of what a file means.
var ErrOdd = errOdd

// StoredTable reads the rows of a table as they are stored, from its pages. It is for a table of the program's own, whose
// rows other goroutines then take apart with a RowReader each; the machine that runs SQL takes five times as long, on one
// processor.
type StoredTable struct {
	layout
	pages pageFile
}

// OpenStored prepares the rows of a query, which selects so many columns of one table in the order of its row ids and
// without a condition; the id itself is not among them. ErrOdd: the query has to be run.
//
// q is in a transaction until Each has ended. The pages come from file, of which the caller knows that it holds what that
// transaction sees; nil has them come from q itself (sqlite_dbpage), which takes several times as long and is right
// whether they are in the file or in its write-ahead log.
func OpenStored(
	ctx context.Context, q Querier, table, query string, columns int, file io.ReaderAt,
) (*StoredTable, error) {
	l, err := layoutOf(ctx, q, table, query, columns)
	if err != nil {
		return nil, err
	}
	var count, size int64
	err = q.QueryRowContext(ctx, `SELECT page_count, page_size FROM pragma_page_count, pragma_page_size`).
		Scan(&count, &size)
	if err != nil {
		return nil, errors.Join(errOdd, err)
	}
	if file == nil {
		file = &databasePages{ctx: ctx, q: q, size: int(size)}
	}
	first := make([]byte, size)
	if _, err := file.ReadAt(first, 0); err != nil {
		return nil, errors.Join(errOdd, err)
	}
	pages, ok := newPageFile(file, first[:headerBytes], count*size)
	if !ok || int64(pages.size) != size {
		return nil, errOdd
	}
	return &StoredTable{layout: l, pages: pages}, nil
}

// Each calls f with the id and the bytes of every row in the order of ids; the bytes are good until f returns. An error of
// f ends it and is returned.
func (t *StoredTable) Each(ctx context.Context, f func(id int64, record []byte) error) error {
	rows := tree{pages: newPageReader(t.pages), root: t.root}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		more, err := rows.next()
		if err != nil || !more {
			return odd(err)
		}
		if err := rows.row.need(rows.row.size); err != nil {
			return odd(err)
		}
		if err := f(rows.last.id, rows.row.have[:rows.row.size]); err != nil {
			return err
		}
	}
}

// odd leaves pages that do not hang together to SQLite as well.
func odd(err error) error {
	if errors.Is(err, errBroken) {
		return errors.Join(errOdd, err)
	}
	return err
}

// databasePages gives the pages of a connection as the bytes of a file that has them one after the other.
type databasePages struct {
	ctx  context.Context
	q    Querier
	size int
}

// pageQuery gives pages ?1 to ?2.
const pageQuery = `WITH RECURSIVE n(i) AS (VALUES(?1) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
	SELECT data FROM n CROSS JOIN sqlite_dbpage WHERE pgno = i`

// ReadAt implements io.ReaderAt for whole pages.
func (p *databasePages) ReadAt(b []byte, at int64) (int, error) {
	first, count := at/int64(p.size)+1, int64(len(b)/p.size)
	rows, err := p.q.QueryContext(p.ctx, pageQuery, first, first+count-1)
	if err != nil {
		return 0, fmt.Errorf("read pages: %w", err)
	}
	defer rows.Close()
	n := 0
	var page sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&page); err != nil {
			return n, fmt.Errorf("read pages: %w", err)
		}
		if len(page) != p.size {
			return n, io.ErrUnexpectedEOF
		}
		n += copy(b[n:], page)
	}
	if err := rows.Err(); err != nil {
		return n, fmt.Errorf("read pages: %w", err)
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// RowReader takes rows of a StoredTable apart. It belongs to one goroutine; each makes its own.
type RowReader struct {
	rows *rowReader
	row  payload
}

// Reader makes a reader of rows.
func (t *StoredTable) Reader() *RowReader { return &RowReader{rows: newLayoutReader(t.layout)} }

// Use turns to a row. Its bytes must stay as they are while values of it are asked for. The error is ErrOdd.
func (r *RowReader) Use(record []byte) error {
	r.row = payload{size: len(record), have: record}
	return r.rows.locate(&r.row)
}

// Bytes are those of a text or a blob in column i of the query, shared with the row; nil for anything else.
func (r *RowReader) Bytes(i int) []byte {
	c := r.cell(i)
	if c.class != characters && c.class != octets {
		return nil
	}
	return c.bytes
}

// Number is the number in column i; false when there is none.
func (r *RowReader) Number(i int) (float64, bool) {
	switch c := r.cell(i); c.class {
	case whole:
		return float64(c.n), true
	case fraction:
		return c.f, true
	}
	return 0, false
}

// Value is what SQLite gives for column i: nil, an int64, a float64, a string, or a []byte for a blob. Short texts that
// come again and again are one string.
func (r *RowReader) Value(i int) any {
	c := r.cell(i)
	if c.class == characters {
		return r.rows.texts.of(c.bytes)
	}
	return c.plain()
}

// Text is a text as a string, one and the same where it comes again and again.
func (r *RowReader) Text(b []byte) string { return r.rows.texts.of(b).(string) }

// cell is the value of a column; the whole row is there, so that nothing can go wrong once it is located.
func (r *RowReader) cell(i int) cell {
	c, err := r.rows.cell(r.rows.columns[i], &r.row)
	if err != nil {
		panic(err)
	}
	return c
}
