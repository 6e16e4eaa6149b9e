package kml

import (
	"cmp"
	"encoding/xml"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
)

// maxRowText bounds all text of one placemark together, in units of the limit for one value.
const maxRowText = 16

// mark is a placemark that is being read.
type mark struct {
	values   []any
	given    []bool
	shape    shape
	geometry orb.Geometry
	shapes   int
	room     int // bytes of text that it may still have
}

func (r *reader) placemark(e xml.StartElement) error {
	if r.row++; r.row > r.limits.MaxRecords {
		return geo.NewProblem("ingest.kml.too-many-records", "limit", r.limits.MaxRecords)
	}
	m := &mark{room: maxRowText * r.limits.MaxText}
	m.shape = shape{learn: r.learn, limit: r.limits.MaxVertices}
	if err := r.value(m, own, "folder", strings.Join(r.folders, "/")); err != nil {
		return err
	}
	if id := attribute(e, "id"); id != "" {
		if err := r.value(m, own, "id", id); err != nil {
			return err
		}
	}
	err := r.children(func(name string, e xml.StartElement) error { return r.feature(m, name, e) })
	if err != nil || r.learn {
		return err
	}
	rec := format.Record{Row: r.row, Values: make([]any, len(r.columns.list)), Problem: m.shape.problem}
	copy(rec.Values, m.values)
	if rec.Problem == nil {
		rec.Geometry = m.geometry
	}
	if !r.out(rec) {
		return errStopped
	}
	return nil
}

// feature takes one element of a placemark (OGC 07-147r2 section 9.1).
func (r *reader) feature(m *mark, name string, e xml.StartElement) error {
	switch name {
	case "name", "description", "address", "phoneNumber", "Snippet", "snippet", "when", "begin", "end":
		return r.textValue(m, own, name)
	case "TimeStamp", "TimeSpan":
		return r.children(func(name string, e xml.StartElement) error { return r.feature(m, name, e) })
	case "ExtendedData":
		return r.extended(m)
	case "Point", "LineString", "LinearRing", "Polygon", "MultiGeometry":
		if m.shapes++; m.shapes > 1 {
			m.shape.fail("ingest.kml.geometries")
		}
		var err error
		m.geometry, err = r.geometry(name, &m.shape)
		return err
	case "Track", "MultiTrack", "gx:Track", "gx:MultiTrack":
		r.notes.Add(r.row, "ingest.kml.track")
	case "Model":
		r.notes.Add(r.row, "ingest.kml.model")
	}
	return r.skip()
}

// extended takes untyped pairs and the values of a schema (OGC 07-147r2 section 9.3).
func (r *reader) extended(m *mark) error {
	return r.children(func(name string, e xml.StartElement) error {
		switch name {
		case "Data":
			field := cmp.Or(attribute(e, "name"), name)
			return r.children(func(name string, _ xml.StartElement) error {
				if name == "value" {
					return r.textValue(m, extra, field)
				}
				return r.skip()
			})
		case "SchemaData":
			return r.children(func(name string, e xml.StartElement) error {
				if name == "SimpleData" {
					return r.textValue(m, extra, cmp.Or(attribute(e, "name"), name))
				}
				return r.skip()
			})
		case "":
			r.notes.Add(r.row, "ingest.kml.foreign-data", "element", clip(e.Name.Local))
		}
		return r.skip()
	})
}

// textValue takes the text of the present element as an attribute.
func (r *reader) textValue(m *mark, o origin, name string) error {
	text, err := r.text(m)
	if err != nil {
		return err
	}
	return r.value(m, o, name, text)
}

// value keeps an attribute of a placemark. The first of several of one name counts.
func (r *reader) value(m *mark, o origin, name, text string) error {
	if len(name) > maxName {
		m.shape.fail("ingest.kml.text-too-long", "limit", maxName)
		return nil
	}
	i, err := r.columns.find(key{o, name}, r.learn)
	if err != nil {
		return err
	}
	for len(m.given) <= i {
		m.given = append(m.given, false)
	}
	if m.given[i] {
		r.notes.Add(r.row, "ingest.kml.value-repeated", "field", clip(name))
		return nil
	}
	m.given[i] = true
	if r.learn {
		r.columns.list[i].see(text)
		return nil
	}
	for len(m.values) <= i {
		m.values = append(m.values, nil)
	}
	m.values[i] = convert(text, r.columns.list[i].kind)
	return nil
}

// text is the text of the present element without the white space around it; elements inside, which are HTML without
// the quoting that KML asks for, lose their tags. A text that is too long spoils the placemark m, if one is given.
func (r *reader) text(m *mark) (string, error) {
	var b strings.Builder
	limit, long := r.limits.MaxText, false
	if m != nil {
		limit = min(limit, m.room)
	}
	for end := r.depth - 1; r.depth > end; {
		tok, err := r.token()
		if err != nil {
			return "", err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			r.notes.Add(r.row, "ingest.kml.markup", "element", clip(t.Name.Local))
		case xml.CharData:
			if long = long || b.Len()+len(t) > limit; !long {
				b.Write(t)
			}
		}
	}
	text := strings.Trim(b.String(), " \t\r\n")
	if m == nil {
		return text, nil
	}
	if long {
		m.shape.fail("ingest.kml.text-too-long", "limit", r.limits.MaxText)
		return "", nil
	}
	m.room -= len(text)
	return text, nil
}
