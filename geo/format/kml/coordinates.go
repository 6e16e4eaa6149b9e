package kml

import "github.com/paulmach/orb"

// maxDigits bounds the spelling of one number.
const maxDigits = 64

// coordinates reads a list of positions byte by byte: "longitude,latitude[,altitude]" in degrees, separated by white
// space (OGC 07-147r2 section 10.7). White space beside a comma belongs to the position; a comma is never implied.
type coordinates struct {
	*shape
	points []orb.Point

	digits []byte
	at     orb.Point
	count  int  // values of the present position
	comma  bool // the last thing seen is a comma
	space  bool // white space came after the last value
}

func (c *coordinates) feed(b byte) {
	switch b {
	case ' ', '\t', '\r', '\n':
		c.value()
		c.space = true
		return
	case ',':
		c.value()
		if c.comma || c.count == 0 {
			c.fail("ingest.kml.coordinates", "found", ",")
		}
		c.comma = true
		return
	}
	if len(c.digits) == 0 && c.space && !c.comma {
		c.position()
	}
	if len(c.digits) < maxDigits {
		c.digits = append(c.digits, b)
	} else {
		c.fail("ingest.kml.coordinates", "found", string(c.digits))
	}
}

// value ends a number.
func (c *coordinates) value() {
	if len(c.digits) == 0 {
		return
	}
	v, ok := number(c.digits)
	if !ok {
		c.fail("ingest.kml.coordinates", "found", clip(string(c.digits)))
	}
	if c.count < len(c.at) {
		c.at[c.count] = v
	}
	c.count++
	c.digits, c.comma, c.space = c.digits[:0], false, false
}

// position ends a position.
func (c *coordinates) position() {
	if c.count == 0 {
		return
	}
	if c.count < 2 || c.count > 3 {
		c.fail("ingest.kml.position", "found", c.count)
	}
	if lon, lat := c.at[0], c.at[1]; lon < -180 || lon > 180 || lat < -90 || lat > 90 {
		c.fail("ingest.kml.range", "a", lon, "b", lat)
	}
	if c.vertices++; c.vertices > c.limit {
		c.fail("ingest.kml.too-many-vertices", "limit", c.limit)
	}
	if c.problem == nil && !c.learn {
		c.points = append(c.points, c.at)
	}
	c.count = 0
}

// finish ends the list.
func (c *coordinates) finish() {
	c.value()
	if c.comma {
		c.fail("ingest.kml.coordinates", "found", ",")
	}
	c.position()
}
