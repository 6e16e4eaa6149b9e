package ingest

import (
	"context"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/ingest/codes"
)

// ParcelRequest asks for the parcels of a file.
type ParcelRequest struct {
	Reading
	// MaxParcels bounds the number of parcels, which are all held in memory; 100,000 when zero.
	MaxParcels int
}

// ParcelReport is what reading the parcels brought to light. Its rejects are rows that cannot be checked.
type ParcelReport struct{ Findings }

const maxParcels = 100_000

// Parcels reads a delivered file for a check, with the same care as Import, and stores nothing. Rows that cannot be
// read are rejects in the report, and make the check's answer Incomplete; a file of which no row can be read is an
// error.
func Parcels(ctx context.Context, path string, req ParcelRequest) (_ []conflict.Parcel, _ ParcelReport, err error) {
	req.Path = path
	data, err := openFile(ctx, req.Reading)
	if err != nil {
		return nil, ParcelReport{}, err
	}
	defer closing(data, &err)
	return ParcelsOf(ctx, data, req)
}

// ParcelsOf is Parcels for a dataset that is open already, such as a polygon that was drawn.
func ParcelsOf(ctx context.Context, data format.Dataset, req ParcelRequest) ([]conflict.Parcel, ParcelReport, error) {
	var report ParcelReport
	r, err := newReader(ctx, data, req.Reading, codes.Parcel, &report.Findings)
	if err != nil {
		return nil, report, err
	}
	limit := req.MaxParcels
	if limit == 0 {
		limit = maxParcels
	}
	var out []conflict.Parcel
	err = r.each(ctx, func(k kept) error {
		if len(out) >= limit {
			return geo.NewProblem("ingest.parcels.too-many", "max", limit)
		}
		p := k.parcel(r.settled.system.Gauss())
		if differs(p) {
			report.note(k.row, layers.Warning, geo.NewProblem("ingest.parcels.area-differs", "name", p.Name,
				"declared", decimals(p.Declared), "plane", decimals(p.Plane)))
		}
		out = append(out, p)
		return nil
	})
	if err != nil {
		return nil, report, err
	}
	return out, report, nil
}

func (k kept) parcel(gauss bool) conflict.Parcel {
	geometry, _ := k.geometry.(orb.MultiPolygon) // the reader of parcels takes nothing else
	p := conflict.Parcel{
		Row: k.row, Name: k.name(), Geometry: geometry, Area: k.area, AreaMethod: ellipsoid.LegalPlane,
		Plane: k.plane, Declared: math.NaN(), Values: k.record.Values,
	}
	if gauss {
		p.AreaMethod = ellipsoid.Official70m
	}
	if h := k.record.Parcel; h != nil {
		p.Declared = h.DeclaredHectares * 1e4
	}
	return p
}

// name is what a person calls the row: its name, else its code, else its number.
func (k kept) name() string {
	for _, role := range []layers.Role{layers.Name, layers.Code} {
		if s := k.roles[role]; s != "" {
			return s
		}
	}
	return strconv.FormatInt(k.row, 10)
}

// differs reports whether the declared area contradicts the coordinates: by more than half a percent and more than
// 0.01 hm² (domain section 8). The declared area is that of the Gauss plane.
func differs(p conflict.Parcel) bool {
	d := math.Abs(p.Declared - p.Plane) // NaN when there is none, and then not greater
	return d > 100 && d > 0.005*p.Plane
}

func decimals(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }
