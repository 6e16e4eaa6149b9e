package dxf

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"greenshield/geo"
)

// minLine is the shortest limit for the length of a line in bytes, whatever the limit for attribute text.
const minLine = 4096

// pairs reads a drawing pair by pair: a line with a group code and a line with its value (DXF Reference, "About the
// DXF format").
type pairs struct {
	ctx   context.Context
	in    *bufio.Reader
	limit int
	line  int64
	code  int
	value string
}

func newPairs(ctx context.Context, r io.Reader, longest int) *pairs {
	return &pairs{ctx: ctx, in: bufio.NewReaderSize(r, 64<<10), limit: max(longest, minLine)}
}

// next moves to the next pair that is no comment; io.EOF means that there is none.
func (p *pairs) next() error {
	for {
		text, err := p.text()
		if err != nil {
			return err
		}
		code, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return geo.NewProblem("ingest.dxf.syntax", "line", p.line, "found", clip(text))
		}
		p.code = code
		p.value, err = p.text()
		if errors.Is(err, io.EOF) {
			return geo.NewProblem("ingest.dxf.truncated", "line", p.line)
		}
		if err != nil || p.code != 999 {
			return err
		}
	}
}

// text is one line without its end; io.EOF comes only when there is nothing at all.
func (p *pairs) text() (string, error) {
	if p.line++; p.line%4096 == 1 {
		if err := p.ctx.Err(); err != nil {
			return "", err
		}
	}
	var long []byte
	for {
		part, err := p.in.ReadSlice('\n')
		if len(long)+len(part) > p.limit {
			return "", geo.NewProblem("ingest.dxf.line-too-long", "line", p.line, "limit", p.limit)
		}
		if err == nil && long == nil {
			return strings.TrimRight(string(part), "\r\n"), nil
		}
		long = append(long, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(long) == 0, err != nil && !errors.Is(err, io.EOF):
			return "", err
		default:
			return strings.TrimRight(string(long), "\r\n"), nil
		}
	}
}

// is tells whether the present pair begins something of a kind: a section, an entity, an end.
func (p *pairs) is(kind string) bool { return p.code == 0 && strings.TrimSpace(p.value) == kind }

// toNext moves to the next pair that begins something, handing those before it to each, which may be nil.
func (p *pairs) toNext(each func()) error {
	for {
		if err := p.next(); err != nil {
			return err
		}
		if p.code == 0 {
			return nil
		}
		if each != nil {
			each()
		}
	}
}

// number is the present value as a finite number.
func (p *pairs) number() (float64, bool) {
	text := strings.TrimSpace(p.value)
	for _, c := range text {
		if (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil && !math.IsInf(f, 0)
}

// integer is the present value as a whole number.
func (p *pairs) integer() (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(p.value))
	return n, err == nil
}

// clip shortens a delivered text for a message.
func clip(text string) string {
	const longest = 40
	text = strings.TrimSpace(text)
	if r := []rune(text); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return text
}
