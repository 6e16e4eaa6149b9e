package api

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/api/state"
	"greenshield/geo"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/ingest"
	"greenshield/layers/report"
)

type parcelInput struct {
	ID  string `path:"id" maxLength:"40"`
	Row int64  `path:"row" minimum:"1"`
}

func (s *Server) checkRoutes() {
	missing := []int{http.StatusNotFound}
	route(s, operation{
		id: "create-check", method: http.MethodPost, path: "/api/checks", tag: "checks", status: http.StatusCreated,
		summary: "Check parcels against every published constraint layer", heavy: true, body: s.checkBody(),
		about: s.checkText(),
		problems: []int{
			http.StatusForbidden, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge,
			http.StatusUnsupportedMediaType, http.StatusInsufficientStorage,
		},
	}, s.createCheck)
	route(s, operation{
		id: "get-check", method: http.MethodGet, path: "/api/checks/{id}", tag: "checks",
		summary: "A check that was made", problems: missing,
	}, s.check)
	route(s, operation{
		id: "get-check-parcel", method: http.MethodGet, path: "/api/checks/{id}/parcels/{row}", tag: "checks",
		summary: "One parcel of a check with all geometries", problems: missing,
	}, s.checkParcel)
	route(s, operation{
		id: "get-check-overlaps", method: http.MethodGet, path: "/api/checks/{id}/overlaps.geojson", tag: "checks",
		summary: "The overlaps of a check as GeoJSON", problems: missing, produces: geoJSON,
	}, s.checkOverlaps)
	route(s, operation{
		id: "get-check-report", method: http.MethodGet, path: "/api/checks/{id}/report.xlsx", tag: "checks",
		summary: "The report of a check as a workbook", problems: missing, produces: xlsxType,
	}, s.checkReport)
}

// createCheck answers at once: a parcel is judged before the mouse button is up, a batch within its time.
func (s *Server) createCheck(ctx context.Context, in *formInput) (*answer[checkDocument], error) {
	d, err := s.receiveCheck(in)
	if err != nil {
		return nil, err
	}
	defer s.release(ctx, d.key)
	if err := s.prepareCheck(d.values); err != nil {
		return nil, err
	}
	leave, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	limited, cancel := context.WithTimeout(ctx, s.limits.CheckTime)
	defer cancel()
	kept, err := s.runCheck(limited, d)
	if err != nil {
		return nil, err
	}
	row, err := s.keepCheck(ctx, d, kept)
	if err != nil {
		return nil, err
	}
	return s.checkAnswer(ctx, row, kept)
}

// runCheck reads the parcels like an import reads its rows, and asks.
func (s *Server) runCheck(ctx context.Context, d delivery) (keptCheck, error) {
	reading, err := readingOf(d.values)
	if err != nil {
		return keptCheck{}, err
	}
	reading.Path, reading.FileName, reading.Codes, reading.Limits = d.path, d.name, s.Codes, s.limits.parcels()
	parcels, found, err := ingest.Parcels(ctx, d.path, ingest.ParcelRequest{
		Reading: reading, MaxParcels: s.limits.Parcels,
	})
	if err != nil {
		return keptCheck{}, d.renamed(err)
	}
	if err := s.bounded(parcels); err != nil {
		return keptCheck{}, err
	}
	r, err := conflict.Check(ctx, s.Library, s.Book, parcels, conflict.Options{
		Activity: d.values["activity"], Date: d.values["date"], Unread: found.Rejects, Now: s.Now, Program: s.Program,
	})
	s.metrics.checked(r)
	return keptCheck{Result: r, Issues: keepIssues(found.Issues)}, err
}

// bounded holds a check to what was promised that it may take.
func (s *Server) bounded(parcels []conflict.Parcel) error {
	var vertices int64
	for _, p := range parcels {
		for _, polygon := range p.Geometry {
			for _, ring := range polygon {
				vertices += int64(len(ring))
			}
		}
	}
	if vertices > s.limits.Vertices {
		return geo.NewProblem("check.vertices.too-many", "limit", s.limits.Vertices, "count", vertices)
	}
	return nil
}

func (s *Server) keepCheck(ctx context.Context, d delivery, kept keptCheck) (state.Check, error) {
	raw, err := packJSON(kept)
	if err != nil {
		return state.Check{}, err
	}
	now := s.Now()
	row := state.Check{
		ID: state.NewID(now), Created: now, File: d.name, Activity: d.values["activity"],
		Date: kept.Result.Provenance.Date, Verdict: kept.Result.Verdict.String(), Result: raw,
	}
	return row, s.State.AddCheck(ctx, row)
}

// checked finds a check that was made.
func (s *Server) checked(ctx context.Context, id string) (state.Check, keptCheck, error) {
	var kept keptCheck
	row, err := s.State.Check(ctx, id)
	if err != nil {
		return row, kept, err
	}
	return row, kept, unpackJSON(row.Result, &kept)
}

func (s *Server) check(ctx context.Context, in *idInput) (*answer[checkDocument], error) {
	row, kept, err := s.checked(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.checkAnswer(ctx, row, kept)
}

func (s *Server) checkParcel(ctx context.Context, in *parcelInput) (*answer[parcelInfo], error) {
	_, kept, err := s.checked(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range kept.Result.Parcels {
		if p.Parcel.Row == in.Row {
			names, err := s.layerTitles(ctx)
			view := checkView{server: s, lang: language(ctx), titles: names, outlines: true}
			return &answer[parcelInfo]{Body: view.parcel(p)}, err
		}
	}
	return nil, geo.NewProblem("api.parcel.unknown", "row", in.Row)
}

func (s *Server) checkAnswer(ctx context.Context, row state.Check, kept keptCheck) (*answer[checkDocument], error) {
	titles, err := s.layerTitles(ctx)
	if err != nil {
		return nil, err
	}
	view := checkView{
		server: s, lang: language(ctx), titles: titles, outlines: len(kept.Result.Parcels) <= s.limits.InlineParcels,
	}
	return &answer[checkDocument]{Body: view.document(row, kept)}, nil
}

func (s *Server) checkOverlaps(ctx context.Context, in *idInput) (*huma.StreamResponse, error) {
	row, kept, err := s.checked(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	name := s.texts.Word(language(ctx), "api.file.overlaps", "date", row.Date) + ".geojson"
	return download(geoJSON, name, func(w io.Writer) error {
		return report.OverlapsGeoJSON(w, kept.Result, language(ctx))
	})
}

func (s *Server) checkReport(ctx context.Context, in *idInput) (*huma.StreamResponse, error) {
	row, kept, err := s.checked(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	printer, err := s.printer(ctx)
	if err != nil {
		return nil, err
	}
	name := s.texts.Word(printer.Lang, "api.file.check", "date", row.Date) + ".xlsx"
	return download(xlsxType, name, func(w io.Writer) error {
		return report.ConflictWorkbook(w, kept.Result, printer)
	})
}
