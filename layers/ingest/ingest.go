package ingest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/layers"
)

// Import reads a delivered file and publishes it as a vintage, all of it or nothing. The report tells what was found
// also when an error is returned beside it; its Vintage is zero then. Rows that were rejected are an error,
// "ingest.rejects", unless the request accepts them, and warnings are one, "ingest.warnings", until somebody signs for
// them. A dry run gives the same report without asking for a signature and writes nothing.
func Import(ctx context.Context, store layers.Store, req Request) (report Report, err error) {
	if err := req.check(); err != nil {
		return report, err
	}
	data, err := openFile(ctx, req.Reading)
	if err != nil {
		return report, err
	}
	defer closing(data, &err)
	gathering, cancel := context.WithCancel(ctx)
	proof := gather(gathering, req)
	defer func() {
		cancel() // an import that ends before its file is hashed needs no hash
		proof.close()
	}()
	return importData(ctx, store, data, req, proof)
}

// check refuses a request that no file can mend, before the file is touched.
func (req Request) check() error {
	return layers.CheckDraft(req.Layer, layers.Vintage{Ref: layers.Ref{Vintage: req.Vintage}, Declared: req.Declared})
}

func importData(
	ctx context.Context, store layers.Store, data format.Dataset, req Request, proof *evidence,
) (report Report, err error) {
	report.Declared = req.Declared
	before, err := historyOf(ctx, store, req)
	if err != nil {
		return report, err
	}
	before.propose(&req.Reading)
	r, err := newReader(ctx, data, req.Reading, req.Layer.Theme, &report.Findings)
	if err != nil {
		return report, err
	}
	coverage, err := coverageOf(ctx, store, req)
	if err != nil {
		return report, err
	}
	g, err := newGate(ctx, store, req, before, &report.Findings)
	if err != nil {
		return report, err
	}
	r.inPlane = g.places()
	if req.DryRun {
		return report, tryOut(ctx, r, g, proof, &report)
	}
	err = publish(ctx, store, r, g, proof, coverage, &report)
	return report, err
}

// tryOut reads every row and asks all that the gate asks, and writes nothing.
func tryOut(ctx context.Context, r *reader, g *gate, proof *evidence, report *Report) error {
	err := r.each(ctx, func(k kept) error {
		g.add(k)
		return nil
	})
	if err == nil {
		err = g.close(ctx, proof)
	}
	return cmp.Or(err, g.request.refuseRejects(*report))
}

// publish reads every row into a draft and commits it. The original is kept when nothing speaks against the publication any
// more: what is refused leaves nothing behind, and nobody takes away what another import of the same bytes relies on.
func publish(
	ctx context.Context, store layers.Store, r *reader, g *gate, proof *evidence, coverage layers.Coverage, report *Report,
) (err error) {
	req := g.request
	draft, err := store.Begin(ctx, req.Layer, layers.Vintage{
		Ref:    layers.Ref{Layer: req.Layer.ID, Vintage: req.Vintage},
		Fields: report.Fields, Mapping: maps.Clone(report.Mapping), Declared: req.Declared,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, draft.Discard()) }()
	err = r.each(ctx, func(k kept) error {
		g.add(k)
		return draft.Append(ctx, k.feature())
	})
	if err != nil {
		return err
	}
	if err := req.refuseRejects(*report); err != nil {
		return errors.Join(err, g.close(ctx, proof))
	}
	// While one processor writes the rows, which needs nothing of the gate, another asks what the gate asks of all rows.
	closed := make(chan error, 1)
	var looking sync.WaitGroup
	looking.Go(func() {
		err := cmp.Or(g.close(ctx, proof), req.refuseWarnings(*report))
		if err == nil {
			err = proof.keep()
		}
		closed <- err
	})
	vintage, err := draft.Commit(ctx, func(v *layers.Vintage) error {
		if err := <-closed; err != nil {
			return err
		}
		draft.Note(report.Issues...)
		v.Coverage = withExtent(coverage, v.Bound)
		v.Rejects = slices.Clone(report.Rejects)
		v.Provenance = req.provenance(report.Findings, proof.sum)
		return nil
	})
	looking.Wait() // it reads the report, also after a commit that failed before it asked
	report.Vintage = vintage
	return err
}

// refuseRejects is the problem of a file with rejected rows, unless the operator accepts them.
func (req Request) refuseRejects(r Report) error {
	if n := len(r.Rejects); n > 0 && !req.AcceptRejects {
		return geo.NewProblem("ingest.rejects", "count", n, "rows", r.Read, "file", r.FileName)
	}
	return nil
}

// refuseWarnings is the problem of a file with warnings that nobody has signed for.
func (req Request) refuseWarnings(r Report) error {
	if r.Warnings == 0 || req.SignedOff != "" {
		return nil
	}
	i := slices.IndexFunc(r.Issues, func(i layers.Issue) bool { return i.Severity == layers.Warning })
	if i < 0 { // all of them are beyond the list
		return geo.NewProblem("ingest.warnings", "count", r.Warnings, "file", r.FileName, "first", "…")
	}
	return geo.NewProblem("ingest.warnings", "count", r.Warnings, "file", r.FileName, "first", r.Issues[i].Problem)
}

func (k kept) feature() layers.Feature {
	return layers.Feature{
		Geometry: k.geometry, Area: k.area, Length: k.length, Roles: k.roles, Values: k.record.Values, Hash: k.hash,
	}
}

func (req Request) provenance(f Findings, sum layers.Hash) layers.Provenance {
	now := time.Now
	if req.Now != nil {
		now = req.Now
	}
	signed := ""
	if f.Warnings > 0 {
		signed = req.SignedOff
	}
	return layers.Provenance{
		Operator: req.Operator, File: f.FileName, SHA256: sum, Format: f.Format, Encoding: f.Encoding,
		Declared: f.DeclaredText, Used: f.Used(), TreatedAs: f.TreatedAs, Suspected: f.Suspected, Table: f.Table,
		Read: f.Read, Warnings: f.Warnings, Unlisted: f.Unlisted, SignedOff: signed, Repaired: f.Repaired, Guessed: f.Guessed, Densified: f.Densified, Program: req.Program, At: now().UTC().Round(0),
	}
}
