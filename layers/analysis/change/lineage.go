package change

import (
	"cmp"
	"math"
	"slices"

	"greenshield/geo"
	"greenshield/geo/overlay"
)

// The shares by which features are told to be the same, or one to come from another. They are proposed, not law.
const (
	// DefaultSame is how much of each of two features they must share to have the same shape: a border of a field of a
	// hectare that was drawn anew within a metre stays above it.
	DefaultSame = 0.95
	// DefaultDescent is how much of the smaller of two features they must share for one to come from the other.
	DefaultDescent = 0.2
)

// Fate is what became of features from one vintage to the next.
type Fate string

// The fates, in order of lists.
const (
	Unchanged    Fate = "unchanged"    // one feature, same shape and class
	Reclassified Fate = "reclassified" // one feature, same shape, another class
	Reshaped     Fate = "reshaped"     // one feature, another shape
	Moved        Fate = "moved"        // one id that lies where it did not lie before
	Split        Fate = "split"        // one became several
	Merged       Fate = "merged"       // several became one
	Regrouped    Fate = "regrouped"    // several became several others
	New          Fate = "new"
	Gone         Fate = "gone"
)

// Fates lists all of them.
func Fates() []Fate {
	return []Fate{Unchanged, Reclassified, Reshaped, Moved, Split, Merged, Regrouped, New, Gone}
}

// Lineage is a group of features before and of those after that came from them. Features that have to do with each
// other are in one group, however many they are; every polygon of both vintages is in exactly one.
type Lineage struct {
	Fate Fate
	// Before and After are the features, in order; CodesBefore and CodesAfter their ids, "" for none.
	Before, After           []int64
	CodesBefore, CodesAfter []string
	// ClassesBefore and ClassesAfter are the classes that occur, sorted; Reclassified says that they differ.
	ClassesBefore, ClassesAfter []string
	Reclassified                bool
	// AreaBefore and AreaAfter are the legal areas of the features, Shared what they have in common.
	AreaBefore, AreaAfter, Shared geo.Area
}

// FateCount is how many groups and features had a fate.
type FateCount struct {
	Fate                  Fate
	Groups, Before, After int
	// Reclassified counts the groups whose classes differ.
	Reclassified          int
	AreaBefore, AreaAfter geo.Area
}

// Lineages is what became of the features.
type Lineages struct {
	// ByID says that ids were taken for identity; without it, features are known by the place they take alone.
	ByID bool
	// Same and Descent are the shares that were applied.
	Same, Descent float64
	// Counts has every fate, in order of Fates, also those that nothing had.
	Counts []FateCount
	// Groups lists all but the unchanged, in order of Fates, then of the features.
	Groups []Lineage
}

// link says that a feature after came from one before.
type link struct {
	before, after int32
	area          geo.Area
	byID          bool // and by nothing else
}

// lineage follows the features through the pairs that the overlay found.
type lineage struct {
	*comparison
	ids   identity
	twins []int32 // by feature before, −1 for none
	twin  []bool  // by feature after
	links []link
	// group is the union-find forest over the features before, then those after.
	group []int32
	out   Lineages
}

// trace follows every feature.
func (c *comparison) trace(t *overlay.Transition, twins []int32) Lineages {
	l := &lineage{comparison: c, twins: together(twins, t.Twins), ids: c.identity()}
	l.twin = c.twinAfter(l.twins)
	l.out = Lineages{Same: c.Same, Descent: c.Descent}
	for _, p := range t.Pairs {
		if l.twins[p.A] >= 0 || l.twin[p.B] { // what has a twin is that, whatever overlaps it
			continue
		}
		if p.Area >= geo.Area(c.Descent)*min(l.area(0, p.A), l.area(1, p.B)) {
			l.links = append(l.links, link{p.A, p.B, p.Area, false})
		}
	}
	l.linkByID()
	l.unite()
	l.count()
	return l.out
}

// together are the twins by content, also where they overlap others, and those that are equal point by point.
func together(byContent, byPoints []int32) []int32 {
	out := slices.Clone(byContent)
	for i, j := range byPoints {
		if j >= 0 {
			out[i] = j
		}
	}
	return out
}

// twinAfter tells the features after that have a twin.
func (c *comparison) twinAfter(twins []int32) []bool {
	out := make([]bool, len(c.after.Features()))
	for _, j := range twins {
		if j >= 0 {
			out[j] = true
		}
	}
	return out
}

// area is the legal area of a feature of the vintage before (0) or after (1).
func (l *lineage) area(side int, i int32) geo.Area {
	if side == 0 {
		return l.before.Features()[i].Area
	}
	return l.after.Features()[i].Area
}

// same reports whether two features have the same shape.
func (l *lineage) same(k link) bool {
	return !k.byID && k.area >= geo.Area(l.Same)*max(l.area(0, k.before), l.area(1, k.after))
}

// unite makes groups of the features that are linked.
func (l *lineage) unite() {
	n := len(l.before.Features())
	l.group = make([]int32, n+len(l.after.Features()))
	for i := range l.group {
		l.group[i] = int32(i)
	}
	for _, k := range l.links {
		a, b := l.root(k.before), l.root(int32(n)+k.after)
		l.group[max(a, b)] = min(a, b) // the first feature names the group
	}
}

func (l *lineage) root(i int32) int32 {
	for l.group[i] != i {
		l.group[i] = l.group[l.group[i]]
		i = l.group[i]
	}
	return i
}

// family is a group in the making, by numbers of features.
type family struct {
	before, after []int32
	links         []link
}

// families are the groups of the features that have no twin, in order of their first feature.
func (l *lineage) families() []family {
	n := int32(len(l.before.Features()))
	at := map[int32]int{}
	var out []family
	of := func(i int32) *family {
		r := l.root(i)
		k, ok := at[r]
		if !ok {
			k = len(out)
			at[r] = k
			out = append(out, family{})
		}
		return &out[k]
	}
	for i := range int32(len(l.group)) {
		switch {
		case i < n && l.twins[i] < 0 && l.before.IsArea(int(i)):
			of(i).before = append(of(i).before, i)
		case i >= n && !l.twin[i-n] && l.after.IsArea(int(i-n)):
			of(i).after = append(of(i).after, i-n)
		}
	}
	for _, k := range l.links {
		f := of(k.before)
		f.links = append(f.links, k)
	}
	return out
}

// count tells the fate of every group.
func (l *lineage) count() {
	counts := map[Fate]*FateCount{}
	for _, fate := range Fates() {
		counts[fate] = &FateCount{Fate: fate}
	}
	for i, j := range l.twins {
		switch {
		case j < 0:
		case l.nature(&l.before.Features()[i]) == l.nature(&l.after.Features()[j]):
			counts[Unchanged].addTwins(l.area(0, int32(i)), l.area(1, j))
		default:
			l.enter(counts, twinFamily(int32(i), j, l.area(0, int32(i))))
		}
	}
	for _, f := range l.families() {
		l.enter(counts, f)
	}
	for _, fate := range Fates() {
		l.out.Counts = append(l.out.Counts, *counts[fate])
	}
	order := Fates()
	slices.SortStableFunc(l.out.Groups, func(a, b Lineage) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Fate), slices.Index(order, b.Fate)), slices.Compare(a.Before, b.Before))
	})
}

// twinFamily is a feature and its twin.
func twinFamily(before, after int32, area geo.Area) family {
	return family{[]int32{before}, []int32{after}, []link{{before, after, area, false}}}
}

// enter tells the fate of a group, counts it and lists it unless nothing changed.
func (l *lineage) enter(counts map[Fate]*FateCount, f family) {
	g := l.describe(f)
	counts[g.Fate].add(g)
	if g.Fate != Unchanged {
		l.out.Groups = append(l.out.Groups, g)
	}
}

func (n *FateCount) addTwins(before, after geo.Area) {
	n.Groups++
	n.Before++
	n.After++
	n.AreaBefore += before
	n.AreaAfter += after
}

func (n *FateCount) add(g Lineage) {
	n.Groups++
	n.Before += len(g.Before)
	n.After += len(g.After)
	n.AreaBefore += g.AreaBefore
	n.AreaAfter += g.AreaAfter
	if g.Reclassified {
		n.Reclassified++
	}
}

// describe tells the fate of a group and what is known of its features.
func (l *lineage) describe(f family) Lineage {
	var g Lineage
	for _, i := range f.before {
		v := &l.before.Features()[i]
		g.Before, g.CodesBefore = append(g.Before, v.ID), append(g.CodesBefore, l.ids.of(v))
		g.ClassesBefore = append(g.ClassesBefore, l.nature(v))
		g.AreaBefore += v.Area
	}
	for _, i := range f.after {
		v := &l.after.Features()[i]
		g.After, g.CodesAfter = append(g.After, v.ID), append(g.CodesAfter, l.ids.of(v))
		g.ClassesAfter = append(g.ClassesAfter, l.nature(v))
		g.AreaAfter += v.Area
	}
	for _, k := range f.links {
		g.Shared += k.area
	}
	g.ClassesBefore, g.ClassesAfter = distinct(g.ClassesBefore), distinct(g.ClassesAfter)
	g.Reclassified = len(f.before) > 0 && len(f.after) > 0 && !slices.Equal(g.ClassesBefore, g.ClassesAfter)
	g.Fate = l.fate(f, g.Reclassified)
	return g
}

func distinct(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

func (l *lineage) fate(f family, reclassified bool) Fate {
	switch before, after := len(f.before), len(f.after); {
	case before == 0:
		return New
	case after == 0:
		return Gone
	case before > 1 && after > 1:
		return Regrouped
	case before > 1:
		return Merged
	case after > 1:
		return Split
	}
	switch only := f.links[0]; {
	case only.byID:
		return Moved
	case !l.same(only):
		return Reshaped
	case reclassified:
		return Reclassified
	}
	return Unchanged
}

// shareOf is a share that an option may state; 0 means the default, and it is never above one.
func shareOf(stated, usual float64) float64 {
	if stated <= 0 || math.IsNaN(stated) {
		return usual
	}
	return min(stated, 1)
}
