package layers

import (
	"context"
	"iter"

	"github.com/paulmach/orb"
)

// Source gives the features of a published vintage.
type Source interface {
	// Features yields the features whose bound meets the given one, borders included, in order of ID. An unknown or
	// withdrawn ref yields one error, "store.vintage.unknown". A nil bound means all.
	Features(ctx context.Context, ref Ref, bound *orb.Bound) iter.Seq2[Feature, error]
}

// Store keeps layers and their vintages. It is safe for concurrent use. Every implementation passes
// layers/store/storetest.
type Store interface {
	Source
	// Layers lists the layers that have a published vintage, by id.
	Layers(ctx context.Context) ([]Layer, error)
	// Vintages lists a layer's published vintages by Ref, withdrawn ones left out; unknown layer: empty.
	Vintages(ctx context.Context, id LayerID) ([]Vintage, error)
	// Vintage gives one published vintage, "store.vintage.unknown" when there is none.
	Vintage(ctx context.Context, ref Ref) (Vintage, error)
	// Issues gives what was noted when a vintage was read, in the order of Draft.Note; unknown ref:
	// "store.vintage.unknown".
	Issues(ctx context.Context, ref Ref) ([]Issue, error)
	// Fingerprints yields those of a vintage's features in order of ID, without reading their geometries. Errors are
	// those of Features.
	Fingerprints(ctx context.Context, ref Ref) iter.Seq2[Fingerprint, error]
	// Begin starts a draft of the next revision of v.Ref.Layer at v.Ref.Vintage; v.Ref.Revision is ignored. A layer
	// that has a published vintage of another theme is refused: "store.layer.theme-differs". Nothing of the draft is
	// visible before Commit, and a process that dies leaves nothing of it. Several drafts may be open at once, of one
	// vintage too: each gets a revision of its own.
	Begin(ctx context.Context, l Layer, v Vintage) (Draft, error)
	// Withdraw takes a vintage out of use; its ref is never given again. A ref that is not published:
	// "store.vintage.unknown".
	Withdraw(ctx context.Context, ref Ref) error
	Close() error
}

// Draft is a vintage in the making. It belongs to one goroutine.
type Draft interface {
	// Ref is the name that Commit will publish under.
	Ref() Ref
	// Append adds a feature; the draft numbers it and fills in its hash where it has none. Its values are parallel
	// to the vintage's fields and of their kinds; a number that is none (NaN) is kept as absent. Nothing of f is kept or
	// changed once Append returns.
	Append(ctx context.Context, f Feature) error
	// Note adds what was noted when the features were read; it is published with them.
	Note(issues ...Issue)
	// Commit publishes all that was appended under Ref, in one transaction, and returns the vintage with Count,
	// Area, Length, Bound, Content and Published filled in. edit may complete the rest of the metadata (rejects,
	// coverage, provenance, what is declared) before it is written, and add notes; it may be nil, what it does to the fields named before
	// is ignored, and its error gives up the publication. When another process has published the same Ref meanwhile the error is "store.vintage.taken".
	Commit(ctx context.Context, edit func(*Vintage) error) (Vintage, error)
	// Discard drops the draft; it is safe after Commit and then does nothing.
	Discard() error
}
