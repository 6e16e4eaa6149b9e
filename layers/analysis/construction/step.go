package construction

import (
	"context"
	"errors"
	"slices"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis/place"
)

// step accounts for what happened between two years by overlaying them.
func (a *account) step(ctx context.Context, before, after *year) error {
	t, err := overlay.Compare(ctx,
		overlay.Labelled{Layer: before.v.Plane(), Labels: before.labels},
		overlay.Labelled{Layer: after.v.Plane(), Labels: after.labels},
		overlay.TransitionOptions{
			Twins: before.v.Twins(after.v), Zones: a.regions.Zones(), Changes: a.Patches, Workers: a.Workers,
		})
	if err != nil {
		return overlayProblem(err, before, after)
	}
	all := Step{From: before.Year.Year, To: after.Year.Year}
	for row := range a.regions.Rows() {
		if !a.shown(row) {
			continue
		}
		region := a.regions.At(row)
		s := Step{Code: region.Code, Name: region.Name, From: all.From, To: all.To}
		s.take(t, row)
		s.Difference = difference(before.cells[row].construction, after.cells[row].construction)
		all = all.plus(s)
		s.Decline = a.decline(s, region.Code, before.cells[row].construction, after.cells[row].construction)
		a.result.Steps = append(a.result.Steps, s)
	}
	all.Decline = a.decline(all, a.result.Whole, sumOf(before), sumOf(after))
	a.result.StepTotals = append(a.result.StepTotals, all)
	slices.SortStableFunc(a.result.Steps, func(x, y Step) int { return compareSteps(x, y) })
	return a.listPatches(ctx, t, before, after)
}

func sumOf(y *year) Measured {
	sum := Measured{}
	for _, c := range y.cells {
		sum = sum.plus(c.construction)
	}
	return sum
}

func difference(before, after Measured) Measured {
	return Measured{Stated: after.Stated - before.Stated, Computed: after.Computed - before.Computed}
}

// compareSteps keeps the order of regions, outside last, then of years.
func compareSteps(x, y Step) int {
	switch {
	case x.Code == y.Code:
		return x.From - y.From
	case x.Code == "" || y.Code != "" && x.Code > y.Code:
		return 1
	}
	return -1
}

// take reads the flows of one row.
func (s *Step) take(t *overlay.Transition, row int) {
	f := flows{t, row}
	for _, built := range [...]int{inUse, idle} {
		s.NewFromAgricultural += f.flow(agricultural, built)
		s.NewFromUnused += f.flow(unused, built)
		s.NewFromUnclassified += f.flow(unclassified, built)
		s.ExitedToAgricultural += f.flow(built, agricultural)
		s.ExitedToUnused += f.flow(built, unused)
		s.ExitedToUnclassified += f.flow(built, unclassified)
		if built < t.Labels {
			s.Appeared += t.Appeared(row, built)
			s.Vanished += t.Vanished(row, built)
		}
	}
	s.FellIdle, s.Reused = f.flow(inUse, idle), f.flow(idle, inUse)
}

// flows are those of one row. The overlay counts labels up to the highest that occurs; the others have no flow.
type flows struct {
	*overlay.Transition
	row int
}

func (f flows) flow(from, to int) geo.Area {
	if from >= f.Labels || to >= f.Labels {
		return 0
	}
	return f.Flow(f.row, from, to)
}

func (s Step) plus(o Step) Step {
	s.NewFromAgricultural += o.NewFromAgricultural
	s.NewFromUnused += o.NewFromUnused
	s.NewFromUnclassified += o.NewFromUnclassified
	s.ExitedToAgricultural += o.ExitedToAgricultural
	s.ExitedToUnused += o.ExitedToUnused
	s.ExitedToUnclassified += o.ExitedToUnclassified
	s.Appeared, s.Vanished = s.Appeared+o.Appeared, s.Vanished+o.Vanished
	s.FellIdle, s.Reused = s.FellIdle+o.FellIdle, s.Reused+o.Reused
	s.Difference = s.Difference.plus(o.Difference)
	return s
}

func overlayProblem(err error, before, after *year) error {
	var pair *overlay.PairError
	switch {
	case !errors.As(err, &pair):
		return err
	case pair.After >= 0:
		return failed(after.Ref, &after.v.Features()[pair.After], err)
	}
	return failed(before.Ref, &before.v.Features()[max(pair.Before, 0)], err)
}

// listPatches outlines what was newly built or given back, cut by region.
func (a *account) listPatches(ctx context.Context, t *overlay.Transition, before, after *year) error {
	changes := slices.DeleteFunc(slices.Clone(t.Changes), func(c overlay.Change) bool {
		return c.Area < a.MinPatch || c.Before < 0 || c.After < 0 ||
			isConstruction(before.labels[c.Before]) == isConstruction(after.labels[c.After])
	})
	found := make([][]Patch, len(changes))
	err := place.Each(ctx, len(changes), a.Workers, func(i int, s *overlay.Scratch) error {
		outline, err := t.Outline(changes[i], s)
		if err != nil {
			return failed(after.Ref, &after.v.Features()[changes[i].After], err)
		}
		pieces, err := a.regions.Cut(outline, a.MinPatch, s)
		if err != nil {
			return failed(after.Ref, &after.v.Features()[changes[i].After], err)
		}
		for _, piece := range pieces {
			found[i] = append(found[i], a.patch(changes[i], piece, before, after))
		}
		return nil
	})
	a.result.Patches = append(a.result.Patches, slices.Concat(found...)...)
	return err
}

func (a *account) patch(c overlay.Change, piece place.Piece, before, after *year) Patch {
	was, is := &before.v.Features()[c.Before], &after.v.Features()[c.After]
	p := Patch{
		From: before.Year.Year, To: after.Year.Year, Kind: "new",
		ClassBefore: was.Roles[layers.Class], ClassAfter: is.Roles[layers.Class],
		FeatureBefore: was.ID, FeatureAfter: is.ID, Code: a.regions.At(piece.Row).Code,
		Area: piece.Area, Outline: place.Degrees(piece.Outline),
	}
	if isConstruction(before.labels[c.Before]) {
		p.Kind = "exited"
	}
	return p
}
