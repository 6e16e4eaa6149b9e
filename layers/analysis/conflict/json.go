package conflict

import (
	"encoding/json"
	"math"

	"greenshield/geo"
)

// plainParcel is a Parcel without methods, so that its other fields are written as they are.
type plainParcel Parcel

// parcelJSON is a parcel as it is kept: areas that are not known are null, and the attributes that its owner gave it,
// which no answer depends on, are left out.
type parcelJSON struct {
	plainParcel
	Plane, Declared geo.Number
	Values          *struct{} `json:",omitempty"`
}

// MarshalJSON writes what an answer depends on: all but Values.
func (p Parcel) MarshalJSON() ([]byte, error) {
	return json.Marshal(parcelJSON{
		plainParcel: plainParcel(p), Plane: geo.Number(p.Plane), Declared: geo.Number(p.Declared),
	})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Parcel) UnmarshalJSON(raw []byte) error {
	in := parcelJSON{Plane: geo.Number(math.NaN()), Declared: geo.Number(math.NaN())}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	*p = Parcel(in.plainParcel)
	p.Plane, p.Declared = float64(in.Plane), float64(in.Declared)
	return nil
}
