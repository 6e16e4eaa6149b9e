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

// openGeodatabase opens a feature class. A name that fits both the folder and a feature class in it has been taken
// for the folder's; it decides among several classes as well.
func openGeodatabase(ctx context.Context, folder string, o Options) (format.Dataset, error) {
	inside := filegdb.Options{Layer: o.Layer, Limits: o.Limits, Name: o.Name}
	d, err := filegdb.Open(ctx, folder, inside)
	if o.Layer == "" && o.asked != "" && geo.CodeOf(err) == "ingest.file.several-layers" {
		inside.Layer = o.asked
		if same, second := filegdb.Open(ctx, folder, inside); second == nil {
			return same, nil
		}
	}
	return d, err
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
