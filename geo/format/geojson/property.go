package geojson

import (
	"encoding/json"
	"strconv"

	"greenshield/geo"
	"greenshield/geo/format"
)

// maxFields bounds the columns of a layer; SQLite, where layers end, allows 2,000 by default.
const maxFields = 1000

// maxRowText bounds all text of one feature together, in units of the limit for one value.
const maxRowText = 16

// idField is the column for the "id" member of features, which RFC 7946 keeps outside the properties.
const idField = "id"

// kinds is the set of kinds of values that a column was seen with.
type kinds uint8

const (
	seenText kinds = 1 << iota
	seenBoolean
	seenInteger
	seenReal
)

// column is one attribute, as learnt from all features.
type column struct {
	name  string
	kinds kinds
	row   int64 // the last row that had it
}

// columns are the attributes in the order in which they first appear.
type columns struct {
	list   []column
	index  map[string]int
	id     kinds
	hasID  bool
	idName int // column of the id, -1 when it has none
}

func newColumns() *columns { return &columns{index: map[string]int{}, idName: -1} }

func (c *columns) add(name string) int {
	c.list = append(c.list, column{name: name})
	c.index[name] = len(c.list) - 1
	return len(c.list) - 1
}

// close ends the learning and gives the fields. Features' own ids become a column, unless a property has its name.
func (c *columns) close() []format.Field {
	if _, taken := c.index[idField]; c.hasID && !taken {
		c.idName = c.add(idField)
		c.list[c.idName].kinds = c.id
	}
	fields := make([]format.Field, len(c.list))
	for i := range c.list {
		fields[i] = format.Field{Name: c.list[i].name, Kind: c.list[i].kinds.field()}
	}
	return fields
}

// rewind prepares for another pass over the rows.
func (c *columns) rewind() {
	for i := range c.list {
		c.list[i].row = 0
	}
}

// field is the kind that can hold every value seen.
func (k kinds) field() format.Kind {
	switch k {
	case seenBoolean:
		return format.Boolean
	case seenInteger:
		return format.Integer
	case seenReal, seenInteger | seenReal:
		return format.Real
	}
	return format.Text
}

func (k literal) kinds() kinds {
	switch k {
	case truth:
		return seenBoolean
	case integer:
		return seenInteger
	case real64:
		return seenReal
	case large:
		return seenText // a number with more digits than int64 has is a code, and keeps its digits
	}
	return 0
}

// propertiesMember takes the attributes of a feature.
func (r *reader) propertiesMember(el *element) error {
	if el.role == atGeometry || el.kind != "Feature" && el.kind != "" {
		return r.skip(1, nil)
	}
	if ok, err := r.nullOr('{', el.shape, "ingest.geojson.properties"); !ok || err != nil {
		return err
	}
	if !r.learn {
		el.values = make([]any, len(r.columns.list))
	}
	room := maxRowText * r.limits.MaxText
	more, err := r.opened('}')
	for ; more && err == nil; more, err = r.more('}') {
		if err := r.property(el, &room); err != nil {
			return err
		}
	}
	return err
}

func (r *reader) property(el *element, room *int) error {
	raw, long, err := r.str(maxName)
	if err != nil {
		return err
	}
	if long {
		el.shape.fail("ingest.geojson.text-too-long", "field", clip(string(raw)), "limit", maxName)
	}
	i, err := r.columnOf(unquote(raw))
	if err != nil {
		return err
	}
	if err := r.take(':'); err != nil {
		return err
	}
	if long {
		return r.skip(1, nil)
	}
	col := &r.columns.list[i]
	if col.row == r.row {
		r.notes.Add(r.row, "ingest.geojson.property-repeated", "field", col.name)
	}
	col.row = r.row
	v, k, err := r.value(el.shape, col, room)
	if err != nil {
		return err
	}
	if r.learn {
		col.kinds |= k
		return nil
	}
	el.values[i] = v
	return nil
}

func (r *reader) columnOf(name string) (int, error) {
	if i, ok := r.columns.index[name]; ok {
		return i, nil
	}
	if !r.learn {
		return 0, geo.NewProblem("ingest.file.changed")
	}
	if len(r.columns.list) >= maxFields {
		return 0, geo.NewProblem("ingest.geojson.too-many-fields", "limit", maxFields)
	}
	return r.columns.add(name), nil
}

// value takes the value of a property: what it is worth in its column, and which kinds of values the column must
// hold for it.
func (r *reader) value(h *shape, col *column, room *int) (any, kinds, error) {
	c, err := r.next()
	if err != nil {
		return nil, 0, err
	}
	if c == '"' || c == '{' || c == '[' {
		text, err := r.textValue(c, h, col, room)
		return text, seenText, err
	}
	tok, err := r.token()
	if err != nil {
		return nil, 0, err
	}
	kind := literalOf(tok)
	switch kind {
	case unknown:
		return nil, 0, r.syntax(string(tok))
	case notFinite:
		r.notes.Add(r.row, "ingest.geojson.number-as-null", "field", col.name, "found", clip(string(tok)))
		return nil, 0, nil
	case malformed:
		h.fail("ingest.geojson.number", "found", clip(string(tok)))
		return nil, 0, nil
	}
	return literalValue(tok, kind, col.kinds.field()), kind.kinds(), nil
}

// textValue takes a string, or an object or array as its JSON text.
func (r *reader) textValue(c byte, h *shape, col *column, room *int) (any, error) {
	if r.learn {
		return nil, r.skip(1, nil)
	}
	limit := min(r.limits.MaxText, *room)
	var text string
	var long bool
	if c == '"' {
		raw, cut, err := r.str(limit)
		if err != nil {
			return nil, err
		}
		text, long = unquote(raw), cut
	} else {
		out := &sink{limit: limit}
		if err := r.skip(1, out); err != nil {
			return nil, err
		}
		text, long = string(out.text), out.long
	}
	if long {
		h.fail("ingest.geojson.text-too-long", "field", clip(col.name), "limit", r.limits.MaxText)
		return nil, nil
	}
	*room -= len(text)
	return text, nil
}

func literalValue(tok []byte, kind literal, as format.Kind) any {
	if kind == null {
		return nil
	}
	switch as {
	case format.Boolean:
		return tok[0] == 't'
	case format.Integer:
		n, _ := strconv.ParseInt(string(tok), 10, 64) // the first pass has parsed it
		return n
	case format.Real:
		f, _ := strconv.ParseFloat(string(tok), 64)
		return f
	}
	return string(tok)
}

// idMember takes the id of a feature; other objects have none.
func (r *reader) idMember(el *element) error {
	if el.role == atGeometry {
		return r.skip(1, nil)
	}
	c, err := r.next()
	if err != nil {
		return err
	}
	if c == '{' || c == '[' || c == 't' || c == 'f' {
		r.notes.Add(r.row, "ingest.geojson.id")
		return r.skip(1, nil)
	}
	col := &column{name: idField, kinds: r.columns.id}
	room := r.limits.MaxText
	v, k, err := r.value(el.shape, col, &room)
	if err != nil {
		return err
	}
	el.id = v
	if r.learn && k != 0 {
		r.columns.id |= k
		r.columns.hasID = true
	}
	return nil
}

// isBox tells whether the kept text is an array of four or six numbers.
func isBox(out *sink) bool {
	var box []float64
	return !out.long && json.Unmarshal(out.text, &box) == nil && (len(box) == 4 || len(box) == 6)
}
