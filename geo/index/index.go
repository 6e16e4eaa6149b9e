// Package index finds things by their bound. It knows bounds and nothing of what they belong to, and it is the home
// of tidwall/rtree; nobody else imports it.
package index

import (
	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// Index holds values of type T by their bounds. Searching from many goroutines at once is safe as long as nobody
// inserts; the zero value is empty and ready to use.
type Index[T any] struct{ tree rtree.RTreeG[T] }

// New makes an empty index.
func New[T any]() *Index[T] { return new(Index[T]) }

// Insert adds v under the bound b.
func (x *Index[T]) Insert(b orb.Bound, v T) { x.tree.Insert(b.Min, b.Max, v) }

// Search calls found for every value whose bound meets b, borders included, in no promised order, until found
// answers false.
func (x *Index[T]) Search(b orb.Bound, found func(v T) bool) {
	x.tree.Search(b.Min, b.Max, func(_, _ [2]float64, v T) bool { return found(v) })
}

// Len is the number of values.
func (x *Index[T]) Len() int { return x.tree.Len() }
