package table

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// maxNesting bounds collections of collections.
const maxNesting = 16

// sridOf is the number in "SRID=4490;POINT(1 2)", "" when there is none (PostGIS manual, EWKT).
func sridOf(text string) string {
	head := text[:min(len(text), 32)]
	if len(head) < 5 || !strings.EqualFold(head[:5], "SRID=") {
		return ""
	}
	code, _, ok := strings.Cut(head[5:], ";")
	if _, err := strconv.Atoi(code); err != nil || !ok {
		return ""
	}
	return code
}

// tall tells whether the first place of a WKT has a height or a measure.
func tall(text string) bool {
	_, rest, ok := strings.Cut(text, "(")
	rest = strings.TrimLeft(rest[:min(len(rest), 256)], "( ")
	end := strings.IndexAny(rest, ",)")
	return ok && end > 0 && len(strings.Fields(rest[:end])) > 2
}

// parseWKT reads a geometry as OGC 06-103r4, 7.2 writes it, with or without a SRID before it. Heights and measures
// are left out. An empty geometry is nil. Problems are "ingest.wkt.syntax" and
// "ingest.wkt.too-many-points".
func parseWKT(text string, maxVertices int64) (orb.Geometry, *geo.Problem) {
	body := text
	if sridOf(text) != "" {
		_, body, _ = strings.Cut(text, ";")
	}
	w := &wktParser{text: body, left: maxVertices}
	g := w.geometry(0)
	w.blanks()
	switch {
	case w.tooMany:
		return nil, geo.NewProblem("ingest.wkt.too-many-points", "limit", maxVertices)
	case w.bad || w.at < len(w.text):
		from := max(0, min(w.at, len(w.text))-10)
		found := strings.ToValidUTF8(w.text[from:min(len(w.text), from+30)], "")
		return nil, geo.NewProblem("ingest.wkt.syntax", "found", found)
	}
	return g, nil
}

type wktParser struct {
	text         string
	at           int
	left         int64
	bad, tooMany bool
}

func (w *wktParser) blanks() {
	for w.at < len(w.text) && strings.IndexByte(" \t\r\n", w.text[w.at]) >= 0 {
		w.at++
	}
}

// take steps over c when it comes next.
func (w *wktParser) take(c byte) bool {
	w.blanks()
	if w.bad || w.at >= len(w.text) || w.text[w.at] != c {
		return false
	}
	w.at++
	return true
}

func (w *wktParser) must(c byte) { w.bad = !w.take(c) || w.bad }

// word takes letters, in upper case.
func (w *wktParser) word() string {
	w.blanks()
	from := w.at
	for w.at < len(w.text) && (w.text[w.at]|0x20) >= 'a' && (w.text[w.at]|0x20) <= 'z' {
		w.at++
	}
	return strings.ToUpper(w.text[from:w.at])
}

// empty tells whether the word EMPTY stands here instead of brackets; Z, M and ZM before it are stepped over.
func (w *wktParser) empty() bool {
	for range 2 {
		switch at := w.at; w.word() {
		case "":
			return false
		case "EMPTY":
			return true
		case "Z", "M", "ZM":
		default:
			w.at, w.bad = at, true
			return false
		}
	}
	return false
}

// list takes what stands between brackets, divided by commas.
func (w *wktParser) list(item func()) {
	w.must('(')
	for !w.bad {
		item()
		if !w.take(',') {
			break
		}
	}
	w.must(')')
}

func (w *wktParser) number() float64 {
	w.blanks()
	from := w.at
	for w.at < len(w.text) && strings.IndexByte("0123456789.+-eE", w.text[w.at]) >= 0 {
		w.at++
	}
	v, ok := number(w.text[from:w.at])
	w.bad = w.bad || !ok
	return v
}

func (w *wktParser) point() orb.Point {
	if w.left--; w.left < 0 {
		w.bad, w.tooMany = true, true
	}
	p := orb.Point{w.number(), w.number()}
	for range 2 { // height, measure
		if w.blanks(); !w.bad && w.at < len(w.text) && strings.IndexByte(",)", w.text[w.at]) < 0 {
			w.number()
		}
	}
	return p
}

func (w *wktParser) points() (out []orb.Point) {
	w.list(func() { out = append(out, w.point()) })
	return out
}

func (w *wktParser) polygon() (out orb.Polygon) {
	w.list(func() {
		r := orb.Ring(w.points())
		if w.bad = w.bad || len(r) < 4 || r[0] != r[len(r)-1]; !w.bad {
			out = append(out, r)
		}
	})
	return out
}

func (w *wktParser) geometry(depth int) orb.Geometry {
	name := w.word()
	for _, ending := range []string{"ZM", "Z", "M"} { // POINTZ, as some write it
		if cut, ok := strings.CutSuffix(name, ending); ok {
			name = cut
			break
		}
	}
	if depth > maxNesting {
		w.bad = true
	}
	if w.bad || w.empty() || w.bad {
		return nil
	}
	switch name {
	case "POINT":
		points := w.points()
		w.bad = w.bad || len(points) != 1
		if w.bad {
			return nil
		}
		return points[0]
	case "LINESTRING":
		return w.line()
	case "POLYGON":
		return w.polygon()
	}
	return w.several(name, depth)
}

func (w *wktParser) line() orb.LineString {
	l := orb.LineString(w.points())
	w.bad = w.bad || len(l) < 2
	return l
}

func (w *wktParser) several(name string, depth int) orb.Geometry {
	switch name {
	case "MULTIPOINT":
		var out orb.MultiPoint
		w.list(func() {
			bracket := w.take('(')
			out = append(out, w.point())
			if bracket {
				w.must(')')
			}
		})
		return out
	case "MULTILINESTRING":
		var out orb.MultiLineString
		w.list(func() { out = append(out, w.line()) })
		return out
	case "MULTIPOLYGON":
		var out orb.MultiPolygon
		w.list(func() { out = append(out, w.polygon()) })
		return out
	case "GEOMETRYCOLLECTION":
		var out orb.Collection
		w.list(func() {
			if g := w.geometry(depth + 1); g != nil {
				out = append(out, g)
			}
		})
		return out
	}
	w.bad = true
	return nil
}
