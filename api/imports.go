package api

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/api/state"
	"greenshield/geo"
	"greenshield/layers"
)

// importDocument is an import as its visitor follows it.
type importDocument struct {
	ID       string        `json:"id"`
	State    string        `json:"state" enum:"accepted,running,successful,failed,dismissed"`
	Layer    string        `json:"layer"`
	Theme    string        `json:"theme"`
	Title    string        `json:"title"`
	Vintage  string        `json:"vintage"`
	File     string        `json:"file"`
	Accuracy *length       `json:"accuracy,omitempty" doc:"Declared accuracy; absent where none is"`
	Valid    string        `json:"validUntil,omitempty" doc:"Declared last day of validity"`
	Progress progressInfo  `json:"progress"`
	Created  time.Time     `json:"created"`
	Finished *time.Time    `json:"finished,omitempty"`
	Ref      string        `json:"ref,omitempty" doc:"What was published"`
	Report   *importReport `json:"report,omitempty" doc:"Absent in lists"`
	Problem  *note         `json:"problem,omitempty" doc:"Why the import failed"`
}

type progressInfo struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total" doc:"-1 when not known"`
}

// importReport is what reading the file brought to light.
type importReport struct {
	Read       int64             `json:"read"`
	Kept       int64             `json:"kept"`
	Repaired   int64             `json:"repaired"`
	Guessed    int64             `json:"guessed" doc:"Of the repaired: those on whose repair people could differ; see repair=best-effort"`
	Rejected   int               `json:"rejected"`
	Warnings   int64             `json:"warnings" doc:"Issues that somebody must sign for before the file is published; see signedOff"`
	Table      string            `json:"table" doc:"Table of the code book that the fields were recognised as"`
	Densified  int64             `json:"densified"`
	AreaBefore area              `json:"areaBefore"`
	AreaAfter  area              `json:"areaAfter"`
	Length     length            `json:"length"`
	System     string            `json:"system"`
	Declared   string            `json:"declared"`
	TreatedAs  bool              `json:"treatedAs"`
	Suspected  string            `json:"suspected"`
	Format     string            `json:"format"`
	Encoding   string            `json:"encoding"`
	Mapping    map[string]string `json:"mapping"`
	Issues     []issueInfo       `json:"issues" doc:"The first issues"`
	Unlisted   int64             `json:"unlisted" doc:"Issues that are not listed"`
	Rejects    []rejectInfo      `json:"rejects" doc:"The first rejected rows; all of them are in the CSV"`
}

type issueInfo struct {
	Row        int64     `json:"row" doc:"0 for the file as a whole"`
	Code       string    `json:"code"`
	Text       string    `json:"text"`
	Severity   string    `json:"severity" enum:"note,warning,repair,refusal"`
	Action     string    `json:"action" enum:"none,repaired,rejected"`
	At         *position `json:"at,omitempty"`
	AreaBefore *area     `json:"areaBefore,omitempty"`
	AreaAfter  *area     `json:"areaAfter,omitempty"`
}

type idInput struct {
	ID string `path:"id" maxLength:"40"`
}

type importsInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (s *Server) importRoutes() {
	missing := []int{http.StatusNotFound}
	route(s, operation{
		id: "create-import", method: http.MethodPost, path: "/api/imports", tag: "imports", status: http.StatusAccepted,
		summary: "Import a delivered file as a vintage of a layer", about: s.uploadText(), body: importBody(),
		problems: []int{
			http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge,
			http.StatusUnsupportedMediaType, http.StatusTooManyRequests, http.StatusInsufficientStorage,
		},
	}, s.createImport)
	route(s, operation{
		id: "list-imports", method: http.MethodGet, path: "/api/imports", tag: "imports",
		summary: "Imports, newest first",
	}, s.imports)
	route(s, operation{
		id: "get-import", method: http.MethodGet, path: "/api/imports/{id}", tag: "imports",
		summary: "One import with its progress and its report", problems: missing,
	}, s.importByID)
	route(s, operation{
		id: "cancel-import", method: http.MethodPost, path: "/api/imports/{id}/cancel", tag: "imports",
		summary:  "Stop an import; nothing of it is published",
		problems: []int{http.StatusNotFound, http.StatusConflict, http.StatusForbidden},
	}, s.cancelImport)
	route(s, operation{
		id: "get-import-rejects", method: http.MethodGet, path: "/api/imports/{id}/rejects.csv", tag: "imports",
		summary: "Rows that the import did not keep", problems: missing, produces: csvType,
	}, s.importRejects)
}

// createImport receives the file and puts the import in the queue; everything that can be said without opening the
// file is said at once.
func (s *Server) createImport(ctx context.Context, in *formInput) (*answer[importDocument], error) {
	d, err := s.receive(in, importFields())
	if err != nil {
		return nil, err
	}
	defer s.release(ctx, d.key)
	if _, err := importRequest(d.values); err != nil {
		return nil, err
	}
	title, err := s.settleLayer(ctx, d.values)
	if err != nil {
		return nil, err
	}
	if err := s.noteLast(ctx, d.values); err != nil {
		return nil, err
	}
	request, err := json.Marshal(d.values)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	m := state.Import{
		ID: state.NewID(now), Created: now, State: state.Accepted, Layer: d.values["layer"], Theme: d.values["theme"],
		Title: title, Vintage: d.values["vintage"], File: d.name, Upload: d.key, Request: request, Total: -1,
	}
	if err := s.jobs.Submit(ctx, m); err != nil {
		return nil, err
	}
	return s.importAnswer(ctx, m)
}

// settleLayer refuses a theme that the layer does not have, and gives the title: the one that was sent, the one the
// layer has, or its name.
func (s *Server) settleLayer(ctx context.Context, values map[string]string) (string, error) {
	id, title := values["layer"], values["title"]
	all, err := s.Store.Layers(ctx)
	if err != nil {
		return "", err
	}
	for _, l := range all {
		if string(l.ID) != id {
			continue
		}
		if string(l.Theme) != values["theme"] {
			return "", geo.NewProblem("store.layer.theme-differs",
				"layer", id, "theme", string(l.Theme), "asked", values["theme"])
		}
		title = cmp.Or(title, l.Title)
	}
	return cmp.Or(title, id), nil
}

// lastRevision is the value of a kept request that no form can send: the last revision of the vintage that was
// published when the import was accepted. What is published after it can be this import's own work.
const lastRevision = "last revision"

func (s *Server) noteLast(ctx context.Context, values map[string]string) error {
	all, err := s.Store.Vintages(ctx, layers.LayerID(values["layer"]))
	if err != nil {
		return err
	}
	last := 0
	for _, v := range all {
		if v.Ref.Vintage == values["vintage"] {
			last = max(last, v.Ref.Revision)
		}
	}
	values[lastRevision] = strconv.Itoa(last)
	return nil
}

func (s *Server) imports(ctx context.Context, in *importsInput) (*answer[[]importDocument], error) {
	all, err := s.State.Imports(ctx, in.Limit)
	if err != nil {
		return nil, err
	}
	out := []importDocument{}
	for _, m := range all {
		doc, err := s.importDocument(language(ctx), m)
		if err != nil {
			return nil, err
		}
		out = append(out, doc)
	}
	return &answer[[]importDocument]{Body: out}, nil
}

func (s *Server) importByID(ctx context.Context, in *idInput) (*answer[importDocument], error) {
	m, err := s.State.Import(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.importAnswer(ctx, m)
}

func (s *Server) cancelImport(ctx context.Context, in *idInput) (*answer[importDocument], error) {
	if err := s.jobs.Cancel(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.importByID(ctx, in)
}

func (s *Server) importAnswer(ctx context.Context, m state.Import) (*answer[importDocument], error) {
	doc, err := s.importDocument(language(ctx), m)
	return &answer[importDocument]{Body: doc}, err
}

func (s *Server) importDocument(lang string, m state.Import) (importDocument, error) {
	doc := importDocument{
		ID: m.ID, State: m.State, Layer: m.Layer, Theme: m.Theme, Title: m.Title, Vintage: m.Vintage, File: m.File,
		Progress: progressInfo{Done: m.Done, Total: m.Total}, Created: m.Created, Ref: m.Ref,
	}
	if err := doc.declare(m.Request); err != nil {
		return doc, err
	}
	if !m.Finished.IsZero() {
		doc.Finished = &m.Finished
	}
	if m.Problem != nil {
		var kept geo.Problem
		if err := unkeep(m.Problem, &kept); err != nil {
			return doc, err
		}
		said := s.noteOf(lang, &kept)
		doc.Problem = &said
	}
	if m.Report == nil {
		return doc, nil
	}
	var kept keptReport
	if err := unkeep(m.Report, &kept); err != nil {
		return doc, err
	}
	doc.Report = s.importReport(lang, kept)
	return doc, nil
}

// declare repeats what the request declared of the vintage.
func (d *importDocument) declare(request []byte) error {
	if len(request) == 0 { // lists leave it out
		return nil
	}
	var values map[string]string
	if err := json.Unmarshal(request, &values); err != nil {
		return err
	}
	declared, err := layers.ParseDeclared(values["accuracy"], values["validUntil"], d.Vintage)
	d.Accuracy, d.Valid = declaredLength(declared.Accuracy), declared.ValidUntil
	return err
}

func (s *Server) importReport(lang string, k keptReport) *importReport {
	return &importReport{
		Read: k.Read, Kept: k.Kept, Repaired: k.Repaired, Guessed: k.Guessed, Rejected: len(k.Rejects), Warnings: k.Warnings,
		Table: k.Table, Densified: k.Densified,
		AreaBefore: areaOf(k.AreaBefore), AreaAfter: areaOf(k.AreaAfter), Length: lengthOf(k.Length),
		System: k.System, Declared: k.Declared, TreatedAs: k.TreatedAs, Suspected: k.Suspected,
		Format: k.Format, Encoding: k.Encoding, Mapping: rolesOf(k.Mapping),
		Issues: s.issueInfos(lang, k.Issues), Unlisted: k.Unlisted,
		Rejects: s.rejectInfos(lang, k.Rejects, inlineRejects),
	}
}

func (s *Server) issueInfos(lang string, kept []keptIssue) []issueInfo {
	out := []issueInfo{}
	for _, k := range kept {
		said := s.noteOf(lang, k.Problem)
		info := issueInfo{
			Row: k.Row, Code: said.Code, Text: said.Text, Severity: k.Severity, Action: k.Action, At: said.At,
		}
		if k.IsMeasure {
			before, after := areaOf(geo.Area(k.Before)), areaOf(geo.Area(k.After))
			info.AreaBefore, info.AreaAfter = &before, &after
		}
		out = append(out, info)
	}
	return out
}

func (s *Server) importRejects(ctx context.Context, in *idInput) (*huma.StreamResponse, error) {
	m, err := s.State.Import(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	var rejects []layers.Reject
	if m.Report != nil {
		var kept keptReport
		if err := unkeep(m.Report, &kept); err != nil {
			return nil, err
		}
		rejects = kept.Rejects
	}
	return s.rejectsCSV(ctx, m.File, rejects)
}
