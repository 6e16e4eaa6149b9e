package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"greenshield/geo/crs"
	"greenshield/layers"
	"greenshield/layers/ingest"
)

// A shapefile reader knows only after the last row that rings ran the wrong way; the note must still be told.
func TestNotesThatComeAtTheEndAreTold(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "fmt-shp-gdal", "multipolygon_as_invalid_polygon.shp")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the real inputs of ../shared/data are not here")
	}
	degrees, err := crs.FromEPSG(4490)
	if err != nil {
		t.Fatal(err)
	}
	_, report, err := ingest.Parcels(context.Background(), path, ingest.ParcelRequest{Reading: ingest.Reading{TreatAs: &degrees}})
	said := slices.ContainsFunc(report.Issues, func(i layers.Issue) bool { return i.Problem.Code == "ingest.shp.ring-orientation" })
	if !said {
		t.Errorf("the note about ring directions is lost; issues %+v, error %v", report.Issues, err)
	}
}
