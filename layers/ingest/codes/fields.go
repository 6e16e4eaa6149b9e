package codes

import (
	"strings"
	"unicode/utf8"

	"greenshield/geo/format"
	"greenshield/layers"
)

// Match finds which field plays which role for a theme. Where the fields are those of a table that the book knows, the
// table says; for all other roles their aliases do. Aliases are compared without case; of several fields the one
// whose alias stands first in the book wins, and an alias in full wins over one cut to the ten bytes that a
// shapefile leaves of a name. A cut name that could be the rest of two roles' aliases plays none.
func (b *Book) Match(t layers.Theme, fields []format.Field) map[layers.Role]string {
	found, cut, claims := map[layers.Role]string{}, map[layers.Role]string{}, map[string]int{}
	if b == nil {
		return found
	}
	if table := b.Table(t, fields); table != nil {
		for role, alias := range table.Roles {
			if name, ok := find([]string{alias}, fields, equalName); ok {
				found[role] = name
			}
		}
	}
	for role, aliases := range b.fields.Roles[t] {
		if found[role] != "" {
			continue
		}
		if name, ok := find(aliases, fields, equalName); ok {
			found[role] = name
		} else if name, ok := find(aliases, fields, cutName); ok {
			cut[role] = name
			claims[name]++
		}
	}
	for role, name := range cut {
		if claims[name] == 1 {
			found[role] = name
		}
	}
	return found
}

func find(aliases []string, fields []format.Field, same func(alias, field string) bool) (string, bool) {
	for _, a := range aliases {
		for _, f := range fields {
			if same(fold(a), fold(f.Name)) {
				return f.Name, true
			}
		}
	}
	return "", false
}

func equalName(alias, field string) bool { return alias == field }

// The longest field name of a dBASE table is 10 bytes (dBASE III, 11 with the closing zero); a cut may fall into the
// middle of a Chinese character, whose rest is then lost.
const dbfName = 10

// cutName reports whether field is what a dBASE table leaves of alias, in UTF-8 or in GBK.
func cutName(alias, field string) bool {
	if len(field) >= len(alias) || !strings.HasPrefix(alias, field) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(alias[len(field):])
	return cutHere(len(field), utf8.RuneLen(next)) || cutHere(gbkLen(field), gbkLen(string(next)))
}

// cutHere reports whether the next character no longer fits after n bytes.
func cutHere(n, next int) bool { return n <= dbfName && n+next > dbfName }

// gbkLen is the length of s in GBK: one byte for ASCII, two for Chinese.
func gbkLen(s string) int {
	n := 0
	for _, r := range s {
		if n++; r >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// Suspect names the obfuscated frame that the field names point to, "" when they point to none.
func (b *Book) Suspect(fields []format.Field) string {
	if b == nil {
		return ""
	}
	have := map[string]bool{}
	for _, f := range fields {
		have[fold(f.Name)] = true
	}
	for _, s := range b.fields.Suspicions {
		if count(have, s.All) == len(s.All) && count(have, s.Any) >= s.Least {
			return s.Frame
		}
	}
	return ""
}

func count(have map[string]bool, names []string) int {
	n := 0
	for _, name := range names {
		if have[fold(name)] {
			n++
		}
	}
	return n
}
