package conflict

import (
	"context"
	"fmt"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/ingest/codes"
)

// groundLayers are the land-use and region layers on the day of the check; they do not change once they are loaded.
type groundLayers struct {
	book    *codes.Book
	groups  map[string]codes.Group
	landuse []surveyed
	// regions is nil without a usable region layer; codes are the region codes of its features, "" for those of another
	// level, and names the names by code.
	regions *asked
	codes   []string
	names   map[string]string
	gaps    []analysis.Gap
}

// surveyed is a land-use layer on the day of the check.
type surveyed struct {
	asked
	fields codes.OwnershipFields
	// grouped says that the classes are those of the code book, so that their great groups are known.
	grouped bool
}

// askGround loads what the ground is read from. Nothing that fails here keeps the check from going on.
func askGround(ctx context.Context, lib *layers.Library, o Options) (*groundLayers, error) {
	if o.Codes == nil {
		return nil, nil
	}
	all, err := lib.Store().Layers(ctx)
	if err != nil {
		return nil, geo.NewProblem("check.layers.unlisted").Because(err)
	}
	pins, err := pinned(all, o.Pins)
	if err != nil {
		return nil, err
	}
	g := &groundLayers{book: o.Codes, groups: o.Groups}
	for _, l := range all {
		if l.Theme != layers.Landuse && l.Theme != layers.Region {
			continue
		}
		a := asked{layer: l}
		if a.load(ctx, lib, o.Date, pins[l.ID]); ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if problem := a.expired(o.Date); problem != nil {
			g.gap(a.layer.ID, problem)
		}
		g.take(a)
	}
	if len(g.landuse) == 0 {
		g.gap("", geo.NewProblem("ground.landuse.missing"))
	}
	if g.regions == nil {
		g.gap("", geo.NewProblem("ground.regions.missing"))
	}
	return g, nil
}

func (g *groundLayers) gap(l layers.LayerID, p *geo.Problem) {
	g.gaps = append(g.gaps, analysis.Gap{Layer: l, Problem: p})
}

// take adds a layer, or says why it cannot be asked. Of several region layers the first one with regions counts.
func (g *groundLayers) take(a asked) {
	switch {
	case a.loaded == nil:
		g.gap(a.layer.ID, a.problem)
	case a.layer.Theme == layers.Landuse:
		g.takeLanduse(a)
	case g.regions == nil:
		g.takeRegions(a)
	}
}

func (g *groundLayers) takeLanduse(a asked) {
	s := surveyed{asked: a, fields: g.book.Ownership(a.vintage.Fields), grouped: true}
	if t := g.book.Table(layers.Landuse, a.vintage.Fields); t != nil && t.Classification != "" {
		s.grouped = false
		g.gap(a.layer.ID, geo.NewProblem("ground.classification", "layer", a.title(), "classification", t.Classification))
	}
	if s.fields.None() {
		g.gap(a.layer.ID, geo.NewProblem("ground.ownership.absent", "layer", a.title()))
	}
	if frame := a.vintage.Provenance.Suspected; frame != "" {
		g.gap(a.layer.ID, geo.NewProblem("check.layer.obfuscated", "layer", a.title(), "frame", frame))
	}
	if n := len(a.vintage.Rejects); n > 0 {
		g.gap(a.layer.ID, geo.NewProblem("ground.landuse.rejects", "layer", a.title(), "count", n))
	}
	g.landuse = append(g.landuse, s)
}

// takeRegions takes the regions of one level: counties where there are any, else the highest level, so that no place
// lies in a region and in the one above it.
func (g *groundLayers) takeRegions(a asked) {
	features := a.loaded.Features()
	all := make([]string, len(features))
	best := noLevel
	for i := range features {
		all[i] = regionCode(&features[i])
		if l := levelOf(all[i]); l != noLevel && (best == noLevel || better(l, best)) {
			best = l
		}
	}
	if best == noLevel {
		g.gap(a.layer.ID, geo.NewProblem("ground.regions.no-code", "layer", a.title()))
		return
	}
	names := map[string]string{}
	for i, code := range all {
		if levelOf(code) != best {
			all[i] = ""
		} else if names[code] == "" {
			names[code] = features[i].Roles[layers.Name]
		}
	}
	g.regions, g.codes, g.names = &a, all, names
}

func regionCode(f *layers.Feature) string {
	if code := strings.TrimSpace(f.Roles[layers.Code]); code != "" {
		return code
	}
	return strings.TrimSpace(f.Roles[layers.RegionCode])
}

// level is that of a region, by the digits of its code (GB/T 2260 and GB/T 10114): two for the province, four for the
// city, six for the county, nine for the township, twelve for the village, padded with zeros to any of these lengths.
type level int

const (
	noLevel level = iota
	province
	city
	county
	township
	village
)

// better prefers counties, and otherwise the higher level.
func better(a, b level) bool { return b != county && (a == county || a < b) }

func levelOf(code string) level {
	n := len(code)
	switch {
	case n == 0:
		return noLevel
	case n != 6 && n != 9 && n != 12, strings.Trim(code, "0123456789") != "":
		return county // a bureau's own codes are one level
	}
	for n > 6 && strings.HasSuffix(code[:n], "000") {
		n -= 3
	}
	switch {
	case n == 12:
		return village
	case n == 9:
		return township
	case strings.HasSuffix(code[:6], "0000"):
		return province
	case strings.HasSuffix(code[:6], "00"):
		return city
	}
	return county
}

// group is the great group of a class, as chosen for the check or by the code book.
func (g *groundLayers) group(c codes.Class) codes.Group {
	if chosen, ok := g.groups[c.Code]; ok {
		return chosen
	}
	return c.Group
}

// owner reads whose the land of a patch is.
func (s *surveyed) owner(f *layers.Feature, book *codes.Book) Owner {
	o := Owner{
		Kind: s.value(f, s.fields.Kind), Name: s.value(f, s.fields.Owner), Code: s.value(f, s.fields.Code),
		Place: s.value(f, s.fields.Place),
	}
	o.Holder = book.Holder(o.Kind)
	return o
}

func (s *surveyed) value(f *layers.Feature, field int) string {
	if field < 0 || field >= len(f.Values) || f.Values[field] == nil {
		return ""
	}
	if text, ok := f.Values[field].(string); ok {
		return strings.TrimSpace(text)
	}
	return fmt.Sprint(f.Values[field])
}

// asked are the layers that the ground was read from.
func (g *groundLayers) asked() []asked {
	if g == nil {
		return nil
	}
	var out []asked
	for _, l := range g.landuse {
		out = append(out, l.asked)
	}
	if g.regions != nil {
		out = append(out, *g.regions)
	}
	return out
}
