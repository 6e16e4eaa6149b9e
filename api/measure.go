package api

import (
	"encoding/json"
	"math"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers/report"
)

// area is a legal area as it travels: the unrounded figure, and the strings that a screen shows.
type area struct {
	M2      float64     `json:"m2" doc:"Legal area in square metres, unrounded"`
	Printed printedArea `json:"printed"`
}

// printedArea is an area rounded once, half up on decimals, for people.
type printedArea struct {
	M2       string `json:"m2" example:"609686.32" doc:"Square metres, two decimals"`
	Hectares string `json:"hectares" example:"60.9686" doc:"Hectares (公顷), four decimals"`
	Mu       string `json:"mu" example:"914.53" doc:"Mu (亩), two decimals; 1 hm² = 15 mu"`
}

// length is a geodesic length as it travels.
type length struct {
	M       float64       `json:"m" doc:"Metres, unrounded; geodesic where it was measured"`
	Printed printedLength `json:"printed"`
}

// printedLength is a length rounded once, half up on decimals, for people.
type printedLength struct {
	M          string `json:"m" example:"12345.68" doc:"Metres, two decimals"`
	Kilometres string `json:"kilometres" example:"12.346" doc:"Kilometres, three decimals"`
}

// areaOf rounds an area that stands alone.
func areaOf(a geo.Area) area { return areaAs(a, report.PrintArea(a)) }

// areaAs is an area that was rounded together with others, so that they add up in print.
func areaAs(a geo.Area, p report.Printed) area { return area{M2: float64(a), Printed: printedArea(p)} }

func lengthOf(l geo.Length) length { return lengthAs(l, report.PrintLength(l)) }

func lengthAs(l geo.Length, p report.PrintedLength) length {
	return length{M: float64(l), Printed: printedLength(p)}
}

func printedAreas(list []report.Printed) []printedArea {
	out := make([]printedArea, len(list))
	for i, p := range list {
		out[i] = printedArea(p)
	}
	return out
}

func areasAs(areas []geo.Area, printed []report.Printed) []area {
	out := make([]area, len(areas))
	for i, a := range areas {
		out[i] = areaAs(a, printed[i])
	}
	return out
}

// bbox is west, south, east, north in degrees.
type bbox []float64

// Schema describes a bound to the OpenAPI document.
func (bbox) Schema(huma.Registry) *huma.Schema {
	four := 4
	return &huma.Schema{
		Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeNumber}, MinItems: &four, MaxItems: &four,
		Description: "West, south, east, north in degrees (CGCS2000)",
	}
}

// boundOf is nil for an empty bound, which JSON cannot say.
func boundOf(b orb.Bound) bbox {
	if b.IsEmpty() {
		return nil
	}
	return bbox{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
}

// geometry is a GeoJSON geometry, longitude before latitude in CGCS2000 degrees.
type geometry struct{ orb orb.Geometry }

func geometryOf(g orb.Geometry) *geometry {
	if g == nil || reflect.ValueOf(g).IsNil() {
		return nil
	}
	return &geometry{orb: g}
}

// MarshalJSON writes GeoJSON; orb's values are already nested the way that GeoJSON nests coordinates.
func (g geometry) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Type        string       `json:"type"`
		Coordinates orb.Geometry `json:"coordinates"`
	}{g.orb.GeoJSONType(), g.orb})
}

// Schema describes a geometry to the OpenAPI document.
func (geometry) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeObject, Required: []string{"type", "coordinates"},
		Description: "GeoJSON geometry, longitude before latitude, CGCS2000",
		Properties: map[string]*huma.Schema{
			"type": {Type: huma.TypeString, Enum: []any{
				"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
			}},
			"coordinates": {Type: huma.TypeArray, Items: &huma.Schema{}},
		},
	}
}

// number is nil where the figure is not known, which JSON has no NaN for.
func number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// listOf is never nil, so that an empty list travels as [] and not as null.
func listOf[T any](xs []T) []T {
	if xs == nil {
		return []T{}
	}
	return xs
}

// place is where a problem is, in degrees; nil when it has no place.
func place(p *geo.Problem) *position {
	if p == nil || p.At == nil {
		return nil
	}
	return &position{p.At[0], p.At[1]}
}

// position is a longitude and a latitude.
type position [2]float64

// Schema describes a position to the OpenAPI document.
func (position) Schema(huma.Registry) *huma.Schema {
	two := 2
	return &huma.Schema{
		Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeNumber}, MinItems: &two, MaxItems: &two,
		Description: "Longitude and latitude in degrees (CGCS2000)",
	}
}
