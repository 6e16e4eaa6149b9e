package ingest

import (
	"context"

	"greenshield/geo/format"
	"greenshield/geo/format/open"
)

// openFile looks at the bytes and picks the reader.
func openFile(ctx context.Context, r Reading) (format.Dataset, error) {
	return open.Open(ctx, r.Path, open.Options{
		Layer: r.Sublayer, Encoding: r.Encoding, Limits: r.Limits, Name: fileName(r), Temp: r.Temp,
	})
}
