package parceltxt

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format/charset"
)

// Parcel is one parcel to write. Its geometry, a polygon or multipolygon, is in the plane of WriteOptions.System with
// the easting first.
type Parcel struct {
	Number, Name, Sheet, Use, Class string
	Geometry                        orb.Geometry
}

// FieldNames are the names that reading gives to the texts of a Parcel, in their order.
func FieldNames() []string {
	var names []string
	for _, f := range loadWords().fields(0)[:5] {
		names = append(names, f.Name)
	}
	return names
}

// WriteOptions say how a file is written; System must be set.
type WriteOptions struct {
	// System is a Gauss-Krüger plane of CGCS2000. One with the zone number before the easting (EPSG:4513–4533 and
	// 4491–4501) is what most receivers want, one without (4534–4554, 4502–4512) is written as it is.
	System crs.System
	// Encoding is "GBK", which is also the default and what programs on Windows expect, or "UTF-8".
	Encoding string
	// Producer and Date fill the header; empty they stay empty.
	Producer, Date string
}

// coordinateDecimals are written of a coordinate: a tenth of a millimetre, the grid of geo/overlay.
const coordinateDecimals = 4

// Write writes an exchange file with CR LF line ends: per parcel the stated plane area in hectares with four decimals,
// shells and holes as rings 1, 2, …, every ring closed by its first point. Commas, line breaks and the mark "@" inside
// texts become full-width characters and blanks, so that a name cannot add a line.
func Write(w io.Writer, parcels []Parcel, o WriteOptions) error {
	return WriteAll(w, func(yield func(Parcel, error) bool) {
		for _, p := range parcels {
			if !yield(p, nil) {
				return
			}
		}
	}, o)
}

// WriteAll is Write for parcels that arrive one by one; it stops at the first error of theirs.
func WriteAll(w io.Writer, parcels iter.Seq2[Parcel, error], o WriteOptions) error {
	if !o.System.Gauss() {
		return fmt.Errorf("write parcels: %q is no Gauss-Krüger plane", o.System.String())
	}
	name := o.Encoding
	if name == "" {
		name = "GBK"
	}
	encoding, ok := charset.Named(name)
	if !ok || encoding == charset.UTF16LE || encoding == charset.UTF16BE {
		return fmt.Errorf("write parcels: no encoding %q", o.Encoding)
	}
	encoder := charset.Writer(w, encoding)
	out := bufio.NewWriter(encoder)
	b := appendFileHeader(nil, o)
	row := 0
	for p, err := range parcels {
		if err != nil {
			return err
		}
		row++
		if b, err = appendParcel(b, p); err != nil {
			return fmt.Errorf("write parcel %d: %w", row, err)
		}
		if _, err := out.Write(b); err != nil {
			return err
		}
		b = b[:0]
	}
	if _, err := out.Write(b); err != nil {
		return err
	}
	return errors.Join(out.Flush(), encoder.Close())
}

const lineEnd = "\r\n"

func appendFileHeader(b []byte, o WriteOptions) []byte {
	w := loadWords()
	b = append(b, "["+w.word("section.attributes")+"]"+lineEnd...)
	for _, pair := range [][2]string{
		{"key.version", w.word("value.version")},
		{"key.producer", Harmless(o.Producer)},
		{"key.date", Harmless(o.Date)},
		{"key.system", w.word("value.system")},
		{"key.width", strconv.Itoa(o.System.Width())},
		{"key.projection", w.word("value.projection")},
		{"key.unit", w.word("value.unit")},
		{"key.zone", strconv.Itoa(o.System.Zone())},
		{"key.precision", strconv.FormatFloat(math.Pow10(-coordinateDecimals), 'f', -1, 64)},
		{"key.transform", ",,,,,,"},
	} {
		b = append(b, w.word(pair[0])+"="+pair[1]+lineEnd...)
	}
	return append(b, "["+w.word("section.parcels")+"]"+lineEnd...)
}

func appendParcel(b []byte, p Parcel) ([]byte, error) {
	parts, err := ringsOf(p.Geometry)
	if err != nil {
		return b, err
	}
	points := 0
	for _, r := range parts {
		points += len(r) + 1
	}
	area := strconv.FormatFloat(ellipsoid.PlaneArea(p.Geometry)/1e4, 'f', 4, 64)
	kind := loadWords().word("kind.area")
	for _, text := range []string{
		strconv.Itoa(points), area, Harmless(p.Number), Harmless(p.Name), kind,
		Harmless(p.Sheet), Harmless(p.Use), Harmless(p.Class),
	} {
		b = append(append(b, text...), ',')
	}
	b = append(b, mark+lineEnd...)
	label := 1
	for i, r := range parts {
		first := label
		for _, v := range r {
			b = appendVertex(b, label, i+1, v)
			label++
		}
		b = appendVertex(b, first, i+1, r[0])
	}
	return b, nil
}

func appendVertex(b []byte, label, ring int, v orb.Point) []byte {
	b = append(strconv.AppendInt(append(b, 'J'), int64(label), 10), ',')
	b = append(strconv.AppendInt(b, int64(ring), 10), ',')
	b = append(strconv.AppendFloat(b, v[1], 'f', coordinateDecimals, 64), ',') // northing first
	b = strconv.AppendFloat(b, v[0], 'f', coordinateDecimals, 64)
	return append(b, lineEnd...)
}

// ringsOf are all rings of a geometry without their closing points.
func ringsOf(g orb.Geometry) ([]orb.Ring, error) {
	var polygons orb.MultiPolygon
	switch g := g.(type) {
	case orb.Polygon:
		polygons = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		polygons = g
	}
	var out []orb.Ring
	for _, p := range polygons {
		for _, r := range p {
			if n := len(r); n > 1 && r[0] == r[n-1] {
				r = r[:n-1]
			}
			if len(r) < 3 {
				return nil, errors.New("a ring with fewer than three points")
			}
			out = append(out, r)
			for _, v := range r {
				if math.IsNaN(v[0]+v[1]) || math.IsInf(v[0]+v[1], 0) {
					return nil, fmt.Errorf("coordinate %v", v)
				}
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("a %T without rings is no parcel", g)
	}
	return out, nil
}

// Harmless takes from a text what would change the structure of the file; it is what Write writes of a text.
func Harmless(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ',':
			return 0xFF0C
		case r == '@':
			return 0xFF20
		case r == '"':
			return 0x201D
		case r < ' ' || r == 0x7F || r == 0x85 || r == 0x2028 || r == 0x2029:
			return ' '
		}
		return r
	}, text)
}
