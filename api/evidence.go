package api

import (
	"archive/zip"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/original"
)

// evidenceRoutes show what a vintage was made from, and what was noted then.
func (s *Server) evidenceRoutes() {
	missing := []int{http.StatusNotFound}
	route(s, operation{
		id: "get-vintage-issues", method: http.MethodGet, path: "/api/vintages/{ref}/issues.csv", tag: "vintages",
		summary:  "What was noted when the vintage was read: repairs with the area before and after, warnings, decisions",
		about:    "Kept with the vintage, with the name of the person who signed for the warnings in its provenance.",
		problems: missing, produces: csvType,
	}, s.vintageIssues)
	route(s, operation{
		id: "get-vintage-original", method: http.MethodGet, path: "/api/vintages/{ref}/original", tag: "vintages",
		summary: "The delivered file, byte for byte as it came", problems: missing, produces: "application/octet-stream", variants: []string{"application/zip"},
		about: "Files that were delivered together come as one zip.",
	}, s.vintageOriginal)
	route(s, operation{
		id: "get-import-issues", method: http.MethodGet, path: "/api/imports/{id}/issues.csv", tag: "imports",
		summary: "What the import noted", problems: missing, produces: csvType,
	}, s.importIssues)
}

func (s *Server) vintageIssues(ctx context.Context, in *refInput) (*huma.StreamResponse, error) {
	v, err := s.find(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	issues, err := s.Store.Issues(ctx, v.Ref)
	if err != nil {
		return nil, err
	}
	return s.issuesCSV(ctx, v.Ref.String(), issues)
}

func (s *Server) importIssues(ctx context.Context, in *idInput) (*huma.StreamResponse, error) {
	m, err := s.State.Import(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	var issues []layers.Issue
	if m.Report != nil {
		var kept keptReport
		if err := unkeep(m.Report, &kept); err != nil {
			return nil, err
		}
		issues = issuesOf(kept.Issues)
	}
	return s.issuesCSV(ctx, m.File, issues)
}

// issuesCSV lists issues for a spreadsheet.
func (s *Server) issuesCSV(ctx context.Context, of string, issues []layers.Issue) (*huma.StreamResponse, error) {
	lang := language(ctx)
	name := s.texts.Word(lang, "api.file.issues", "of", of) + ".csv"
	return download(csvType, name, func(w io.Writer) error { return ingest.IssuesCSV(w, issues, lang, s.texts) })
}

// vintageOriginal streams from the disk: a delivery may be larger than memory.
func (s *Server) vintageOriginal(ctx context.Context, in *refInput) (*huma.StreamResponse, error) {
	v, err := s.find(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	parts, err := s.originals.Find(v.Provenance.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, geo.NewProblem("api.original.gone", "ref", v.Ref.String(), "file", v.Provenance.File)
	}
	if err != nil {
		return nil, err
	}
	if len(parts) == 1 {
		return sendFile(parts[0].Path, v.Provenance.File)
	}
	return sendZip(parts, v.Provenance.File), nil
}

func sendFile(file, name string) (*huma.StreamResponse, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer f.Close()
		ctx.SetHeader("Content-Type", "application/octet-stream")
		ctx.SetHeader("Content-Length", strconv.FormatInt(info.Size(), 10))
		ctx.SetHeader("Content-Disposition", disposition(cmp.Or(name, filepath.Base(file))))
		_, _ = io.Copy(ctx.BodyWriter(), f) // a visitor who has gone needs no answer
	}}, nil
}

// sendZip packs the parts under the name that their owner knows: a.shp, a.dbf, or x.gdb/….
func sendZip(parts []original.Part, name string) *huma.StreamResponse {
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "application/zip")
		ctx.SetHeader("Content-Disposition", disposition(stem+".zip"))
		z := zip.NewWriter(ctx.BodyWriter())
		for _, p := range parts {
			within := path.Join(name, p.Name)
			if rest, ok := strings.CutPrefix(p.Name, original.Stem+"."); ok {
				within = stem + "." + rest
			}
			if err := pack(z, within, p.Path); err != nil {
				return // the archive has no end then, and every program says so
			}
		}
		_ = z.Close()
	}}
}

func pack(z *zip.Writer, name, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := z.Create(name)
	if err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	_, err = io.Copy(w, f)
	return err
}
