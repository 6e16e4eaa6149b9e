package gpkg

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
	"greenshield/layers"
)

// Features implements layers.Source. It streams: a range holds one feature at a time, and a read transaction of its
// own that does not stop writers.
func (s *Store) Features(ctx context.Context, ref layers.Ref, bound *orb.Bound) iter.Seq2[layers.Feature, error] {
	return func(yield func(layers.Feature, error) bool) {
		if err := s.eachFeature(ctx, ref, bound, yield); err != nil {
			yield(layers.Feature{}, err)
		}
	}
}

// eachFeature returns an error only when yield has not been told to stop.
func (s *Store) eachFeature(
	ctx context.Context, ref layers.Ref, bound *orb.Bound, yield func(layers.Feature, error) bool,
) error {
	return s.snapshot(ctx, func(conn *sql.Conn) error {
		row, err := s.find(ctx, conn, ref)
		if err != nil {
			return err
		}
		last := int64(math.MinInt64)
		if bound == nil && !s.queryRows {
			last, err = s.eachStored(ctx, conn, row, yield)
			switch {
			case errors.Is(err, errLeft):
				return nil
			case !errors.Is(err, geopackage.ErrOdd) || ctx.Err() != nil:
				return problem(ctx, s.path, err)
			}
		}
		return s.eachQueried(ctx, conn, row, bound, last, yield)
	})
}

// eachQueried yields, by SQL, the features within a bound whose number is above after.
func (s *Store) eachQueried(
	ctx context.Context, q querier, row vintageRow, bound *orb.Bound, after int64, yield func(layers.Feature, error) bool,
) error {
	ref := row.vintage.Ref
	query, args := featureQuery(row, bound, after)
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return problem(ctx, s.path, fmt.Errorf("read %s: %w", ref, err))
	}
	defer rows.Close()
	reader := newFeatureReader(row.vintage.Fields)
	for rows.Next() {
		f, err := reader.read(rows)
		if err != nil {
			return problem(ctx, s.path, fmt.Errorf("read %s: %w", ref, err))
		}
		// The R-tree holds bounds rounded outwards to float32; the exact ones decide.
		if bound != nil && !f.Geometry.Bound().Intersects(*bound) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !yield(f, nil) {
			return nil
		}
	}
	return problem(ctx, s.path, rows.Err())
}

// featureColumns selects expressions, "+name", in place of the delivered columns: that keeps the driver from turning
// values into what the declared type suggests (a DATE into a time).
func featureColumns(row vintageRow) string {
	list := []string{geopackage.GeometryColumn, areaColumn, lengthColumn, hashColumn, rolesColumn}
	for _, name := range columnNames(row.vintage.Fields) {
		list = append(list, "+"+geopackage.Quote(name))
	}
	return strings.Join(list, ", ")
}

func featureQuery(row vintageRow, bound *orb.Bound, after int64) (string, []any) {
	query := fmt.Sprintf("SELECT %[1]s, %[2]s FROM %[3]s WHERE %[1]s > ?", geopackage.IDColumn, featureColumns(row),
		geopackage.Quote(row.table))
	args := []any{after}
	if bound != nil {
		query += fmt.Sprintf(" AND %s IN (SELECT id FROM %s WHERE minx <= ? AND maxx >= ? AND miny <= ? AND maxy >= ?)",
			geopackage.IDColumn, geopackage.Quote("rtree_"+row.table+"_"+geopackage.GeometryColumn))
		args = append(args, bound.Max[0], bound.Min[0], bound.Max[1], bound.Min[1])
	}
	return query + " ORDER BY " + geopackage.IDColumn, args
}

// featureReader reads rows of one vintage.
type featureReader struct {
	fields []format.Field
	blob   sql.RawBytes
	hash   string
	roles  sql.RawBytes
	values []any
	into   []any
}

func newFeatureReader(fields []format.Field) *featureReader {
	r := &featureReader{fields: fields, values: make([]any, len(fields))}
	r.into = make([]any, 6, 6+len(fields))
	for i := range r.values {
		r.into = append(r.into, &r.values[i])
	}
	return r
}

func (r *featureReader) read(rows *sql.Rows) (layers.Feature, error) {
	var f layers.Feature
	var area, length float64
	copy(r.into, []any{&f.ID, &r.blob, &area, &length, &r.hash, &r.roles})
	if err := rows.Scan(r.into...); err != nil {
		return f, err
	}
	g, err := geopackage.DecodeGeometry(r.blob)
	if err != nil {
		return f, fmt.Errorf("feature %d: %w", f.ID, err)
	}
	f.Geometry, f.Area, f.Length = g, geo.Area(area), geo.Length(length)
	if err := json.Unmarshal(r.roles, &f.Roles); err != nil {
		return f, fmt.Errorf("roles of feature %d: %w", f.ID, err)
	}
	if err := readHash(r.hash, &f.Hash); err != nil {
		return f, fmt.Errorf("feature %d: %w", f.ID, err)
	}
	f.Values = make([]any, len(r.values))
	for i, v := range r.values {
		f.Values[i] = delivered(r.fields[i].Kind, v)
	}
	return f, nil
}

// delivered undoes what SQLite does to a value: it keeps truth as 0 and 1, and may return text as bytes.
func delivered(k format.Kind, v any) any {
	switch v := v.(type) {
	case int64:
		switch k {
		case format.Boolean:
			return v != 0
		case format.Real:
			return float64(v)
		}
	case []byte:
		return string(v)
	}
	return v
}
