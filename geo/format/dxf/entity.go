package dxf

import (
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// Flags of polylines, and of the vertices that stand beside their curve (DXF Reference, POLYLINE and VERTEX, group 70).
const (
	closedFlag   = 1
	flat3DFlag   = 8 // a 3D polyline, whose coordinates are the world's
	meshFlag     = 16
	polyfaceFlag = 64
	frameFlag    = 16 // of a vertex: a control point of a spline, not on the line
)

// byLayer is the colour number that means the layer's.
const byLayer = 256

// corner is a vertex, and the bulge of the edge that begins there: the tangent of a quarter of its arc's angle,
// positive to the left (DXF Reference, LWPOLYLINE, group 42).
type corner struct {
	at    orb.Point
	bulge float64
}

// entity is a line or polyline that is being read.
type entity struct {
	kind          string
	layer, handle string
	colour        int
	hasColour     bool
	paper, hidden bool
	flags         int
	elevation     any // float64, nil for none
	normal        [3]float64
	hasNormal     bool
	xdata         strings.Builder
	corners       []corner
	arcs          bool
	embedded      bool // the rest belongs to an object inside
	closed        bool // by its last point, without the flag
	limit         int64
	vertices      int64
	room          int
	problem       *geo.Problem
}

func (e *entity) fail(code string, args ...any) {
	if e.problem == nil {
		e.problem = geo.NewProblem(code, args...)
	}
}

// group takes one pair of an entity.
func (e *entity) group(p *pairs) {
	if e.embedded {
		return
	}
	switch p.code {
	case 5:
		e.handle = e.text(strings.TrimSpace(p.value))
	case 8:
		e.layer = e.text(plain(p.value))
	case 60:
		e.hidden = e.integer(p) == 1
	case 62:
		e.colour, e.hasColour = e.integer(p), true
	case 67:
		e.paper = e.integer(p) == 1
	case 70:
		e.flags = e.integer(p)
	case 101:
		e.embedded = true
	case 210, 220, 230:
		e.normal[(p.code-210)/10], e.hasNormal = e.number(p), true
	case 1000, 1001:
		e.extended(p.code, plain(p.value))
	default:
		e.place(p)
	}
}

// place takes the coordinates, which mean something else in each kind of entity.
func (e *entity) place(p *pairs) {
	switch {
	case e.kind == "LINE" && (p.code == 10 || p.code == 11), e.kind == "LWPOLYLINE" && p.code == 10:
		e.append(corner{at: orb.Point{e.number(p), 0}})
	case e.kind == "LINE" && (p.code == 20 || p.code == 21), e.kind == "LWPOLYLINE" && p.code == 20:
		if last := e.last(); last != nil {
			last.at[1] = e.number(p)
		}
	case e.kind == "LWPOLYLINE" && p.code == 42:
		if last := e.last(); last != nil {
			last.bulge = e.number(p)
		}
	case e.kind == "LWPOLYLINE" && p.code == 38, e.kind == "POLYLINE" && p.code == 30:
		if z := e.number(p); z != 0 {
			e.elevation = z
		}
	}
}

// append adds a corner, up to the limit.
func (e *entity) append(c corner) {
	if e.vertices++; e.vertices > e.limit {
		e.fail("ingest.dxf.too-many-vertices", "limit", e.limit)
	}
	if e.problem == nil {
		e.corners = append(e.corners, c)
	}
}

func (e *entity) last() *corner {
	if len(e.corners) == 0 {
		return nil
	}
	return &e.corners[len(e.corners)-1]
}

func (e *entity) number(p *pairs) float64 {
	f, ok := p.number()
	if !ok {
		e.fail("ingest.dxf.number", "line", p.line, "found", clip(p.value))
	}
	return f
}

func (e *entity) integer(p *pairs) int {
	n, ok := p.integer()
	if !ok {
		e.fail("ingest.dxf.number", "line", p.line, "found", clip(p.value))
	}
	return n
}

// text counts an attribute's bytes.
func (e *entity) text(s string) string {
	if len(s) > e.room {
		e.fail("ingest.dxf.text-too-long")
		return ""
	}
	return s
}

// extended gathers the texts of extended data (groups 1000 and 1001), where surveying programs keep their codes:
// "SOUTH: 300000".
func (e *entity) extended(code int, s string) {
	switch {
	case e.xdata.Len()+len(s)+2 > e.room:
		e.fail("ingest.dxf.text-too-long")
		return
	case code == 1001 && e.xdata.Len() > 0:
		e.xdata.WriteString("; ")
	case code == 1000:
		e.xdata.WriteByte(' ')
	}
	e.xdata.WriteString(s)
	if code == 1001 {
		e.xdata.WriteByte(':')
	}
}

// vertexGroup is a VERTEX that is being read.
type vertexGroup struct {
	corner
	flags  int
	z      float64
	faults []string
	line   int64
}

func (v *vertexGroup) group(p *pairs) {
	f, ok := 0.0, true
	switch p.code {
	case 10, 20, 30, 42:
		f, ok = p.number()
	case 70:
		v.flags, ok = p.integer()
	}
	if !ok && len(v.faults) == 0 {
		v.faults, v.line = append(v.faults, p.value), p.line
	}
	switch p.code {
	case 10:
		v.at[0] = f
	case 20:
		v.at[1] = f
	case 30:
		v.z = f
	case 42:
		v.bulge = f
	}
}

// add takes a VERTEX into its polyline.
func (e *entity) add(v *vertexGroup) {
	if len(v.faults) > 0 {
		e.fail("ingest.dxf.number", "line", v.line, "found", clip(v.faults[0]))
	}
	if v.flags&frameFlag != 0 {
		return
	}
	if e.elevation == nil && v.z != 0 && e.flags&flat3DFlag == 0 {
		e.elevation = v.z
	}
	e.append(v.corner)
}
