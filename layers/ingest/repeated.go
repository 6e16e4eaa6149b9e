package ingest

import (
	"context"
	"fmt"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
)

// madeFrom are the layer's published vintages, of any date, that were made from the very bytes of a request, the latest
// first. A request without a hash has none.
func madeFrom(ctx context.Context, store layers.Store, req Request) ([]layers.Ref, error) {
	if req.SHA256 == (layers.Hash{}) {
		return nil, nil
	}
	published, err := store.Vintages(ctx, req.Layer.ID)
	if err != nil {
		return nil, fmt.Errorf("look for the same file: %w", err)
	}
	var refs []layers.Ref
	for i := len(published) - 1; i >= 0; i-- {
		if published[i].Provenance.SHA256 == req.SHA256 {
			refs = append(refs, published[i].Ref)
		}
	}
	return refs, nil
}

// mostRefs is the number of vintages that the sentence about a repeated file names.
const mostRefs = 3

// repeated says that the same bytes are published in this layer already. It is no error: a file may be read anew in
// another way, and a file that holds several layers may be delivered for each. Sent twice by mistake it makes a revision
// that says nothing new, and somebody should know.
func (g *gate) repeated() {
	if len(g.same) == 0 {
		return
	}
	var names []string
	for _, ref := range g.same[:min(len(g.same), mostRefs)] {
		names = append(names, ref.String())
	}
	g.found.note(0, layers.Note, geo.NewProblem("ingest.vintage.same-file", "refs", strings.Join(names, ", ")))
}
