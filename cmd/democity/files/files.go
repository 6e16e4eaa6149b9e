// Package files writes the demo city to disk the way staff would deliver it: layers as zipped shapefiles in GBK,
// GeoPackages and GeoJSON, sample parcels in every kind of file that a check reads.
package files

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/paulmach/orb"

	"greenshield/cmd/democity/city"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/geojson"
	"greenshield/geo/format/geopackage"
	"greenshield/geo/format/parceltxt"
	"greenshield/geo/format/shapefile"
	"greenshield/layers"
)

// Delivery is one written file of a layer and what an operator would say when importing it.
type Delivery struct {
	Layer   layers.Layer
	Vintage string
	Path    string
	// System is the reference system to declare for a file that names none, zero otherwise.
	System crs.System
}

// made is the time that all files carry, so that the same city gives the same bytes.
func made() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// degrees is the reference system of all layers: the city lies in two Gauss zones, so no plane would do.
func degrees() (crs.System, error) { return crs.FromEPSG(4490) }

// WriteLayers writes every table of the city into dir, in the order in which they can be imported.
func WriteLayers(ctx context.Context, dir string, c city.City, tell func(done, total int64)) ([]Delivery, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var out []Delivery
	for k, t := range c.Tables {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d, err := writeTable(ctx, dir, t)
		if err != nil {
			return nil, fmt.Errorf("write %s of %s: %w", t.Layer.ID, t.Vintage, err)
		}
		out = append(out, d)
		tell(int64(k+1), int64(len(c.Tables)))
	}
	return out, nil
}

// writeTable picks the kind of file that such a layer usually comes in.
func writeTable(ctx context.Context, dir string, t city.Table) (Delivery, error) {
	stem := filepath.Join(dir, fmt.Sprintf("%s-%s", t.Layer.ID, t.Vintage))
	d := Delivery{Layer: t.Layer, Vintage: t.Vintage}
	var err error
	switch t.Layer.Theme {
	case layers.Redline, layers.Protected, layers.Farmland:
		d.Path = stem + ".zip"
		err = writeShapefile(ctx, d.Path, filepath.Base(stem), t.Fields, records(t.Rows))
	case layers.Landuse:
		d.Path = stem + ".gpkg"
		err = writeGeopackage(ctx, d.Path, filepath.Base(stem), t.Fields, records(t.Rows))
	default: // RFC 7946 means WGS 84 to a reader; the city's frame is CGCS2000, which the operator declares
		d.Path = stem + ".geojson"
		err = create(d.Path, func(w io.Writer) error { return geojson.Write(w, t.Fields, features(t.Rows)) })
		if err == nil {
			d.System, err = degrees()
		}
	}
	return d, err
}

func records(rows []city.Row) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		for k, r := range rows {
			if !yield(format.Record{Row: int64(k + 1), Geometry: r.Geometry, Values: r.Values}, nil) {
				return
			}
		}
	}
}

func features(rows []city.Row) iter.Seq2[geojson.Feature, error] {
	return func(yield func(geojson.Feature, error) bool) {
		for _, r := range rows {
			if !yield(geojson.Feature{Geometry: r.Geometry, Values: r.Values}, nil) {
				return
			}
		}
	}
}

func writeShapefile(
	ctx context.Context, path, name string, fields []format.Field, rows iter.Seq2[format.Record, error],
) error {
	system, err := degrees()
	if err != nil {
		return err
	}
	l := shapefile.Layer{Name: name, System: system, Fields: fields, Encoding: "GBK", Changed: made()}
	return create(path, func(w io.Writer) error {
		notes, err := shapefile.WriteZip(ctx, w, l, rows)
		if err == nil && len(notes) > 0 {
			err = notes[0]
		}
		return err
	})
}

func writeGeopackage(
	ctx context.Context, path, name string, fields []format.Field, rows iter.Seq2[format.Record, error],
) error {
	system, err := degrees()
	if err != nil {
		return err
	}
	l := geopackage.Layer{Name: name, System: system, Fields: fields, Changed: made()}
	return geopackage.Write(ctx, path, l, rows)
}

// create writes a file; a failed one is removed.
func create(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = write(f)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}

// WriteParcels writes the sample parcels into dir, each in a kind of file of its own.
func WriteParcels(ctx context.Context, dir string, parcels []city.Parcel) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for k, p := range parcels {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := kinds[k%len(kinds)](ctx, filepath.Join(dir, p.Key), p); err != nil {
			return fmt.Errorf("write parcel %s: %w", p.Key, err)
		}
	}
	return nil
}

// kinds are tried in turn, so that a folder of eight parcels has each of them twice.
var kinds = [...]func(ctx context.Context, stem string, p city.Parcel) error{
	writeTXT, writeParcelShapefile, writeParcelGeoJSON, writeParcelGeopackage,
}

// nameField is the one attribute of the samples.
var nameField = []format.Field{{Name: "DKMC", Kind: format.Text, Width: 60}}

func writeTXT(_ context.Context, stem string, p city.Parcel) error {
	system, plane, err := gauss(p.Geometry)
	if err != nil {
		return err
	}
	return create(stem+".txt", func(w io.Writer) error {
		one := parceltxt.Parcel{Number: p.Key, Name: p.Name, Geometry: plane}
		return parceltxt.Write(w, []parceltxt.Parcel{one}, parceltxt.WriteOptions{System: system, Encoding: "GBK"})
	})
}

// gauss brings a parcel into the 3° zone that its middle lies in, with the zone number before the easting.
func gauss(g orb.Polygon) (crs.System, orb.Geometry, error) {
	zone := int(g.Bound().Center()[0]/3 + 0.5)
	system, err := crs.GaussKruger(3, zone, true)
	if err != nil {
		return crs.System{}, nil, err
	}
	return system, system.GeometryFromLonLat(g), nil
}

func one(p city.Parcel) iter.Seq2[format.Record, error] {
	return records([]city.Row{{Geometry: p.Geometry, Values: []any{p.Name}}})
}

func writeParcelShapefile(ctx context.Context, stem string, p city.Parcel) error {
	system, plane, err := gauss(p.Geometry)
	if err != nil {
		return err
	}
	l := shapefile.Layer{Name: filepath.Base(stem), System: system, Fields: nameField, Encoding: "GBK", Changed: made()}
	return create(stem+".zip", func(w io.Writer) error {
		_, err := shapefile.WriteZip(ctx, w, l, records([]city.Row{{Geometry: plane, Values: []any{p.Name}}}))
		return err
	})
}

func writeParcelGeoJSON(_ context.Context, stem string, p city.Parcel) error {
	return create(stem+".geojson", func(w io.Writer) error {
		return geojson.Write(w, nameField, features([]city.Row{{Geometry: p.Geometry, Values: []any{p.Name}}}))
	})
}

func writeParcelGeopackage(ctx context.Context, stem string, p city.Parcel) error {
	return writeGeopackage(ctx, stem+".gpkg", filepath.Base(stem), nameField, one(p))
}
