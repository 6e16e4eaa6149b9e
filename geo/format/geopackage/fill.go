package geopackage

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
)

// The header of an SQLite file (sqlite.org/fileformat2.html, section 1.3).
const (
	reservedOffset  = 20
	pagesOffset     = 28
	schemaOffset    = 44 // format of the schema; 4 knows every serial type
	largestRoot     = 52 // not 0 in a file that moves pages about (auto_vacuum)
	encodingOffset  = 56
	schemaFormat    = 4
	encodingUTF8    = 1
	databaseHeader  = 100
	pagesOfDatabase = "sqlite_dbpage" // the table of SQLite that gives access to the pages
)

// EachRecord calls f with every row of a table in order, as Record.Append makes them; the first row is number 1. The
// memory of a row is reused.
type EachRecord func(f func(record []byte) error) error

// FillTable writes the rows of a table that CreateFeatureTable made in tx and that is empty. It builds the pages of
// the table itself and appends them to the file within tx, which takes a tenth of the time of one INSERT a row; where
// SQLite gives no access to pages, or the file is laid out for another way of working, it uses InsertRecords.
// SQLite has to find the last row through the pages and count the pages as it does, else nothing is written.
//
// With an end the pages go there, each at its place in the file, instead of through tx: the caller knows that nobody
// else changes the file until tx ends, makes them durable before tx is, and removes them when tx is not. SQLite keeps
// a page that goes through tx twice, in its log and in the file.
func FillTable(ctx context.Context, tx *sql.Tx, t Table, each EachRecord, end io.WriterAt) error {
	first, err := firstPage(ctx, tx)
	if err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	if !takesPages(first) {
		return InsertRecords(ctx, tx, t, each)
	}
	if err := fillPages(ctx, tx, t.Name, first, each, end); err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	return nil
}

// firstPage is nil where SQLite gives no access to pages.
func firstPage(ctx context.Context, tx *sql.Tx) ([]byte, error) {
	var there int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM pragma_module_list WHERE name = ?`, pagesOfDatabase).Scan(&there)
	if err != nil || there == 0 {
		return nil, err
	}
	var page []byte
	err = tx.QueryRowContext(ctx, `SELECT data FROM sqlite_dbpage WHERE pgno = 1`).Scan(&page)
	return page, err
}

// takesPages reports whether a file is laid out such that pages can be appended to it.
func takesPages(first []byte) bool {
	word := func(offset int) uint32 { return binary.BigEndian.Uint32(first[offset:]) }
	return len(first) >= databaseHeader && word(schemaOffset) == schemaFormat && word(largestRoot) == 0 &&
		word(encodingOffset) == encodingUTF8
}

func fillPages(
	ctx context.Context, tx *sql.Tx, table string, first []byte, each EachRecord, end io.WriterAt,
) error {
	var pages, root uint32
	err := tx.QueryRowContext(ctx, `SELECT (SELECT page_count FROM pragma_page_count), rootpage
		FROM sqlite_master WHERE type = 'table' AND name = ?`, table).Scan(&pages, &root)
	if err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO sqlite_dbpage (pgno, data) VALUES (?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	write := func(number uint32, page []byte) error {
		_, err := insert.ExecContext(ctx, int64(number), page)
		return err
	}
	put := write
	runs := pageRuns{file: end, size: len(first)}
	if end != nil {
		put = runs.write
	}
	tree := newTreePages(len(first), int(first[reservedOffset]), pages, put)
	var row int64
	err = each(func(record []byte) error {
		row++
		return tree.add(row, record)
	})
	if err != nil || row == 0 {
		return err
	}
	top, err := tree.root()
	if err != nil {
		return err
	}
	if err := write(root, top); err != nil {
		return err
	}
	if end != nil && tree.pages > pages {
		// SQLite has to write the last page itself, to know how far the file goes.
		last, err := runs.flush()
		if err := cmp.Or(err, write(tree.pages, last)); err != nil {
			return err
		}
	}
	if err := settle(ctx, tx, write, root, tree.pages); err != nil {
		return err
	}
	return checkFilled(ctx, tx, table, tree.pages, row)
}

// Shorten lets tx give up what the file holds behind the pages that SQLite counts, as a process leaves it that dies while
// it fills a table; length is that of the file in bytes. SQLite gives up pages only that it counts, and so counts them for
// a moment. The first page is written in any case, as it was, so that a write-ahead log has a frame afterwards.
func Shorten(ctx context.Context, tx *sql.Tx, length int64) error {
	first, err := firstPage(ctx, tx)
	if err != nil || first == nil {
		return err
	}
	var pages uint32
	if err := tx.QueryRowContext(ctx, `SELECT page_count FROM pragma_page_count`).Scan(&pages); err != nil {
		return err
	}
	put := func(count uint32) error {
		binary.BigEndian.PutUint32(first[pagesOffset:], count)
		_, err := tx.ExecContext(ctx, `UPDATE sqlite_dbpage SET data = ? WHERE pgno = 1`, first)
		return err
	}
	held := length / int64(len(first))
	if held <= int64(pages) || held > math.MaxUint32 {
		return put(pages)
	}
	if err := put(uint32(held)); err != nil {
		return err
	}
	if err := countAgain(ctx, tx, 1); err != nil {
		return err
	}
	if err := put(pages); err != nil {
		return err
	}
	// NULL for a page gives up this and all after it (sqlite.org/dbpage.html).
	_, err = tx.ExecContext(ctx, `INSERT INTO sqlite_dbpage (pgno, data) VALUES (?, NULL)`, int64(pages)+1)
	return err
}

// settle makes SQLite see pages that were written behind its back: pages is the number of the last one.
func settle(ctx context.Context, tx *sql.Tx, write func(uint32, []byte) error, root, pages uint32) error {
	first, err := firstPage(ctx, tx)
	if err != nil {
		return err
	}
	binary.BigEndian.PutUint32(first[pagesOffset:], pages)
	if err := write(1, first); err != nil {
		return err
	}
	return countAgain(ctx, tx, root)
}

// countAgain makes SQLite read the number of pages from the first page, as it does when a savepoint ends. What it knows of
// page n it forgets when a savepoint takes back a change of that page: that it is an empty leaf, say. So the page is
// changed once more, to what it is, and taken back.
func countAgain(ctx context.Context, tx *sql.Tx, n uint32) error {
	for _, statement := range []string{
		`SAVEPOINT filled`,
		`UPDATE sqlite_dbpage SET data = data WHERE pgno = ` + strconv.FormatUint(uint64(n), 10),
		`ROLLBACK TO filled`,
		`RELEASE filled`,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// checkFilled asks SQLite for what was written, and notes the last row for AUTOINCREMENT.
func checkFilled(ctx context.Context, tx *sql.Tx, table string, pages uint32, rows int64) error {
	var gotPages uint32
	var least, most sql.NullInt64
	query := fmt.Sprintf(`SELECT (SELECT page_count FROM pragma_page_count), (SELECT min(%[1]s) FROM %[2]s),
		(SELECT max(%[1]s) FROM %[2]s)`, Quote(IDColumn), Quote(table))
	if err := tx.QueryRowContext(ctx, query).Scan(&gotPages, &least, &most); err != nil {
		return err
	}
	if gotPages != pages || least.Int64 != 1 || most.Int64 != rows {
		return fmt.Errorf("%d rows on %d pages were written, and SQLite sees rows %d to %d on %d pages",
			rows, pages, least.Int64, most.Int64, gotPages)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)`, table, rows)
	return err
}

// InsertRecords writes the rows of a table that CreateFeatureTable made in tx, one INSERT a row.
func InsertRecords(ctx context.Context, tx *sql.Tx, t Table, each EachRecord) error {
	insert, err := tx.PrepareContext(ctx, InsertInto(t))
	if err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	defer insert.Close()
	args := make([]any, 2+len(t.Columns))
	var row int64
	return each(func(record []byte) error {
		row++
		values(record, args)
		args[0] = row
		if _, err := insert.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("write %s row %d: %w", t.Name, row, err)
		}
		return nil
	})
}
