package gpkg

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
	"greenshield/layers"
)

// legalSystem is CGCS2000, longitude and latitude.
const legalSystem = 4490

type draft struct {
	store      *Store
	layer      layers.Layer
	vintage    layers.Vintage
	tally      *layers.Tally
	spool      *spool
	issues     []layers.Issue
	kinds      map[string]bool // geometry types met
	plainDates []bool
	done       bool
}

// Begin implements layers.Store.
func (s *Store) Begin(ctx context.Context, l layers.Layer, v layers.Vintage) (layers.Draft, error) {
	if err := errors.Join(ctx.Err(), layers.CheckDraft(l, v), checkFields(v.Fields)); err != nil {
		return nil, err
	}
	if err := s.checkWritable(); err != nil {
		return nil, err
	}
	if err := checkTheme(ctx, s.read, l); err != nil {
		return nil, problem(ctx, s.path, err)
	}
	ref, err := s.reserve(ctx, l.ID, v.Ref.Vintage)
	if err != nil {
		return nil, problem(ctx, s.path, err)
	}
	spool, err := newSpool(filepath.Dir(s.path))
	if err != nil {
		s.release(ref)
		return nil, problem(ctx, s.path, err)
	}
	v.Ref, v.Theme = ref, l.Theme
	v.Fields = append([]format.Field(nil), v.Fields...)
	d := &draft{store: s, layer: l, vintage: v, tally: layers.NewTally(v.Fields), spool: spool}
	d.kinds = map[string]bool{}
	d.plainDates = make([]bool, len(v.Fields))
	for i := range d.plainDates {
		d.plainDates[i] = true
	}
	return d, nil
}

// reserve gives the revision after all that were published or are being made in this process.
func (s *Store) reserve(ctx context.Context, id layers.LayerID, vintage string) (layers.Ref, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, err := selectLastRevision(ctx, s.read, id, vintage)
	if err != nil {
		return layers.Ref{}, err
	}
	ref := layers.Ref{Layer: id, Vintage: vintage, Revision: last + 1}
	for other := range s.reserved {
		if other.Layer == id && other.Vintage == vintage {
			ref.Revision = max(ref.Revision, other.Revision+1)
		}
	}
	s.reserved[ref] = true
	return ref, nil
}

func (s *Store) release(ref layers.Ref) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.reserved, ref)
}

// Ref implements layers.Draft.
func (d *draft) Ref() layers.Ref { return d.vintage.Ref }

// Append implements layers.Draft.
func (d *draft) Append(ctx context.Context, f layers.Feature) error {
	if d.done {
		return errors.New("append to a draft that is done")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := d.tally.Take(f)
	if err != nil {
		return err
	}
	r, err := d.row(f)
	if err != nil {
		return fmt.Errorf("append feature %d to %s: %w", f.ID, d.Ref(), err)
	}
	return problem(ctx, d.store.path, d.spool.append(r))
}

func (d *draft) row(f layers.Feature) (row, error) {
	blob, err := geopackage.EncodeGeometry(f.Geometry, legalSystem)
	if err != nil {
		return row{}, err
	}
	roles, err := json.Marshal(f.Roles)
	if err != nil {
		return row{}, err
	}
	d.kinds[f.Geometry.GeoJSONType()] = true
	for i, v := range f.Values {
		if s, ok := v.(string); ok && d.plainDates[i] && d.vintage.Fields[i].Kind == format.Date {
			_, err := time.Parse(time.DateOnly, s)
			d.plainDates[i] = err == nil
		}
	}
	values := append(f.Values, float64(f.Area), float64(f.Length), f.Hash.String(), string(roles))
	return row{geometry: blob, values: values}, nil
}

// Commit implements layers.Draft.
func (d *draft) Commit(ctx context.Context, edit func(*layers.Vintage) error) (layers.Vintage, error) {
	if d.done {
		return layers.Vintage{}, errors.New("commit a draft that is done")
	}
	defer func() { _ = d.Discard() }() // only gives up the spool and the reservation
	var v layers.Vintage
	err := d.store.transact(ctx, func(tx *sql.Tx) error {
		var err error
		v, err = d.write(ctx, tx, edit)
		return err
	})
	if err != nil {
		return layers.Vintage{}, err
	}
	return v, nil
}

func (d *draft) write(ctx context.Context, tx *sql.Tx, edit func(*layers.Vintage) error) (layers.Vintage, error) {
	v := d.vintage
	taken, err := refExists(ctx, tx, v.Ref)
	if err := errors.Join(err, checkTheme(ctx, tx, d.layer)); err != nil {
		return v, err
	}
	if taken {
		return v, geo.NewProblem("store.vintage.taken", "ref", v.Ref.String())
	}
	v.Published = d.store.Now().UTC().Round(0)
	d.tally.Fill(&v)
	table := d.table(v)
	if err := d.writeFeatures(ctx, tx, table, v.Bound); err != nil {
		return v, err
	}
	if v, err = layers.Edited(v, edit); err != nil {
		return v, err
	}
	if err := upsertLayer(ctx, tx, d.layer); err != nil {
		return v, err
	}
	if err := insertVintage(ctx, tx, vintageRow{vintage: v, table: table.Name}); err != nil {
		return v, err
	}
	if err := insertIssues(ctx, tx, v.Ref, d.issues); err != nil {
		return v, err
	}
	row, err := selectVintage(ctx, tx, v.Ref)
	return row.vintage, err
}

func (d *draft) table(v layers.Vintage) geopackage.Table {
	return geopackage.Table{
		Name: tableName(v.Ref), Title: v.Ref.String(), Description: d.layer.Title, Geometry: d.kind(),
		System: legalSystem, Columns: columns(v.Fields, d.plainDates), Changed: v.Published,
	}
}

// kind is the geometry type of the table: the one that all features have, or any.
func (d *draft) kind() string {
	if len(d.kinds) != 1 {
		return "GEOMETRY"
	}
	for _, k := range []struct{ met, name string }{
		{orb.Point{}.GeoJSONType(), "POINT"},
		{orb.MultiPoint{}.GeoJSONType(), "MULTIPOINT"},
		{orb.LineString{}.GeoJSONType(), "LINESTRING"},
		{orb.MultiLineString{}.GeoJSONType(), "MULTILINESTRING"},
		{orb.Polygon{}.GeoJSONType(), "POLYGON"},
		{orb.MultiPolygon{}.GeoJSONType(), "MULTIPOLYGON"},
	} {
		if d.kinds[k.met] {
			return k.name
		}
	}
	return "GEOMETRY"
}

func (d *draft) writeFeatures(ctx context.Context, tx *sql.Tx, t geopackage.Table, bound orb.Bound) error {
	if err := geopackage.CreateFeatureTable(ctx, tx, t); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, geopackage.InsertInto(t))
	if err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	defer insert.Close()
	args := make([]any, 2+len(t.Columns))
	var index geopackage.SpatialIndex
	var id int64
	err = d.spool.each(len(t.Columns), func(r row) error {
		id++
		args[0], args[1] = id, r.geometry
		copy(args[2:], r.values)
		if _, err := insert.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("write %s row %d: %w", t.Name, id, err)
		}
		return index.Add(id, r.geometry)
	})
	if err != nil {
		return err
	}
	if id > 0 {
		if err := geopackage.SetExtent(ctx, tx, t.Name, bound); err != nil {
			return err
		}
	}
	return geopackage.AddSpatialIndex(ctx, tx, t.Name, &index)
}

// Discard implements layers.Draft.
func (d *draft) Discard() error {
	if d.done {
		return nil
	}
	d.done = true
	d.store.release(d.vintage.Ref)
	return d.spool.close()
}
