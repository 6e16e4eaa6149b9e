package parceltxt

import (
	"math"
	"strconv"
	"strings"
)

// fileHeader is what the attribute section says, as delivered; a key that is missing or empty is "".
type fileHeader struct {
	system, width, projection, unit, zone, meridian string
	lines                                           []string // the lines that bear on the reference system
}

// set takes one key and its value; keys of no interest here are passed over.
func (h *fileHeader) set(w words, key, value string) {
	field := h.field(w, fold(key))
	if field == nil || value == "" {
		return
	}
	*field = fold(value)
	h.lines = append(h.lines, clip(key)+"="+clip(value))
}

func (h *fileHeader) field(w words, key string) *string {
	switch {
	case w.is("key.system", key):
		return &h.system
	case w.is("key.width", key):
		return &h.width
	case w.is("key.projection", key):
		return &h.projection
	case w.is("key.unit", key):
		return &h.unit
	case w.is("key.zone", key):
		return &h.zone
	case w.is("key.meridian", key):
		return &h.meridian
	}
	return nil
}

// text is the header's own wording for a person.
func (h *fileHeader) text() string { return strings.Join(h.lines, "; ") }

// The places of values in a parcel's header line.
const (
	atCount = iota
	atArea
	atNumber
	atName
	atKind
	atSheet
	atUse
	atClass
	atExtra
)

// mark ends a parcel's header line; in full width it folds to the same.
const mark = "@"

// maxExtra bounds the values of a header line beyond the standard; the farmland variant has four.
const maxExtra = 32

// parcelHeader is a parcel's header line. Texts are as delivered.
type parcelHeader struct {
	values   []string // at least atExtra of them
	hectares float64  // NaN when it states none
	points   int      // -1 when it states none
}

// headerValues divides a header line. Full-width commas delimit only when there are not enough ordinary ones, for
// names contain them.
func headerValues(line string) []string {
	if strings.Count(line, ",") < atExtra {
		line = fold(line)
	}
	parts := withoutTail(divide(line))
	if n := len(parts); n > 0 {
		if last := fold(parts[n-1]); strings.HasSuffix(last, mark) {
			parts[n-1] = trim(strings.TrimSuffix(last, mark))
		}
	}
	for len(parts) < atExtra {
		parts = append(parts, "")
	}
	if len(parts) > atExtra && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return parts[:min(len(parts), atExtra+maxExtra)]
}

// isHeader tells whether a folded line is a parcel's header: it ends with the mark, Excel's commas apart.
func isHeader(folded string) bool {
	return strings.HasSuffix(strings.TrimRight(folded, ", \t"), mark)
}

func (w words) parcelHeader(values []string) parcelHeader {
	h := parcelHeader{values: values, hectares: w.hectares(fold(values[atArea])), points: -1}
	if n, err := strconv.Atoi(fold(values[atCount])); err == nil && n >= 0 {
		h.points = n
	}
	return h
}

// hectares reads a stated area. Without a unit it is in hectares, as the standard says; NaN when it is no number.
func (w words) hectares(text string) float64 {
	v, unit, ok := leadingNumber(text)
	switch {
	case !ok || v < 0:
	case unit == "" || w.is("area.hectare", unit):
		return v
	case w.is("area.mu", unit):
		return v / 15
	case w.is("area.square", unit):
		return v / 1e4
	}
	return math.NaN()
}
