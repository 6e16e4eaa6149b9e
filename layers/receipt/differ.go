package receipt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Difference is a place where two values differ: its path as a JSON Pointer (RFC 6901) without escapes, and the values
// as JSON, shortened; "" where there is none.
type Difference struct {
	Path   string `json:"path"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// shownRunes is how many characters of a value that differs are shown.
const shownRunes = 120

// Differences lists where two JSON values differ, in order of the first, at most so many; count is how many there are.
func Differences(before, after json.RawMessage, most int) (list []Difference, count int, err error) {
	var a, b any
	if err := errors.Join(decode(before, &a), decode(after, &b)); err != nil {
		return nil, 0, fmt.Errorf("compare results: %w", err)
	}
	c := comparison{most: most}
	c.compare("", a, b)
	return c.list, c.count, nil
}

// decode keeps the spelling of numbers.
func decode(raw json.RawMessage, into *any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}

type comparison struct {
	list        []Difference
	most, count int
}

// nothing is the value of what is not there.
type nothing struct{}

func (c *comparison) compare(path string, a, b any) {
	objectA, isObjectA := a.(map[string]any)
	objectB, isObjectB := b.(map[string]any)
	listA, isListA := a.([]any)
	listB, isListB := b.([]any)
	switch {
	case isObjectA && isObjectB:
		c.objects(path, objectA, objectB)
	case isListA && isListB:
		c.lists(path, listA, listB)
	case isObjectA || isObjectB || isListA || isListB || a != b:
		c.differ(path, a, b)
	}
}

func (c *comparison) objects(path string, a, b map[string]any) {
	names := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		x, there := a[name]
		y, here := b[name]
		switch {
		case !there:
			c.differ(path+"/"+name, nothing{}, y)
		case !here:
			c.differ(path+"/"+name, x, nothing{})
		default:
			c.compare(path+"/"+name, x, y)
		}
	}
}

func (c *comparison) lists(path string, a, b []any) {
	for i := range max(len(a), len(b)) {
		at := path + "/" + strconv.Itoa(i)
		switch {
		case i >= len(a):
			c.differ(at, nothing{}, b[i])
		case i >= len(b):
			c.differ(at, a[i], nothing{})
		default:
			c.compare(at, a[i], b[i])
		}
	}
}

func (c *comparison) differ(path string, a, b any) {
	c.count++
	if len(c.list) < c.most {
		c.list = append(c.list, Difference{Path: path, Before: shown(a), After: shown(b)})
	}
}

// shown is a value as JSON, cut at a whole character.
func shown(v any) string {
	if _, none := v.(nothing); none {
		return ""
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return "?"
	}
	text := []rune(string(raw))
	if len(text) > shownRunes {
		return string(text[:shownRunes]) + "…"
	}
	return string(text)
}
