// Package charset tells in which character encoding a delivered text file is written, and undoes it. It knows the
// encodings that offices in China produce: UTF-8 with and without byte order mark, UTF-16, and GBK, which is read as
// its superset GB18030. It guesses nothing: bytes that are valid in none of them are refused with their place.
package charset

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"greenshield/geo"
)

// Encoding is the name of a character encoding as a schema prints it.
type Encoding string

// The encodings that are recognised.
const (
	UTF8    Encoding = "UTF-8"
	UTF16LE Encoding = "UTF-16LE"
	UTF16BE Encoding = "UTF-16BE"
	GB18030 Encoding = "GB18030"
)

const (
	markUTF8    = "\xEF\xBB\xBF"
	markUTF16LE = "\xFF\xFE"
	markUTF16BE = "\xFE\xFF"
)

// chunk is how much is looked at in one step; cancelling takes effect between two of them.
const chunk = 256 << 10

// Named is the encoding that an operator names, "" and false for a name that is not known.
func Named(name string) (Encoding, bool) {
	switch strings.ToUpper(name) {
	case "UTF-8", "UTF8":
		return UTF8, true
	case "GBK", "GB2312", "GB18030", "CP936", "936":
		return GB18030, true
	case "UTF-16LE":
		return UTF16LE, true
	case "UTF-16BE":
		return UTF16BE, true
	}
	return "", false
}

// Choose is the encoding that an operator names, or what Detect finds when the name is empty. An unknown name is
// "ingest.file.encoding-unknown".
func Choose(ctx context.Context, r io.ReaderAt, size int64, name string) (Encoding, error) {
	if name == "" {
		return Detect(ctx, r, size)
	}
	e, ok := Named(name)
	if !ok {
		return "", geo.NewProblem("ingest.file.encoding-unknown", "encoding", name)
	}
	return e, nil
}

// Detect reads all of r and tells its encoding: by its byte order mark, else UTF-8 when it is valid UTF-8, else
// GB18030 when it is valid GB18030. A character cut off at the very end does not count as invalid. Other bytes, and
// zeros without end, as a file has that was never written to its end, are "ingest.file.encoding".
func Detect(ctx context.Context, r io.ReaderAt, size int64) (Encoding, error) {
	head := make([]byte, min(size, 4))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if e, ok := marked(head); ok {
		return e, nil
	}
	bad, err := invalidUTF8(ctx, io.NewSectionReader(r, 0, size))
	if err != nil || bad < 0 {
		return UTF8, err
	}
	ok, err := validGB18030(ctx, io.NewSectionReader(r, 0, size))
	if err != nil || ok {
		return GB18030, err
	}
	return "", geo.NewProblem("ingest.file.encoding", "offset", bad)
}

// marked recognises a byte order mark, and UTF-16 without one by the zero byte beside an ASCII character: a file
// of JSON or of the parcel exchange begins with a bracket or a blank.
func marked(head []byte) (Encoding, bool) {
	switch {
	case bytes.HasPrefix(head, []byte(markUTF8)):
		return UTF8, true
	case bytes.HasPrefix(head, []byte(markUTF16LE)):
		return UTF16LE, true
	case bytes.HasPrefix(head, []byte(markUTF16BE)):
		return UTF16BE, true
	case len(head) < 2:
		return "", false
	case head[0] != 0 && head[0] < utf8.RuneSelf && head[1] == 0:
		return UTF16LE, true
	case head[0] == 0 && head[1] != 0 && head[1] < utf8.RuneSelf:
		return UTF16BE, true
	}
	return "", false
}

// Reader is the text of r as UTF-8 without byte order mark.
func Reader(r io.ReaderAt, size int64, e Encoding) io.Reader {
	in := io.NewSectionReader(r, 0, size)
	switch e {
	case UTF16LE:
		return transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case UTF16BE:
		return transform.NewReader(in, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	case GB18030:
		return transform.NewReader(in, simplifiedchinese.GB18030.NewDecoder())
	}
	head := make([]byte, len(markUTF8))
	if n, _ := r.ReadAt(head, 0); string(head[:n]) == markUTF8 {
		return io.NewSectionReader(r, int64(n), size-int64(n))
	}
	return in
}

// Writer encodes UTF-8 text as e on its way to w; Close flushes but does not close w. Only UTF8 and GB18030 are
// written; characters of GBK come out as the same two bytes in GB18030.
func Writer(w io.Writer, e Encoding) io.WriteCloser {
	if e == GB18030 {
		return transform.NewWriter(w, simplifiedchinese.GB18030.NewEncoder())
	}
	return transform.NewWriter(w, transform.Nop)
}

// invalidUTF8 is the offset of the first byte that cannot be UTF-8, -1 when there is none.
func invalidUTF8(ctx context.Context, r io.Reader) (int64, error) {
	buf := make([]byte, chunk)
	var base int64
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		if err == nil {
			err = ctx.Err()
		}
		text := buf[:kept+n]
		if len(text) == chunk && text[0] == 0 && bytes.Equal(text[1:], text[:chunk-1]) {
			return 0, geo.NewProblem("ingest.file.encoding", "offset", base)
		}
		whole := len(text) - cutOff(text)
		if at := firstInvalid(text[:whole]); at >= 0 {
			return base + int64(at), nil
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return -1, nil
		}
		if err != nil {
			return 0, err
		}
		base += int64(whole)
		kept = copy(buf, text[whole:])
	}
}

// cutOff is the length of the incomplete character at the end of text, 0 when there is none.
func cutOff(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

func firstInvalid(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for at := 0; ; {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
}

// validGB18030 decodes all of r. The decoder marks what it cannot read with U+FFFD, which no real text contains.
func validGB18030(ctx context.Context, r io.Reader) (bool, error) {
	in := bufio.NewReader(transform.NewReader(r, simplifiedchinese.GB18030.NewDecoder()))
	for n := 0; ; n++ {
		c, _, err := in.ReadRune()
		if err == nil && n%chunk == 0 {
			err = ctx.Err()
		}
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if c == utf8.RuneError {
			_, err := in.Peek(1)
			return errors.Is(err, io.EOF), nil
		}
	}
}

// Head is the beginning of a text as UTF-8, for a look at what it is: a character cut off at its end is left out, and
// bytes that are valid in no encoding stay as they are.
func Head(head []byte) string {
	if e, ok := marked(head); ok && e != UTF8 {
		head = head[:len(head)&^1]
	} else if firstInvalid(head[:len(head)-cutOff(head)]) < 0 {
		head = head[:len(head)-cutOff(head)]
	}
	r := bytes.NewReader(head)
	e, err := Detect(context.Background(), r, r.Size())
	if err != nil {
		return string(head)
	}
	text, err := io.ReadAll(Reader(r, r.Size(), e))
	if err != nil {
		return string(head)
	}
	return strings.TrimSuffix(string(text), string(utf8.RuneError))
}
