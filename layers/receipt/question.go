package receipt

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// leftOpen gives the members of a question as they were before it was completed, null for those that were absent: a merge
// patch (RFC 7396) of the top level. It is small where the question, with its parcels, is large.
func leftOpen(asked, question json.RawMessage) (json.RawMessage, error) {
	before, after, err := members(asked, question)
	if err != nil {
		return nil, err
	}
	open := map[string]json.RawMessage{}
	for name, value := range after {
		if was := before[name]; !same(was, value) && !empty(value) {
			open[name] = was
		}
	}
	for name, was := range before {
		if _, kept := after[name]; !kept && !empty(was) {
			open[name] = was
		}
	}
	return json.Marshal(open)
}

// empty reports whether a member says no more than an absent one: completing a question writes out what was left out.
func empty(value json.RawMessage) bool {
	switch string(value) {
	case "", "null", `""`, "0", "false", "[]", "{}":
		return true
	}
	return false
}

// asked is the question before it was completed.
func (r Receipt) asked() (json.RawMessage, error) {
	question, open, err := members(r.Question, r.Open)
	if err != nil {
		return nil, fmt.Errorf("read the question of a receipt: %w", err)
	}
	for name, was := range open {
		if string(was) == "null" {
			delete(question, name)
		} else {
			question[name] = was
		}
	}
	return json.Marshal(question)
}

func members(a, b json.RawMessage) (first, second map[string]json.RawMessage, err error) {
	if err := json.Unmarshal(a, &first); err != nil {
		return nil, nil, err
	}
	err = json.Unmarshal(b, &second)
	return first, second, err
}

// same reports whether two values say the same, however they are written.
func same(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) || len(a) == 0 {
		return len(a) == len(b)
	}
	x, errX := canonical(a)
	y, errY := canonical(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
