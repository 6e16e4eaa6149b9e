package export

import (
	"context"
	"io"
	"strconv"
	"time"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/save"
	"greenshield/layers/analysis/avoid"
	"greenshield/layers/report"
)

// RemainsOptions say how suggestions are written; Printer must be given.
type RemainsOptions struct {
	// Cut is which cut is written; empty means avoid.AlongBorder.
	Cut avoid.Kind
	// Encoding is "GBK", which is the default, or "UTF-8".
	Encoding string
	// Program and At go into the head of the file.
	Program string
	At      time.Time
	Printer report.Printer
}

// Remains writes what remains of parcels when a conflict is avoided as an exchange file of boundary points (TXT,
// domain section 8): a parcel for every suggestion that has such a cut and is solved by it, with its points numbered
// from J1 on. It says how many parcels were written; with none nothing is written at all.
func Remains(ctx context.Context, w io.Writer, all []avoid.Result, o RemainsOptions) (int, error) {
	l := save.Layer{
		Kind: save.ParcelText, Name: "remains", Encoding: o.Encoding, Producer: o.Program, Changed: o.At,
		Fields: []format.Field{{Name: "number"}, {Name: "name"}},
		Parcel: save.ParcelFields{Number: "number", Name: "name"},
	}
	count := 0
	var rows []format.Record
	for _, r := range all {
		c := r.Cut(o.Cut)
		if c == nil || c.Open > 0 {
			continue
		}
		system, err := crs.Parse(c.System)
		if err != nil {
			return 0, err
		}
		if count > 0 && system != l.System {
			return 0, geo.NewProblem("avoid.system", "system", system.Title())
		}
		l.System = system
		count++
		name := o.Printer.Words.Word(o.Printer.Lang, "export.remains", "name", r.Name)
		rows = append(rows, format.Record{
			Row: int64(count), Geometry: system.GeometryToLonLat(c.Corners),
			Values: []any{strconv.FormatInt(r.Row, 10), name},
		})
	}
	if count == 0 {
		return 0, nil
	}
	_, err := save.Write(ctx, w, l, func(yield func(format.Record, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	})
	return count, err
}
