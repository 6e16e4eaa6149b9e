package parceltxt

import (
	"context"
	"io"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/rings"
)

// draft is a parcel while its lines arrive.
type draft struct {
	header  parcelHeader
	line    int64
	points  []rings.Vertex
	rings   map[string]int
	problem *geo.Problem
}

func (d *draft) fail(code string, args ...any) {
	if d.problem == nil {
		d.problem = geo.NewProblem(code, args...)
	}
}

// parser reads a file line by line into drafts.
type parser struct {
	words  words
	limits format.Limits
	notes  *format.Notes
	header fileHeader
	drafts []*draft

	inParcels bool // behind the parcel section's title, or behind a parcel's header
	vertices  int64
}

func (p *parser) read(ctx context.Context, r io.Reader) error {
	if err := eachLine(ctx, r, p.line); err != nil {
		return err
	}
	if len(p.drafts) == 0 {
		return geo.NewProblem("ingest.txt.no-parcels")
	}
	return nil
}

// row is the parcel that is being read, 0 before the first.
func (p *parser) row() int64 { return int64(len(p.drafts)) }

func (p *parser) line(n int64, text string) error {
	text = trim(text)
	if strings.Contains(text, `"`) {
		p.notes.Add(p.row(), "ingest.txt.quotes", "line", n)
		text = trim(strings.ReplaceAll(text, `"`, ""))
	}
	folded := fold(text)
	switch {
	case strings.Trim(folded, ", \t") == "":
		return nil
	case strings.HasPrefix(folded, "["):
		p.section(folded)
		return nil
	case isHeader(folded):
		return p.startParcel(n, text)
	case p.inParcels:
		return p.parcelLine(n, text, folded)
	}
	p.attribute(text)
	return nil
}

// section takes a title in brackets. Only the parcels' one matters: keys are known by their names wherever they are.
func (p *parser) section(folded string) {
	title, _, _ := strings.Cut(strings.TrimLeft(folded, "[ "), "]")
	p.inParcels = p.words.is("section.parcels", trim(title))
}

func (p *parser) attribute(text string) {
	i := strings.IndexFunc(text, func(r rune) bool { return fold(string(r)) == "=" || fold(string(r)) == ":" })
	if i < 0 {
		return
	}
	p.header.set(p.words, trim(text[:i]), trim(strings.TrimLeft(text[i:], "=:\uff1d\uff1a")))
}

func (p *parser) startParcel(n int64, text string) error {
	if p.row() >= p.limits.MaxRecords {
		return geo.NewProblem("ingest.txt.too-many-parcels", "limit", p.limits.MaxRecords)
	}
	p.inParcels = true
	values := headerValues(text)
	d := &draft{line: n, rings: map[string]int{}}
	for i, v := range values {
		if len(v) > p.limits.MaxText {
			d.fail("ingest.txt.text-too-long", "line", n, "limit", p.limits.MaxText)
			values[i] = ""
		}
	}
	d.header = p.words.parcelHeader(values)
	p.drafts = append(p.drafts, d)
	return nil
}

// parcelLine takes a line of the parcel section that does not end with the mark.
func (p *parser) parcelLine(n int64, text, folded string) error {
	parts := withoutTail(divide(folded))
	if v, ring, ok := p.point(n, parts); ok {
		return p.addPoint(n, v, ring)
	}
	if p.unmarked(parts, folded) {
		p.notes.Add(p.row()+1, "ingest.txt.header-mark", "line", n)
		return p.startParcel(n, text)
	}
	if strings.Contains(folded, "=") {
		p.attribute(text)
		return nil
	}
	if len(parts) >= 2 && p.words.in("dms.mark", strings.Join(parts[len(parts)-2:], "")) {
		return geo.NewProblem("ingest.txt.dms", "line", n, "text", clip(text))
	}
	if p.row() == 0 {
		return geo.NewProblem("ingest.txt.line", "line", n, "text", clip(text))
	}
	p.drafts[p.row()-1].fail("ingest.txt.line", "line", n, "text", clip(text))
	return nil
}

// unmarked tells whether a line is a parcel's header that lacks the mark at its end.
func (p *parser) unmarked(parts []string, folded string) bool {
	if strings.Count(folded, ",") < atClass {
		return false
	}
	return len(parts) >= atClass || len(parts) > atKind && p.words.kind(parts[atKind])
}

// point reads a line as label, ring number, X and Y; the ring number or both of the first may be missing.
func (p *parser) point(n int64, parts []string) (rings.Vertex, string, bool) {
	v := rings.Vertex{Label: -1}
	ring := ""
	var numbers []string
	switch len(parts) {
	case 0, 1:
		return v, "", false
	case 2:
		numbers = parts
	case 3:
		v.Label, numbers = trailingInt(parts[0]), parts[1:]
	default:
		v.Label, ring, numbers = trailingInt(parts[0]), parts[1], parts[2:4]
	}
	var okA, okB bool
	v.A, okA = number(numbers[0])
	v.B, okB = number(numbers[1])
	if !okA || !okB {
		return v, "", false
	}
	if len(parts) < 4 {
		p.notes.Add(max(p.row(), 1), "ingest.txt.ring-number-missing", "line", n)
	}
	if len(parts) > 4 {
		p.notes.Add(max(p.row(), 1), "ingest.txt.extra-values", "line", n)
	}
	return v, ring, true
}

func (p *parser) addPoint(n int64, v rings.Vertex, ring string) error {
	if p.row() == 0 {
		p.notes.Add(1, "ingest.txt.header-missing", "line", n)
		if err := p.startParcel(n, ""); err != nil {
			return err
		}
	}
	if p.vertices++; p.vertices > p.limits.MaxVertices {
		return geo.NewProblem("ingest.txt.too-many-points", "limit", p.limits.MaxVertices)
	}
	d := p.drafts[p.row()-1]
	if len(ring) > maxRingName {
		ring = ring[:maxRingName]
	}
	number, seen := d.rings[ring]
	if !seen {
		number = len(d.rings)
		d.rings[ring] = number
	}
	v.Ring = number
	d.points = append(d.points, v)
	return nil
}

// maxRingName bounds what is kept of a ring number.
const maxRingName = 32
