package construction

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/place"
	"greenshield/layers/ingest/codes"
)

// The labels of land use, in the order in which the overlay counts them.
const (
	agricultural = iota
	unused
	inUse // construction land that is not idle
	idle
	unclassified
)

// year is one land-use vintage under way.
type year struct {
	Year
	v      *layers.Loaded
	labels []int32
	stated []float64 // by feature, NaN where none is stated; nil without a field
	cells  []cell    // by row of the regions
	inside [][]geo.Area
}

// cell is what is added up for one row.
type cell struct {
	mapped, unclassified geo.Area
	construction, idle   Measured
}

func (a *account) load(ctx context.Context, lib *layers.Library, refs []layers.Ref) error {
	if len(refs) == 0 {
		return geo.NewProblem("construction.years.none")
	}
	for _, ref := range slices.SortedFunc(slices.Values(refs), layers.Ref.Compare) {
		if err := a.loadYear(ctx, lib, ref); err != nil {
			return err
		}
	}
	slices.SortStableFunc(a.years, func(x, y year) int { return x.Year.Year - y.Year.Year })
	for i := 1; i < len(a.years); i++ {
		if a.years[i].Year.Year == a.years[i-1].Year.Year {
			return geo.NewProblem("construction.years.same", "a", a.years[i-1].Ref, "b", a.years[i].Ref)
		}
	}
	if err := a.classify(); err != nil {
		return err
	}
	a.regions = place.None()
	if a.Regions != (layers.Ref{}) {
		v, err := lib.Load(ctx, a.Regions)
		if err != nil {
			return err
		}
		if a.regions, err = place.RegionsOf(v); err != nil {
			return err
		}
	}
	return a.loadZones(ctx, lib)
}

func (a *account) loadYear(ctx context.Context, lib *layers.Library, ref layers.Ref) error {
	v, err := lib.Load(ctx, ref)
	if err != nil {
		return err
	}
	if v.Vintage.Theme != layers.Landuse || v.Vintage.Area <= 0 {
		return geo.NewProblem("construction.layer.theme", "ref", ref, "theme", v.Vintage.Theme)
	}
	n, err := strconv.Atoi(ref.Vintage[:4])
	if err != nil {
		return err // ParseVintage has seen four digits
	}
	y := year{v: v, Year: Year{Year: n, Ref: v.Vintage.Ref}}
	a.doubts(v.Vintage)
	if pairs := v.Plane().Overlaps(); len(pairs) > 0 {
		sum := geo.Area(0)
		for _, p := range pairs {
			sum += p.Area
		}
		if sum > Tolerance {
			a.doubt(ref, "construction.layer.overlaps", "ref", ref, "area", squareMetres(sum), "pairs", len(pairs))
		}
	}
	a.years = append(a.years, y)
	return nil
}

// doubts notes why a vintage may not be the whole truth.
func (a *account) doubts(v layers.Vintage) {
	if n := len(v.Rejects); n > 0 {
		a.doubt(v.Ref, "construction.layer.rejects", "ref", v.Ref, "count", n)
	}
	if frame := v.Provenance.Suspected; frame != "" {
		a.doubt(v.Ref, "construction.layer.suspected", "ref", v.Ref, "frame", frame)
	}
}

// gap notes what is not known; doubt notes it about the land use itself.
func (a *account) gap(layer layers.LayerID, code string, args ...any) {
	a.result.Gaps = append(a.result.Gaps, analysis.Gap{Layer: layer, Problem: geo.NewProblem(code, args...)})
}

func (a *account) doubt(ref layers.Ref, code string, args ...any) {
	a.result.Doubtful = true
	a.gap(ref.Layer, code, args...)
}

// surveyClassification is the working classification of the third survey, whose great groups the code book knows.
const surveyClassification = "third-survey"

// classify finds the classification of all years and labels their features.
func (a *account) classify() error {
	for i := range a.years {
		y := &a.years[i]
		name := surveyClassification
		if t, ok := a.Codes.TableOf(y.v.Vintage.Provenance.Table); ok {
			y.Declared = "table"
			if t.Classification != "" {
				name = t.Classification
			}
		} else if a.namesAgree(y.v) {
			y.Declared = "names"
		}
		if i > 0 && name != a.result.Classification {
			return geo.NewProblem("construction.classification.differs",
				"before", a.years[i-1].Ref, "after", y.Ref, "a", a.result.Classification, "b", name)
		}
		a.result.Classification = name
	}
	if a.result.Classification != surveyClassification {
		return geo.NewProblem("construction.classification.unsupported",
			"ref", a.years[0].Ref, "classification", a.result.Classification)
	}
	for i := range a.years {
		if y := &a.years[i]; y.Declared == "" {
			a.doubt(y.Ref, "construction.classification.undeclared", "ref", y.Ref)
		}
		a.label(&a.years[i])
	}
	return nil
}

// namesAgree reports whether every class comes with the name that the code book has for it: the same digits are other
// things in other classifications.
func (a *account) namesAgree(v *layers.Loaded) bool {
	agree := false
	for i := range v.Features() {
		f := &v.Features()[i]
		name := strings.TrimSpace(f.Roles[layers.Name])
		if name == "" {
			continue
		}
		if c, ok := a.Codes.Class(f.Roles[layers.Class]); !ok || c.Chinese != name {
			return false
		}
		agree = true
	}
	return agree
}

// label gives every feature its label, and tells of those that have none.
func (a *account) label(y *year) {
	features := y.v.Features()
	y.labels = make([]int32, len(features))
	field := fieldAt(y.v.Vintage, a.IdleField)
	strange := map[string]bool{}
	count := 0
	for i := range features {
		f := &features[i]
		y.labels[i] = a.labelOf(f, field)
		if y.labels[i] == unclassified {
			count++
			strange[f.Roles[layers.Class]] = true
		}
	}
	if a.IdleField != "" && field < 0 {
		a.gap(y.Ref.Layer, "construction.idle.no-field", "ref", y.Ref, "field", a.IdleField)
	}
	if count > 0 {
		var found []string
		for class := range strange {
			found = append(found, class)
		}
		slices.Sort(found)
		a.doubt(y.Ref, "construction.class.unknown",
			"ref", y.Ref, "count", count, "classes", found[:min(len(found), 10)])
	}
}

func (a *account) labelOf(f *layers.Feature, idleField int) int32 {
	c, ok := a.Codes.Class(f.Roles[layers.Class])
	switch {
	case !ok:
		return unclassified
	case c.Group == codes.Agricultural:
		return agricultural
	case c.Group == codes.Unused:
		return unused
	case c.Group != codes.Construction:
		return unclassified
	case slices.Contains(a.Idle, c.Code):
		return idle
	case idleField >= 0 && idleField < len(f.Values) && slices.Contains(a.IdleValues, word(f.Values[idleField])):
		return idle
	}
	return inUse
}

// word is an attribute value as text; whole numbers have no decimal point.
func word(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// fieldAt is the place of a field by its name, −1 when there is none.
func fieldAt(v layers.Vintage, name string) int {
	for i, f := range v.Fields {
		if name != "" && strings.EqualFold(f.Name, name) {
			return i
		}
	}
	return -1
}

func isConstruction(label int32) bool { return label == inUse || label == idle }

// finish completes the result.
func (a *account) finish() Result {
	r := &a.result
	a.tellUnused()
	r.Regions, r.Idle, r.IdleField, r.IdleValues, r.Target = a.Regions, a.Idle, a.IdleField, a.IdleValues, a.Target
	refs := slices.Clone(a.Zones)
	classes := map[string]bool{}
	for i := range a.years {
		y := &a.years[i]
		r.Years, refs = append(r.Years, y.Year), append(refs, y.Ref)
		for j, label := range y.labels {
			if isConstruction(label) {
				classes[y.v.Features()[j].Roles[layers.Class]] = true
			}
		}
	}
	if a.Regions != (layers.Ref{}) {
		refs = append(refs, a.Regions)
	}
	for class := range classes {
		r.Classes = append(r.Classes, class)
	}
	slices.Sort(r.Classes)
	slices.SortFunc(refs, layers.Ref.Compare)
	r.Provenance = analysis.Provenance{
		Refs: refs, Method: ellipsoid.LegalPlane, Tolerance: Tolerance, Program: a.Program, At: a.Now(),
	}
	return *r
}

// squareMetres is an area for a sentence; tables are rounded by layers/report.
func squareMetres(a geo.Area) string { return strconv.FormatFloat(float64(a), 'f', 1, 64) }

// failed says which feature could not be overlaid.
func failed(ref layers.Ref, f *layers.Feature, err error) error {
	return geo.NewProblem("construction.overlay.failed", "ref", ref, "feature", f.ID).Because(err)
}
