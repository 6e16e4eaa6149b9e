package change

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"greenshield/layers"
)

// identity is how the features of the two vintages are named.
type identity struct {
	role layers.Role
	// once holds the features of each vintage by id, −1 for an id that several have.
	once [2]map[string]int32
}

// stable is the share of features with the same shape that must have kept their id for ids to mean anything: some
// deliveries number their features anew every year. It is proposed.
const stable = 0.5

// identity reads the ids of both vintages. Regions are known by the code that is their class already.
func (c *comparison) identity() identity {
	id := identity{role: layers.Code}
	if c.before.Vintage.Theme == layers.Region {
		return id
	}
	vintages := [...]*layers.Loaded{c.before, c.after}
	var twice [2][]string
	var both sync.WaitGroup
	for side, v := range vintages {
		both.Go(func() { id.once[side], twice[side] = register(v, layers.Code) })
	}
	both.Wait()
	for side, v := range vintages {
		if ids := twice[side]; len(ids) > 0 {
			c.gap("change.ids.twice", "ref", v.Vintage.Ref, "count", len(ids), "ids", some(ids))
		}
	}
	return id
}

// of is the id of a feature, "" for none.
func (d identity) of(f *layers.Feature) string { return f.Roles[d.role] }

// register lists the features of a vintage by id, and the ids that are used twice, sorted.
func register(v *layers.Loaded, role layers.Role) (once map[string]int32, twice []string) {
	once = make(map[string]int32, len(v.Features()))
	for i := range v.Features() {
		id := v.Features()[i].Roles[role]
		if id == "" {
			continue
		}
		if first, used := once[id]; !used {
			once[id] = int32(i)
		} else if first >= 0 {
			once[id] = -1
			twice = append(twice, id)
		}
	}
	slices.Sort(twice)
	return once, twice
}

// some names the first few of a list.
func some(words []string) string {
	const few = 5
	if len(words) <= few {
		return strings.Join(words, ", ")
	}
	return strings.Join(words[:few], ", ") + " …"
}

// linkByID links what has the same id and lies elsewhere, as far as ids can be trusted: not where an id is used twice,
// and not at all where features of the same shape have not kept theirs. An id of which both features stand where
// others come from or go to names another place now, and that is said.
func (l *lineage) linkByID() {
	if l.out.ByID = l.idsAreKept(); !l.out.ByID {
		return
	}
	linked := [2]map[int32]bool{{}, {}}
	for _, k := range l.links {
		linked[0][k.before], linked[1][k.after] = true, true
	}
	byPlace := l.links
	var elsewhere []string
	for i := range l.before.Features() {
		id, twin := l.ids.of(&l.before.Features()[i]), l.twins[i]
		if twin >= 0 && id == l.ids.of(&l.after.Features()[twin]) {
			continue
		}
		from, ok := l.ids.once[0][id]
		to, there := l.ids.once[1][id]
		switch {
		case !ok || !there || from < 0 || to < 0 || isLinked(byPlace, from, to):
		case !linked[0][from] && !linked[1][to] && twin < 0 && !l.twin[to]:
			l.links = append(l.links, link{from, to, 0, true})
		default:
			elsewhere = append(elsewhere, id)
		}
	}
	if len(elsewhere) > 0 {
		slices.Sort(elsewhere)
		l.gap("change.ids.elsewhere", "count", len(elsewhere), "ids", some(elsewhere))
	}
}

// isLinked reports whether links, which are in order, hold one between two features.
func isLinked(links []link, before, after int32) bool {
	_, found := slices.BinarySearchFunc(links, link{before: before, after: after}, func(a, b link) int {
		return cmp.Or(cmp.Compare(a.before, b.before), cmp.Compare(a.after, b.after))
	})
	return found
}

// idsAreKept reports whether features that kept their shape kept their id, too.
func (l *lineage) idsAreKept() bool {
	kept, asked := 0, 0
	judge := func(before, after *layers.Feature) {
		a, b := l.ids.of(before), l.ids.of(after)
		if a == "" || b == "" {
			return
		}
		if asked++; a == b {
			kept++
		}
	}
	if len(l.ids.once[0]) == 0 || len(l.ids.once[1]) == 0 {
		return false
	}
	for i, j := range l.twins {
		if j >= 0 {
			judge(&l.before.Features()[i], &l.after.Features()[j])
		}
	}
	for _, k := range l.links {
		if l.same(k) {
			judge(&l.before.Features()[k.before], &l.after.Features()[k.after])
		}
	}
	if asked > 0 && float64(kept) < stable*float64(asked) {
		l.gap("change.ids.renumbered", "kept", kept, "asked", asked)
		return false
	}
	return true
}
