package open

import (
	"context"
	"path/filepath"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/filegdb"
)

// geodatabase reports whether a delivered folder is a file geodatabase, or called like one.
func geodatabase(folder, name string) bool {
	return strings.EqualFold(filepath.Ext(name), ".gdb") || filegdb.IsFolder(folder)
}

func openGeodatabase(ctx context.Context, folder string, o Options) (format.Dataset, error) {
	return filegdb.Open(ctx, folder, filegdb.Options{Layer: o.Layer, Limits: o.Limits, Name: o.Name})
}

// loosePart refuses files that are only a part of what must come together.
func (o Options) loosePart() error {
	switch {
	case shapefilePart(o.Name):
		return geo.NewProblem("ingest.file.shapefile-part", "file", o.Name)
	case filegdb.IsPart(o.Name):
		return geo.NewProblem("ingest.filegdb.part", "file", o.Name)
	}
	return nil
}
