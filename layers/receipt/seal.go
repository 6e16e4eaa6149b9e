package receipt

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"greenshield/layers"
)

// Sealed is a receipt in its final form.
type Sealed struct {
	Receipt
	// ID is what is printed in reports; see ID.
	ID string
	// Hash is the SHA-256 over the canonical bytes of the content.
	Hash layers.Hash
	// Bytes are the file: canonical JSON with the members content, id, parts (the SHA-256 of every member of the
	// content, so that a change can be located) and sha256.
	Bytes []byte
}

// part is a member of the content.
type part struct {
	name  string
	value any
}

// parts are the members of the content in the order of their names, which is the canonical one.
func (r *Receipt) parts() []part {
	return []part{
		{"at", &r.At},
		{"file", &r.File},
		{"format", &r.Format},
		{"gaps", &r.Gaps},
		{"inputs", &r.Inputs},
		{"kind", &r.Kind},
		{"method", &r.Method},
		{"open", &r.Open},
		{"program", &r.Program},
		{"question", &r.Question},
		{"result", &r.Result},
		{"ruleBook", &r.RuleBook},
	}
}

// Seal writes a receipt in its canonical form. The same receipt gives the same bytes and the same id.
func Seal(r Receipt) (Sealed, error) {
	var content bytes.Buffer
	hashes := map[string]layers.Hash{}
	for i, p := range r.parts() {
		value, err := canonical(p.value)
		if err != nil {
			return Sealed{}, fmt.Errorf("seal %s of a receipt: %w", p.name, err)
		}
		hashes[p.name] = sha256.Sum256(value)
		content.WriteByte("{,"[min(i, 1)])
		fmt.Fprintf(&content, "%q:", p.name)
		content.Write(value)
	}
	content.WriteByte('}')
	hash := layers.Hash(sha256.Sum256(content.Bytes()))
	parts, err := canonical(hashes)
	if err != nil {
		return Sealed{}, err
	}
	out := slices.Concat([]byte(`{"content":`), content.Bytes(),
		fmt.Appendf(nil, `,"id":%q,"parts":%s,"sha256":"%s"}`, ID(hash), parts, hash))
	return Sealed{Receipt: r, ID: ID(hash), Hash: hash, Bytes: out}, nil
}

// canonical is the canonical JSON of a value.
func canonical(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	value := jsontext.Value(raw)
	err = value.Canonicalize()
	return value, err
}

// ID is the name that people read and compare: the first 100 bits of the hash in 20 letters and digits that are not
// mistaken for each other (Crockford's base 32), in four groups.
func ID(h layers.Hash) string {
	letters := base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)
	s := letters.EncodeToString(h[:])
	return s[:5] + "-" + s[5:10] + "-" + s[10:15] + "-" + s[15:20]
}
