package ingest

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
)

// history is what the layer has published before.
type history struct {
	published []layers.Vintage // in order of date and revision
	// last is the vintage that the delivery follows: the latest of an earlier date, or else the last revision of this
	// one; nil when there is none.
	last *layers.Vintage
}

func historyOf(ctx context.Context, store layers.Store, req Request) (history, error) {
	all, err := store.Vintages(ctx, req.Layer.ID)
	if err != nil {
		return history{}, fmt.Errorf("look for the vintage before: %w", err)
	}
	h := history{published: all}
	for i := range all {
		if req.Vintage == "" || all[i].Ref.Vintage <= req.Vintage {
			h.last = &all[i]
		}
	}
	return h, nil
}

// propose gives a reading the mapping of the vintage before.
func (h history) propose(r *Reading) {
	if h.last != nil {
		r.before, r.beforeRef = h.last.Mapping, h.last.Ref
	}
}

// madeFrom are the vintages, of any date, that were made from the very bytes with a hash, the latest first.
func (h history) madeFrom(sum layers.Hash) []layers.Ref {
	var refs []layers.Ref
	for _, v := range slices.Backward(h.published) {
		if v.Provenance.SHA256 == sum {
			refs = append(refs, v.Ref)
		}
	}
	return refs
}

// mostRefs is the number of vintages that the sentence about a repeated file names.
const mostRefs = 3

// tellRepeated says that the same bytes are published in this layer already. It is no error: a file may be read anew in
// another way, and a file that holds several layers may be delivered for each. Sent twice by mistake it makes a revision
// that says nothing new, and somebody should know.
func (g *gate) tellRepeated(sum layers.Hash) {
	same := g.history.madeFrom(sum)
	if len(same) == 0 {
		return
	}
	var names []string
	for _, ref := range same[:min(len(same), mostRefs)] {
		names = append(names, ref.String())
	}
	g.found.note(0, layers.Note, geo.NewProblem("ingest.vintage.same-file", "refs", strings.Join(names, ", ")))
}

// fingerprint is a feature of the delivery, for the comparison with the vintage before: of hash and code 64 bits each,
// since a wrong match would change a count in a note.
type fingerprint struct{ hash, code uint64 }

func fingerprintOf(hash layers.Hash, code string) fingerprint {
	f := fingerprint{hash: binary.LittleEndian.Uint64(hash[:])}
	if code != "" {
		f.code = hash64(code)
	}
	return f
}

// difference counts features: the same in geometry and all attributes; changed, with the same code; new; gone.
type difference struct{ same, changed, added, gone int64 }

// compare counts what became of the features of the vintage before.
func compare(now []fingerprint, before func(yield func(layers.Fingerprint, error) bool)) (difference, error) {
	var d difference
	var left []fingerprint // of the vintage before, without a twin
	twins := make(map[uint64]int64, len(now))
	for _, f := range now {
		twins[f.hash]++
	}
	for old, err := range before {
		if err != nil {
			return d, err
		}
		f := fingerprintOf(old.Hash, old.Code)
		if twins[f.hash] > 0 {
			twins[f.hash]--
			d.same++
			continue
		}
		left = append(left, f)
	}
	codes := map[uint64]int64{} // of the features now that have no twin
	for _, f := range now {
		if twins[f.hash] > 0 {
			twins[f.hash]--
			codes[f.code]++
			d.added++
		}
	}
	delete(codes, 0)
	for _, f := range left {
		if codes[f.code] > 0 {
			codes[f.code]--
			d.changed++
			d.added--
			continue
		}
		d.gone++
	}
	return d, nil
}

// tellDifference notes what is different from the vintage before.
func (g *gate) tellDifference(ctx context.Context) error {
	last := g.history.last
	if last == nil {
		return nil
	}
	d, err := compare(g.fingerprints, g.store.Fingerprints(ctx, last.Ref))
	if err != nil {
		return fmt.Errorf("compare with %s: %w", last.Ref, err)
	}
	f := g.found
	f.note(0, layers.Note, geo.NewProblem("ingest.vintage.before", "ref", last.Ref,
		"was", last.Count, "is", f.Kept, "more", signed(f.Kept-last.Count),
		"same", d.same, "changed", d.changed, "added", d.added, "gone", d.gone,
		"area", hectares(last.Area), "now", hectares(f.AreaAfter), "change", hectares(f.AreaAfter-last.Area)))
	return nil
}
