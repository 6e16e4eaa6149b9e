package filegdb

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// cursor reads values one after another. Once something is not there, bad stays true and everything read is zero, so
// that callers ask once at the end; counts are checked against left before memory is taken.
type cursor struct {
	rest []byte
	bad  bool
}

// take gives the next n bytes without copying them, nil when they are not there.
func (c *cursor) take(n int) []byte {
	if c.bad || n < 0 || n > len(c.rest) {
		c.bad, c.rest = true, nil
		return nil
	}
	b := c.rest[:n:n]
	c.rest = c.rest[n:]
	return b
}

func (c *cursor) u8() int {
	if b := c.take(1); b != nil {
		return int(b[0])
	}
	return 0
}

func (c *cursor) u16() int {
	if b := c.take(2); b != nil {
		return int(binary.LittleEndian.Uint16(b))
	}
	return 0
}

func (c *cursor) u32() uint32 {
	if b := c.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) f64() float64 {
	if b := c.take(8); b != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return 0
}

// varuint reads seven bits per byte from the least significant on; the top bit says that another byte follows.
func (c *cursor) varuint() uint64 { return c.varying(0, 0) }

// varying continues a variable integer whose lowest bits are known.
func (c *cursor) varying(value uint64, shift uint) uint64 {
	for ; ; shift += 7 {
		b := c.u8()
		if shift > 63 || shift > 56 && b&0x7F>>(64-shift) != 0 {
			c.bad = true
		}
		if c.bad {
			return 0
		}
		value |= uint64(b&0x7F) << shift
		if b&0x80 == 0 {
			return value
		}
	}
}

// varint is a varuint whose first byte holds the sign in its second highest bit, and so six bits of the value.
func (c *cursor) varint() int64 {
	first := c.u8()
	value := uint64(first & 0x3F)
	if first&0x80 != 0 {
		value = c.varying(value, 6)
	}
	if value > math.MaxInt64 {
		c.bad = true
	}
	if c.bad {
		return 0
	}
	if first&0x40 != 0 {
		return -int64(value)
	}
	return int64(value)
}

// text16 reads a text of n UTF-16 units.
func (c *cursor) text16(n int) string {
	s, err := decode16(c.take(2 * n))
	if err != nil {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return s
}

var errText = errors.New("the bytes are no text in their encoding")

// decode16 decodes little-endian UTF-16. Half a character is an error, and then the text has U+FFFD in its place.
func decode16(b []byte) (string, error) {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	runes := utf16.Decode(units)
	s := string(runes)
	odd := len(b)%2 != 0
	for i, at := 0, 0; i < len(runes); i++ {
		odd = odd || runes[i] == utf8.RuneError && units[at] != utf8.RuneError
		at += utf16.RuneLen(runes[i])
	}
	if odd {
		return s, errText
	}
	return s, nil
}
