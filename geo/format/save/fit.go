package save

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
	"greenshield/geo/format/parceltxt"
)

// fitter hands rows on as the kind of file can hold them, and notes what it changed.
type fitter struct {
	layer  Layer
	system crs.System
	notes  format.Notes
}

func (f *fitter) rows(ctx context.Context, rows records) records {
	return func(yield func(format.Record, error) bool) {
		row := int64(0)
		for r, err := range rows {
			if row++; err == nil && row%64 == 0 {
				err = ctx.Err()
			}
			if err == nil {
				r, err = f.fit(row, r)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

func (f *fitter) fit(row int64, r format.Record) (format.Record, error) {
	if r.Problem != nil {
		return r, r.Problem
	}
	if f.layer.Kind == ParcelText && !isArea(r.Geometry) {
		return r, geo.NewProblem("layer.export.polygons-only", "row", row, "kind", string(f.layer.Kind))
	}
	if r.Geometry != nil && f.system.EPSG() != 4490 {
		if err := InReach(f.system, r.Geometry); err != nil {
			return r, err
		}
		r.Geometry = f.system.GeometryFromLonLat(r.Geometry)
	}
	values := make([]any, len(r.Values))
	for i, v := range r.Values {
		values[i] = v
		text, ok := v.(string)
		if !ok || i >= len(f.layer.Fields) || !f.layer.holds(f.layer.Fields[i].Name) {
			continue
		}
		name := f.layer.Fields[i].Name
		held := f.layer.Kind.text(text)
		if held != text {
			f.notes.Add(row, "layer.export.characters-replaced", "column", name)
		}
		if f.layer.Encoding == "GBK" {
			if c, lacks := lacking(held); lacks {
				return r, geo.NewProblem("layer.export.gbk-lacks", "row", row, "column", name, "character", c)
			}
		}
		values[i] = held
	}
	r.Values = values
	return r, nil
}

// beyond is how far, in degrees of longitude, a plane is used outside its zone: layers across several zones are
// delivered in one of them, and no place of China needs more.
const beyond = 6.0

// InReach tells whether a geometry in CGCS2000 degrees lies near enough to the zone of a plane to be written in it:
// "layer.export.outside-zone" when not, nil for systems without zones.
func InReach(s crs.System, g orb.Geometry) error {
	if g == nil || !s.Gauss() {
		return nil
	}
	b, reach := g.Bound(), float64(s.Width())/2+beyond
	if b.Min[0] >= s.CentralMeridian()-reach && b.Max[0] <= s.CentralMeridian()+reach {
		return nil
	}
	degrees := func(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
	return geo.NewProblem("layer.export.outside-zone", "system", s.Title(),
		"west", degrees(b.Min[0]), "east", degrees(b.Max[0]))
}

func isArea(g orb.Geometry) bool {
	switch g.(type) {
	case orb.Polygon, orb.MultiPolygon:
		return true
	}
	return false
}

// text is what a kind of file gives back of a text. Zero bytes end a text for most readers; XML 1.0 section 2.2 and
// tables have no place for control characters; a table knows one kind of line end; the exchange of parcels is lines
// divided by commas, where they and line ends are written as other characters.
func (k Kind) text(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	switch k {
	case GeoJSON:
		return s
	case Shapefile, GeoPackage:
		return strings.ReplaceAll(s, "\x00", " ")
	case ParcelText:
		return parceltxt.Harmless(s)
	case CSV:
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, s)
}

// lacking is the first character of a text that GBK does not have, as itself and by its number.
func lacking(s string) (string, bool) {
	encoder := simplifiedchinese.GBK.NewEncoder()
	if _, err := encoder.String(s); err == nil {
		return "", false
	}
	for _, r := range s {
		if _, err := encoder.String(string(r)); err != nil {
			return string(r) + " (U+" + strings.ToUpper(strconv.FormatInt(int64(r), 16)) + ")", true
		}
	}
	return "", false
}

// OwnParcelFields are those of fields that are called as the reader of ParcelText calls them.
func OwnParcelFields(fields []format.Field) ParcelFields {
	var p ParcelFields
	places := []*string{&p.Number, &p.Name, &p.Sheet, &p.Use, &p.Class}
	for i, own := range parceltxt.FieldNames() {
		if slices.ContainsFunc(fields, func(f format.Field) bool { return f.Name == own }) {
			*places[i] = own
		}
	}
	return p
}

// holds tells whether a field has a place in the file.
func (l *Layer) holds(field string) bool {
	if l.Kind != ParcelText {
		return true
	}
	p := l.Parcel
	return field != "" && (field == p.Number || field == p.Name || field == p.Sheet || field == p.Use || field == p.Class)
}

// notes are what is known before the rows: the fields that the kind has no place for, and what KML means by degrees.
func (l *Layer) notes() []*geo.Problem {
	var left []string
	for _, f := range l.Fields {
		if !l.holds(f.Name) {
			left = append(left, f.Name)
		}
	}
	var out []*geo.Problem
	if left != nil {
		out = append(out, geo.NewProblem("layer.export.fields-left-out", "names", strings.Join(left, ", ")))
	}
	switch l.Kind {
	case KML:
		out = append(out, geo.NewProblem("layer.export.wgs84"))
	case GeoPackage:
		for i, name := range geopackage.ColumnNames(l.Fields) {
			if name != l.Fields[i].Name {
				out = append(out, geo.NewProblem("layer.export.column-taken", "column", l.Fields[i].Name, "name", name))
			}
		}
	}
	return out
}

// aboutNames adds to the text about the data which field has which name in the file, so that it can be undone.
func (l *Layer) aboutNames(names []string) string {
	var b strings.Builder
	for i, name := range names {
		if long := l.Fields[i].Name; name != long {
			b.WriteString(name + " = " + strings.Join(strings.Fields(long), " ") + "\n")
		}
	}
	if b.Len() == 0 {
		return l.About
	}
	return strings.TrimLeft(strings.TrimRight(l.About, "\n")+"\n\n", "\n") + b.String()
}

// parcels are the rows as the exchange of parcels has them.
func (l *Layer) parcels(rows records) iter.Seq2[parceltxt.Parcel, error] {
	at := map[string]int{}
	for i := len(l.Fields) - 1; i >= 0; i-- {
		at[l.Fields[i].Name] = i
	}
	return func(yield func(parceltxt.Parcel, error) bool) {
		for r, err := range rows {
			text := func(name string) string {
				i, ok := at[name]
				if !ok || name == "" || i >= len(r.Values) || r.Values[i] == nil {
					return ""
				}
				return plain(r.Values[i])
			}
			p := parceltxt.Parcel{
				Number: text(l.Parcel.Number), Name: text(l.Parcel.Name), Sheet: text(l.Parcel.Sheet),
				Use: text(l.Parcel.Use), Class: text(l.Parcel.Class), Geometry: r.Geometry,
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

// plain is a value as text.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
