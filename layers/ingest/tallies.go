package ingest

import "slices"

// occurrence is how often something was met: the first row, and the number of rows.
type occurrence struct{ row, rows int64 }

func (o *occurrence) add(row int64) {
	if o.rows == 0 {
		o.row = row
	}
	o.rows++
}

// maxStrange bounds the list of words that are told one by one: beyond it the field is not what it was taken for.
const maxStrange = 50

// tallies count the occurrences of things that should not be there, one by one up to maxStrange of them. The zero value is
// ready to use.
type tallies[K comparable] struct {
	seen     map[K]*occurrence
	unlisted int64 // rows with further ones
}

func (t *tallies[K]) add(row int64, k K) {
	o, ok := t.seen[k]
	if !ok && len(t.seen) >= maxStrange {
		t.unlisted++
		return
	}
	if !ok {
		if t.seen == nil {
			t.seen = map[K]*occurrence{}
		}
		o = &occurrence{}
		t.seen[k] = o
	}
	o.add(row)
}

func (t *tallies[K]) sorted(compare func(a, b K) int) []K {
	keys := make([]K, 0, len(t.seen))
	for k := range t.seen {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compare)
	return keys
}
