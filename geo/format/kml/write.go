package kml

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"strconv"

	"greenshield/geo/format"
)

// Layer describes the document that Write makes.
type Layer struct {
	// Name is that of the document.
	Name string
	// About is shown as the description of the document: where the data come from.
	About string
	// Fields describe the records' values. Texts called "name" and "description" become the elements of that name,
	// as reading them gives those fields back; all others are typed data of a schema.
	Fields []format.Field
	// Label is the field that a placemark shows as its name when no field is called "name"; "" for none.
	Label string
}

// exactInteger is the largest whole number below which all are exact as a double.
const exactInteger = 1 << 53

// Write writes a KML 2.2 document (OGC 07-147r2) in UTF-8, placemark by placemark: longitude and latitude with nine
// decimals, outer rings counter-clockwise, holes clockwise, attributes as SchemaData. KML means WGS 84, with which
// CGCS2000 agrees within decimetres; geometries are in degrees of either. Rows go through a temporary file, because
// the types of whole numbers stand before them: int when all fit into the 32 bits that KML gives it, double up to 2⁵³,
// text beyond. Absent values are left out. There are no styles and no links, so that nothing is fetched by whoever
// opens it. A row with a problem, a coordinate that is not finite and a kind of geometry that KML lacks are errors.
//
// An encoder of our own: the modules for it build the whole document in memory.
func Write(ctx context.Context, w io.Writer, l Layer, records iter.Seq2[format.Record, error]) (err error) {
	rows, err := os.CreateTemp("", "kml-")
	if err != nil {
		return fmt.Errorf("write KML: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close(), os.Remove(rows.Name())) }()
	d := newDocument(l)
	spool := bufio.NewWriterSize(rows, 1<<16)
	if err := d.placemarks(ctx, spool, records); err != nil {
		return fmt.Errorf("write KML: %w", err)
	}
	if err := spool.Flush(); err != nil {
		return fmt.Errorf("write KML: %w", err)
	}
	if _, err := rows.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("write KML: %w", err)
	}
	return copyDocument(w, d.head(), rows)
}

const tail = "</Document></kml>\n"

func copyDocument(w io.Writer, head []byte, rows io.Reader) error {
	for _, part := range []io.Reader{bytes.NewReader(head), rows, bytes.NewReader([]byte(tail))} {
		if _, err := io.Copy(w, part); err != nil {
			return fmt.Errorf("write KML: %w", err)
		}
	}
	return nil
}

// document is a KML document in the making.
type document struct {
	Layer
	name, description, label int     // places of fields, -1 for none
	largest                  []int64 // of whole numbers, by size without sign; -1 when one has no positive counterpart
	buf                      bytes.Buffer
}

func newDocument(l Layer) *document {
	d := &document{Layer: l, name: -1, description: -1, label: -1, largest: make([]int64, len(l.Fields))}
	for i, f := range l.Fields {
		switch {
		case f.Kind == format.Text && f.Name == "name" && d.name < 0:
			d.name = i
		case f.Kind == format.Text && f.Name == "description" && d.description < 0:
			d.description = i
		case f.Name == l.Label && l.Label != "" && d.label < 0:
			d.label = i
		}
	}
	return d
}

// head is what stands before the placemarks; it is known when they have been seen.
func (d *document) head() []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header + `<kml xmlns="http://www.opengis.net/kml/2.2"><Document>`)
	element(&b, "name", d.Name)
	if d.About != "" {
		element(&b, "description", d.About)
	}
	b.WriteString("\n" + `<Schema name="attributes" id="attributes">`)
	for i, f := range d.Fields {
		if i == d.name || i == d.description {
			continue
		}
		b.WriteString(`<SimpleField type="` + d.typeOf(i) + `" name="`)
		escape(&b, f.Name)
		b.WriteString(`"></SimpleField>`)
	}
	b.WriteString("</Schema>\n")
	return b.Bytes()
}

// typeOf is the type of a field (OGC 07-147r2 section 9.4).
func (d *document) typeOf(i int) string {
	switch kind := d.Fields[i].Kind; {
	case kind == format.Boolean:
		return "bool"
	case kind == format.Real, kind == format.Integer && d.largest[i] > math.MaxInt32 && d.largest[i] <= exactInteger:
		return "double"
	case kind == format.Integer && d.largest[i] >= 0 && d.largest[i] <= math.MaxInt32:
		return "int"
	}
	return "string"
}

func (d *document) placemarks(ctx context.Context, w io.Writer, records iter.Seq2[format.Record, error]) error {
	row := int64(0)
	for r, err := range records {
		if err != nil {
			return err
		}
		if row++; row%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if r.Problem != nil {
			return fmt.Errorf("row %d: %w", row, r.Problem)
		}
		d.buf.Reset()
		if err := d.placemark(r); err != nil {
			return fmt.Errorf("row %d: %w", row, err)
		}
		if _, err := w.Write(d.buf.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) placemark(r format.Record) error {
	if len(r.Values) != len(d.Fields) {
		return fmt.Errorf("%d values for %d fields", len(r.Values), len(d.Fields))
	}
	d.buf.WriteString("<Placemark>")
	name := d.name
	if name < 0 {
		name = d.label
	}
	for _, e := range []struct {
		name string
		at   int
	}{{"name", name}, {"description", d.description}} {
		if e.at < 0 || r.Values[e.at] == nil {
			continue
		}
		text, err := d.text(e.at, r.Values[e.at])
		if err != nil {
			return err
		}
		element(&d.buf, e.name, text)
	}
	if err := d.extended(r.Values); err != nil {
		return err
	}
	b, err := appendGeometry(d.buf.AvailableBuffer(), r.Geometry)
	d.buf.Write(b)
	d.buf.WriteString("</Placemark>\n")
	return err
}

func (d *document) extended(values []any) error {
	d.buf.WriteString(`<ExtendedData><SchemaData schemaUrl="#attributes">`)
	for i, v := range values {
		if v == nil || i == d.name || i == d.description {
			continue
		}
		text, err := d.text(i, v)
		if err != nil {
			return err
		}
		d.buf.WriteString(`<SimpleData name="`)
		escape(&d.buf, d.Fields[i].Name)
		d.buf.WriteString(`">`)
		escape(&d.buf, text)
		d.buf.WriteString("</SimpleData>")
	}
	d.buf.WriteString("</SchemaData></ExtendedData>")
	return nil
}

// text is a value as it is written; numbers are the shortest that are read as the same.
func (d *document) text(i int, v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int64:
		size := v
		if size < 0 {
			size = -size // the smallest number stays negative, and is text
		}
		if d.largest[i] >= 0 && (size < 0 || size > d.largest[i]) {
			d.largest[i] = size
		}
		return strconv.FormatInt(v, 10), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "", fmt.Errorf("field %s: %v is no number", d.Fields[i].Name, v)
		}
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	case bool: // GDAL takes "true" for 0
		return map[bool]string{true: "1", false: "0"}[v], nil
	}
	return "", fmt.Errorf("field %s: a value of type %T", d.Fields[i].Name, v)
}

func element(b *bytes.Buffer, name, text string) {
	b.WriteString("<" + name + ">")
	escape(b, text)
	b.WriteString("</" + name + ">")
}

// escape writes text that is no markup; what XML 1.0 cannot hold becomes U+FFFD. A buffer takes everything.
func escape(b *bytes.Buffer, text string) { _ = xml.EscapeText(b, []byte(text)) }
