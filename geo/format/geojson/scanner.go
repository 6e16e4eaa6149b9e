package geojson

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"greenshield/geo"
)

// maxNesting bounds the depth of JSON arrays and objects; real files stay below ten.
const maxNesting = 200

// maxToken bounds a number or literal; the longest sensible float64 has 767 digits.
const maxToken = 1024

// scanner reads JSON piece by piece through one buffer of fixed size, whatever the size of the file. Its errors
// are fatal problems with the place in the text.
type scanner struct {
	ctx      context.Context
	in       io.Reader
	buf      []byte
	pos, end int
	base     int64 // offset of buf[0] in the text
	lines    int64 // line breaks before buf[0]
	err      error // of in, io.EOF at its end
	text     []byte
}

func newScanner(ctx context.Context, in io.Reader) *scanner {
	return &scanner{ctx: ctx, in: in, buf: make([]byte, 64<<10)}
}

// fill keeps what is unread and reads more behind it; false at the end of the text.
func (s *scanner) fill() bool {
	if s.err != nil {
		return false
	}
	s.base += int64(s.pos)
	s.lines += int64(bytes.Count(s.buf[:s.pos], []byte{'\n'}))
	s.end = copy(s.buf, s.buf[s.pos:s.end])
	s.pos = 0
	if s.err = s.ctx.Err(); s.err != nil {
		return false
	}
	for range 100 { // as bufio: a reader that returns nothing for ever is broken
		n, err := s.in.Read(s.buf[s.end:])
		s.end += n
		s.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// space skips white space and shows the next byte without taking it; false at the end of the text.
func (s *scanner) space() (byte, bool) {
	for {
		for s.pos < s.end {
			switch c := s.buf[s.pos]; c {
			case ' ', '\n', '\r', '\t':
				s.pos++
			default:
				return c, true
			}
		}
		if !s.fill() {
			return 0, false
		}
	}
}

// next is space for a place where the text must not end.
func (s *scanner) next() (byte, error) {
	c, ok := s.space()
	if !ok {
		return 0, s.ended()
	}
	return c, nil
}

// take consumes the byte c, which must come next.
func (s *scanner) take(c byte) error {
	got, err := s.next()
	if err != nil {
		return err
	}
	if got != c {
		return s.unexpected()
	}
	s.pos++
	return nil
}

// more is called behind an element of an array or object that ends with the byte closing: true when another
// element follows.
func (s *scanner) more(closing byte) (bool, error) {
	c, err := s.next()
	if err != nil {
		return false, err
	}
	if c != ',' && c != closing {
		return false, s.unexpected()
	}
	s.pos++
	return c == ',', nil
}

// opened consumes an opening bracket and tells whether the array or object has any elements.
func (s *scanner) opened(closing byte) (bool, error) {
	s.pos++
	c, err := s.next()
	if err != nil {
		return false, err
	}
	if c == closing {
		s.pos++
		return false, nil
	}
	return true, nil
}

// token takes a number or literal: everything up to the next delimiter. The bytes are valid until the next call.
func (s *scanner) token() ([]byte, error) {
	if s.end-s.pos < maxToken {
		s.ahead(maxToken)
	}
	i := s.pos
	for i < s.end && i-s.pos < maxToken && !delimiter(s.buf[i]) {
		i++
	}
	tok := s.buf[s.pos:i]
	switch {
	case i == s.end && s.err != nil:
		return nil, s.ended()
	case len(tok) == 0:
		return nil, s.unexpected()
	case len(tok) == maxToken:
		return nil, s.syntax(string(tok[:20]) + "…")
	}
	s.pos = i
	return tok, nil
}

// ahead tries to have n bytes in the buffer.
func (s *scanner) ahead(n int) {
	for s.end-s.pos < n && s.fill() {
	}
}

func delimiter(c byte) bool {
	switch c {
	case ',', ']', '}', '[', '{', ':', '"', ' ', '\n', '\r', '\t':
		return true
	}
	return false
}

// str takes a string and returns what is between its quotes, escapes untouched, valid until the next call. A
// string longer than limit is read to its end but not kept, and long is true.
func (s *scanner) str(limit int) (raw []byte, long bool, err error) {
	if err := s.take('"'); err != nil {
		return nil, false, err
	}
	s.text = s.text[:0]
	for {
		i := s.pos
		for i < s.end && s.buf[i] != '"' && s.buf[i] != '\\' && s.buf[i] >= ' ' {
			i++
		}
		long = long || len(s.text)+i-s.pos > limit
		if !long {
			s.text = append(s.text, s.buf[s.pos:i]...)
		}
		s.pos = i
		switch {
		case i == s.end:
			if !s.fill() {
				return nil, false, s.ended()
			}
		case s.buf[i] == '"':
			s.pos++
			return s.text, long, nil
		case s.buf[i] == '\\':
			if err := s.escape(!long); err != nil {
				return nil, false, err
			}
		default:
			return nil, false, s.unexpected()
		}
	}
}

// escape takes one escape sequence of a string and may keep it as written.
func (s *scanner) escape(keep bool) error {
	s.ahead(6)
	rest := s.buf[s.pos:s.end]
	n := 2
	switch {
	case len(rest) < 2:
		return s.ended()
	case rest[1] == 'u':
		n = 6
		if len(rest) < n {
			return s.ended()
		}
		if _, err := strconv.ParseUint(string(rest[2:6]), 16, 16); err != nil {
			return s.syntax(string(rest[:6]))
		}
	case !bytes.ContainsRune([]byte(`"\/bfnrt`), rune(rest[1])):
		return s.syntax(strconv.Quote(string(rest[:2])))
	}
	if keep {
		s.text = append(s.text, rest[:n]...)
	}
	s.pos += n
	return nil
}

// offset is the place of the next byte, counted in the text after decoding.
func (s *scanner) offset() int64 { return s.base + int64(s.pos) }

// line is the line of the next byte, counted from 1 as a person would.
func (s *scanner) line() int64 {
	return s.lines + int64(bytes.Count(s.buf[:s.pos], []byte{'\n'})) + 1
}

// ended is the error for a text that ends too early: the reader's own error, or that the file is truncated.
func (s *scanner) ended() error {
	if s.err != nil && !errors.Is(s.err, io.EOF) {
		return s.err
	}
	s.pos = s.end
	return geo.NewProblem("ingest.geojson.truncated", "offset", s.offset(), "line", s.line())
}

// unexpected is the error for the character that comes next.
func (s *scanner) unexpected() error {
	r, _ := utf8.DecodeRune(s.buf[s.pos:s.end])
	return s.syntax(strconv.QuoteRune(r))
}

func (s *scanner) syntax(found string) error {
	return geo.NewProblem("ingest.geojson.syntax", "line", s.line(), "offset", s.offset(), "found", found)
}
