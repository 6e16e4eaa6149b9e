package leads

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/index"
	"greenshield/geo/overlay"
	"greenshield/layers/analysis/place"
)

// match is an earlier lead at the place of a present one.
type match struct {
	lead, earlier int
	shared        geo.Area   // 0 where the earlier one is known by its centre alone
	apart         geo.Length // between the centres
}

// recognise gives every lead its number: that of the earlier lead it shares most ground with, and a new one by its place
// where there is none. A number is given once; a second lead at the place of one earlier lead gets a number of its own
// and names the earlier one.
func (f *finder) recognise(found []*described) {
	slices.SortStableFunc(found, func(a, b *described) int {
		return cmp.Or(cmp.Compare(a.Centre[0], b.Centre[0]), cmp.Compare(a.Centre[1], b.Centre[1]))
	})
	matches := f.matches(found)
	slices.SortFunc(matches, func(a, b match) int {
		return cmp.Or(
			cmp.Compare(b.shared, a.shared), cmp.Compare(a.apart, b.apart),
			cmp.Compare(f.in.Earlier[a.earlier].ID, f.in.Earlier[b.earlier].ID), cmp.Compare(a.lead, b.lead),
		)
	})
	taken, seen := map[string]bool{}, map[int]bool{}
	for _, m := range matches {
		d, e := found[m.lead], &f.in.Earlier[m.earlier]
		seen[m.earlier] = true
		if d.ID == "" && !taken[e.ID] {
			d.ID, d.EarlierBatch, d.EarlierStatus = e.ID, e.Batch, e.Status
			taken[e.ID] = true
			d.Earlier = slices.Insert(d.Earlier, 0, e.ID)
		} else if !slices.Contains(d.Earlier, e.ID) {
			d.Earlier = append(d.Earlier, e.ID)
		}
		if e.Closed {
			d.Recurrence = Recurred
		} else if d.Recurrence == First {
			d.Recurrence = Repeated
		}
	}
	for i := range f.in.Earlier {
		if id := f.in.Earlier[i].ID; !seen[i] {
			taken[id] = true // the number of a place where nothing is now is not given to another
			f.result.Absent = append(f.result.Absent, id)
		}
	}
	slices.Sort(f.result.Absent)
	f.result.Absent = slices.Compact(f.result.Absent)
	for _, d := range found {
		if d.ID == "" {
			d.ID = free(cmp.Or(d.Region, "0")+"-"+place.Code(d.Centre), taken)
			taken[d.ID] = true
		}
	}
}

// free is a number that is not taken: a second lead in one cell of the grid of numbers gets "-2".
func free(id string, taken map[string]bool) string {
	for n, next := 2, id; ; n++ {
		if !taken[next] {
			return next
		}
		next = id + "-" + strconv.Itoa(n)
	}
}

// matches pairs leads with the earlier leads at their places.
func (f *finder) matches(found []*described) []match {
	tree := index.New[int]()
	for i, d := range found {
		b := orb.MultiPoint(d.at).Bound()
		if d.shape != nil {
			b = d.shape.Bound()
		}
		tree.Insert(b, i)
	}
	var out []match
	for k := range f.in.Earlier {
		e := &f.in.Earlier[k]
		outline := ellipsoid.MultiPolygonToPlane(e.Outline)
		asked := patch{points: []orb.Point{ellipsoid.ToPlane(e.Centre)}}
		if len(outline) > 0 {
			asked = patch{shape: overlay.Prepare(outline), outline: outline}
		}
		var hits []int
		tree.Search(asked.bound().Pad(float64(f.Distance)*1.5), func(i int) bool {
			hits = append(hits, i)
			return true
		})
		slices.Sort(hits)
		for _, i := range hits {
			if m, ok := f.match(found[i], &asked); ok {
				m.lead, m.earlier = i, k
				out = append(out, m)
			}
		}
	}
	return out
}

// match reports whether a lead lies at the place of an earlier one: it shares ground with its outline, or where one of
// them is a point, comes within the distance of it.
func (f *finder) match(d *described, asked *patch) (match, bool) {
	own := patch{shape: d.shape, points: d.at}
	m := match{apart: geo.Length(planeDistance(ellipsoid.ToPlane(d.Centre), middle(asked)))}
	if d.shape != nil && asked.shape != nil {
		m.shared = d.shape.Shared(asked.shape)
		return m, m.shared > sliver
	}
	return m, near(&own, asked, f.Distance)
}

// middle is the middle of a patch's bound in the legal plane.
func middle(p *patch) orb.Point { return p.bound().Center() }

// finish counts, chooses what is listed and puts it in order.
func (f *finder) finish(found []*described) {
	counts := map[string]*Count{}
	for _, change := range Changes() {
		counts[change] = &Count{Change: change}
	}
	for _, d := range found {
		c := counts[d.Change]
		c.Places++
		c.Area += d.Area
		if f.listed(d) {
			c.Listed++
			f.result.Leads = append(f.result.Leads, d.Lead)
		}
	}
	for i := range f.result.Gone {
		counts[Removed].Places++
		counts[Removed].Area += f.result.Gone[i].Area
	}
	for _, change := range Changes() {
		f.result.Counts = append(f.result.Counts, *counts[change])
	}
	slices.SortFunc(f.result.Leads, func(a, b Lead) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(areaName(a), areaName(b)), f.kindOrder(a.Kind, b.Kind),
			cmp.Compare(a.ID, b.ID))
	})
	slices.SortStableFunc(f.result.Gone, func(a, b Gone) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(b.Area, a.Area))
	})
}

// listed: what is new or enlarged, of another kind, or could not be compared; what was a lead before; and everything
// when everything was asked for.
func (f *finder) listed(d *described) bool {
	return f.Everything || d.Recurrence != First || d.Change == New || d.Change == Enlarged || d.Change == Retyped ||
		d.Change == Unknown
}

func areaName(l Lead) string {
	if len(l.Areas) == 0 {
		return ""
	}
	return cmp.Or(l.Areas[0].Name, l.Areas[0].Code)
}

// kindOrder compares kinds by their order in the code book.
func (f *finder) kindOrder(a, b string) int {
	order := func(kind string) int {
		for i, k := range f.Codes.Kinds() {
			if k.Code == kind {
				return i
			}
		}
		return -1
	}
	return cmp.Compare(order(a), order(b))
}
