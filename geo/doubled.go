package geo

import "slices"

// Doubled is list with room for one more at least. A list that is long in the end is copied once on the whole when it
// doubles each time; append adds a quarter to a long one, which copies it four times.
func Doubled[T any](list []T) []T {
	if len(list) < cap(list) {
		return list
	}
	return slices.Grow(list, max(len(list), 64))
}
