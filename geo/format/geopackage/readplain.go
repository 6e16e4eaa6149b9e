package geopackage

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
)

// state is what shows that a file was changed, taken before anything else of it is read.
type state struct {
	info   fs.FileInfo
	header [headerBytes]byte
}

func stateOf(f *os.File) (s state, err error) {
	if s.info, err = f.Stat(); err != nil {
		return s, err
	}
	_, err = f.ReadAt(s.header[:], 0)
	return s, err
}

// changed reports whether the file is another than it was when it was opened, by the counter that every writer
// advances (section 1.3.6), by its length and time of change, because those who use a write-ahead log need not
// advance the counter, and by the changes that wait beside it.
func (d *dataset) changed() bool {
	now, err := stateOf(d.pages)
	if err != nil || now.header != d.opened.header || now.info.Size() != d.opened.info.Size() ||
		!now.info.ModTime().Equal(d.opened.info.ModTime()) {
		return true
	}
	there, err := os.Stat(d.path)
	return err != nil || !os.SameFile(there, now.info) || changesWait(d.path)
}

// layout says where the rows of a table are.
type layout struct {
	root     uint32
	columns  []column // in the order of the query
	defaults bool
}

// layout asks SQLite how it would run the query itself and takes that over when it is a walk through one table from
// the first row to the last; the steps are those of sqlite.org/opcode.html. A release that takes others is no harm:
// then everything goes through SQL, and a test says so.
func (d *dataset) layout(ctx context.Context) (layout, error) {
	if d.key == "" {
		return layout{}, errOdd // SQLite could give the rows in the order of an index
	}
	return layoutOf(ctx, d.db, d.table.name, d.query(), 1+len(d.schema.Fields))
}

// layoutOf is layout for any query of so many columns of one table.
func layoutOf(ctx context.Context, q Querier, table, query string, columns int) (layout, error) {
	var l layout
	var computed, defaults int
	err := q.QueryRowContext(ctx, `SELECT count(nullif(hidden, 0)), count(dflt_value) FROM pragma_table_xinfo(?)`,
		table).Scan(&computed, &defaults)
	if err != nil || computed > 0 {
		return l, errors.Join(errOdd, err)
	}
	l.defaults = defaults > 0
	rows, err := q.QueryContext(ctx, "EXPLAIN "+query)
	if err != nil {
		return l, errors.Join(errOdd, err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var s step
		if err := rows.Scan(&s.at, &s.name, &s.p1, &s.p2, &s.p3, &s.p4, &s.p5, &s.comment); err != nil {
			return l, errors.Join(errOdd, err)
		}
		if !l.take(s) {
			return l, errOdd
		}
		if s.name != "Noop" && s.name != "Column" && s.name != "RealAffinity" {
			names = append(names, s.name)
		}
	}
	walk := "Init OpenRead Rewind ResultRow Next Halt Transaction Goto"
	if rows.Err() != nil || strings.Join(names, " ") != walk || len(l.columns) != columns {
		return l, errors.Join(errOdd, rows.Err())
	}
	return l, nil
}

// step is an instruction of SQLite's machine.
type step struct {
	at              int
	name            string
	p1, p2, p3      int64
	p4, p5, comment any
}

// take learns from a step; it is false when the step is not one of a plain walk. Column loads the value number p2
// of cursor p1 into register p3, and the registers are those of the result, in its order, from 1.
func (l *layout) take(s step) bool {
	switch s.name {
	case "OpenRead": // cursor p1 on the tree with root p2 of database p3; p4 is a number of columns, or an index's key
		l.root = uint32(s.p2)
		_, err := strconv.Atoi(text4(s.p4))
		return s.p1 == 0 && s.p2 > 1 && s.p2 < 1<<32 && s.p3 == 0 && err == nil
	case "Column":
		l.columns = append(l.columns, column{at: int(s.p2)})
		return s.p1 == 0 && s.p2 >= 0 && s.p2 < 1<<15 && s.p3 == int64(len(l.columns))
	case "RealAffinity":
		if n := len(l.columns); n == 0 || s.p1 != int64(n) {
			return false
		}
		l.columns[len(l.columns)-1].real = true
	case "ResultRow":
		return s.p1 == 1 && s.p2 == int64(len(l.columns))
	}
	return true
}

// text4 is the fourth operand of a step as text.
func text4(v any) string {
	s, _ := v.(string)
	return s
}

// errLeft says that whoever ranges over the records has left.
var errLeft = errors.New("left by the reader")

// readPages yields rows from the file's pages and gives their number. The error errOdd means that the rows after
// these are to be read by SQL, errLeft that nothing more may be yielded.
func (d *dataset) readPages(ctx context.Context, yield func(format.Record, error) bool) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	f, ok := newPageFile(d.pages, d.opened.header[:], d.opened.info.Size())
	if !ok {
		return 0, errOdd
	}
	l, err := d.layout(ctx)
	if err != nil {
		return 0, err
	}
	n, err := d.walk(ctx, l, f, yield)
	switch {
	case errors.Is(err, errLeft) || ctx.Err() != nil:
		return n, err
	case d.changed():
		return n, geo.NewProblem("ingest.gpkg.open-elsewhere", "file", d.file)
	case errors.Is(err, errBroken):
		return n, geo.NewProblem("ingest.gpkg.damaged", "file", d.file).Because(err)
	}
	return n, err
}

func (d *dataset) walk(
	ctx context.Context, l layout, f pageFile, yield func(format.Record, error) bool,
) (int64, error) {
	t := tree{pages: newPageReader(f), root: l.root}
	r := newRowReader(d, l)
	for n := int64(0); ; n++ {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		more, err := t.next()
		if err != nil || !more {
			return n, err
		}
		if n == d.limits.MaxRecords { // more than an index of the file counted
			return n, d.tooMany(n + 1)
		}
		rec, err := r.record(n+1, &t.row)
		if err != nil {
			return n, err
		}
		if !yield(rec, nil) {
			return n + 1, errLeft
		}
	}
}

func (d *dataset) tooMany(rows int64) error {
	return geo.NewProblem("ingest.file.too-many-rows", "file", d.file, "rows", rows, "limit", d.limits.MaxRecords)
}
