package api

import (
	"time"

	"greenshield/geo/format"
)

// Limits bound what one request or one visitor may take. They are told to everyone before an upload, in
// /api/catalogue; a zero field means the default that its comment names.
type Limits struct {
	UploadBytes    int64         // of one request body with files; default 512 MiB
	UploadFiles    int           // files in one request, for a shapefile as loose parts; default 16
	FileNameBytes  int           // of one file name; default 255
	Patience       time.Duration // with a visitor who is silent in the middle of a body; default 30 seconds
	JSONBytes      int64         // of one JSON body; default 4 MiB
	Parcels        int           // in one check; default 20,000
	Vertices       int64         // in all parcels of one check; default 5,000,000
	InlineParcels  int           // parcels whose geometries come with the answer of a check itself; default 50
	CheckTime      time.Duration // for one check; default 2 minutes
	AnalysisTime   time.Duration // for one change or shoreline account; default 10 minutes
	QueuedImports  int           // imports that wait or run at the same time; default 100
	PageFeatures   int           // features on one page; default 1,000
	HeavyRequests  int           // checks and accounts at the same time; more are told to come back; negative for none; default 4
	IdentifyPlaces int           // features that one click on the map may answer with; default 50
}

// WithDefaults fills the fields that are zero.
func (l Limits) WithDefaults() Limits {
	l.UploadBytes = or(l.UploadBytes, 512<<20)
	l.UploadFiles = or(l.UploadFiles, 16)
	l.FileNameBytes = or(l.FileNameBytes, 255)
	l.Patience = or(l.Patience, 30*time.Second)
	l.JSONBytes = or(l.JSONBytes, 4<<20)
	l.Parcels = or(l.Parcels, 20_000)
	l.Vertices = or(l.Vertices, 5_000_000)
	l.InlineParcels = or(l.InlineParcels, 50)
	l.CheckTime = or(l.CheckTime, 2*time.Minute)
	l.AnalysisTime = or(l.AnalysisTime, 10*time.Minute)
	l.QueuedImports = or(l.QueuedImports, 100)
	l.PageFeatures = or(l.PageFeatures, 1_000)
	l.HeavyRequests = or(l.HeavyRequests, 4)
	l.IdentifyPlaces = or(l.IdentifyPlaces, 50)
	return l
}

// parcels lets a file reader come to one row too many, so that it is refused as what it is: too many parcels.
func (l Limits) parcels() format.Limits {
	return format.Limits{MaxVertices: l.Vertices, MaxRecords: int64(l.Parcels) + 1}
}

func or[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}
