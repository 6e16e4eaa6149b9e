package parceltxt_test

import (
	"context"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format/parceltxt"
)

func codes(problems []*geo.Problem) string {
	var out []string
	for _, p := range problems {
		out = append(out, strings.TrimPrefix(p.Code, "ingest.txt."))
	}
	return strings.Join(out, " ")
}

func read(t testing.TB, text string, o parceltxt.Options) outcome {
	t.Helper()
	d, err := parceltxt.Read(context.Background(), "test", strings.NewReader(text), int64(len(text)), o)
	if err != nil {
		return outcome{err: err}
	}
	return drain(t, d)
}
