package construction_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/construction"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/store/memory"
)

// tolerance is what areas may be off by: the outline engine rounds to 0.1 mm, along borders of some kilometres.
const tolerance = 1.0 // m²

// item is a rectangle in hundredths of a degree from 109.40° E, 23.00° N; 10 is the border of the zones 36 and 37.
type item struct {
	x0, y0, x1, y1 float64
	class          string  // or the code of a region, or a zone
	stated         float64 // times the legal area; 0 states nothing
}

func (i item) polygon() orb.Polygon {
	x, y := func(v float64) float64 { return 109.4 + v/100 }, func(v float64) float64 { return 23 + v/100 }
	return orb.Polygon{{
		{x(i.x0), y(i.y0)}, {x(i.x1), y(i.y0)}, {x(i.x1), y(i.y1)}, {x(i.x0), y(i.y1)}, {x(i.x0), y(i.y0)},
	}}
}

func (i item) area() geo.Area { return ellipsoid.Area(i.polygon()) }

type city struct {
	*testing.T
	store *memory.Store
	codes *codes.Book
}

func newCity(t *testing.T) city {
	t.Helper()
	book, err := codes.Load(os.DirFS("../../../data/codes"))
	if err != nil {
		t.Fatal(err)
	}
	return city{t, memory.New(), book}
}

// edit is what a test changes about a vintage.
type edit func(v *layers.Vintage)

func (c city) publish(theme layers.Theme, vintage string, edit edit, items ...item) layers.Ref {
	c.Helper()
	ctx := context.Background()
	v := layers.Vintage{
		Ref: layers.Ref{Layer: layers.LayerID(theme), Vintage: vintage}, Theme: theme,
		Fields: []format.Field{{Name: "TBMJ", Kind: format.Real}, {Name: "BZ", Kind: format.Text}},
	}
	d, err := c.store.Begin(ctx, layers.Layer{ID: v.Ref.Layer, Theme: theme}, v)
	if err != nil {
		c.Fatal(err)
	}
	for _, i := range items {
		if err := d.Append(ctx, c.feature(theme, i)); err != nil {
			c.Fatal(err)
		}
	}
	out, err := d.Commit(ctx, func(v *layers.Vintage) error {
		v.Mapping = map[layers.Role]string{layers.Stated: "TBMJ"}
		v.Provenance.Table = "dltb"
		v.Coverage.Kind = layers.CoverageEverywhere
		if edit != nil {
			edit(v)
		}
		return nil
	})
	if err != nil {
		c.Fatal(err)
	}
	return out.Ref
}

func (c city) feature(theme layers.Theme, i item) layers.Feature {
	f := layers.Feature{Geometry: i.polygon(), Area: i.area(), Roles: map[layers.Role]string{}, Values: []any{nil, nil}}
	switch theme {
	case layers.Landuse:
		f.Roles[layers.Class] = i.class
		if i.class == "0601 idle" {
			f.Roles[layers.Class], f.Values[1] = "0601", "闲置"
		}
	case layers.Region:
		f.Roles[layers.Code], f.Roles[layers.Name] = i.class, "region "+i.class
	default:
		if i.class != "" {
			f.Roles[layers.Zone] = i.class
		}
	}
	if i.stated > 0 {
		f.Values[0] = i.stated * float64(i.area())
		f.Roles[layers.Stated] = fmt.Sprint(f.Values[0])
	}
	f.Hash = layers.Hash(sha256.Sum256(fmt.Append(nil, i)))
	return f
}

func (c city) account(o construction.Options, refs ...layers.Ref) construction.Result {
	c.Helper()
	r, err := c.try(o, refs...)
	if err != nil {
		c.Fatal(err)
	}
	return r
}

func (c city) try(o construction.Options, refs ...layers.Ref) (construction.Result, error) {
	o.Codes = c.codes
	o.Now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	return construction.Account(context.Background(), layers.NewLibrary(c.store), refs, o)
}

func near(t *testing.T, what string, got, want geo.Area) {
	t.Helper()
	if !(math.Abs(float64(got-want)) <= tolerance) {
		t.Errorf("%s is %.3f m², want %.3f", what, got, want)
	}
}

func codesOf(gaps []analysis.Gap) []string {
	var out []string
	for _, g := range gaps {
		out = append(out, g.Problem.Code)
	}
	return out
}

// Two counties, 450802 west and 450803 east of x = 10. In 2025 the field x 2–4 was built on, the works x 12–13 were given
// back, and the works x 6–8 fell idle.
func (c city) twoYears() (before, after, regions layers.Ref) {
	c.Helper()
	regions = c.publish(layers.Region, "2024", nil, item{0, 0, 10, 10, "450802", 0}, item{10, 0, 20, 10, "450803", 0})
	before = c.publish(layers.Landuse, "2024", nil,
		item{0, 0, 6, 10, "0101", 1}, item{6, 0, 8, 10, "0601", 1}, item{8, 0, 9, 10, "1201", 1},
		item{9, 0, 12, 10, "0301", 1}, item{12, 0, 15, 10, "0701", 1}, item{15, 0, 20, 10, "1101", 1})
	after = c.publish(layers.Landuse, "2025", nil,
		item{0, 0, 2, 10, "0101", 1}, item{2, 0, 4, 10, "0602", 1}, item{4, 0, 6, 10, "0101", 1},
		item{6, 0, 8, 10, "0601 idle", 1}, item{8, 0, 9, 10, "0601", 1},
		item{9, 0, 12, 10, "0301", 1}, item{12, 0, 13, 10, "0305", 1}, item{13, 0, 15, 10, "0701", 1},
		item{15, 0, 20, 10, "1101", 1})
	return before, after, regions
}

func strip(x0, x1 float64) geo.Area { return item{x0: x0, y0: 0, x1: x1, y1: 10}.area() }

func TestTotalsFlowsAndIdleLand(t *testing.T) {
	c := newCity(t)
	before, after, regions := c.twoYears()
	r := c.account(construction.Options{
		Regions: regions, IdleField: "bz", IdleValues: []string{"闲置"}, Patches: true,
	}, after, before)
	if r.Basis != construction.Stated || r.Doubtful || len(r.Gaps) > 0 || r.Whole != "450800" {
		t.Fatalf("basis %s, doubtful %v, whole %s, gaps %v", r.Basis, r.Doubtful, r.Whole, codesOf(r.Gaps))
	}
	for i, want := range []struct {
		code                     string
		year                     int
		construction, idle, size geo.Area
	}{
		{"450802", 2024, strip(6, 9), strip(8, 9), strip(0, 10)},
		{"450802", 2025, strip(2, 4) + strip(6, 9), strip(6, 8), strip(0, 10)},
		{"450803", 2024, strip(12, 15), 0, strip(10, 20)},
		{"450803", 2025, strip(13, 15), 0, strip(10, 20)},
	} {
		row := r.Rows[i]
		if row.Code != want.code || row.Year != want.year {
			t.Fatalf("row %d is %s %d", i, row.Code, row.Year)
		}
		near(t, "construction land", row.Construction.Computed, want.construction)
		near(t, "construction land as stated", row.Construction.Stated, want.construction)
		near(t, "idle land", row.Idle.Computed, want.idle)
		near(t, "extent", row.Extent, want.size)
		near(t, "land use", row.Mapped, want.size)
		if d := float64(*row.Intensity) - float64(want.construction/want.size); math.Abs(d) > 1e-6 {
			t.Errorf("intensity of %s is off by %v", want.code, d)
		}
	}
	west, east := r.Steps[0], r.Steps[1]
	near(t, "newly built in the west", west.New(), strip(2, 4))
	near(t, "newly built on fields", west.NewFromAgricultural, strip(2, 4))
	near(t, "fell idle", west.FellIdle, strip(6, 8))
	near(t, "used again", west.Reused, strip(8, 9))
	near(t, "given back in the west", west.Exited(), 0)
	near(t, "given back in the east", east.ExitedToAgricultural, strip(12, 13))
	near(t, "difference of the east", east.Difference.Stated, -strip(12, 13))
	near(t, "newly built", r.StepTotals[0].New(), strip(2, 4))
	checkPatches(t, r)
}

func checkPatches(t *testing.T, r construction.Result) {
	t.Helper()
	if len(r.Patches) != 2 {
		t.Fatalf("%d patches", len(r.Patches))
	}
	built, exited := r.Patches[0], r.Patches[1]
	if built.Kind != "new" || built.ClassBefore != "0101" || built.ClassAfter != "0602" || built.Code != "450802" ||
		built.FeatureBefore != 1 || built.FeatureAfter != 2 {
		t.Errorf("newly built: %+v", built)
	}
	if exited.Kind != "exited" || exited.ClassBefore != "0701" || exited.Code != "450803" {
		t.Errorf("given back: %+v", exited)
	}
	near(t, "outline of what was built", ellipsoid.Area(built.Outline), strip(2, 4))
}

// A patch across the border of two counties counts in both by the parts of its outline, and so does what it states.
func TestPatchAcrossABorderIsSplit(t *testing.T) {
	c := newCity(t)
	regions := c.publish(layers.Region, "2024", nil, item{0, 0, 10, 10, "450802", 0}, item{10, 0, 20, 10, "450803", 0})
	red := c.publish(layers.Redline, "2024", nil, item{9, 0, 20, 10, "", 0})
	land := c.publish(layers.Landuse, "2024", nil, item{0, 0, 8, 10, "0101", 1}, item{8, 0, 14, 10, "0601", 1.01},
		item{14, 0, 20, 10, "0101", 1})
	r := c.account(construction.Options{Regions: regions, Zones: []layers.Ref{red}}, land)
	near(t, "west", r.Rows[0].Construction.Stated, 1.01*strip(8, 10))
	near(t, "east", r.Rows[1].Construction.Stated, 1.01*strip(10, 14))
	near(t, "in the red line, west", r.Places[0].Area, strip(9, 10))
	near(t, "in the red line, east", r.Places[1].Area, strip(10, 14))
	near(t, "in the red line", r.Places[2].Area, strip(9, 14))
	if !r.Places[2].Total || math.Abs(float64(*r.Places[2].Share)-5.0/6) > 1e-6 {
		t.Errorf("total %+v", r.Places[2])
	}
}

// Zones may overlap: the whole layer counts each place once. Of the urban boundary what lies outside counts.
func TestConstructionLandInOtherLayers(t *testing.T) {
	c := newCity(t)
	land := c.publish(layers.Landuse, "2024", nil, item{0, 0, 10, 10, "0601", 1}, item{10, 0, 20, 10, "0301", 1})
	protected := c.publish(layers.Protected, "2024", nil, item{0, 0, 2, 10, "core", 0}, item{1, 0, 4, 10, "general", 0})
	urban := c.publish(layers.Urban, "2024", nil, item{3, 0, 30, 10, "", 0})
	farmland := c.publish(layers.Farmland, "2024", nil, item{15, 0, 20, 10, "", 0})
	r := c.account(construction.Options{Zones: []layers.Ref{urban, protected, farmland, urban}}, land)
	got := map[string]geo.Area{}
	for _, p := range r.Places {
		if p.Total {
			got[string(p.Theme)+" "+p.Zone] = p.Area
		}
	}
	for name, want := range map[string]geo.Area{
		"protected ": strip(0, 4), "protected core": strip(0, 2), "protected general": strip(1, 4),
		"urban outside": strip(0, 3), "farmland ": 0,
	} {
		area, ok := got[name]
		if !ok {
			t.Errorf("nothing is said of %s: %v", name, got)
		}
		near(t, name, area, want)
	}
}

func TestControlTotals(t *testing.T) {
	c := newCity(t)
	before, after, regions := c.twoYears()
	limit := strip(6, 9) + 1
	r := c.account(construction.Options{Regions: regions, Controls: []construction.Control{
		{Region: "450802", Year: 2024, Limit: limit, Source: "市下达"},
		{Region: "450802", Year: 2025, Limit: limit},
		{Region: "450800", Year: 2025, Limit: 2 * limit},
		{Region: "450802", Year: 2023, Limit: limit},
	}}, before, after)
	for i, want := range []analysis.Status{analysis.Met, analysis.NotMet, analysis.ToAssess, analysis.ToAssess} {
		if r.Rows[i].Within != want {
			t.Errorf("row %d is %s, want %s", i, r.Rows[i].Within, want)
		}
	}
	if r.Totals[1].Within != analysis.NotMet || r.Totals[0].Within != analysis.ToAssess {
		t.Errorf("totals %s, %s", r.Totals[0].Within, r.Totals[1].Within)
	}
	if got := codesOf(r.Gaps); !slices.Equal(got, []string{"construction.figure.unused"}) {
		t.Errorf("gaps %v", got)
	}
}

// Everything that is not known about the land use keeps a target from being met.
func TestDoubtIsNeverMet(t *testing.T) {
	all := item{0, 0, 20, 10, "0301", 1}
	for name, tc := range map[string]struct {
		items []item
		edit  edit
		want  string
	}{
		"an unknown class":       {[]item{{0, 0, 1, 10, "0601", 1}, {1, 0, 20, 10, "9999", 1}}, nil, "construction.class.unknown"},
		"a class of two groups":  {[]item{{0, 0, 1, 10, "0601", 1}, {1, 0, 20, 10, "12", 1}}, nil, "construction.class.unknown"},
		"a hole in the land use": {[]item{{0, 0, 1, 10, "0601", 1}, {1, 0, 18, 10, "0301", 1}}, nil, "construction.region.uncovered"},
		"overlapping patches":    {[]item{{0, 0, 1, 10, "0601", 1}, all}, nil, "construction.layer.overlaps"},
		"rejected rows": {[]item{{0, 0, 1, 10, "0601", 1}, {1, 0, 20, 10, "0301", 1}}, func(v *layers.Vintage) {
			v.Rejects = []layers.Reject{{Row: 1, Problem: geo.NewProblem("x")}}
		}, "construction.layer.rejects"},
		"an obfuscated frame": {[]item{{0, 0, 1, 10, "0601", 1}, {1, 0, 20, 10, "0301", 1}}, func(v *layers.Vintage) {
			v.Provenance.Suspected = "GCJ-02"
		}, "construction.layer.suspected"},
		"an undeclared classification": {[]item{{0, 0, 1, 10, "0601", 1}, {1, 0, 20, 10, "0301", 1}}, func(v *layers.Vintage) {
			v.Provenance.Table = ""
		}, "construction.classification.undeclared"},
		"no survey area":      {[]item{{0, 0, 1, 10, "0601", 0}, {1, 0, 20, 10, "0301", 1}}, nil, "construction.stated.partial"},
		"a wrong survey area": {[]item{{0, 0, 1, 10, "0601", 1.3}, {1, 0, 20, 10, "0301", 1}}, nil, "construction.stated.misfit"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			regions := c.publish(layers.Region, "2024", nil, item{0, 0, 20, 10, "450802", 0})
			land := c.publish(layers.Landuse, "2024", tc.edit, tc.items...)
			r := c.account(construction.Options{
				Regions: regions, Controls: []construction.Control{{Region: "450802", Year: 2024, Limit: strip(0, 2)}},
			}, land)
			if r.Rows[0].Within != analysis.ToVerify {
				t.Errorf("the control total is %s", r.Rows[0].Within)
			}
			if !slices.Contains(codesOf(r.Gaps), tc.want) {
				t.Errorf("gaps %v, want %s", codesOf(r.Gaps), tc.want)
			}
		})
	}
}

// Survey areas come in several units, and in a field of their own for the class.
func TestUnitsOfTheSurveyArea(t *testing.T) {
	for unit, size := range map[string]float64{"m²": 1, "hm²": 1e4, "mu": 1e4 / 15.0, "km²": 1e6} {
		c := newCity(t)
		land := c.publish(layers.Landuse, "2024", nil, item{0, 0, 10, 10, "0601", 1 / size}, item{10, 0, 20, 10, "0101", 1 / size})
		r := c.account(construction.Options{}, land)
		if r.Years[0].Unit != unit || r.Years[0].Field != "TBMJ" {
			t.Errorf("unit %q of field %q, want %q", r.Years[0].Unit, r.Years[0].Field, unit)
		}
		near(t, "stated in "+unit, r.Rows[0].Construction.Stated, strip(0, 10))
	}
}

func TestRefusals(t *testing.T) {
	c := newCity(t)
	land := func(vintage string, e edit) layers.Ref {
		return c.publish(layers.Landuse, vintage, e, item{0, 0, 10, 10, "0601", 1})
	}
	second := func(v *layers.Vintage) { v.Provenance.Table = "dltb-2" }
	a, b, old := land("2024", nil), land("2024-06", nil), land("2009", second)
	red := c.publish(layers.Redline, "2024", nil, item{0, 0, 1, 1, "", 0})
	activity := c.publish(layers.Activity, "2024", nil, item{0, 0, 1, 1, "", 0})
	minus := construction.CNY(-1)
	for name, tc := range map[string]struct {
		refs []layers.Ref
		o    construction.Options
		want string
	}{
		"no year":                  {nil, construction.Options{}, "construction.years.none"},
		"two vintages of one year": {[]layers.Ref{a, b}, construction.Options{}, "construction.years.same"},
		"another theme":            {[]layers.Ref{red}, construction.Options{}, "construction.layer.theme"},
		"two classifications":      {[]layers.Ref{old, a}, construction.Options{}, "construction.classification.differs"},
		"the second survey":        {[]layers.Ref{old}, construction.Options{}, "construction.classification.unsupported"},
		"a zone of no constraint":  {[]layers.Ref{a}, construction.Options{Zones: []layers.Ref{activity}}, "construction.zone.theme"},
		"two control totals": {[]layers.Ref{a}, construction.Options{Controls: []construction.Control{
			{Region: "1", Year: 2024, Limit: 1}, {Region: "1", Year: 2024, Limit: 2},
		}}, "construction.control.twice"},
		"two figures": {[]layers.Ref{a}, construction.Options{Figures: []construction.Figure{
			{Region: "1", Year: 2024}, {Region: "1", Year: 2024},
		}}, "construction.figure.twice"},
		"a product below zero": {[]layers.Ref{a}, construction.Options{Figures: []construction.Figure{
			{Region: "1", Year: 2024, GDP: &minus},
		}}, "construction.figure.impossible"},
		"no control": {[]layers.Ref{a}, construction.Options{Controls: []construction.Control{
			{Region: "1", Year: 2024},
		}}, "construction.figure.impossible"},
	} {
		if _, err := c.try(tc.o, tc.refs...); geo.CodeOf(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
}

func TestSameBytesWhoeverIsFaster(t *testing.T) {
	c := newCity(t)
	regions := c.publish(layers.Region, "2024", nil, item{0, 0, 10.5, 10, "450802", 0}, item{10.5, 0, 20, 10, "450803", 0})
	red := c.publish(layers.Redline, "2024", nil, item{3, 3, 12.3, 8, "", 0})
	var a, b []item
	for k := range 200 {
		x, y := float64(k%20), float64(k/20)
		a = append(a, item{x, y, x + 1, y + 1, []string{"0101", "0601"}[k%2], 1})
		b = append(b, item{x, y, x + 1, y + 1, []string{"0101", "0301", "0601"}[k%3], 1})
	}
	before, after := c.publish(layers.Landuse, "2024", nil, a...), c.publish(layers.Landuse, "2025", nil, b...)
	o := construction.Options{Regions: regions, Zones: []layers.Ref{red}, Patches: true, Workers: 1}
	one := c.account(o, before, after)
	for _, workers := range []int{2, 7} {
		o.Workers = workers
		if got := c.account(o, after, before); !reflect.DeepEqual(one, got) {
			t.Errorf("%d workers give another result than one", workers)
		}
	}
	near(t, "Σ regions", one.Rows[0].Construction.Computed+one.Rows[2].Construction.Computed, one.Totals[0].Construction.Computed)
	sum := geo.Area(0)
	for _, p := range one.Patches {
		sum += map[string]geo.Area{"new": p.Area, "exited": -p.Area}[p.Kind]
	}
	near(t, "Σ patches", sum, one.StepTotals[0].Difference.Computed)
	raw, err := json.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	var back construction.Result
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(back); string(again) != string(raw) {
		t.Error("a result read back from JSON is another one")
	}
}

// A border that was drawn twice is never the same to the last digit: what lies across by less than a square metre touches.
func TestTouchingIsNotInside(t *testing.T) {
	c := newCity(t)
	land := c.publish(layers.Landuse, "2024", nil, item{0, 0, 10, 10, "0601", 1}, item{10, 0, 20, 10, "0301", 1})
	sliver := 5e-9 // hundredths of a degree, half a hundredth of a millimetre wide
	red := c.publish(layers.Redline, "2024", nil, item{10 - sliver, 0, 20, 10, "", 0})
	urban := c.publish(layers.Urban, "2024", nil, item{0, 0, 10 - sliver, 10, "", 0})
	for _, p := range c.account(construction.Options{Zones: []layers.Ref{red, urban}}, land).Places {
		if p.Area != 0 {
			t.Errorf("%s %s: %v m²", p.Theme, p.Zone, p.Area)
		}
	}
}
