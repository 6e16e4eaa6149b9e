package layers

import (
	"strconv"
	"time"

	"greenshield/geo"
)

// Declared is what an operator says of a delivery that no file says: how well its boundaries are known, and how long it
// may be relied on. The zero value says nothing.
type Declared struct {
	// Accuracy is the greatest distance, in metres on the ground, between a delivered boundary point and the true one
	// that the supplier answers for: a maximum, not a standard deviation. Who knows the latter (mean error, one sigma)
	// declares twice of it, as map specifications do for the permissible error (domain, mark R). 0 says nothing.
	Accuracy geo.Length
	// ValidUntil is the last day (YYYY-MM-DD) on which the delivery may be relied on, inclusive; "" says nothing.
	ValidUntil string
}

// MostAccuracy is the greatest accuracy that can be declared, in metres: a boundary that is known less well than this
// says nothing about a parcel.
const MostAccuracy geo.Length = 500

// Ended reports whether the delivery may no longer be relied on, on a day (YYYY-MM-DD).
func (d Declared) Ended(day string) bool { return d.ValidUntil != "" && day > d.ValidUntil }

// Check refuses an accuracy that is none ("layer.accuracy.unusable"), a last day that is none
// ("layer.validity.malformed"), and one before the vintage begins ("layer.validity.before").
func (d Declared) Check(vintage string) error {
	if !(d.Accuracy >= 0 && d.Accuracy <= MostAccuracy) {
		return accuracyProblem(strconv.FormatFloat(float64(d.Accuracy), 'f', -1, 64))
	}
	if d.ValidUntil == "" {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, d.ValidUntil); err != nil {
		return geo.NewProblem("layer.validity.malformed", "day", d.ValidUntil)
	}
	if d.ValidUntil[:min(len(vintage), len(d.ValidUntil))] < vintage {
		return geo.NewProblem("layer.validity.before", "day", d.ValidUntil, "vintage", vintage)
	}
	return nil
}

// ParseDeclared reads what an operator typed for a vintage; both texts may be empty.
func ParseDeclared(accuracy, validUntil, vintage string) (Declared, error) {
	d := Declared{ValidUntil: validUntil}
	if accuracy != "" {
		metres, err := strconv.ParseFloat(accuracy, 64)
		if err != nil {
			return Declared{}, accuracyProblem(accuracy)
		}
		d.Accuracy = geo.Length(metres)
	}
	return d, d.Check(vintage)
}

func accuracyProblem(said string) error {
	return geo.NewProblem("layer.accuracy.unusable", "accuracy", said, "most", int64(MostAccuracy))
}
