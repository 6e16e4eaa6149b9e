package gpkg

import (
	"fmt"
	"strings"
	"unicode"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
	"greenshield/layers"
)

// The columns that a feature table has after the delivered ones.
const (
	areaColumn   = "gs_area_m2"
	lengthColumn = "gs_length_m"
	hashColumn   = "gs_hash"
	rolesColumn  = "gs_roles"
)

// maxFields leaves room below SQLite's 2,000 columns.
const maxFields = 1900

// tableName is "redline_2023_r1". A layer whose name starts like a table of SQLite, GeoPackage or this store gets a
// prefix. Names of two refs never meet: a vintage holds no '_'.
func tableName(ref layers.Ref) string {
	name := fmt.Sprintf("%s_%s_r%d", ref.Layer, ref.Vintage, ref.Revision)
	for _, reserved := range []string{"sqlite_", "gpkg_", "rtree_", "gs_", "layer_"} {
		if strings.HasPrefix(name, reserved) {
			return "layer_" + name
		}
	}
	return name
}

// columns gives the attribute columns of a feature table: the delivered names as far as SQLite takes them, then
// ours. plainDates says per field whether all its dates are dates; a DATE column would turn "2023" into a number.
func columns(fields []format.Field, plainDates []bool) []geopackage.Column {
	var out []geopackage.Column
	for i, name := range columnNames(fields) {
		c := geopackage.Column{Name: name, Type: columnType(fields[i].Kind)}
		if fields[i].Kind == format.Date && !plainDates[i] {
			c.Type = "TEXT"
		}
		out = append(out, c)
	}
	return append(out,
		geopackage.Column{Name: areaColumn, Type: "REAL"}, geopackage.Column{Name: lengthColumn, Type: "REAL"},
		geopackage.Column{Name: hashColumn, Type: "TEXT"}, geopackage.Column{Name: rolesColumn, Type: "TEXT"})
}

func columnType(k format.Kind) string {
	switch k {
	case format.Integer:
		return "INTEGER"
	case format.Real:
		return "REAL"
	case format.Boolean:
		return "BOOLEAN"
	case format.Date:
		return "DATE"
	}
	return "TEXT"
}

// columnNames depends on fields alone, so that a reader finds the columns that a writer made.
func columnNames(fields []format.Field) []string {
	taken := map[string]bool{geopackage.IDColumn: true, geopackage.GeometryColumn: true}
	for _, own := range []string{areaColumn, lengthColumn, hashColumn, rolesColumn, "rowid", "_rowid_", "oid"} {
		taken[own] = true
	}
	out := make([]string, len(fields))
	for i, f := range fields {
		base := strings.Map(printable, strings.ToValidUTF8(f.Name, "_"))
		if strings.TrimSpace(base) == "" {
			base = "field"
		}
		name := base
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s_%d", base, n)
		}
		taken[strings.ToLower(name)] = true
		out[i] = name
	}
	return out
}

func printable(r rune) rune {
	if unicode.IsControl(r) {
		return '_'
	}
	return r
}

func checkFields(fields []format.Field) error {
	if len(fields) > maxFields {
		return geo.NewProblem("store.fields.too-many", "count", len(fields), "max", maxFields)
	}
	return nil
}
