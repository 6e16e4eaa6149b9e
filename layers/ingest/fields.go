package ingest

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/ingest/codes"
)

// needed are the roles without which a theme cannot be used at all; wanted those whose absence a person should know.
func needed(t layers.Theme) []layers.Role {
	if t == layers.Region {
		return []layers.Role{layers.Code}
	}
	return nil
}

func wanted(t layers.Theme) []layers.Role {
	switch t {
	case layers.Landuse, layers.Activity:
		return []layers.Role{layers.Class}
	case layers.Protected:
		return []layers.Role{layers.Name, layers.Zone}
	case layers.Shoreline:
		return []layers.Role{layers.Zone, layers.RiverName}
	case layers.Region:
		return []layers.Role{layers.Name}
	}
	return nil
}

// mapFields finds the field of each role: the operator's word first, then what the layer's vintage before was read with,
// then the code book.
func mapFields(r Reading, t layers.Theme, fields []format.Field) (map[layers.Role]string, error) {
	found := r.Codes.Match(t, fields)
	for role, name := range r.before {
		if field, ok := fieldNamed(fields, name); ok {
			found[role] = field
		}
	}
	for _, role := range layers.Roles() {
		name, said := r.Mapping[role]
		switch {
		case said && name == "":
			delete(found, role)
		case said:
			field, ok := fieldNamed(fields, name)
			if !ok {
				return found, geo.NewProblem("ingest.field.unknown",
					"field", name, "role", roleWord(role), "fields", fieldList(fields))
			}
			found[role] = field
		}
	}
	for role := range r.Mapping {
		if !slices.Contains(layers.Roles(), role) {
			return found, geo.NewProblem("ingest.field.role-unknown", "role", string(role))
		}
	}
	for _, role := range needed(t) {
		if found[role] == "" {
			return found, geo.NewProblem("ingest.field.missing", "role", roleWord(role), "fields", fieldList(fields))
		}
	}
	return found, nil
}

// tellMapping notes which table the fields are, and which roles they play only because they did before.
func (f *Findings) tellMapping(r Reading, t layers.Theme, fields []format.Field) {
	if table := r.Codes.Table(t, fields); table != nil {
		f.Table = table.ID
		f.note(0, layers.Note, geo.NewProblem("ingest.table.known", "zh", table.Title("zh-CN"), "en", table.Title("en")))
	}
	own := r.Codes.Match(t, fields)
	var again []string
	for _, role := range layers.Roles() {
		_, said := r.Mapping[role]
		if name := f.Mapping[role]; !said && name != "" && name != own[role] {
			again = append(again, string(role)+" = "+name)
		}
	}
	if len(again) > 0 {
		f.note(0, layers.Note, geo.NewProblem("ingest.field.as-before", "ref", r.beforeRef, "fields", strings.Join(again, ", ")))
	}
}

// roleWord is the role in the reader's language: a problem as an argument is told by its own sentence.
func roleWord(r layers.Role) *geo.Problem { return geo.NewProblem("ingest.role." + string(r)) }

// fieldNamed prefers the exact name, because a file may have two that differ in case.
func fieldNamed(fields []format.Field, name string) (string, bool) {
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, f := range fields {
			if same(f.Name, name) {
				return f.Name, true
			}
		}
	}
	return "", false
}

func fieldList(fields []format.Field) string {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	if len(names) == 0 {
		return "–"
	}
	return strings.Join(names, ", ")
}

// roleReader turns a row's values into roles and remembers the words that the code book does not know.
type roleReader struct {
	theme   layers.Theme
	codes   *codes.Book
	columns map[layers.Role]int
	strange tallies[strangeWord]
	table   *tableReader
	row     map[layers.Role]string // the memory of one row
	// seen has the first row of each code, under the code's 64-bit hash: of five million codes that is 200 MB less.
	seen     map[uint64]int64
	repeated occurrence
	again    string
}

type strangeWord struct {
	role layers.Role
	word string
}

func newRoleReader(r Reading, t layers.Theme, mapping map[layers.Role]string, fields []format.Field) *roleReader {
	rr := &roleReader{theme: t, codes: r.Codes, columns: map[layers.Role]int{}, row: map[layers.Role]string{}}
	rr.seen = map[uint64]int64{}
	rr.table = newTableReader(r.Codes, t, mapping, fields)
	for role, name := range mapping {
		rr.columns[role] = slices.IndexFunc(fields, func(f format.Field) bool { return f.Name == name })
	}
	return rr
}

// read gives the roles of a row; they are good until the next one is read.
func (rr *roleReader) read(row int64, values []any) map[layers.Role]string {
	out := rr.row
	clear(out)
	for role, i := range rr.columns {
		if i < 0 || i >= len(values) {
			continue
		}
		if word := text(values[i]); word != "" {
			out[role] = rr.token(row, role, word)
		}
	}
	if code := out[layers.Code]; code != "" {
		rr.countCode(row, code)
	}
	rr.table.read(row, values)
	return out
}

func (rr *roleReader) token(row int64, role layers.Role, word string) string {
	token, listed, known := rr.codes.Token(rr.theme, role, word)
	if rr.theme == layers.Landuse && role == layers.Class && rr.codes != nil {
		class, ok := rr.codes.Class(word)
		if listed, known = true, ok; ok {
			token = class.Code
		}
	}
	if listed && !known {
		rr.strange.add(row, strangeWord{role, word})
	}
	return token
}

func (rr *roleReader) countCode(row int64, code string) {
	key := hash64(code)
	if _, ok := rr.seen[key]; !ok {
		rr.seen[key] = row
		return
	}
	if rr.repeated.rows == 0 {
		rr.again = code
	}
	rr.repeated.add(row)
}

// seed makes hashes of this process alone: nothing outside it can be written such that two codes have one.
var seed = maphash.MakeSeed()

func hash64(s string) uint64 { return maphash.String(seed, s) }

// problems are what a person should know about the attributes, in a fixed order.
func (rr *roleReader) problems() []*geo.Problem {
	var out []*geo.Problem
	for _, role := range wanted(rr.theme) {
		if _, ok := rr.columns[role]; !ok {
			out = append(out, geo.NewProblem("ingest.field.unmapped", "role", roleWord(role)))
		}
	}
	words := rr.strange.sorted(func(a, b strangeWord) int {
		return cmp.Or(cmp.Compare(a.role, b.role), cmp.Compare(a.word, b.word))
	})
	for _, w := range words {
		o := rr.strange.seen[w]
		out = append(out, geo.NewProblem("ingest.field.word-unknown",
			"role", roleWord(w.role), "word", w.word, "row", o.row, "rows", o.rows))
	}
	if n := rr.strange.unlisted; n > 0 {
		out = append(out, geo.NewProblem("ingest.field.words-unknown", "rows", n, "listed", len(words)))
	}
	if r := rr.repeated; r.rows > 0 {
		out = append(out, geo.NewProblem("ingest.field.code-repeated",
			"code", rr.again, "first", rr.seen[hash64(rr.again)], "row", r.row, "rows", r.rows))
	}
	return append(out, rr.table.problems()...)
}

// text is an attribute value as a word: whole numbers without a decimal point, because many a table keeps codes as
// numbers.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		const exact = 1 << 53
		if v == math.Trunc(v) && math.Abs(v) < exact {
			return strconv.FormatFloat(v, 'f', 0, 64)
		}
		if layers.Absent(v) {
			return ""
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
