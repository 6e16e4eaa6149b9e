package api

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/layers"
	"greenshield/layers/ingest"
)

// download answers with a file that a browser saves under name. The file is made whole before the first byte is
// sent, so that a fault becomes a problem document and never a file that is cut off.
func download(mediaType, name string, write func(io.Writer) error) (*huma.StreamResponse, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", mediaType)
		ctx.SetHeader("Content-Length", strconv.Itoa(b.Len()))
		ctx.SetHeader("Content-Disposition", disposition(name))
		ctx.SetHeader("Cache-Control", "no-store")
		_, _ = b.WriteTo(ctx.BodyWriter()) // a visitor who has gone needs no answer
	}}, nil
}

// disposition names a file in any script (RFC 6266, RFC 8187), with a plain name for old programs.
func disposition(name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || strings.ContainsRune(`"\/;%`, r) {
			return '_'
		}
		return r
	}, name)
	escaped := strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, ascii, escaped)
}

func (s *Server) vintageRejects(ctx context.Context, in *refInput) (*huma.StreamResponse, error) {
	v, err := s.find(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	return s.rejectsCSV(ctx, v.Ref.String(), v.Rejects)
}

// rejectsCSV lists rejected rows for a spreadsheet.
func (s *Server) rejectsCSV(ctx context.Context, of string, rejects []layers.Reject) (*huma.StreamResponse, error) {
	lang := language(ctx)
	name := s.texts.Word(lang, "api.file.rejects", "of", of) + ".csv"
	return download(csvType, name, func(w io.Writer) error { return ingest.RejectsCSV(w, rejects, lang, s.texts) })
}
