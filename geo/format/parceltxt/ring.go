package parceltxt

import (
	"greenshield/geo/format"
	"greenshield/geo/format/rings"
)

// split sorts the points of a parcel into rings and notes what it had to decide.
func split(d *draft, row int64, notes *format.Notes) [][]rings.Vertex {
	return rings.Split(d.points, func(what string) { notes.Add(row, "ingest.txt."+what) })
}
