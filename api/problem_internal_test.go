package api

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"greenshield/layers/text"
)

func catalog(t *testing.T) *text.Catalog {
	t.Helper()
	c, err := text.Load(os.DirFS("../data/texts"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A rule that fits no code is a mistyped one, and a status without a title would be shown as its key.
func TestEveryStatusRuleFitsACode(t *testing.T) {
	texts := catalog(t)
	for prefix, status := range statusRules() {
		fits := false
		for _, p := range texts.Problems() {
			fits = fits || strings.HasPrefix(p.Code, prefix)
		}
		if !fits {
			t.Errorf("no code begins with %q", prefix)
		}
		if !texts.Has(fmt.Sprintf("api.status.%d", status)) {
			t.Errorf("%q: status %d has no title", prefix, status)
		}
	}
}

func TestStatusOfCodes(t *testing.T) {
	s, err := New(Config{Texts: catalog(t)})
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]int{
		"ingest.zip.encrypted":      http.StatusUnprocessableEntity, // the content, however it is wrong
		"ingest.crs.missing":        http.StatusUnprocessableEntity,
		"ingest.zip.disk-full":      http.StatusInsufficientStorage, // the machine
		"ingest.zip.temp-read-only": http.StatusInternalServerError,
		"store.disk.full":           http.StatusInsufficientStorage,
		"store.file.corrupt":        http.StatusInternalServerError,
		"state.newer":               http.StatusInternalServerError,
		"check.layers.unlisted":     http.StatusInternalServerError,
		"job.broken":                http.StatusInternalServerError,
		"store.busy":                http.StatusServiceUnavailable, // passes by itself
		"store.vintage.taken":       http.StatusConflict,           // another was there before
		"store.layer.theme-differs": http.StatusConflict,
		"layer.export.exists":       http.StatusConflict,
		"job.finished":              http.StatusConflict,
		"store.fields.too-many":     http.StatusUnprocessableEntity,
		"layer.ref.malformed":       http.StatusBadRequest, // the request
		"api.request.bbox":          http.StatusBadRequest,
		"api.problem.unknown":       http.StatusNotFound,
		"store.vintage.unknown":     http.StatusNotFound,
		"api.request.too-large":     http.StatusRequestEntityTooLarge,
	} {
		if _, ok := s.texts.Problem(code); !ok {
			t.Errorf("%s is no problem", code)
		}
		if got := s.statusOf(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}

func TestAdviceFollowsTheFirstSentence(t *testing.T) {
	for sentence, want := range map[string]string{
		"The row has no geometry. Draw it, or delete the row.": "Draw it, or delete the row.",
		"该行没有图形。请补绘图形。":                                        "请补绘图形。",
		"Edges of 70.5 m are too long.":                        "",
		"A. B. C.":                                             "B. C.",
	} {
		if got := adviceOf(sentence); got != want {
			t.Errorf("%q: %q", sentence, got)
		}
	}
}
