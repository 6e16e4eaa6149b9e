package report

import (
	"cmp"
	"math/big"
	"slices"
)

// Apportion rounds parts so that they add up to their rounded sum: every part is rounded down, and the units that are
// then missing go to the parts with the largest remainders, the first of equals (largest remainder, the survey's
// 面积平差). Each printed part is within one unit of its raw value. Parts that are no numbers stay unknown, and the
// total with them.
func Apportion[T ~float64](parts []T, u Unit) (printed []Decimal, total Decimal) {
	raws := make([]*big.Rat, len(parts))
	sum := new(big.Rat)
	whole := true
	for i, p := range parts {
		if raws[i] = exact(float64(p), u); raws[i] == nil {
			raws[i], whole = new(big.Rat), false
		}
		sum.Add(sum, raws[i])
	}
	target := halfUp(sum)
	printed = make([]Decimal, len(parts))
	for i, units := range share(raws, target) {
		if exact(float64(parts[i]), u) != nil {
			printed[i] = u.decimal(units)
		}
	}
	if total = u.decimal(target); !whole {
		total = Decimal{}
	}
	return printed, total
}

// share rounds raws to units that sum up to target. Where target is the sum rounded either way, each is within one
// unit of its raw value; otherwise what is missing goes round by round. A raw value of zero stays zero as long as
// there is another.
func share(raws []*big.Rat, target int64) []int64 {
	out := make([]int64, len(raws))
	var order []int
	remainders := make([]*big.Rat, len(raws))
	for i, x := range raws {
		out[i] = floor(x)
		target -= out[i]
		remainders[i] = new(big.Rat).Sub(x, new(big.Rat).SetInt64(out[i]))
		if x.Sign() != 0 {
			order = append(order, i)
		}
	}
	if len(order) == 0 {
		for i := range raws {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(remainders[b].Cmp(remainders[a]), cmp.Compare(a, b))
	})
	for k := 0; target > 0; k, target = k+1, target-1 {
		out[order[k%len(order)]]++
	}
	for k := len(order) - 1; target < 0; k, target = k-1, target+1 {
		out[order[(k%len(order)+len(order))%len(order)]]--
	}
	return out
}
