package ingest

import (
	"context"
	"path/filepath"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/geojson"
	"greenshield/geo/format/geopackage"
	"greenshield/geo/format/shapefile"
)

func openFile(ctx context.Context, r Reading) (format.Dataset, error) {
	switch strings.ToLower(filepath.Ext(r.Path)) {
	case ".json", ".geojson":
		return geojson.Open(ctx, r.Path, geojson.Options{Encoding: r.Encoding, Limits: r.Limits})
	case ".shp":
		return shapefile.Open(ctx, r.Path, shapefile.Options{Encoding: r.Encoding, Limits: r.Limits})
	case ".gpkg":
		return geopackage.Open(ctx, r.Path, geopackage.Options{Layer: r.Sublayer, Limits: r.Limits})
	}
	return nil, geo.NewProblem("ingest.file.unknown", "file", fileName(r))
}
