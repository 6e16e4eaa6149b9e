package gpkg

import (
	"encoding/json"
	"slices"
	"unicode/utf8"

	"greenshield/layers"
)

// roleWriter writes what json.Marshal makes of the roles of a feature, byte for byte, at a tenth of the cost; there are
// as many as features.
type roleWriter struct {
	names []layers.Role // the memory of one feature
}

func (w *roleWriter) append(b []byte, roles map[layers.Role]string) []byte {
	if roles == nil {
		return append(b, "null"...)
	}
	w.names = w.names[:0]
	for name := range roles {
		w.names = append(w.names, name)
	}
	slices.Sort(w.names)
	b = append(b, '{')
	for i, name := range w.names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSON(b, string(name)), ':')
		b = appendJSON(b, roles[name])
	}
	return append(b, '}')
}

// appendJSON appends s in quotes. What would be written in another way than it is read is left to the standard library.
func appendJSON(b []byte, s string) []byte {
	if !writtenAsRead(s) {
		quoted, err := json.Marshal(s)
		if err != nil {
			panic(err) // a string has no reason to fail
		}
		return append(b, quoted...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// writtenAsRead reports whether JSON has s as it is: no control characters, quotes, backslashes, none that HTML takes
// for its own, no ends of lines that JavaScript has alone, and nothing that is not UTF-8.
func writtenAsRead(s string) bool {
	for _, r := range s {
		switch r {
		case '"', '\\', '<', '>', '&', '\u2028', '\u2029', '\ufffd':
			return false
		}
		if r < ' ' {
			return false
		}
	}
	return true
}

// readRoles reads what roleWriter writes, as json.Unmarshal would and at a fifth of the cost; text makes a string of bytes.
// What is written in another way is left to the standard library.
func readRoles(b []byte, text func([]byte) string) (map[layers.Role]string, error) {
	if roles, ok := plainRoles(b, text); ok {
		return roles, nil
	}
	var roles map[layers.Role]string
	err := json.Unmarshal(b, &roles)
	return roles, err
}

// plainRoles reads an object without spaces whose names and values are texts without escapes.
func plainRoles(b []byte, text func([]byte) string) (map[layers.Role]string, bool) {
	if len(b) < 2 || b[0] != '{' {
		return nil, false
	}
	roles := make(map[layers.Role]string)
	if string(b) == "{}" {
		return roles, true
	}
	for b[0] != '}' { // at first a brace, then commas
		name, rest, ok := plainText(b[1:], ':')
		if !ok {
			return nil, false
		}
		value, rest, ok := plainText(rest[1:], ',', '}')
		if !ok {
			return nil, false
		}
		roles[layers.Role(text(name))] = text(value)
		b = rest
	}
	return roles, len(b) == 1
}

// plainText reads a text in quotes that means what it says, up to one of the bytes that may come after it.
func plainText(b []byte, after ...byte) (text, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '"' {
		return nil, nil, false
	}
	end := 1
	for end < len(b) && b[end] != '"' && b[end] != '\\' && b[end] >= ' ' {
		end++
	}
	text, rest = b[1:min(end, len(b))], b[min(end+1, len(b)):]
	ok = end < len(b) && b[end] == '"' && len(rest) > 0 && slices.Contains(after, rest[0]) && utf8.Valid(text)
	return text, rest, ok
}
