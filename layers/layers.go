// Package layers is the vocabulary of greenshield: what a layer is, what it said at a date, and what a feature of it
// means. It knows no user, no screen and no file format. See the README's glossary for the Chinese terms.
package layers

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// LayerID names a layer: lower-case letters, digits, '-' and '_', starting with a letter, 40 characters at most.
type LayerID string

var (
	layerID = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)
	vintage = regexp.MustCompile(`^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$`)
)

// ParseLayerID checks the form of a layer's name.
func ParseLayerID(s string) (LayerID, error) {
	if !layerID.MatchString(s) {
		return "", geo.NewProblem("layer.id.malformed", "id", s)
	}
	return LayerID(s), nil
}

// Theme is what a layer means; it decides which fields matter, which rules apply and how the layer is drawn.
type Theme string

// The themes, with the officer's word.
const (
	Redline   Theme = "redline"   // 生态保护红线
	Protected Theme = "protected" // 自然保护地
	Farmland  Theme = "farmland"  // 永久基本农田
	Urban     Theme = "urban"     // 城镇开发边界
	Shoreline Theme = "shoreline" // 河湖岸线功能区, polygons or lines with a zone
	Bankline  Theme = "bankline"  // 河湖管理范围线, the line that shoreline zones are measured along
	River     Theme = "river"     // 河湖管理范围, polygons
	Wetland   Theme = "wetland"   // 重要湿地
	Landuse   Theme = "landuse"   // 土地利用现状, a coverage with classes
	Activity  Theme = "activity"  // 人类活动图斑
	Region    Theme = "region"    // 行政区
)

// Themes lists all themes in the order in which screens and reports show them.
func Themes() []Theme {
	return []Theme{
		Redline, Protected, Farmland, Urban, Shoreline, Bankline, River, Wetland, Landuse, Activity, Region,
	}
}

// ParseTheme checks that a theme exists.
func ParseTheme(s string) (Theme, error) {
	for _, t := range Themes() {
		if string(t) == s {
			return t, nil
		}
	}
	return "", geo.NewProblem("layer.theme.unknown", "theme", s, "known", joinThemes())
}

func joinThemes() string {
	var names []string
	for _, t := range Themes() {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}

// Constraint reports whether a parcel is checked against layers of this theme.
func (t Theme) Constraint() bool {
	switch t {
	case Redline, Protected, Farmland, Urban, Shoreline, River, Wetland:
		return true
	}
	return false
}

// Layer is one theme, supplied again and again.
type Layer struct {
	ID    LayerID
	Theme Theme
	// Title is the name that staff gave it.
	Title string
}

// Ref names what a layer said on a date, as delivered the n-th time: "redline@2023.2".
type Ref struct {
	Layer    LayerID
	Vintage  string // YYYY, YYYY-MM or YYYY-MM-DD
	Revision int    // 1 for the first delivery, 2 for its first correction …
}

// String gives the printed form, which ParseRef reads.
func (r Ref) String() string { return fmt.Sprintf("%s@%s.%d", r.Layer, r.Vintage, r.Revision) }

// ParseRef reads "redline@2023.2".
func ParseRef(s string) (Ref, error) {
	malformed := geo.NewProblem("layer.ref.malformed", "ref", s)
	name, rest, ok := strings.Cut(s, "@")
	date, rev, ok2 := strings.Cut(rest, ".")
	n, err := strconv.Atoi(rev)
	id, errID := ParseLayerID(name)
	if !ok || !ok2 || err != nil || n < 1 || errID != nil || ParseVintage(date) != nil {
		return Ref{}, malformed
	}
	return Ref{Layer: id, Vintage: date, Revision: n}, nil
}

// ParseVintage checks the form of a vintage's date: YYYY, YYYY-MM or YYYY-MM-DD.
func ParseVintage(s string) error {
	if !vintage.MatchString(s) {
		return geo.NewProblem("layer.vintage.malformed", "vintage", s)
	}
	return nil
}

// Compare orders refs by layer, then vintage, then revision.
func (r Ref) Compare(o Ref) int {
	if c := strings.Compare(string(r.Layer), string(o.Layer)); c != 0 {
		return c
	}
	if c := strings.Compare(r.Vintage, o.Vintage); c != 0 {
		return c
	}
	return r.Revision - o.Revision
}

// Feature is one geometry of a vintage with its attributes and its legal measures.
type Feature struct {
	// ID counts from 1 in delivery order within its vintage and is stable for ever.
	ID int64
	// Geometry is Polygon, MultiPolygon, LineString, MultiLineString, Point or MultiPoint in CGCS2000 degrees,
	// longitude first, valid by OGC rules. Edges longer than 70 m that were delivered straight in a Gauss plane
	// carry the densification of the official procedure (domain section 6.2).
	Geometry orb.Geometry
	// Area is the legal area of polygons, Length the geodesic length of lines; zero otherwise.
	Area   geo.Area
	Length geo.Length
	// Roles are the attributes that mean something to the theme, under their role; see Role.
	Roles map[Role]string
	// Values are all attributes as delivered, parallel to the vintage's Fields.
	Values []any
	// Hash identifies geometry and attributes; equal features of two vintages have equal hashes.
	Hash Hash
}

// Role is the meaning of an attribute, whatever a delivery calls it: BHQMC, HXMM and MC are all a Name.
type Role string

// The roles.
const (
	Code       Role = "code"        // identifying code of the feature (BSM, HXBM, …) or of the region (XZQDM)
	Name       Role = "name"        // name of the area, river or region
	Class      Role = "class"       // land-use class code (DLBM) or activity kind
	Zone       Role = "zone"        // functional zone: core, general, buffer, experimental; shoreline zone 1–4
	RegionCode Role = "region"      // administrative code of the place that the delivery states
	RiverName  Role = "river"       // river that a shoreline zone or line belongs to
	Side       Role = "side"        // bank: 1 left, 2 right
	Stated     Role = "stated_area" // area or length that the delivery itself states, with its unit as delivered
	Level      Role = "level"       // national, provincial, …
)

// Roles lists all roles in a fixed order.
func Roles() []Role {
	return []Role{Code, Name, Class, Zone, RegionCode, RiverName, Side, Stated, Level}
}
