package geojson

import (
	"encoding/json"
	"math"
	"strconv"

	"greenshield/geo"
)

// skip takes any value and checks that it is well formed. When out is not nil the value is kept there as compact
// JSON.
func (s *scanner) skip(depth int, out *sink) error {
	if depth > maxNesting {
		return geo.NewProblem("ingest.geojson.nesting", "line", s.line(), "limit", maxNesting)
	}
	c, err := s.next()
	if err != nil {
		return err
	}
	switch c {
	case '{':
		return s.skipMembers(depth, out)
	case '[':
		return s.skipElements(depth, out)
	case '"':
		return s.skipString(out)
	}
	tok, err := s.token()
	if err != nil {
		return err
	}
	switch literalOf(tok) {
	case unknown:
		return s.syntax(string(tok))
	case notFinite, malformed:
		tok = []byte(strconv.Quote(string(tok))) // JSON has no such number; the text of it stays
	}
	out.add(tok...)
	return nil
}

func (s *scanner) skipMembers(depth int, out *sink) error {
	out.add('{')
	more, err := s.opened('}')
	for ; more && err == nil; more, err = s.more('}') {
		out.comma()
		if err := s.skipString(out); err != nil {
			return err
		}
		if err := s.take(':'); err != nil {
			return err
		}
		out.add(':')
		if err := s.skip(depth+1, out); err != nil {
			return err
		}
	}
	out.add('}')
	return err
}

func (s *scanner) skipElements(depth int, out *sink) error {
	out.add('[')
	more, err := s.opened(']')
	for ; more && err == nil; more, err = s.more(']') {
		out.comma()
		if err := s.skip(depth+1, out); err != nil {
			return err
		}
	}
	out.add(']')
	return err
}

func (s *scanner) skipString(out *sink) error {
	raw, long, err := s.str(out.room())
	if err != nil {
		return err
	}
	if out != nil && long {
		out.long = true
	}
	out.add('"')
	out.add(raw...)
	out.add('"')
	return nil
}

// sink keeps the text of a nested value, up to a limit. A nil sink keeps nothing.
type sink struct {
	text  []byte
	limit int
	long  bool
}

func (k *sink) room() int {
	if k == nil {
		return 0
	}
	return k.limit
}

func (k *sink) add(b ...byte) {
	if k == nil || k.long {
		return
	}
	if len(k.text)+len(b) > k.limit {
		k.long = true
		return
	}
	k.text = append(k.text, b...)
}

// comma separates an element from the one before it.
func (k *sink) comma() {
	if k == nil || len(k.text) == 0 {
		return
	}
	if last := k.text[len(k.text)-1]; last != '{' && last != '[' {
		k.add(',')
	}
}

// literal is the kind of a value that is neither string nor array nor object.
type literal int

const (
	unknown literal = iota
	null
	truth
	integer
	large     // an integer that int64 does not hold
	real64    // a finite number
	notFinite // NaN, Infinity or 1e999: what some programs write although JSON has no such values
	malformed // a number with a wrong spelling, as 007
)

func literalOf(tok []byte) literal {
	switch string(tok) {
	case "null":
		return null
	case "true", "false":
		return truth
	case "NaN", "nan", "Infinity", "-Infinity", "inf", "-inf":
		return notFinite
	}
	whole, ok := numberSpelling(tok)
	switch {
	case !ok && looksNumeric(tok):
		return malformed
	case !ok:
		return unknown
	case whole:
		if _, err := strconv.ParseInt(string(tok), 10, 64); err != nil {
			return large
		}
		return integer
	}
	if f, err := strconv.ParseFloat(string(tok), 64); err != nil || math.IsInf(f, 0) {
		return notFinite
	}
	return real64
}

// jsonKind names the kind of a value by its first byte, in the words of JSON.
func jsonKind(c byte) string {
	switch c {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	if c == '-' || c >= '0' && c <= '9' {
		return "number"
	}
	return strconv.QuoteRune(rune(c))
}

func looksNumeric(tok []byte) bool {
	for _, c := range tok {
		if (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' {
			return false
		}
	}
	return true
}

// numberSpelling checks the number grammar of RFC 8259 section 6; whole is true without fraction and exponent.
func numberSpelling(tok []byte) (whole, ok bool) {
	if len(tok) > 0 && tok[0] == '-' {
		tok = tok[1:]
	}
	n := digits(tok)
	if n == 0 || n > 1 && tok[0] == '0' {
		return false, false
	}
	tok = tok[n:]
	whole = len(tok) == 0
	if len(tok) > 0 && tok[0] == '.' {
		n := digits(tok[1:])
		if n == 0 {
			return false, false
		}
		tok = tok[1+n:]
	}
	if len(tok) > 0 && (tok[0] == 'e' || tok[0] == 'E') {
		tok = tok[1:]
		if len(tok) > 0 && (tok[0] == '+' || tok[0] == '-') {
			tok = tok[1:]
		}
		n := digits(tok)
		if n == 0 {
			return false, false
		}
		tok = tok[n:]
	}
	return whole, len(tok) == 0
}

func digits(tok []byte) int {
	n := 0
	for n < len(tok) && tok[n] >= '0' && tok[n] <= '9' {
		n++
	}
	return n
}

// unquote resolves the escapes of a string that str has checked.
func unquote(raw []byte) string {
	for _, c := range raw {
		if c == '\\' {
			var text string
			if err := json.Unmarshal(append(append([]byte{'"'}, raw...), '"'), &text); err != nil {
				return string(raw) // not possible: str has checked every escape
			}
			return text
		}
	}
	return string(raw)
}
