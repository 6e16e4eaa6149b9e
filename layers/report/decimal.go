package report

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Unknown is how a figure is printed that is not known.
const Unknown = "–"

// Unit is a unit of print with its decimals (domain section 6.4).
type Unit int

// The units. A raw area is in m², a raw length in m, a raw share in parts of one.
const (
	SquareMetre Unit = iota // m², 2 decimals
	Hectare                 // hm² (公顷), 4 decimals
	Mu                      // 亩, 2 decimals; 1 hm² = 15 mu exactly
	Metre                   // m, 2 decimals
	Kilometre               // km, 3 decimals
	Percent                 // %, 2 decimals
)

// scale gives the unit's worth: value in the unit = raw × num / den, printed with so many decimals.
func (u Unit) scale() (num, den int64, decimals int) {
	switch u {
	case Hectare:
		return 1, 10_000, 4
	case Mu:
		return 15, 10_000, 2
	case Kilometre:
		return 1, 1000, 3
	case Percent:
		return 100, 1, 2
	}
	return 1, 1, 2
}

// Decimal is a rounded figure: an exact decimal number, or unknown, which is the zero value.
type Decimal struct {
	units    int64 // of the last decimal
	decimals int
	known    bool
}

// Round rounds half up on decimals: the raw figure is taken as the shortest decimal number that names its float, as a
// person would read it (1.005, not the 1.00499999… behind it), is brought into the unit exactly, and a half goes up.
// For negative figures a half goes down, so that a loss prints like the same gain. NaN and infinity are unknown.
func Round[T ~float64](raw T, u Unit) Decimal {
	x := exact(float64(raw), u)
	if x == nil {
		return Decimal{}
	}
	return u.decimal(halfUp(x))
}

// RoundTo rounds a figure that is in its unit of print already, such as one that a person entered, half up to so many
// decimals; rounding is that of Round.
func RoundTo[T ~float64](v T, decimals int) Decimal {
	x := named(float64(v))
	if x == nil {
		return Decimal{}
	}
	x.Mul(x, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)))
	return Decimal{units: halfUp(x), decimals: decimals, known: true}
}

func (u Unit) decimal(units int64) Decimal {
	_, _, decimals := u.scale()
	return Decimal{units: units, decimals: decimals, known: true}
}

// exact is a raw figure in units of the last printed decimal; nil where named is.
func exact(raw float64, u Unit) *big.Rat {
	x := named(raw)
	if x == nil {
		return nil
	}
	num, den, decimals := u.scale()
	for range decimals {
		num *= 10
	}
	return x.Mul(x, big.NewRat(num, den))
}

// named is the shortest decimal number that names a float; nil when it is none, or larger than anything on Earth.
func named(raw float64) *big.Rat {
	const largest = 1e15 // m²: twice the surface of the Earth
	if math.IsNaN(raw) || math.Abs(raw) > largest {
		return nil
	}
	x, ok := new(big.Rat).SetString(strconv.FormatFloat(raw, 'g', -1, 64))
	if !ok {
		return nil
	}
	return x
}

// halfUp rounds half away from zero.
func halfUp(x *big.Rat) int64 {
	half := big.NewRat(1, 2)
	if x.Sign() < 0 {
		return -floor(half.Add(half, new(big.Rat).Neg(x)))
	}
	return floor(half.Add(half, x))
}

func floor(x *big.Rat) int64 {
	// Div is Euclidean, and a denominator is positive, so it rounds down.
	return new(big.Int).Div(x.Num(), x.Denom()).Int64()
}

// Known reports whether there is a figure.
func (d Decimal) Known() bool { return d.known }

// String is the figure with all its decimals and without grouping, "–" when it is unknown.
func (d Decimal) String() string {
	if !d.known {
		return Unknown
	}
	sign, units := "", d.units
	if units < 0 {
		sign, units = "-", -units
	}
	digits := fmt.Sprintf("%0*d", d.decimals+1, units)
	if d.decimals == 0 {
		return sign + digits
	}
	return sign + digits[:len(digits)-d.decimals] + "." + digits[len(digits)-d.decimals:]
}

// Float is the float that is named by String, NaN when unknown.
func (d Decimal) Float() float64 {
	if !d.known {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(d.String(), 64)
	if err != nil {
		panic("report: a decimal that is no number: " + d.String())
	}
	return v
}

// plus adds figures with the same decimals; unknown and anything is unknown.
func (d Decimal) plus(o Decimal) Decimal {
	return Decimal{units: d.units + o.units, decimals: max(d.decimals, o.decimals), known: d.known && o.known}
}

func (d Decimal) minus(o Decimal) Decimal {
	o.units = -o.units
	return d.plus(o)
}

// numberFormat is the spreadsheet's code for figures with so many decimals. A zero is shown as 0, so that the figures
// of a large matrix stand out.
func numberFormat(decimals int) string {
	digits := "#,##0"
	if decimals > 0 {
		digits += "." + strings.Repeat("0", decimals)
	}
	return digits + ";-" + digits + ";0"
}
