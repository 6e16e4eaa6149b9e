package flatgeobuf

import (
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// maxFields bounds the columns of a layer; SQLite, where layers end, allows 2,000 by default.
const maxFields = 1000

// Fields of the tables (FlatGeobuf specification, header.fbs).
const (
	headerType = 2 + iota
	headerZ
	headerM
	headerT
	headerTM
	headerColumns
	headerCount
	headerNodeSize
	headerSystem
)

const (
	columnName      = 0
	columnType      = 1
	columnWidth     = 4
	columnPrecision = 5
	columnScale     = 6
)

const (
	systemOrganisation = 0
	systemCode         = 1
	systemName         = 2
	systemWKT          = 4
	systemCodeText     = 5
)

// defaultNodeSize is that of a header that does not state one.
const defaultNodeSize = 16

// columnKind is the type of a column as the file has it (header.fbs, ColumnType).
type columnKind uint8

const (
	byteColumn columnKind = iota
	ubyteColumn
	boolColumn
	shortColumn
	ushortColumn
	intColumn
	uintColumn
	longColumn
	ulongColumn
	floatColumn
	doubleColumn
	stringColumn
	jsonColumn
	dateTimeColumn
	binaryColumn
)

type column struct {
	name string
	kind columnKind
}

// field is the kind of an attribute. Unsigned numbers of 64 bits become text, which keeps every digit.
func (k columnKind) field() format.Kind {
	switch k {
	case boolColumn:
		return format.Boolean
	case byteColumn, ubyteColumn, shortColumn, ushortColumn, intColumn, uintColumn, longColumn:
		return format.Integer
	case floatColumn, doubleColumn:
		return format.Real
	}
	return format.Text
}

// header takes what the file says about itself, and finds the first feature.
func (d *dataset) header(h table) error {
	notes := &format.Notes{}
	d.kind = h.byte(headerType)
	if h.byte(headerZ)|h.byte(headerM)|h.byte(headerT)|h.byte(headerTM) != 0 {
		notes.Add(0, "ingest.fgb.dimensions")
	}
	if err := d.takeColumns(h, notes); err != nil {
		return err
	}
	d.takeSystem(h)
	count, perNode := uint64(0), uint16(defaultNodeSize)
	if at := h.field(headerCount); at != 0 {
		count = h.u64(at)
	}
	if at := h.field(headerNodeSize); at != 0 {
		perNode = h.u16(at)
	}
	if h.bad {
		return geo.NewProblem("ingest.fgb.damaged")
	}
	d.schema.Notes = notes.Problems()
	return d.takeCount(count, perNode)
}

// takeCount compares the number of features with the file: each has a size, and the index a node for each.
func (d *dataset) takeCount(count uint64, perNode uint16) error {
	if count == 0 { // unknown, or none; then there is no index
		return nil
	}
	left := d.size - d.start
	skip := index(count, perNode, left)
	if skip < 0 || count > uint64(left-skip)/sizeSize {
		return geo.NewProblem("ingest.fgb.truncated", "row", 0)
	}
	if count > uint64(d.limits.MaxRecords) {
		return geo.NewProblem("ingest.fgb.too-many-records", "limit", d.limits.MaxRecords)
	}
	d.start += skip
	d.schema.Count = int64(count)
	return nil
}

func (d *dataset) takeColumns(h table, notes *format.Notes) error {
	n, each := h.tables(headerColumns)
	if n > maxFields {
		return geo.NewProblem("ingest.fgb.too-many-fields", "limit", maxFields)
	}
	taken := map[string]bool{}
	for i := range n {
		t := each(i)
		c := column{name: strings.ToValidUTF8(t.text(columnName), "\uFFFD"), kind: columnKind(t.byte(columnType))}
		if c.kind > binaryColumn {
			return geo.NewProblem("ingest.fgb.column-type", "field", clip(c.name), "type", int(c.kind))
		}
		if len(c.name) > d.limits.MaxText {
			return geo.NewProblem("ingest.fgb.damaged")
		}
		name := c.name
		for k := 2; name == "" || taken[strings.ToLower(name)]; k++ {
			name = c.name + "_" + strconv.Itoa(k)
		}
		if name != c.name {
			notes.Add(0, "ingest.fgb.field-renamed", "field", clip(c.name), "name", clip(name))
		}
		taken[strings.ToLower(name)] = true
		if c.kind == binaryColumn {
			notes.Add(0, "ingest.fgb.binary", "field", clip(name))
		}
		d.columns = append(d.columns, c)
		f := format.Field{Name: name, Kind: c.kind.field(), Width: max(t.number(columnWidth), 0)}
		f.Decimals = max(t.number(columnScale), 0)
		d.schema.Fields = append(d.schema.Fields, f)
	}
	return nil
}

// number is a whole number of 32 bits, -1 when absent.
func (t table) number(i int) int {
	if at := t.field(i); at != 0 {
		return int(int32(t.u32(at)))
	}
	return -1
}

// takeSystem enters the reference system: by the code of an organisation, else by WKT, else by name.
func (d *dataset) takeSystem(h table) {
	t, ok := h.child(headerSystem)
	if !ok {
		return
	}
	organisation, code := t.text(systemOrganisation), t.number(systemCode)
	if organisation == "" {
		organisation = "EPSG"
	}
	text := t.text(systemCodeText)
	switch {
	case code > 0 && strings.EqualFold(organisation, "EPSG"):
		d.schema.DeclaredText = "EPSG:" + strconv.Itoa(code)
		d.schema.Declare(crs.FromEPSG(code))
		return
	case t.text(systemWKT) != "":
		d.schema.DeclaredText = t.text(systemWKT)
	case code > 0:
		d.schema.DeclaredText = organisation + ":" + strconv.Itoa(code)
	case text != "":
		d.schema.DeclaredText = organisation + ":" + text
	default:
		d.schema.DeclaredText = t.text(systemName)
	}
	d.schema.DeclaredText = strings.ToValidUTF8(d.schema.DeclaredText, "\uFFFD")
	if d.schema.DeclaredText != "" {
		d.schema.Declare(crs.Parse(d.schema.DeclaredText))
	}
}

// clip shortens a delivered text for a message.
func clip(text string) string {
	const longest = 40
	if r := []rune(text); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return text
}
