// Package format says what a delivered file looks like once it is opened: a schema and records. Each kind of file
// has a package of its own below this one; package open (geo/format/open) looks at the bytes and picks the kind.
// It does not know what a layer means, transforms no coordinates and repairs nothing.
package format

import (
	"context"
	"iter"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
)

// Dataset is one delivered table of geometries. Records may be ranged over more than once and each range starts at
// the first row. Close releases the file, and may be called twice; a dataset is not safe for concurrent use. Package
// formattest holds what every reader must keep.
type Dataset interface {
	Schema() Schema
	// Records yields the rows in file order. An error ends the range and means that the rest of the file was not
	// read, so nothing of it may be kept. A row that is wrong by itself comes as a Record with its Problem set, and
	// the range goes on.
	Records(ctx context.Context) iter.Seq2[Record, error]
	Close() error
}

// Schema is what a file says about itself before its first row.
type Schema struct {
	// Format is the kind of file: "geojson", "shapefile", "geopackage", "filegdb", "parceltxt", "kml", "dxf",
	// "flatgeobuf", "csv" or "xlsx".
	Format string
	// Name is the table's or file's own name, without folder and extension.
	Name string
	// Encoding is the character encoding that attribute text was read with ("UTF-8", "GB18030").
	Encoding string
	// Fields in file order; a record's Values are parallel to it.
	Fields []Field
	// Declared is the reference system that the file names, nil when it names none. DeclaredText is the file's own
	// wording (WKT, EPSG code, header line). DeclaredProblem is set when it names one that is not understood or
	// not accepted; then Declared is nil.
	Declared        *crs.System
	DeclaredText    string
	DeclaredProblem *geo.Problem
	// Count is the number of rows when the file says so, -1 otherwise.
	Count int64
	// Notes are things that the reader had to decide and that an operator should see.
	Notes []*geo.Problem
}

// Field is one attribute column.
type Field struct {
	Name string
	Kind Kind
	// Width and Decimals are as the file declares them, 0 when it declares none.
	Width, Decimals int
}

// Kind is the kind of an attribute value.
type Kind int

// The kinds of attribute values and the Go type that a Record carries for each; an absent value is nil.
const (
	Text    Kind = iota // string
	Integer             // int64
	Real                // float64
	Boolean             // bool
	Date                // string, YYYY-MM-DD
)

// Record is one row as delivered. Geometry is in the declared system with the easting or longitude first, whatever
// the order in the file; it is nil when the row has none. Row counts from 1 as a person would.
type Record struct {
	Row      int64
	Geometry orb.Geometry
	Values   []any
	Problem  *geo.Problem
	// Parcel is what a survey TXT file says about this parcel beyond its attributes, nil for other kinds of file.
	Parcel *ParcelHeader
}

// ParcelHeader is the header line of a parcel in a survey TXT file, as delivered.
type ParcelHeader struct {
	// DeclaredHectares is the area that the header states (field 2), NaN when it states none.
	DeclaredHectares float64
	// DeclaredPoints is the number of boundary points that the header states, -1 when it states none.
	DeclaredPoints int
}

// Limits bound what a reader may take from a file; the zero value means the defaults.
type Limits struct {
	// MaxVertices of one geometry, its parts counted as well where the kind of file counts them, and of the whole file
	// where a reader must hold all of it (boundary points as text and tables); default 10 million.
	MaxVertices int64
	MaxRecords  int64 // of one file; default 5 million
	MaxText     int   // bytes of one attribute value; default 1 MiB
}

// WithDefaults fills the fields that are zero.
func (l Limits) WithDefaults() Limits {
	if l.MaxVertices == 0 {
		l.MaxVertices = 10_000_000
	}
	if l.MaxRecords == 0 {
		l.MaxRecords = 5_000_000
	}
	if l.MaxText == 0 {
		l.MaxText = 1 << 20
	}
	return l
}
