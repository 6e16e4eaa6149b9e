package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
)

// The languages that the program speaks; the first is the one for who asks for none of them.
const (
	chinese = "zh-CN"
	english = "en"
)

type contextKey int

const (
	languageKey contextKey = iota
	requestKey
)

func language(ctx context.Context) string {
	if lang, ok := ctx.Value(languageKey).(string); ok {
		return lang
	}
	return chinese
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey).(string)
	return id
}

// languageOf reads the query's lang, which a download link can carry, and then Accept-Language (RFC 9110 12.5.4).
func languageOf(r *http.Request) string {
	if lang := known(r.URL.Query().Get("lang")); lang != "" {
		return lang
	}
	best, quality := chinese, 0.0
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, q := weighed(part)
		if lang := known(tag); lang != "" && q > quality {
			best, quality = lang, q
		}
	}
	return best
}

func weighed(part string) (string, float64) {
	tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
	value, ok := strings.CutPrefix(strings.TrimSpace(params), "q=")
	if !ok {
		return tag, 1
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil || q < 0 || q > 1 {
		return tag, 0
	}
	return tag, q
}

// known is the program's language for a tag, "" when it speaks no such language.
func known(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	switch primary {
	case "zh":
		return chinese
	case "en":
		return english
	}
	return ""
}
