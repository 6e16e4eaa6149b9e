package crs

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

const byteOrderMark = "\ufeff"

// Bounds of what is read as WKT: real ones are below 10 KiB and ten levels.
const (
	maxWKT      = 1 << 20
	maxWKTDepth = 32
)

var wktStart = regexp.MustCompile(`^\s*[a-z][a-z0-9_]*\s*[\[(]`)

// node is one element of WKT, KEYWORD[value, value, …]. Both kinds of bracket are legal.
type node struct {
	keyword string // upper case
	texts   []string
	numbers []float64
	// words are bare words, such as the NORTH of an axis, in upper case.
	words []string
	nodes []node
}

// child is the first child with one of the keywords, nil when there is none.
func (n *node) child(keywords ...string) *node {
	if n == nil {
		return nil
	}
	for _, k := range keywords {
		for i := range n.nodes {
			if n.nodes[i].keyword == k {
				return &n.nodes[i]
			}
		}
	}
	return nil
}

// find is the first element with one of the keywords at any depth, n itself included.
func (n *node) find(keywords ...string) *node {
	for _, k := range keywords {
		if n.keyword == k {
			return n
		}
	}
	for i := range n.nodes {
		if found := n.nodes[i].find(keywords...); found != nil {
			return found
		}
	}
	return nil
}

// name is the first quoted text, "" when there is none.
func (n *node) name() string {
	if n == nil || len(n.texts) == 0 {
		return ""
	}
	return n.texts[0]
}

// number is the i-th number; ok is false when there are fewer.
func (n *node) number(i int) (value float64, ok bool) {
	if n == nil || i >= len(n.numbers) {
		return 0, false
	}
	return n.numbers[i], true
}

// wktReader walks through WKT from the front.
type wktReader struct {
	rest  string
	depth int
}

var errWKT = errors.New("malformed WKT")

// readWKT reads the first element of the text. ESRI appends a vertical system after a comma; what follows the first
// element is not looked at.
func readWKT(text string) (*node, error) {
	if len(text) > maxWKT {
		return nil, fmt.Errorf("%w: longer than %d bytes", errWKT, maxWKT)
	}
	r := wktReader{rest: strings.TrimPrefix(text, byteOrderMark)}
	word := strings.ToUpper(r.word())
	open := r.next()
	if word == "" || (open != '[' && open != '(') {
		return nil, fmt.Errorf("%w: does not begin with an element", errWKT)
	}
	return r.element(word, open)
}

// element reads the values of an element whose keyword and opening bracket are read already.
func (r *wktReader) element(keyword string, open byte) (*node, error) {
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > maxWKTDepth {
		return nil, fmt.Errorf("%w: deeper than %d levels", errWKT, maxWKTDepth)
	}
	n := &node{keyword: keyword}
	for {
		if err := r.value(n); err != nil {
			return nil, err
		}
		switch c := r.next(); {
		case c == ',':
		case c == closing(open):
			return n, nil
		default:
			return nil, fmt.Errorf("%w: %s is not closed", errWKT, keyword)
		}
	}
}

// value reads one value of n: a text, a number, a word or an element; nothing at all counts as an empty value.
func (r *wktReader) value(n *node) error {
	r.space()
	if r.rest == "" {
		return fmt.Errorf("%w: %s is cut off", errWKT, n.keyword)
	}
	if r.rest[0] == '"' {
		text, err := r.quoted()
		n.texts = append(n.texts, text)
		return err
	}
	word := r.word()
	r.space()
	if r.rest != "" && word != "" && (r.rest[0] == '[' || r.rest[0] == '(') {
		child, err := r.element(strings.ToUpper(word), r.next())
		if err == nil {
			n.nodes = append(n.nodes, *child)
		}
		return err
	}
	if number, err := strconv.ParseFloat(word, 64); err == nil {
		n.numbers = append(n.numbers, number)
	} else if word != "" {
		n.words = append(n.words, strings.ToUpper(word))
	}
	return nil
}

// quoted reads a text in double quotes; a doubled quote stands for one.
func (r *wktReader) quoted() (string, error) {
	var b strings.Builder
	for {
		end := strings.IndexByte(r.rest[1:], '"')
		if end < 0 {
			return "", fmt.Errorf("%w: a text is not closed", errWKT)
		}
		b.WriteString(r.rest[1 : 1+end])
		r.rest = r.rest[end+2:]
		if r.rest == "" || r.rest[0] != '"' {
			return b.String(), nil
		}
		b.WriteByte('"')
	}
}

// word reads up to the next bracket, comma, quote or space.
func (r *wktReader) word() string {
	r.space()
	end := strings.IndexAny(r.rest, "[](),\" \t\r\n")
	if end < 0 {
		end = len(r.rest)
	}
	word := r.rest[:end]
	r.rest = r.rest[end:]
	return word
}

// next takes the next character that is not a space, 0 at the end.
func (r *wktReader) next() byte {
	r.space()
	if r.rest == "" {
		return 0
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	return c
}

func (r *wktReader) space() { r.rest = strings.TrimLeft(r.rest, " \t\r\n\x00") }

func closing(open byte) byte {
	if open == '[' {
		return ']'
	}
	return ')'
}
