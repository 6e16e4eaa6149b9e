package kml

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"greenshield/geo"
	"greenshield/geo/format/charset"
)

// declaration takes the encoding out of an XML declaration (XML 1.0 section 2.8), which begins a document.
var declaration = regexp.MustCompile(`^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["'][^>]*\?>`)

// encodingOf is the encoding of a document: the one that an operator names, else the one that it declares, provided
// that its bytes agree. A document without declaration is UTF-8, or UTF-16 with a mark (XML 1.0 section 4.3.3). A
// declaration that the bytes contradict, or that names an encoding not read here, is "ingest.kml.encoding": it is for
// a person to say which is right, because text read in the wrong encoding looks like other text.
func encodingOf(ctx context.Context, r io.ReaderAt, size int64, named string) (charset.Encoding, error) {
	found, err := charset.Choose(ctx, r, size, named)
	if err != nil || named != "" {
		return found, err
	}
	head := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	declared := "UTF-8"
	wide := found == charset.UTF16LE || found == charset.UTF16BE
	if m := declaration.FindStringSubmatch(charset.Head(head)); m != nil {
		declared = m[1]
	} else if wide {
		return found, nil
	}
	if wide && strings.HasPrefix(strings.ToUpper(declared), "UTF-16") {
		return found, nil
	}
	if want, ok := charset.Named(declared); ok && want == found {
		return found, nil
	}
	if !wide {
		plain, err := ascii(ctx, r, size)
		if err != nil || plain { // the same in all encodings of China and Europe
			return found, err
		}
	}
	return "", geo.NewProblem("ingest.kml.encoding", "declared", clip(declared), "found", string(found))
}

// ascii tells whether all bytes are ASCII.
func ascii(ctx context.Context, r io.ReaderAt, size int64) (bool, error) {
	in, buf := io.NewSectionReader(r, 0, size), make([]byte, chunk)
	for {
		n, err := in.Read(buf)
		for _, c := range buf[:n] {
			if c >= utf8.RuneSelf {
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

// clip shortens a delivered text for a message.
func clip(text string) string {
	const longest = 40
	if r := []rune(text); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return text
}
