package conflict

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// site is a place whose ground one goroutine is looking at.
type site struct {
	*groundLayers
	scratch *overlay.Scratch
	place   *overlay.Prepared // in the legal plane
	bound   orb.Bound         // in degrees, with margin
	slight  geo.Area          // up to this, what patches leave open or cover twice is how borders were drawn

	parts []part
	uses  []Use
	gaps  []analysis.Gap
}

// part is the part of a place that lies in one region.
type part struct {
	region string
	area   geo.Area
	place  *overlay.Prepared
}

// patch is what a part and one land-use patch share.
type patch struct {
	layer, feature int
	area           geo.Area
}

// groundOf looks at what lies under the parcel, and splits the findings by region where it lies in several.
func (q *question) groundOf() *Ground {
	if q.grounds == nil {
		return nil
	}
	s := &site{groundLayers: q.grounds, scratch: q.Scratch, place: q.prepared, bound: q.bound, slight: q.slight()}
	g := s.ground()
	if len(s.parts) > 1 {
		for i := range q.findings {
			q.findings[i].Regions = s.split(q.findings[i].Overlap)
		}
	}
	return g
}

func (s *site) ground() *Ground {
	s.divide()
	for _, p := range s.parts {
		s.survey(p)
	}
	g := &Ground{Area: s.place.Area(), Uses: s.uses, Gaps: s.gaps}
	slices.SortFunc(g.Uses, Use.compare)
	if s.regions != nil {
		for _, p := range s.parts {
			g.Regions = append(g.Regions, analysis.RegionPart{Region: p.region, Area: p.area})
		}
	}
	return g
}

// gap notes once what could not be told about the place.
func (s *site) gap(l layers.LayerID, code string, args ...any) {
	g := analysis.Gap{Layer: l, Problem: geo.NewProblem(code, args...)}
	same := func(o analysis.Gap) bool { return o.Layer == l && o.Problem.Error() == g.Problem.Error() }
	if !slices.ContainsFunc(s.gaps, same) {
		s.gaps = append(s.gaps, g)
	}
}

// divide splits the place by region. A place that lies in one region but for rounding lies in it as a whole; where it
// cannot be split it stays whole and outside all, which leaves a gap.
func (s *site) divide() {
	whole := part{area: s.place.Area(), place: s.place}
	s.parts = []part{whole}
	if s.regions == nil {
		return
	}
	inside, only := s.inside()
	switch {
	case len(inside) == 0:
		return
	case only != "":
		s.parts[0].region = only
		return
	}
	parts, err := s.cut(whole, inside)
	if err != nil {
		s.gap(s.regions.layer.ID, "ground.regions.failed", "layer", s.regions.title())
		return
	}
	s.parts = parts
}

// inside are the features of the region layer that share more than rounding with the place; only is the region that all
// of it lies in, "" when there are several or some of it lies outside.
func (s *site) inside() (inside []patch, only string) {
	area := s.place.Area()
	regions := map[string]geo.Area{}
	s.regions.loaded.Search(s.bound, func(i int) bool {
		shape := s.regions.loaded.Plane().At(i)
		if shared := shape.Shared(s.place); s.codes[i] != "" && shared > min(overlay.Rounding(area), area/2) {
			inside = append(inside, patch{feature: i, area: shared})
			regions[s.codes[i]] += shared
		}
		return true
	})
	for code, shared := range regions {
		if len(regions) == 1 && area-shared <= overlay.Rounding(area) {
			return inside, code
		}
	}
	return inside, ""
}

// cut is the place in its parts by region and outside all of them, in order of code. Regions that overlap each other
// cannot add up to the place, and are an error.
func (s *site) cut(whole part, inside []patch) ([]part, error) {
	outlines, rest := map[string][]orb.MultiPolygon{}, whole.area
	var all []orb.MultiPolygon
	areas := map[string]geo.Area{}
	for _, p := range inside {
		shape := s.regions.loaded.Plane().At(p.feature)
		outline, err := shape.Place(p.area, whole.place, s.scratch)
		if err != nil {
			return nil, err
		}
		code := s.codes[p.feature]
		outlines[code], all = append(outlines[code], outline), append(all, outline)
		areas[code] += p.area
		rest -= p.area
	}
	if rest < -overlay.Rounding(whole.area) {
		return nil, overlay.ErrDisagree
	}
	var out []part
	if rest > overlay.Rounding(whole.area) {
		outside, err := s.scratch.Outline(whole.place.Polygon(), slices.Concat(all...), overlay.Difference)
		if err != nil {
			return nil, err
		}
		out = append(out, part{area: rest, place: overlay.Prepare(outside)})
		rest = 0
	}
	for code, list := range outlines {
		out = append(out, part{region: code, area: areas[code], place: overlay.Prepare(slices.Concat(list...))})
	}
	slices.SortFunc(out, func(a, b part) int { return strings.Compare(a.region, b.region) })
	largest(out).area += rest
	return out, nil
}

// largest is the largest part, the first of equals.
func largest(parts []part) *part {
	best := &parts[0]
	for i := range parts {
		if parts[i].area > best.area {
			best = &parts[i]
		}
	}
	return best
}

// split is how much of an overlap lies in each part of the place. What the parts leave open is rounding and goes to the
// largest, so that they add up to the overlap.
func (s *site) split(o analysis.Overlap) []analysis.RegionPart {
	if len(o.Outline) == 0 {
		return nil
	}
	outline := overlay.Prepare(ellipsoid.MultiPolygonToPlane(o.Outline))
	var out []analysis.RegionPart
	rest, most := o.Area, 0
	for _, p := range s.parts {
		area := min(p.place.Shared(outline), o.Area)
		if area <= min(overlay.Rounding(o.Area), o.Area/2) {
			continue
		}
		out = append(out, analysis.RegionPart{Region: p.region, Area: area})
		rest -= area
		if area > out[most].Area {
			most = len(out) - 1
		}
	}
	if len(out) > 0 {
		out[most].Area += rest
	}
	return out
}

// survey adds the land use under a part of the place.
func (s *site) survey(p part) {
	if len(s.landuse) == 0 {
		return
	}
	var found []patch
	sum := geo.Area(0)
	for k := range s.landuse {
		plane := s.landuse[k].loaded.Plane()
		s.landuse[k].loaded.Search(s.bound, func(i int) bool {
			shape := plane.At(i)
			if area := shape.Shared(p.place); area > speck {
				found = append(found, patch{k, i, area})
				sum += area
			}
			return true
		})
	}
	first := len(s.uses)
	for _, f := range found {
		s.use(p.region, f)
	}
	s.settle(p, first, found, sum)
}

// settle lets the uses of a part, from first on, add up to it: what patches leave open and what they cover twice are
// uses of their own unless they are slight; then they go to the largest use.
func (s *site) settle(p part, first int, found []patch, sum geo.Area) {
	open, doubled := p.area-sum, geo.Area(0)
	slight := min(max(s.slight, overlay.Rounding(p.area)), p.area/2)
	if open > slight || open < -slight {
		open, doubled = s.account(p, found, sum)
	}
	layer := s.landuse[0]
	if open > slight {
		s.add(Use{Region: p.region, Kind: Uncovered, Area: open}, first)
		s.gap(layer.layer.ID, "ground.uncovered", "layer", layer.title(), "area", float64(open))
		open = 0
	}
	if doubled > slight {
		s.add(Use{Region: p.region, Kind: Doubled, Area: -doubled}, first)
		s.gap(layer.layer.ID, "ground.doubled", "layer", layer.title(), "area", float64(doubled))
		doubled = 0
	}
	if rest := open - doubled; rest != 0 && len(s.uses) > first {
		most := first
		for i := first; i < len(s.uses); i++ {
			if s.uses[i].Area > s.uses[most].Area {
				most = i
			}
		}
		s.uses[most].Area += rest
	}
}

// account is how much of a part no patch covers, and how much patches cover more than once.
func (s *site) account(p part, found []patch, sum geo.Area) (open, doubled geo.Area) {
	if len(found) < 2 {
		return p.area - sum, 0
	}
	var outlines []orb.MultiPolygon
	for _, f := range found {
		shape := s.landuse[f.layer].loaded.Plane().At(f.feature)
		outline, err := shape.Place(f.area, p.place, s.scratch)
		if err != nil {
			return s.unaccounted(p, sum)
		}
		outlines = append(outlines, outline)
	}
	union, err := overlay.Dissolve(outlines)
	if err != nil {
		return s.unaccounted(p, sum)
	}
	covered := min(overlay.AreaOf(union), p.area)
	return p.area - covered, sum - covered
}

// unaccounted is account where the patches' outlines could not be built: the difference alone is known then.
func (s *site) unaccounted(p part, sum geo.Area) (open, doubled geo.Area) {
	layer := s.landuse[0]
	s.gap(layer.layer.ID, "ground.failed", "layer", layer.title())
	return max(p.area-sum, 0), max(sum-p.area, 0)
}

// use adds what a part shares with a patch to the uses.
func (s *site) use(region string, p patch) {
	l := &s.landuse[p.layer]
	f := &l.loaded.Features()[p.feature]
	u := Use{
		Region: region, Kind: Surveyed, Class: strings.TrimSpace(f.Roles[layers.Class]), ClassName: f.Roles[layers.Name],
		Owner: l.owner(f, s.book), Area: p.area,
	}
	class, known := s.book.Class(u.Class)
	switch {
	case u.Class == "":
		s.gap(l.layer.ID, "ground.class.absent", "layer", l.title(), "feature", f.ID)
	case !l.grouped: // the batch says so once
	case !known || s.group(class) == "":
		s.gap(l.layer.ID, "ground.class.unknown", "layer", l.title(), "class", u.Class)
	default:
		u.Group = s.group(class)
	}
	if shape := l.loaded.Plane().At(p.feature); shape.Mended() {
		s.gap(l.layer.ID, "ground.feature.mended", "layer", l.title(), "feature", f.ID)
	}
	s.add(u, firstOf(s.uses, region))
}

// firstOf is where the uses of a region begin; they are added region by region.
func firstOf(uses []Use, region string) int {
	i := len(uses)
	for i > 0 && uses[i-1].Region == region {
		i--
	}
	return i
}

// add adds a use to its like among the uses from first on.
func (s *site) add(u Use, first int) {
	for i := first; i < len(s.uses); i++ {
		if s.uses[i].compare(u) == 0 {
			s.uses[i].Area += u.Area
			return
		}
	}
	s.uses = append(s.uses, u)
}

// compare orders uses by all but their area.
func (u Use) compare(o Use) int {
	return cmp.Or(
		cmp.Compare(u.Region, o.Region), kindOrder(u.Kind)-kindOrder(o.Kind), cmp.Compare(u.Class, o.Class),
		cmp.Compare(u.ClassName, o.ClassName), cmp.Compare(u.Group, o.Group), u.Owner.compare(o.Owner),
	)
}

func kindOrder(k UseKind) int { return slices.Index([]UseKind{Surveyed, Uncovered, Doubled}, k) }

func (o Owner) compare(p Owner) int {
	return cmp.Or(cmp.Compare(o.Kind, p.Kind), cmp.Compare(o.Name, p.Name), cmp.Compare(o.Code, p.Code),
		cmp.Compare(o.Place, p.Place))
}
