package geopackage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
)

// dataset is one feature table of an open file.
type dataset struct {
	db     *sql.DB
	pages  *os.File // the same file, for readPages
	opened state
	path   string
	file   string // the path's last part
	limits format.Limits
	table  table
	key    string
	schema format.Schema
}

// Schema says what the table is.
func (d *dataset) Schema() format.Schema { return d.schema }

// Close releases the file.
func (d *dataset) Close() error {
	err := d.pages.Close()
	if errors.Is(err, os.ErrClosed) {
		err = nil
	}
	return errors.Join(err, d.db.Close())
}

// Records yields the rows in order of their id, from the file's pages as far as these are laid out as usual.
func (d *dataset) Records(ctx context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		n, err := d.readPages(ctx, yield)
		if errors.Is(err, errOdd) {
			err = d.readSQL(ctx, n, yield)
		}
		if err != nil && !errors.Is(err, errLeft) {
			yield(format.Record{}, err)
		}
	}
}

// readSQL yields the rows after the first n; the error errLeft means that nothing more may be yielded.
func (d *dataset) readSQL(ctx context.Context, n int64, yield func(format.Record, error) bool) error {
	rows, err := d.db.QueryContext(ctx, d.query()+" LIMIT -1 OFFSET ?", n)
	if err != nil {
		return d.refuse(ctx, "ingest.gpkg.damaged", err)
	}
	defer rows.Close()
	cells := make([]any, 1+len(d.schema.Fields))
	targets := make([]any, len(cells))
	for i := range cells {
		targets[i] = &cells[i]
	}
	for row := n + 1; rows.Next(); row++ {
		if err := rows.Scan(targets...); err != nil {
			return d.refuse(ctx, "ingest.gpkg.damaged", err)
		}
		if !yield(d.record(row, cells), nil) {
			return errLeft
		}
	}
	if err := rows.Err(); err != nil {
		return d.refuse(ctx, "ingest.gpkg.damaged", err)
	}
	return nil
}

// query selects geometry and attributes. The unary plus keeps each value as it is stored: the driver would otherwise
// turn columns declared as dates or booleans into Go values by its own rules.
func (d *dataset) query() string {
	columns := []string{"+" + Quote(d.table.geometry)}
	for _, f := range d.schema.Fields {
		columns = append(columns, "+"+Quote(f.Name))
	}
	order := ""
	if d.key != "" {
		order = " ORDER BY " + Quote(d.key)
	}
	return fmt.Sprintf("SELECT %s FROM %s%s", strings.Join(columns, ", "), Quote(d.table.name), order)
}

func (d *dataset) record(row int64, cells []any) format.Record {
	r := format.Record{Row: row, Values: make([]any, len(d.schema.Fields))}
	r.Geometry, r.Problem = d.geometry(cellOf(cells[0]))
	for i, f := range d.schema.Fields {
		v, ok := value(f.Kind, cells[i+1], d.limits.MaxText)
		if ok {
			r.Values[i] = v
		} else if r.Problem == nil {
			r.Problem = badValue(f, cells[i+1])
		}
	}
	return r
}

func kindOf(declared string) (format.Kind, bool) {
	base, _, _ := strings.Cut(declared, "(")
	switch strings.TrimSpace(base) {
	case "TEXT", "VARCHAR", "CHAR", "NVARCHAR", "", "DATETIME", "TIMESTAMP", "TIME":
		return format.Text, true
	case "INTEGER", "INT", "MEDIUMINT", "SMALLINT", "TINYINT", "BIGINT":
		return format.Integer, true
	case "REAL", "DOUBLE", "FLOAT", "NUMERIC", "DECIMAL", "DOUBLE PRECISION":
		return format.Real, true
	case "BOOLEAN":
		return format.Boolean, true
	case "DATE":
		return format.Date, true
	}
	return format.Text, false
}

// width is the number in TEXT(12), 0 without one.
func width(declared string) int {
	_, rest, ok := strings.Cut(declared, "(")
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimRight(rest, ") "))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// value turns what SQLite stored, which need not be what the column declares, into the kind's Go value. It is false
// for what cannot be read as that kind; nothing is rounded or cut.
func value(k format.Kind, v any, maxText int) (any, bool) {
	if v == nil {
		return nil, true
	}
	switch k {
	case format.Integer:
		return integer(v)
	case format.Real:
		return real64(v)
	case format.Boolean:
		n, ok := integer(v)
		if !ok || n != int64(0) && n != int64(1) {
			return nil, false
		}
		return n == int64(1), true
	case format.Date:
		s, ok := v.(string)
		if !ok {
			return nil, false
		}
		if s == "" {
			return nil, true
		}
		_, err := time.Parse(time.DateOnly, s)
		return s, err == nil
	}
	return text(v, maxText)
}

func integer(v any) (any, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case float64:
		n := int64(v)
		return n, float64(n) == v && math.Abs(v) < 1<<53
	case string:
		n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		return n, err == nil
	}
	return nil, false
}

func real64(v any) (any, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, !math.IsInf(v, 0) && !math.IsNaN(v)
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
	}
	return nil, false
}

func text(v any, most int) (any, bool) {
	switch v := v.(type) {
	case string:
		return v, len(v) <= most && utf8.ValidString(v)
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	}
	return nil, false
}

// brief shows a bad value in a sentence without letting it fill the page.
func brief(v any) string {
	if b, ok := v.([]byte); ok {
		return fmt.Sprintf("%d bytes", len(b))
	}
	r := []rune(strings.ToValidUTF8(fmt.Sprint(v), "\uFFFD"))
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return string(r)
}

// geometry decodes a geometry cell within the limits.
func (d *dataset) geometry(c cell) (orb.Geometry, *geo.Problem) {
	blob := c.bytes
	switch {
	case c.class == null || c.class == octets && len(blob) == 0: // which the driver does not tell apart
		return nil, nil
	case c.class != octets:
		return nil, geo.NewProblem(codeBlob, "detail", "not a blob")
	}
	// A vertex takes at least 16 bytes, so a shorter blob cannot hold too many.
	if most := d.limits.MaxVertices; int64(len(blob)) > most*16 && vertices(blob) > most {
		return nil, geo.NewProblem("ingest.geometry.too-many-vertices", "limit", most)
	}
	g, err := DecodeGeometry(blob)
	var p *geo.Problem
	if errors.As(err, &p) {
		return nil, p
	}
	if err != nil {
		return nil, geo.NewProblem(codeBlob, "detail", "WKB").Because(err)
	}
	return g, nil
}
