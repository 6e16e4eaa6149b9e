package dxf

import (
	"cmp"
	"context"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"greenshield/geo"
	"greenshield/geo/format/charset"
)

// Values of $INSUNITS (DXF Reference, HEADER section) that need no note: most drawings state none.
const (
	unitless = "0"
	metres   = "6"
)

// head is what the HEADER section says that matters here.
type head struct {
	version, codePage, units string
}

// header reads the HEADER section, when there is one. Its names and values are ASCII in every encoding.
func (d *dataset) header(ctx context.Context) (head, error) {
	var h head
	p := newPairs(ctx, io.NewSectionReader(d.file, 0, d.size), d.limits.MaxText)
	variable, inside := "", false
	for {
		err := p.next()
		switch {
		case errors.Is(err, io.EOF):
			return h, nil
		case err != nil && inside:
			return h, err
		case err != nil, p.is("ENDSEC") && inside, p.code == 2 && !inside && strings.TrimSpace(p.value) != "HEADER":
			return h, nil // the pass over all of it tells what is wrong
		case p.code == 2 && !inside:
			inside = true
		case p.code == 9:
			variable = strings.TrimSpace(p.value)
		case variable == "$ACADVER" && p.code == 1:
			h.version = strings.TrimSpace(p.value)
		case variable == "$DWGCODEPAGE" && p.code == 3:
			h.codePage = strings.TrimSpace(p.value)
		case variable == "$INSUNITS" && p.code == 70:
			h.units = strings.TrimSpace(p.value)
		}
	}
}

// unicodeVersion is R2007, the first in which drawings are UTF-8 whatever the code page says.
const unicodeVersion = "AC1021"

// declared is the encoding that a header declares, "" for none or one that is not read here.
func (h head) declared() (name string, e charset.Encoding) {
	if strings.HasPrefix(h.version, dwgMark) && h.version >= unicodeVersion {
		return "UTF-8 (" + h.version + ")", charset.UTF8
	}
	switch strings.ToUpper(h.codePage) {
	case "ANSI_936", "GB2312", "GBK", "GB18030":
		return h.codePage, charset.GB18030
	case "UTF-8", "UTF8":
		return h.codePage, charset.UTF8
	}
	return h.codePage, ""
}

// encodingOf is the encoding of a drawing: the one that an operator names, else what version and code page declare,
// provided that its bytes agree; what the bytes say when nothing is declared. A contradiction is "ingest.dxf.encoding".
func encodingOf(
	ctx context.Context, r io.ReaderAt, size int64, h head, named string,
) (charset.Encoding, error) {
	found, err := charset.Choose(ctx, r, size, named)
	if err != nil || named != "" {
		return found, err
	}
	name, want := h.declared()
	if found == want || name == "" && (found == charset.UTF8 || found == charset.GB18030) {
		return found, nil
	}
	plain, err := ascii(ctx, r, size)
	if err != nil || plain {
		return charset.UTF8, err
	}
	return "", geo.NewProblem("ingest.dxf.encoding", "declared", cmp.Or(clip(name), "–"), "found", string(found))
}

// ascii tells whether all bytes are ASCII and none is NUL.
func ascii(ctx context.Context, r io.ReaderAt, size int64) (bool, error) {
	in, buf := io.NewSectionReader(r, 0, size), make([]byte, 64<<10)
	for {
		n, err := in.Read(buf)
		for _, c := range buf[:n] {
			if c >= utf8.RuneSelf || c == 0 {
				return false, nil
			}
		}
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return false, err
		}
	}
}

// escape takes characters outside the code page: \U+ and four hexadecimal digits, or \M+, a digit for the code page
// and two bytes; 5 is code page 936 (AutoCAD documentation, "About Using Unicode Characters").
var escape = regexp.MustCompile(`\\U\+[0-9A-Fa-f]{4}|\\M\+5[0-9A-Fa-f]{4}`)

// plain resolves the escapes in a name.
func plain(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	return escape.ReplaceAllStringFunc(text, func(m string) string {
		n, err := strconv.ParseUint(m[len(m)-4:], 16, 32)
		if err != nil {
			return m // not possible: the pattern has checked it
		}
		if m[1] == 'U' {
			return string(rune(n))
		}
		out, err := simplifiedchinese.GBK.NewDecoder().String(string([]byte{byte(n >> 8), byte(n)}))
		if err != nil || strings.ContainsRune(out, utf8.RuneError) {
			return m
		}
		return out
	})
}
