package api

import (
	"cmp"
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
	HeaderTime     time.Duration // for the head of a request to arrive; default 10 seconds
	JSONBytes      int64         // of one JSON body; default 4 MiB
	Parcels        int           // in one check; default 20,000
	Vertices       int64         // in all parcels of one check; default 5,000,000
	InlineParcels  int           // parcels whose geometries come with the answer of a check itself; default 50
	CheckTime      time.Duration // for one check; default 2 minutes
	AnalysisTime   time.Duration // for one change or shoreline account; default 10 minutes
	QueuedImports  int           // imports that wait or run at the same time; default 100
	PageFeatures   int           // features on one page; default 1,000
	HeavyRequests  int           // checks and accounts at the same time; negative for none; default 4
	IdentifyPlaces int           // features that one click on the map may answer with; default 50
}

// WithDefaults fills the fields that are zero.
func (l Limits) WithDefaults() Limits {
	l.UploadBytes = cmp.Or(l.UploadBytes, 512<<20)
	l.UploadFiles = cmp.Or(l.UploadFiles, 16)
	l.FileNameBytes = cmp.Or(l.FileNameBytes, 255)
	l.Patience = cmp.Or(l.Patience, 30*time.Second)
	l.HeaderTime = cmp.Or(l.HeaderTime, 10*time.Second)
	l.JSONBytes = cmp.Or(l.JSONBytes, 4<<20)
	l.Parcels = cmp.Or(l.Parcels, 20_000)
	l.Vertices = cmp.Or(l.Vertices, 5_000_000)
	l.InlineParcels = cmp.Or(l.InlineParcels, 50)
	l.CheckTime = cmp.Or(l.CheckTime, 2*time.Minute)
	l.AnalysisTime = cmp.Or(l.AnalysisTime, 10*time.Minute)
	l.QueuedImports = cmp.Or(l.QueuedImports, 100)
	l.PageFeatures = cmp.Or(l.PageFeatures, 1_000)
	l.HeavyRequests = cmp.Or(l.HeavyRequests, 4)
	l.IdentifyPlaces = cmp.Or(l.IdentifyPlaces, 50)
	return l
}

// parcels lets a file reader come to one row too many, so that it is refused as what it is: too many parcels.
func (l Limits) parcels() format.Limits {
	return format.Limits{MaxVertices: l.Vertices, MaxRecords: int64(l.Parcels) + 1}
}
