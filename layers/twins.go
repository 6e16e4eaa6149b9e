package layers

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// hashed is a feature of a vintage by the first half of its hash: 128 bits of SHA-256, which no two different features
// will ever share by chance.
type hashed struct {
	hi, lo uint64
	index  int32
}

func (h hashed) compare(o hashed) int {
	return cmp.Or(cmp.Compare(h.hi, o.hi), cmp.Compare(h.lo, o.lo))
}

// hashes are the features that have a hash, sorted by it and then by index; made once, so that comparing two vintages is
// one pass over both lists.
func (l *Loaded) hashes() []hashed {
	l.hashOnce.Do(func() {
		l.byHash = make([]hashed, 0, len(l.features))
		for i := range l.features {
			h := &l.features[i].Hash
			if *h != (Hash{}) {
				l.byHash = append(l.byHash, hashed{
					binary.BigEndian.Uint64(h[:8]), binary.BigEndian.Uint64(h[8:16]), int32(i),
				})
			}
		}
		slices.SortFunc(l.byHash, func(a, b hashed) int { return cmp.Or(a.compare(b), cmp.Compare(a.index, b.index)) })
	})
	return l.byHash
}

// Twins gives, for every feature of l, the index of an equal feature of o (same geometry, same attributes), −1 for none.
// Each feature of o is the twin of one at most.
func (l *Loaded) Twins(o *Loaded) []int32 {
	twins := slices.Repeat([]int32{-1}, len(l.features))
	ours, theirs := l.hashes(), o.hashes()
	for len(ours) > 0 && len(theirs) > 0 {
		switch c := ours[0].compare(theirs[0]); {
		case c < 0:
			ours = ours[1:]
		case c > 0:
			theirs = theirs[1:]
		default:
			twins[ours[0].index] = theirs[0].index
			ours, theirs = ours[1:], theirs[1:]
		}
	}
	return twins
}
