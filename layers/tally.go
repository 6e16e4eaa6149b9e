package layers

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
)

// Tally numbers, checks and sums the features of a draft. Every Store takes its features through one, so that all
// stores count, hash and refuse alike.
type Tally struct {
	fields  []format.Field
	hasher  *Hasher
	content hash.Hash
	count   int64
	area    geo.Area
	length  geo.Length
	bound   orb.Bound
}

// NewTally starts a count of features whose values are parallel to fields.
func NewTally(fields []format.Field) *Tally {
	return &Tally{fields: slices.Clone(fields), hasher: NewHasher(fields), content: sha256.New()}
}

// Take numbers f, fills in its hash where it has none, writes numbers that are none as absent, and counts it. A
// feature that does not fit the schema is a mistake of the caller, not of a person, hence a plain error.
func (t *Tally) Take(f Feature) (Feature, error) {
	if err := t.check(f); err != nil {
		return Feature{}, err
	}
	t.count++
	f.ID = t.count
	f.Values = withoutNaN(f.Values)
	if f.Hash == (Hash{}) {
		f.Hash = t.hasher.Feature(f)
	}
	t.content.Write(f.Hash[:])
	t.area += f.Area
	t.length += f.Length
	b := geo.Bound(f.Geometry)
	if t.count > 1 {
		b = t.bound.Union(b)
	}
	t.bound = b
	return f, nil
}

// Fill writes count, sums, bound and content hash of all that was taken into v.
func (t *Tally) Fill(v *Vintage) {
	v.Count, v.Area, v.Length, v.Bound = t.count, t.area, t.length, t.bound
	t.content.Sum(v.Content[:0])
}

func (t *Tally) check(f Feature) error {
	if empty(f.Geometry) {
		return fmt.Errorf("feature %d has no geometry", t.count+1)
	}
	if len(f.Values) != len(t.fields) {
		return fmt.Errorf("feature %d has %d values for %d fields", t.count+1, len(f.Values), len(t.fields))
	}
	for i, v := range f.Values {
		if v != nil && !fits(t.fields[i].Kind, v) {
			return fmt.Errorf("feature %d: %T in field %q", t.count+1, v, t.fields[i].Name)
		}
	}
	return nil
}

func empty(g orb.Geometry) bool {
	switch g := g.(type) {
	case orb.Point:
		return false
	case orb.MultiPoint:
		return len(g) == 0
	case orb.LineString:
		return len(g) == 0
	case orb.MultiLineString:
		return len(g) == 0 || len(g[0]) == 0
	case orb.Polygon:
		return len(g) == 0 || len(g[0]) == 0
	case orb.MultiPolygon:
		return len(g) == 0 || len(g[0]) == 0 || len(g[0][0]) == 0
	}
	return true
}

func fits(k format.Kind, v any) bool {
	switch v.(type) {
	case string:
		return k == format.Text || k == format.Date
	case int64:
		return k == format.Integer
	case float64:
		return k == format.Real
	case bool:
		return k == format.Boolean
	}
	return false
}

func withoutNaN(values []any) []any {
	out := values
	for i, v := range values {
		if v == nil || !Absent(v) {
			continue
		}
		if &out[0] == &values[0] { // the caller's are left alone
			out = slices.Clone(values)
		}
		out[i] = nil
	}
	return out
}

// CheckDraft checks the names that a draft is to be begun with, and what is declared of it; every Store asks it first.
func CheckDraft(l Layer, v Vintage) error {
	if _, err := ParseLayerID(string(l.ID)); err != nil {
		return err
	}
	if _, err := ParseTheme(string(l.Theme)); err != nil {
		return err
	}
	if err := ParseVintage(v.Ref.Vintage); err != nil {
		return err
	}
	return v.Declared.Check(v.Ref.Vintage)
}

// Edited gives v with what an edit function may complete: mapping, coverage, rejects, provenance and what is declared. What a store
// counted itself stays.
func Edited(v Vintage, edit func(*Vintage) error) (Vintage, error) {
	if edit == nil {
		return v, nil
	}
	e := v
	if err := edit(&e); err != nil {
		return v, err
	}
	v.Mapping, v.Coverage, v.Rejects, v.Provenance = e.Mapping, e.Coverage, e.Rejects, e.Provenance
	v.Declared = e.Declared
	return v, v.Declared.Check(v.Ref.Vintage)
}
