package table

import (
	"strings"
)

// headRows is how many rows of a table are looked at for the heads of its columns: a title block may stand above.
const headRows = 20

// maxColumns bounds the columns of a table.
const maxColumns = 1024

// shape is what the columns of a table make of its rows.
type shape int

const (
	noShape  shape = iota
	wktRows        // a geometry per row, written as WKT
	pointRow       // a point per row
	boundary       // a boundary point per row; rows together make parcels
)

// columns are the columns of a table: their names, and where the ones are that mean something here.
type columns struct {
	names []string
	at    map[string]int // by meaning without "column."
	shape shape
}

// meanings are what a column can mean, in the order in which they are tried.
var meanings = []string{
	"wkt", "label", "ring", "northing", "easting", "longitude", "latitude", "number", "name", "owner", "area",
	"serial", "length", "height",
}

func (c columns) has(meaning string) bool { _, ok := c.at[meaning]; return ok }

// cell is the text of the column that means something, "" when there is none.
func (c columns) cell(cells []string, meaning string) string {
	i, ok := c.at[meaning]
	if !ok || i >= len(cells) {
		return ""
	}
	return trim(cells[i])
}

// headOf reads a row as the heads of columns; its shape is noShape when it is none.
func headOf(cells []string) columns {
	c := columns{at: map[string]int{}}
	cells = cells[:min(len(cells), maxColumns)]
	for i, text := range cells {
		text = trim(text)
		c.names = append(c.names, text)
		folded := fold(text)
		for _, m := range meanings {
			if folded != "" && !c.has(m) && is("column."+m, folded) {
				c.at[m] = i
				break
			}
		}
	}
	for n := len(c.names); n > 0 && c.names[n-1] == ""; n-- {
		c.names = c.names[:n-1]
	}
	c.shape = c.kind()
	return c
}

// kind is the shape that the columns make. Longitudes and latitudes are points unless rings are numbered; northings
// and eastings are boundary points when anything says so, or when there is nothing else in the table.
func (c columns) kind() shape {
	plane, degrees := c.has("northing") && c.has("easting"), c.has("longitude") && c.has("latitude")
	switch {
	case c.has("wkt"):
		return wktRows
	case degrees && c.has("ring"):
		return boundary
	case degrees:
		return pointRow
	case plane && (c.has("label") || c.has("ring") || c.has("number") || c.bare()):
		return boundary
	case plane:
		return pointRow
	}
	return noShape
}

// bare tells whether there are only coordinates, and perhaps numbers of rows and lengths.
func (c columns) bare() bool {
	for i, name := range c.names {
		known := name == ""
		for _, m := range []string{"northing", "easting", "height", "serial", "length"} {
			at, ok := c.at[m]
			known = known || ok && at == i
		}
		if !known {
			return false
		}
	}
	return true
}

// axes are the meanings of the columns of coordinates, the easting or longitude second.
func (c columns) axes() (north, east string) {
	if c.has("longitude") && c.has("latitude") {
		return "latitude", "longitude"
	}
	return "northing", "easting"
}

// wktHead takes the first row as heads when a cell of the second is WKT: the column is known by what it holds.
func wktHead(first, second []string) columns {
	for i, text := range second {
		if i < len(first) && i < maxColumns && looksWKT(text) && !looksWKT(first[i]) {
			c := headOf(first)
			for m, at := range c.at {
				if at == i {
					delete(c.at, m)
				}
			}
			c.at["wkt"], c.shape = i, wktRows
			for len(c.names) <= i {
				c.names = append(c.names, "")
			}
			return c
		}
	}
	return columns{}
}

// looksWKT tells whether a text begins as the WKT of a geometry does.
func looksWKT(text string) bool {
	text = strings.ToUpper(trim(text[:min(len(text), 64)]))
	if rest, ok := strings.CutPrefix(text, "SRID="); ok {
		_, text, _ = strings.Cut(rest, ";")
	}
	name, rest, _ := strings.Cut(text, "(")
	if rest == "" {
		name, _, _ = strings.Cut(text, " EMPTY")
		if name == text {
			return false
		}
	}
	name = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(name), "ZM"))
	switch name {
	case "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION":
		return true
	}
	return false
}
