package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"

	"greenshield/api/job"
	"greenshield/api/state"
	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/ingest"
)

// importer does the work of imports for the queue.
type importer struct{ server *Server }

// Run imports m. Whatever goes wrong is kept as a problem: in the words of the problem where a person can mend it, as
// a fault of ours otherwise.
func (w *importer) Run(ctx context.Context, m state.Import, progress func(done, total int64)) (out job.Outcome) {
	defer func() {
		if v := recover(); v != nil {
			w.server.log.ErrorContext(ctx, "panic", "import", m.ID, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			out = w.failed(ctx, m, nil, geo.NewProblem("job.broken", "id", m.ID))
		}
	}()
	if done, ok := w.published(ctx, m); ok {
		return job.Outcome{Ref: done.Ref.String(), Report: encodeReport(reportOf(done))}
	}
	request, err := w.request(m)
	if err != nil {
		return w.failed(ctx, m, nil, err)
	}
	request.Progress = progress
	report, err := ingest.Import(ctx, w.server.Store, request)
	encoded := encodeReport(keepFindings(report.Findings))
	if err != nil {
		return w.failed(ctx, m, encoded, upload{path: request.Path, name: m.File}.renamed(err))
	}
	return job.Outcome{Ref: report.Vintage.Ref.String(), Report: encoded}
}

func (w *importer) request(m state.Import) (ingest.Request, error) {
	var values map[string]string
	if err := json.Unmarshal(m.Request, &values); err != nil {
		return ingest.Request{}, fmt.Errorf("read request of import %s: %w", m.ID, err)
	}
	r, err := importRequest(values)
	if err != nil {
		return r, err
	}
	if r.Path, err = w.server.uploads.find(m.Upload); err != nil {
		return r, geo.NewProblem("job.upload.gone", "file", m.File).Because(err)
	}
	r.SHA256, err = hashOf(m.Upload)
	r.FileName, r.Layer.Title, r.Codes = m.File, m.Title, w.server.Codes
	r.Now, r.Program, r.Originals = w.server.Now, w.server.Program, w.server.originals
	return r, err
}

// published finds what an earlier run of the same import published before the process ended: publishing it once more
// would make a second revision of one delivery. It goes by revisions and not by times, because the clock may have been
// put back in between.
func (w *importer) published(ctx context.Context, m state.Import) (layers.Vintage, bool) {
	if m.Attempts < 2 {
		return layers.Vintage{}, false
	}
	hash, err := hashOf(m.Upload)
	last, e := lastOf(m.Request)
	if errors.Join(err, e) != nil {
		return layers.Vintage{}, false
	}
	all, err := w.server.Store.Vintages(ctx, layers.LayerID(m.Layer))
	if err != nil {
		return layers.Vintage{}, false // the import itself will say what is wrong with the store
	}
	for _, v := range all {
		if v.Ref.Vintage == m.Vintage && v.Provenance.SHA256 == hash && v.Ref.Revision > last {
			return v, true
		}
	}
	return layers.Vintage{}, false
}

// lastOf reads what noteLast wrote.
func lastOf(request []byte) (int, error) {
	var values map[string]string
	if err := json.Unmarshal(request, &values); err != nil {
		return 0, err
	}
	return strconv.Atoi(values[lastRevision])
}

// reportOf is what a published vintage itself tells of its import.
func reportOf(v layers.Vintage) keptReport {
	return keptReport{
		Read: v.Count + int64(len(v.Rejects)), Kept: v.Count, Repaired: v.Provenance.Repaired, Guessed: v.Provenance.Guessed,
		Warnings: v.Provenance.Warnings, Table: v.Provenance.Table,
		Densified: v.Provenance.Densified, AreaBefore: v.Area, AreaAfter: v.Area, Length: v.Length,
		System: v.Provenance.Used, Declared: v.Provenance.Declared, TreatedAs: v.Provenance.TreatedAs,
		Suspected: v.Provenance.Suspected, Format: v.Provenance.Format, Encoding: v.Provenance.Encoding,
		Mapping: v.Mapping, Rejects: v.Rejects,
	}
}

func (w *importer) failed(ctx context.Context, m state.Import, report []byte, err error) job.Outcome {
	p := w.server.problemOf(ctx, err)
	if w.server.statusOf(p.Code) >= 500 {
		w.server.log.ErrorContext(ctx, "import failed", "import", m.ID, "error", err.Error())
	}
	return job.Outcome{Report: report, Problem: encodeProblem(p)}
}

// Interrupted is the problem of an import that ended the process too often.
func (w *importer) Interrupted(m state.Import) []byte {
	return encodeProblem(geo.NewProblem("job.interrupted", "attempts", m.Attempts))
}

// Finished lets the upload go.
func (w *importer) Finished(ctx context.Context, m state.Import) {
	w.server.metrics.importEnded(m.State)
	w.server.letGo(ctx, m.Upload)
}

func encodeProblem(p *geo.Problem) []byte {
	raw, err := json.Marshal(p)
	if err != nil {
		return []byte(`{"code":"` + p.Code + `"}`)
	}
	return raw
}

// encodeReport is nil when a figure cannot be written, which no area can bring about.
func encodeReport(k keptReport) []byte {
	raw, err := json.Marshal(k)
	if err != nil {
		return nil
	}
	return raw
}
