package report

import (
	"fmt"
	"math"
)

// DMS prints a longitude or latitude in degrees, minutes and seconds with two decimals, half up: 109°25′30.00″. Two
// decimals of a second are about 0.3 m. South and west are negative.
func DMS(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Unknown
	}
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	hundredths := int64(math.Floor(v*360_000 + 0.5))
	return fmt.Sprintf("%s%d°%02d′%02d.%02d″", sign, hundredths/360_000, hundredths/6000%60, hundredths/100%60, hundredths%100)
}
