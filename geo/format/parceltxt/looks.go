package parceltxt

import (
	"context"
	"strings"
)

// Looks tells whether the beginning of a text is one of an exchange file: it has the title of one of its sections, or
// a parcel's header line followed by a point. The text must be decoded already; its last line may be cut.
func Looks(head string) bool {
	w := loadWords()
	found, header := false, false
	line := func(_ int64, text string) error {
		folded := fold(trim(strings.ReplaceAll(text, `"`, "")))
		if header {
			parts := withoutTail(divide(folded))
			found = found || len(parts) >= 3 && isNumber(parts[len(parts)-1]) && isNumber(parts[len(parts)-2])
		}
		if title, _, ok := strings.Cut(strings.TrimLeft(folded, "[ "), "]"); ok && strings.HasPrefix(folded, "[") {
			title = trim(title)
			found = found || w.is("section.attributes", title) || w.is("section.parcels", title)
		}
		header = isHeader(folded) && strings.Count(folded, ",") >= atClass
		return nil
	}
	if err := eachLine(context.Background(), strings.NewReader(head), line); err != nil {
		return found // a line too long for this format
	}
	return found
}

func isNumber(text string) bool {
	_, ok := number(text)
	return ok
}
