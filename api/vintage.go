package api

import (
	"context"
	"net/http"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/layers"
)

// vintageDocument is all that is known about a vintage.
type vintageDocument struct {
	VintageInfo
	Layer      string            `json:"layer"`
	Theme      string            `json:"theme"`
	Title      string            `json:"title"`
	Fields     []fieldInfo       `json:"fields"`
	Mapping    map[string]string `json:"mapping" doc:"Which delivered field plays which role"`
	Content    string            `json:"content" doc:"SHA-256 over all features"`
	Provenance deliveryInfo      `json:"provenance"`
	Rejected   []rejectInfo      `json:"rejected" doc:"The first rejected rows; all of them are in the CSV"`
}

type fieldInfo struct {
	Name string `json:"name"`
	Kind string `json:"kind" enum:"text,integer,real,boolean,date"`
	Role string `json:"role,omitempty"`
}

// deliveryInfo says who brought what, and how it was read.
type deliveryInfo struct {
	Operator  string `json:"operator"`
	File      string `json:"file"`
	SHA256    string `json:"sha256"`
	Format    string `json:"format"`
	Encoding  string `json:"encoding"`
	Declared  string `json:"declared" doc:"Reference system in the file's own words"`
	Used      string `json:"used" doc:"Reference system that the coordinates were read in"`
	TreatedAs bool   `json:"treatedAs"`
	Suspected string `json:"suspected"`
	Table     string `json:"table" doc:"Table of the code book that the fields were recognised as"`
	Read      int64  `json:"read" doc:"Rows delivered"`
	Warnings  int64  `json:"warnings" doc:"Warnings that were given; see issues.csv"`
	Unlisted  int64  `json:"unlisted" doc:"Issues of all kinds that are counted but not kept"`
	SignedOff string `json:"signedOff" doc:"Who has looked at the warnings and answers for them"`
	Original  bool   `json:"original" doc:"The delivered file is kept; see original"`
	Repaired  int64  `json:"repaired"`
	Guessed   int64  `json:"guessed" doc:"Of the repaired: those on whose repair people could differ"`
	Densified int64  `json:"densified" doc:"Vertices added on edges longer than 70 m"`
	Program   string `json:"program"`
	At        string `json:"at" format:"date-time"`
}

// note is a sentence that a person should read, with its stable name.
type note struct {
	Code string         `json:"code"`
	Text string         `json:"text" doc:"The sentence in the language asked for"`
	Args map[string]any `json:"args"`
	At   *position      `json:"at,omitempty"`
}

type rejectInfo struct {
	Row  int64 `json:"row"`
	Note note  `json:"note"`
	BBox bbox  `json:"bbox,omitempty"`
}

// inlineRejects is how many rejected rows a JSON answer lists; the CSV lists all.
const inlineRejects = 200

type refInput struct {
	Ref string `path:"ref" maxLength:"80" example:"redline@2023.1"`
}

func (s *Server) vintageRoutes() {
	missing := []int{http.StatusNotFound}
	route(s, operation{
		id: "get-vintage", method: http.MethodGet, path: "/api/vintages/{ref}", tag: "vintages",
		summary: "All that is known about one vintage", problems: missing,
	}, s.vintage)
	route(s, operation{
		id: "withdraw-vintage", method: http.MethodDelete, path: "/api/vintages/{ref}", tag: "vintages",
		summary: "Take a vintage out of use; its ref is never given again", status: http.StatusNoContent,
		problems: []int{http.StatusNotFound, http.StatusForbidden},
	}, s.withdraw)
	route(s, operation{
		id: "get-vintage-rejects", method: http.MethodGet, path: "/api/vintages/{ref}/rejects.csv", tag: "vintages",
		summary: "Delivered rows that are not in the vintage", problems: missing, produces: csvType,
	}, s.vintageRejects)
}

// find reads a ref and its published vintage.
func (s *Server) find(ctx context.Context, text string) (layers.Vintage, error) {
	ref, err := layers.ParseRef(text)
	if err != nil {
		return layers.Vintage{}, err
	}
	return s.Store.Vintage(ctx, ref)
}

func (s *Server) vintage(ctx context.Context, in *refInput) (*answer[vintageDocument], error) {
	v, err := s.find(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	siblings, err := s.Store.Vintages(ctx, v.Ref.Layer)
	if err != nil {
		return nil, err
	}
	current := true
	for _, o := range siblings {
		current = current && (o.Ref.Vintage != v.Ref.Vintage || o.Ref.Revision <= v.Ref.Revision)
	}
	doc := vintageDocument{
		VintageInfo: s.vintageInfo(v, current), Layer: string(v.Ref.Layer), Theme: string(v.Theme),
		Fields: fieldInfos(v), Mapping: map[string]string{}, Content: v.Content.String(),
		Provenance: s.deliveryOf(v.Provenance), Rejected: s.rejectInfos(language(ctx), v.Rejects, inlineRejects),
	}
	for role, field := range v.Mapping {
		doc.Mapping[string(role)] = field
	}
	titles, err := s.layerTitles(ctx)
	doc.Title = titles[v.Ref.Layer]
	return &answer[vintageDocument]{Body: doc}, err
}

func (s *Server) layerTitles(ctx context.Context) (map[layers.LayerID]string, error) {
	all, err := s.Store.Layers(ctx)
	titles := map[layers.LayerID]string{}
	for _, l := range all {
		titles[l.ID] = l.Title
	}
	return titles, err
}

func (s *Server) withdraw(ctx context.Context, in *refInput) (*struct{}, error) {
	v, err := s.find(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	if err := s.Store.Withdraw(ctx, v.Ref); err != nil {
		return nil, err
	}
	s.Library.Forget(v.Ref)
	return nil, nil
}

func fieldInfos(v layers.Vintage) []fieldInfo {
	roles := map[string]string{}
	for _, role := range layers.Roles() {
		if field, ok := v.Mapping[role]; ok {
			roles[field] = string(role)
		}
	}
	out := make([]fieldInfo, 0, len(v.Fields))
	for _, f := range v.Fields {
		out = append(out, fieldInfo{Name: f.Name, Kind: kindName(f.Kind), Role: roles[f.Name]})
	}
	return out
}

func kindName(k format.Kind) string {
	return [...]string{"text", "integer", "real", "boolean", "date"}[k]
}

func (s *Server) deliveryOf(p layers.Provenance) deliveryInfo {
	_, err := s.originals.Find(p.SHA256)
	return deliveryInfo{
		Original: err == nil,
		Operator: p.Operator, File: p.File, SHA256: p.SHA256.String(), Format: p.Format, Encoding: p.Encoding,
		Declared: p.Declared, Used: p.Used, TreatedAs: p.TreatedAs, Suspected: p.Suspected, Repaired: p.Repaired,
		Table: p.Table, Read: p.Read, Warnings: p.Warnings, Unlisted: p.Unlisted, SignedOff: p.SignedOff,
		Guessed: p.Guessed, Densified: p.Densified, Program: p.Program, At: p.At.UTC().Format(timeForm),
	}
}

const timeForm = "2006-01-02T15:04:05Z07:00"

// noteOf is the sentence for p; an absent problem gives an empty note.
func (s *Server) noteOf(lang string, p *geo.Problem) note {
	if p == nil {
		return note{Args: map[string]any{}}
	}
	return note{Code: p.Code, Text: s.texts.Sentence(lang, p), Args: arguments(p), At: place(p)}
}

func (s *Server) rejectInfos(lang string, rejects []layers.Reject, limit int) []rejectInfo {
	out := []rejectInfo{}
	for _, r := range rejects[:min(limit, len(rejects))] {
		info := rejectInfo{Row: r.Row, Note: s.noteOf(lang, r.Problem)}
		if r.Bound != nil {
			info.BBox = boundOf(*r.Bound)
		}
		out = append(out, info)
	}
	return out
}
