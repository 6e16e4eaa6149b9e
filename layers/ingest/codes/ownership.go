package codes

import (
	"fmt"
	"strings"

	"greenshield/geo/format"
)

// Holder is whose land is, as far as a kind of ownership says.
type Holder string

// The holders; empty where a kind of ownership is not listed.
const (
	State      Holder = "state"      // land of the state
	Collective Holder = "collective" // land of a collective
)

// ownershipList is the list of the kinds of ownership.
const ownershipList = "qsxz"

// ownershipNames are the names that deliveries give to the fields on ownership, best first.
type ownershipNames struct {
	Kind  []string `yaml:"kind"`
	Owner []string `yaml:"owner"`
	Code  []string `yaml:"owner_code"`
	Place []string `yaml:"place"`
}

// OwnershipFields are the places, among the fields of a land-use layer, of those that say whose the land is; −1 where
// there is none.
type OwnershipFields struct{ Kind, Owner, Code, Place int }

// None reports whether no field says whose the land is.
func (o OwnershipFields) None() bool { return o.Kind < 0 && o.Owner < 0 && o.Code < 0 }

// Ownership finds the fields of a land-use layer that say whose the land is.
func (b *Book) Ownership(fields []format.Field) OwnershipFields {
	if b == nil {
		return OwnershipFields{-1, -1, -1, -1}
	}
	n := b.fields.Ownership
	return OwnershipFields{
		Kind: indexOf(n.Kind, fields), Owner: indexOf(n.Owner, fields), Code: indexOf(n.Code, fields),
		Place: indexOf(n.Place, fields),
	}
}

// indexOf is the place of the field whose name is the best alias, −1 when none is.
func indexOf(aliases []string, fields []format.Field) int {
	for _, a := range aliases {
		for i, f := range fields {
			if fold(a) == fold(f.Name) {
				return i
			}
		}
	}
	return -1
}

// Holder is whose land of a kind of ownership (QSXZ) is; empty for a kind that the book does not hold.
func (b *Book) Holder(kind string) Holder { return b.ownership(kind).Holder }

// OwnershipTitle is what a kind of ownership is called in a language, "" for one that the book does not hold.
func (b *Book) OwnershipTitle(lang, kind string) string {
	item := b.ownership(kind)
	if lang == "en" {
		return item.English
	}
	return item.Chinese
}

func (b *Book) ownership(kind string) ListItem {
	if b == nil {
		return ListItem{}
	}
	return b.lists[ownershipList].Codes[strings.ToUpper(strings.TrimSpace(kind))]
}

// checkHolders refuses a holder that is none.
func checkHolders(name string, l List) error {
	for code, item := range l.Codes {
		if item.Holder != "" && item.Holder != State && item.Holder != Collective {
			return fmt.Errorf("lists.yaml: value %s of list %q has the unknown holder %q", code, name, item.Holder)
		}
	}
	return nil
}
