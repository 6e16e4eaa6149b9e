package table

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"greenshield/geo/format"
)

// number is the value of a plain decimal number; thousands are not divided in it.
func number(text string) (float64, bool) {
	text = half(text)
	for _, c := range text {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// trailingInt is the number that a label ends with: 7 of J7, J07 and 7, -1 when it ends otherwise.
func trailingInt(text string) int {
	i := len(text)
	for i > 0 && text[i-1] >= '0' && text[i-1] <= '9' {
		i--
	}
	n, err := strconv.Atoi(text[i:])
	if err != nil {
		return -1
	}
	return n
}

// maxDigits is how many digits a number may have: beyond it a float64 is not exact, and it is the number of something
// (a credit code, an identity card), not a quantity.
const maxDigits = 15

var (
	wholeNumber   = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	decimalNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?$`)
	dateText      = regexp.MustCompile(`^([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})$`)
)

// kinds gathers what the values of a column can be.
type kinds struct {
	some                                bool // a value that is not blank
	notWhole, notReal, notBool, notDate bool
}

// see takes one value. A leading zero makes text of a number: it is a code.
func (k *kinds) see(text string) {
	if text == "" {
		return
	}
	k.some = true
	digits := len(strings.TrimLeft(text, "-"))
	k.notWhole = k.notWhole || digits > maxDigits || !wholeNumber.MatchString(text)
	if !k.notReal {
		v, err := strconv.ParseFloat(text, 64)
		k.notReal = !decimalNumber.MatchString(text) || err != nil || math.IsInf(v, 0) ||
			digits > maxDigits && wholeNumber.MatchString(text)
	}
	k.notBool = k.notBool || !strings.EqualFold(text, "true") && !strings.EqualFold(text, "false")
	if !k.notDate {
		_, ok := date(text)
		k.notDate = !ok
	}
}

// kind is the narrowest that takes all values.
func (k kinds) kind() format.Kind {
	switch {
	case !k.some:
		return format.Text
	case !k.notWhole:
		return format.Integer
	case !k.notReal:
		return format.Real
	case !k.notBool:
		return format.Boolean
	case !k.notDate:
		return format.Date
	}
	return format.Text
}

// date is a date as a Date field carries it.
func date(text string) (string, bool) {
	m := dateText.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	t, err := time.Parse("2006-1-2", m[1]+"-"+m[2]+"-"+m[3])
	return t.Format(time.DateOnly), err == nil
}

// valueOf is a cell as the value of a field of a kind that was found for its column.
func valueOf(text string, kind format.Kind) any {
	if text == "" {
		return nil
	}
	switch kind {
	case format.Integer:
		if v, err := strconv.ParseInt(text, 10, 64); err == nil {
			return v
		}
	case format.Real:
		if v, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(v, 0) {
			return v
		}
	case format.Boolean:
		return strings.EqualFold(text, "true")
	case format.Date:
		if v, ok := date(text); ok {
			return v
		}
	case format.Text:
		return unguarded(text)
	}
	return nil
}
