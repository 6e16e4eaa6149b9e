package nodecrease

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"greenshield/geo/format"
	"greenshield/layers"
)

// attributes lists the values of the same feature that differ between the vintages. Features are known by their code,
// those without one by their name; several rows of one code are one feature, and their values are compared as a set.
// Areas and lengths that the delivery states are left out: they follow from the geometry, which area() compares.
func (c *check) attributes() {
	before, now := byIdentity(c.baseline), byIdentity(c.current)
	for _, id := range slices.Sorted(maps.Keys(before)) {
		then, is := before[id], now[id]
		if is == nil {
			continue // it is among the lost, by its place
		}
		for _, field := range slices.Sorted(maps.Keys(then.values)) {
			is, compared := is.values[field]
			was := then.values[field]
			if compared && !slices.Equal(was, is) {
				c.result.Attributes = append(c.result.Attributes, Attribute{
					Code: then.code, Name: then.name, Field: field, Before: strings.Join(was, "; "), After: strings.Join(is, "; "),
				})
			}
		}
	}
}

// identity is a feature of one or more rows: its values by field, sorted and each once.
type identity struct {
	code, name string
	values     map[string][]string
}

func byIdentity(v *layers.Loaded) map[string]*identity {
	out := map[string]*identity{}
	fields := compared(v.Vintage)
	for i := range v.Features() {
		f := &v.Features()[i]
		key := cmp.Or(f.Roles[layers.Code], f.Roles[layers.Name])
		if key == "" {
			continue
		}
		one := out[key]
		if one == nil {
			one = &identity{code: f.Roles[layers.Code], name: f.Roles[layers.Name], values: map[string][]string{}}
			out[key] = one
		}
		for column, name := range fields {
			if column < len(f.Values) {
				one.values[name] = append(one.values[name], word(f.Values[column]))
			}
		}
	}
	for _, one := range out {
		for name, values := range one.values {
			slices.Sort(values)
			one.values[name] = slices.Compact(values)
		}
	}
	return out
}

// compared are the columns whose values are compared, by their number: no figures with decimals, which areas and lengths
// are, and not the stated one.
func compared(v layers.Vintage) map[int]string {
	out := map[int]string{}
	for i, f := range v.Fields {
		if f.Kind != format.Real && f.Name != v.Mapping[layers.Stated] {
			out[i] = f.Name
		}
	}
	return out
}

func word(value any) string {
	if value == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(value))
}
