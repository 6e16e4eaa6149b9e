package kml

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
)

// maxFields bounds the columns of a layer; SQLite, where layers end, allows 2,000 by default.
const maxFields = 1000

// maxName bounds the name of a field in bytes.
const maxName = 1024

// origin tells the attributes that KML itself has from those that a file adds.
type origin int

const (
	own origin = iota
	extra
)

type key struct {
	origin origin
	name   string
}

// column is one attribute, as learnt from all placemarks.
type column struct {
	key
	kind   format.Kind
	misfit [4]bool // by kind: a value was seen that is none of it
}

// columns are the attributes: KML's own name, description and folder, then in the order in which they first appear.
type columns struct {
	list  []column
	index map[key]int
	// types are the kinds that schemas declare for fields; where two disagree, it is text.
	types map[string]format.Kind
}

func newColumns() *columns {
	c := &columns{index: map[key]int{}, types: map[string]format.Kind{}}
	for _, name := range []string{"name", "description", "folder"} {
		c.add(key{own, name})
	}
	return c
}

func (c *columns) add(k key) int {
	c.list = append(c.list, column{key: k})
	c.index[k] = len(c.list) - 1
	return len(c.list) - 1
}

// find is the place of a column. New ones are learnt in the first pass only.
func (c *columns) find(k key, learn bool) (int, error) {
	if i, ok := c.index[k]; ok {
		return i, nil
	}
	if !learn {
		return 0, geo.NewProblem("ingest.file.changed")
	}
	if len(c.list) >= maxFields {
		return 0, geo.NewProblem("ingest.kml.too-many-fields", "limit", maxFields)
	}
	return c.add(k), nil
}

// schema takes the types that a schema declares (OGC 07-147r2 section 9.4).
func (r *reader) schema() error {
	return r.children(func(name string, e xml.StartElement) error {
		field := attribute(e, "name")
		if name == "SimpleField" && r.learn && len(field) <= maxName {
			kind := kindOf(attribute(e, "type"))
			if old, ok := r.columns.types[field]; ok && old != kind {
				kind = format.Text
			}
			if len(r.columns.types) < maxFields {
				r.columns.types[field] = kind
			}
		}
		return r.skip()
	})
}

func kindOf(name string) format.Kind {
	switch name[strings.IndexByte(name, ':')+1:] {
	case "int", "uint", "short", "ushort":
		return format.Integer
	case "float", "double":
		return format.Real
	case "bool":
		return format.Boolean
	}
	return format.Text
}

// see learns what a value rules out.
func (c *column) see(text string) {
	for k := range c.misfit {
		if text != "" && !c.misfit[k] {
			c.misfit[k] = convert(text, format.Kind(k)) == nil
		}
	}
}

// convert is a value as a kind, nil when it is empty or none of it. Spellings that would not survive, as 007, are no
// numbers: they may be codes.
func convert(text string, kind format.Kind) any {
	switch kind {
	case format.Integer:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text {
			return n
		}
	case format.Real:
		if f, ok := number([]byte(text)); ok {
			return f
		}
	case format.Boolean:
		switch text {
		case "true", "1":
			return true
		case "false", "0":
			return false
		}
	default:
		if text != "" {
			return text
		}
	}
	return nil
}

// number is a finite decimal number.
func number(text []byte) (float64, bool) {
	for _, c := range text {
		if (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(string(text), 64)
	return f, err == nil && !math.IsInf(f, 0)
}

// close ends the learning and gives the fields. A field of the file that is called as one of KML's own, or as another
// but for case, gets a number; one whose values are not of the declared type is text. Both are notes.
func (c *columns) close(notes *format.Notes) []format.Field {
	taken := map[string]bool{}
	fields := make([]format.Field, len(c.list))
	for i := range c.list {
		col := &c.list[i]
		name := col.name
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = col.name + "_" + strconv.Itoa(n)
		}
		if name != col.name {
			notes.Add(0, "ingest.kml.field-renamed", "field", clip(col.name), "name", clip(name))
		}
		taken[strings.ToLower(name)] = true
		if kind := c.types[col.name]; col.origin == extra && kind != format.Text {
			if col.misfit[kind] {
				notes.Add(0, "ingest.kml.type", "field", clip(col.name))
			} else {
				col.kind = kind
			}
		}
		fields[i] = format.Field{Name: name, Kind: col.kind}
	}
	return fields
}
