package kml

import (
	"context"
	"errors"
	"io"
)

// chunk is how much is read in one step; cancelling takes effect between two of them.
const chunk = 64 << 10

// errLong ends a piece of XML (a tag, a comment, a text) that is longer than any sensible one, before it is held in
// memory.
var errLong = errors.New("kml: a piece of XML is too long")

// source hands the bytes of a document to the XML decoder one by one, and to the reader of coordinates in between:
// the decoder keeps no bytes back after a start tag, because a source is an io.ByteReader.
type source struct {
	ctx      context.Context
	in       io.Reader
	buf      []byte
	pos, n   int
	line     int64
	previous byte // the byte before last
	last     byte
	max      int64 // bytes that one piece of XML may have
	left     int64 // bytes that the present one may still have
	err      error
}

func newSource(ctx context.Context, in io.Reader, longest int64) *source {
	return &source{ctx: ctx, in: in, buf: make([]byte, chunk), line: 1, max: longest, left: longest}
}

// ReadByte implements io.ByteReader.
func (s *source) ReadByte() (byte, error) {
	if s.left--; s.left < 0 && s.err == nil {
		s.err = errLong
	}
	if s.err != nil && s.err != io.EOF || !s.more() {
		return 0, s.err
	}
	return s.take(), nil
}

// Read implements io.Reader, which the decoder asks for but does not use beside ReadByte.
func (s *source) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := s.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// more makes sure that there is a byte at pos; without one, err says why.
func (s *source) more() bool {
	for s.pos >= s.n && s.err == nil {
		if s.err = s.ctx.Err(); s.err != nil {
			return false
		}
		n, err := s.in.Read(s.buf)
		s.pos, s.n, s.err = 0, n, err
		if n > 0 && errors.Is(err, io.EOF) {
			s.err = nil
		}
	}
	return s.pos < s.n
}

func (s *source) take() byte {
	c := s.buf[s.pos]
	s.pos++
	s.previous, s.last = s.last, c
	if c == '\n' {
		s.line++
	}
	return c
}

// selfClosed tells whether the tag that was just read ended in "/>".
func (s *source) selfClosed() bool { return s.previous == '/' && s.last == '>' }

// raw hands the bytes up to the next "<" to each, without it; the limit for one piece does not count for them.
func (s *source) raw(each func(c byte)) error {
	for s.more() {
		if s.buf[s.pos] == '<' {
			return nil
		}
		each(s.take())
	}
	if s.err == io.EOF {
		return nil // the decoder misses the end tag
	}
	return s.err
}
