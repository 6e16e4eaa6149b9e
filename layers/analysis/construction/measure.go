package construction

import (
	"context"
	"math"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis/place"
)

// portion is what one feature has in one row of the regions.
type portion struct {
	row  int
	area geo.Area
	// zones is, per zone of all zone layers, how much of the portion lies in it; nil for what is no construction land.
	zones []geo.Area
}

// measure adds up one year by region, and what of its construction land lies in other layers.
func (a *account) measure(ctx context.Context, y *year) error {
	a.readStated(y)
	features := y.v.Features()
	portions := make([][]portion, len(features))
	err := place.Each(ctx, len(features), a.Workers, func(i int, s *overlay.Scratch) error {
		if !y.v.IsArea(i) {
			return nil
		}
		var err error
		if portions[i], err = a.portionsOf(y.v, i, isConstruction(y.labels[i]), s); err != nil {
			return failed(y.Ref, &features[i], err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	y.cells = make([]cell, a.regions.Rows())
	y.inside = make([][]geo.Area, a.regions.Rows())
	for row := range y.inside {
		y.inside[row] = make([]geo.Area, a.countZones())
	}
	for i := range features { // in order, so that the sums do not depend on who was faster
		a.addUp(y, i, portions[i])
	}
	a.settleStated(y)
	return nil
}

func (a *account) portionsOf(v *layers.Loaded, i int, zoned bool, s *overlay.Scratch) ([]portion, error) {
	p := v.Plane().At(i)
	if err := p.Err(); err != nil {
		return nil, err
	}
	split := a.regions.Split(&p)
	out := make([]portion, len(split))
	for k, part := range split {
		out[k] = portion{row: part.Zone, area: part.Area}
	}
	if !zoned || a.countZones() == 0 {
		return out, nil
	}
	if len(split) == 1 {
		out[0].zones = a.inZones(&p)
		return out, nil
	}
	pieces, err := a.regions.Cut(p.Polygon(), place.Speck, s)
	if err != nil {
		return nil, err
	}
	for _, piece := range pieces {
		for k := range out {
			if out[k].row == piece.Row {
				out[k].zones = a.inZones(overlay.Prepare(piece.Outline))
			}
		}
	}
	return out, nil
}

// addUp adds one feature to its rows. Its stated area goes to them by the parts of its outline that lie there.
func (a *account) addUp(y *year, i int, portions []portion) {
	whole := geo.Area(0)
	for _, p := range portions {
		whole += p.area
	}
	for _, p := range portions {
		c := &y.cells[p.row]
		c.mapped += p.area
		label := y.labels[i]
		if label == unclassified {
			c.unclassified += p.area
		}
		if !isConstruction(label) {
			continue
		}
		m := Measured{Computed: p.area}
		if y.stated != nil && !math.IsNaN(y.stated[i]) && whole > 0 {
			m.Stated = geo.Area(y.stated[i]) * (p.area / whole)
		}
		c.construction = c.construction.plus(m)
		if label == idle {
			c.idle = c.idle.plus(m)
		}
		for k, area := range p.zones {
			y.inside[p.row][k] += area
		}
	}
}

// classArea is the field with the area of a patch's class, ridges taken off: the survey's official figure.
const classArea = "TBDLMJ"

// readStated reads the survey's areas, in whatever unit they are.
func (a *account) readStated(y *year) {
	at := fieldAt(y.v.Vintage, classArea)
	y.Field = y.v.Vintage.Mapping[layers.Stated]
	if at >= 0 {
		y.Field = y.v.Vintage.Fields[at].Name
	}
	if y.Field == "" {
		return
	}
	y.stated = make([]float64, len(y.v.Features()))
	for i := range y.stated {
		f := &y.v.Features()[i]
		text := f.Roles[layers.Stated]
		if at >= 0 {
			text = word(f.Values[at])
		}
		y.stated[i] = positive(text)
	}
}

func positive(text string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !(v > 0) || math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// units are those that surveys state areas in, in m²; 1 hm² = 15 mu.
var units = [...]struct {
	name string
	size float64
}{{"m²", 1}, {"hm²", 1e4}, {"mu", 1e4 / 15.0}, {"km²", 1e6}}

// fits is how far the stated sum may be off the computed one to be taken for the same land.
const fits = 0.02

// settleStated finds the unit of the stated areas by their sum beside the computed one. Where none fits, or a patch of
// construction land states nothing, the year has no survey area, and that is said.
func (a *account) settleStated(y *year) {
	if y.stated == nil {
		a.gap(y.Ref.Layer, "construction.stated.none", "ref", y.Ref)
		return
	}
	missing := 0
	for i, v := range y.stated {
		if isConstruction(y.labels[i]) && math.IsNaN(v) {
			missing++
		}
	}
	sum := Measured{}
	for _, c := range y.cells {
		sum = sum.plus(c.construction)
	}
	for _, u := range units {
		if missing == 0 && math.Abs(float64(sum.Stated)*u.size/float64(sum.Computed)-1) <= fits {
			y.Unit = u.name
			for row := range y.cells {
				c := &y.cells[row]
				c.construction.Stated *= geo.Area(u.size)
				c.idle.Stated *= geo.Area(u.size)
			}
			return
		}
	}
	if missing > 0 {
		a.gap(y.Ref.Layer, "construction.stated.partial", "ref", y.Ref, "field", y.Field, "count", missing)
	} else if sum.Computed > 0 {
		a.gap(y.Ref.Layer, "construction.stated.misfit", "ref", y.Ref, "field", y.Field,
			"stated", strconv.FormatFloat(float64(sum.Stated), 'f', 2, 64), "computed", squareMetres(sum.Computed))
	}
	for row := range y.cells {
		y.cells[row].construction.Stated, y.cells[row].idle.Stated = 0, 0
	}
}

// settleBasis takes the survey's area where all years have it, else the computed one for all: years are only compared on
// one basis.
func (a *account) settleBasis() {
	a.result.Basis = Stated
	for i := range a.years {
		if a.years[i].Unit == "" {
			a.result.Basis = Computed
		}
	}
}
