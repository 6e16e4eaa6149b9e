package inquiry

import (
	"context"
	"strconv"

	"greenshield/layers"
)

// catalogue is what is published, for choosing vintages.
type catalogue struct {
	ctx      context.Context
	store    layers.Store
	vintages map[layers.Theme][]layers.Vintage
}

func (c *catalogue) read() error {
	c.vintages = map[layers.Theme][]layers.Vintage{}
	all, err := c.store.Layers(c.ctx)
	if err != nil {
		return err
	}
	for _, l := range all {
		vintages, err := c.store.Vintages(c.ctx, l.ID)
		if err != nil {
			return err
		}
		c.vintages[l.Theme] = append(c.vintages[l.Theme], vintages...)
	}
	return nil
}

// inUse is the last vintage of a theme at the end of a year, of several layers that of the first by id; the zero Ref when
// there is none.
func (c *catalogue) inUse(t layers.Theme, year int) layers.Ref {
	for _, own := range c.byLayer(t) {
		if v, ok := layers.Latest(own, strconv.Itoa(year)+"-12-31"); ok {
			return v.Ref
		}
	}
	return layers.Ref{}
}

// byLayer are the vintages of a theme, one list for each layer.
func (c *catalogue) byLayer(t layers.Theme) [][]layers.Vintage {
	var out [][]layers.Vintage
	for _, v := range c.vintages[t] {
		if n := len(out); n == 0 || out[n-1][0].Ref.Layer != v.Ref.Layer {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], v)
	}
	return out
}

// first are the vintages of the first layer of a theme by id.
func (c *catalogue) first(t layers.Theme) []layers.Vintage {
	if all := c.byLayer(t); len(all) > 0 {
		return all[0]
	}
	return nil
}

// layer are the vintages of a layer.
func (c *catalogue) layer(id layers.LayerID) []layers.Vintage {
	for _, t := range layers.Themes() {
		for _, own := range c.byLayer(t) {
			if own[0].Ref.Layer == id {
				return own
			}
		}
	}
	return nil
}

// ofYears are the last vintages of each year.
func (c *catalogue) ofYears(vintages []layers.Vintage, years []int) []layers.Ref {
	out := []layers.Ref{}
	for _, year := range years {
		v, ok := layers.Latest(vintages, strconv.Itoa(year)+"-12-31")
		if ok && vintageYear(v.Ref) == year {
			out = append(out, v.Ref)
		}
	}
	return out
}

func (c *catalogue) lastYear(t layers.Theme) int {
	last := 0
	for _, v := range c.vintages[t] {
		last = max(last, vintageYear(v.Ref))
	}
	return last
}

// shorelines are the zones in use: those of the first layer that are lines, else polygons with the management line.
func (c *catalogue) shorelines(year int) []ShorelineOf {
	day := strconv.Itoa(year) + "-12-31"
	line := c.inUse(layers.Bankline, year)
	polygons := []ShorelineOf{}
	for _, own := range c.byLayer(layers.Shoreline) {
		v, ok := layers.Latest(own, day)
		switch {
		case !ok:
		case v.Length > 0:
			return []ShorelineOf{{Zones: v.Ref}}
		case line != (layers.Ref{}) && len(polygons) == 0:
			polygons = append(polygons, ShorelineOf{v.Ref, line})
		}
	}
	return polygons
}
