package filegdb

import (
	"math"

	"greenshield/geo/format"
)

// fieldType is the type of a field; FGDB Spec, section "Repeated part (per field)". The last four came with version 6
// of the descriptions.
type fieldType int

const (
	typeInt16 fieldType = iota
	typeInt32
	typeFloat32
	typeFloat64
	typeText
	typeDateTime
	typeObjectID
	typeGeometry
	typeBinary
	typeRaster
	typeGUID
	typeGlobalID
	typeXML
	typeInt64
	typeDate
	typeTime
	typeDateTimeOffset
)

// fixed is the size of a value by its type, 0 for those that begin with their length.
var fixed = [...]int{
	typeInt16: 2, typeInt32: 4, typeFloat32: 4, typeFloat64: 8, typeDateTime: 8, typeGUID: 16, typeGlobalID: 16,
	typeInt64: 8, typeDate: 8, typeTime: 8, typeDateTimeOffset: 10,
}

// field is one column, the geometry among them.
type field struct {
	name     string
	kind     fieldType
	width    int // characters that a text may have, 0 without a limit
	nullable bool
	inRow    int // size of the value of a raster that is kept elsewhere, 0 otherwise
	wkt      string
	grid     grid
}

// grid says how coordinates are stored: as whole numbers of 1/scale units from the origin.
type grid struct{ x0, y0, scale float64 }

func (g grid) valid() bool {
	finite := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
	return finite(g.x0) && finite(g.y0) && finite(g.scale) && g.scale > 0
}

// The flags of a field, and those of the layer behind the type of geometry.
const (
	flagNullable = 1
	flagDefault  = 4
	layerUTF8    = 1 << 8
	layerM       = 1 << 30
	layerZ       = 1 << 31
)

// describe reads the section "Field description section".
func (t *table) describe(b []byte) error {
	c := &cursor{rest: b}
	t.version = int(c.u32())
	flags := c.u32()
	t.layer, t.utf8 = int(flags&0xFF), flags&layerUTF8 != 0
	n := c.u16()
	if c.bad || t.version != 3 && t.version != 4 && t.version != 6 {
		return t.damaged("description version")
	}
	for range n {
		f, ok := readField(c, flags)
		if c.bad || !ok {
			return t.damaged("field descriptions")
		}
		if f.kind == typeObjectID { // not in the rows: it is the number of the row
			continue
		}
		if f.nullable {
			t.nullable++
		}
		t.fields = append(t.fields, f)
	}
	return nil
}

// readField is false for a type that is not known, as its length is not either.
func readField(c *cursor, layer uint32) (field, bool) {
	f := field{name: c.text16(c.u8())}
	alias := c.u8()
	c.take(2 * alias)
	f.kind = fieldType(c.u8())
	switch f.kind {
	case typeObjectID:
		c.take(2)
	case typeGeometry:
		f.readGeometry(c, layer)
	case typeText:
		f.width = int(c.u32())
		flags := f.readFlags(c)
		if n := c.varuint(); flags&flagDefault != 0 {
			c.take(int(min(n, maxDescription)))
		}
	case typeBinary, typeGUID, typeGlobalID, typeXML:
		c.u8()
		f.readFlags(c)
	case typeRaster:
		return f, f.readRaster(c)
	case typeInt16, typeInt32, typeFloat32, typeFloat64, typeDateTime, typeInt64, typeDate, typeTime,
		typeDateTimeOffset:
		c.u8()
		flags := f.readFlags(c)
		if n := c.u8(); flags&flagDefault != 0 {
			c.take(n)
		}
	default:
		return f, false
	}
	return f, true
}

func (f *field) readFlags(c *cursor) int {
	flags := c.u8()
	f.nullable = flags&flagNullable != 0
	return flags
}

// readGeometry reads reference system, grid and extent; "For field type = 7 (geometry)".
func (f *field) readGeometry(c *cursor, layer uint32) {
	c.u8()
	f.readFlags(c)
	f.wkt = c.text16(c.u16() / 2)
	f.grid = readGrid(c)
	c.take(32) // extent
	if layer&layerZ != 0 {
		c.take(16)
	}
	if layer&layerM != 0 {
		c.take(16)
	}
	c.u8()
	c.take(8 * int(min(c.u32(), 1<<16))) // cell sizes of the spatial index
}

// readGrid reads origin and scale in the plane, and over those of measures and heights, and the tolerances.
func readGrid(c *cursor) grid {
	const hasM, hasZ = 2, 4
	flags := c.u8()
	g := grid{x0: c.f64(), y0: c.f64(), scale: c.f64()}
	more := 0
	if flags&hasM != 0 {
		more++
	}
	if flags&hasZ != 0 {
		more++
	}
	c.take(16*more + 8 + 8*more)
	return g
}

// readRaster reads past the description of a raster column; false for a storage that is not known.
func (f *field) readRaster(c *cursor) bool {
	c.u8()
	f.readFlags(c)
	c.take(2 * c.u8())
	c.take(c.u16())
	if len(c.rest) > 0 && c.rest[0] == 0 {
		c.u8()
	} else {
		readGrid(c)
	}
	const managed, inline = 1, 2
	switch storage := c.u8(); storage {
	case managed:
		f.inRow = 4
	case 0, inline:
	default:
		return false
	}
	return true
}

// column is the attribute column that a field becomes; false when it cannot be one, with the name of its type.
func (f *field) column() (format.Field, string, bool) {
	c := format.Field{Name: f.name, Kind: format.Text}
	switch f.kind {
	case typeInt16, typeInt32, typeInt64:
		c.Kind = format.Integer
	case typeFloat32, typeFloat64:
		c.Kind = format.Real
	case typeDate:
		c.Kind = format.Date
	case typeText:
		c.Width = f.width
	case typeGeometry:
		return c, "geometry", false
	case typeBinary:
		return c, "binary", false
	case typeRaster:
		return c, "raster", false
	case typeDateTimeOffset: // no description says whether it is local time that is stored
		return c, "timestamp offset", false
	}
	return c, "", true
}
