package receipt

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"greenshield/geo"
	"greenshield/layers"
)

// MaxBytes is the largest file that is taken for a receipt: some 100,000 parcels.
const MaxBytes = 512 << 20

// State is what became of a receipt since it was sealed.
type State string

// The states.
const (
	Intact    State = "intact"    // every byte as it was sealed
	Rewritten State = "rewritten" // the same content in other bytes, as after an editor has laid it out anew
	Changed   State = "changed"   // the content is not what was sealed
)

// Opened is a receipt as it was found.
type Opened struct {
	// Receipt is what can be read of it; some of it is missing where State is Changed.
	Receipt
	// ID is the id that the file names; Hash is that of the content as it is now.
	ID    string
	Hash  layers.Hash
	State State
	// Changed names the parts that are not as they were sealed, members of the content or "id", "parts" and "sha256",
	// which are about it.
	Changed []string
}

// Read opens the receipt of a stream; more than MaxBytes are refused, "receipt.file.too-large".
func Read(r io.Reader) (Opened, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Opened{}, err
	}
	if len(raw) > MaxBytes {
		return Opened{}, geo.NewProblem("receipt.file.too-large", "limit", MaxBytes)
	}
	return Open(raw)
}

// envelope is the file as read, with exact names of members: encoding/json would take "Content" for "content".
type envelope struct {
	content map[string]json.RawMessage
	parts   map[string]string
	id, sum string
	hash    layers.Hash
}

// Open tells whether a receipt is what was sealed. What is no JSON ("receipt.file.damaged"), no receipt
// ("receipt.file.other") or of a later format ("receipt.format.newer") is refused; anything else is told by State.
func Open(raw []byte) (Opened, error) {
	value := jsontext.Value(bytes.Clone(raw))
	if err := value.Canonicalize(); err != nil {
		return Opened{}, geo.NewProblem("receipt.file.damaged").Because(err)
	}
	e, err := readEnvelope(value)
	if err != nil {
		return Opened{}, err
	}
	o := Opened{ID: e.id, Hash: e.hash, Changed: e.changed(), State: Intact}
	if len(o.Changed) > 0 {
		o.State = Changed
	} else if !bytes.Equal(value, raw) {
		o.State = Rewritten
	}
	err = o.decode(e)
	if o.State == Changed {
		return o, nil // what cannot be read of it is named already
	}
	return o, err
}

// other says that a file is no receipt, and at which member it shows.
func other(member string) error { return geo.NewProblem("receipt.file.other", "member", member) }

func readEnvelope(value []byte) (envelope, error) {
	var top map[string]json.RawMessage
	if json.Unmarshal(value, &top) != nil {
		return envelope{}, other("content")
	}
	var e envelope
	into := map[string]any{"content": &e.content, "id": &e.id, "parts": &e.parts, "sha256": &e.sum}
	for _, name := range slices.Sorted(maps.Keys(into)) {
		if raw, ok := top[name]; !ok || json.Unmarshal(raw, into[name]) != nil {
			return envelope{}, other(name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(top)) {
		if into[name] == nil {
			return envelope{}, other(name)
		}
	}
	e.hash = sha256.Sum256(top["content"])
	return e, nil
}

// changed names the parts that are not as they were sealed. Where the whole is right and a part's hash is not, it is the
// hash that was changed.
func (e envelope) changed() []string {
	var out []string
	whole := e.sum == e.hash.String()
	for _, name := range e.names() {
		value, there := e.content[name]
		if sum := layers.Hash(sha256.Sum256(value)); !there || e.parts[name] != sum.String() {
			out = append(out, name)
		}
	}
	switch {
	case whole && len(out) > 0:
		out = []string{"parts"}
	case !whole && len(out) == 0:
		out = []string{"sha256"}
	}
	if whole && e.id != ID(e.hash) {
		out = append(out, "id")
	}
	return out
}

// names are the members that the content has or should have, in order.
func (e envelope) names() []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(e.content)), maps.Keys(e.parts))
	slices.Sort(names)
	return slices.Compact(names)
}

// decode reads the members of the content as far as they can be read.
func (o *Opened) decode(e envelope) error {
	json.Unmarshal(e.content["format"], &o.Format) // what is no number is found below
	if o.Format > Format {
		return geo.NewProblem("receipt.format.newer", "format", o.Format, "known", Format)
	}
	known := o.parts()
	var failed error
	for _, p := range known {
		raw, ok := e.content[p.name]
		if !ok || json.Unmarshal(raw, p.value) != nil {
			failed = other(p.name)
		}
	}
	if failed == nil && len(e.content) > len(known) {
		failed = other("content")
	}
	return failed
}
