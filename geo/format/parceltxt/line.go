package parceltxt

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"greenshield/geo"
)

// maxLine bounds the length of a line in bytes; a header line has some hundred.
const maxLine = 64 << 10

// eachLine calls line with the number and text of every line, whichever way the lines end.
func eachLine(ctx context.Context, r io.Reader, line func(int64, string) error) error {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, maxLine), maxLine)
	in.Split(splitLines)
	n := int64(0)
	for in.Scan() {
		n++
		if n%1000 == 1 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := line(n, in.Text()); err != nil {
			return err
		}
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		return geo.NewProblem("ingest.txt.line-too-long", "line", n+1, "limit", maxLine)
	}
	return in.Err()
}

// splitLines ends a line at LF, CR LF or CR.
func splitLines(data []byte, atEOF bool) (int, []byte, error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case i < 0:
		return 0, nil, nil
	case data[i] == '\n':
		return i + 1, data[:i], nil
	case i+1 < len(data) && data[i+1] == '\n':
		return i + 2, data[:i], nil
	case i+1 < len(data) || atEOF:
		return i + 1, data[:i], nil
	}
	return 0, nil, nil // CR at the end of what is here: perhaps LF follows
}

// divide cuts a line of values at commas, at tabs when it has no comma, else at blanks.
func divide(line string) []string {
	var parts []string
	switch {
	case strings.Contains(line, ","):
		parts = strings.Split(line, ",")
	case strings.Contains(line, "\t"):
		parts = strings.Split(line, "\t")
	default:
		parts = strings.Fields(line)
	}
	for i, p := range parts {
		parts[i] = trim(p)
	}
	return parts
}

// withoutTail drops the empty values at the end: Excel fills up lines with commas.
func withoutTail(parts []string) []string {
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return parts
}

// number is the value of a plain decimal number.
func number(text string) (float64, bool) {
	for _, c := range text {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// leadingNumber is the number that a text begins with, and the rest of the text.
func leadingNumber(text string) (float64, string, bool) {
	i := 0
	for i < len(text) && (text[i] >= '0' && text[i] <= '9' || text[i] == '.' || i == 0 && text[i] == '-') {
		i++
	}
	v, ok := number(text[:i])
	return v, trim(text[i:]), ok
}

// trailingInt is the number that a label ends with: 7 of J7, J07 and 7, -1 when it ends otherwise.
func trailingInt(text string) int {
	i := len(text)
	for i > 0 && text[i-1] >= '0' && text[i-1] <= '9' {
		i--
	}
	n, err := strconv.Atoi(text[i:])
	if err != nil {
		return -1
	}
	return n
}

// clip shortens a delivered text for a message.
func clip(text string) string {
	const longest = 40
	if r := []rune(text); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return text
}
