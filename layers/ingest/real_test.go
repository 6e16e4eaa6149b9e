package ingest_test

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/store/gpkg"
	"greenshield/layers/store/memory"
)

// shared gives a path in the folder of real inputs, which is read in place and is no part of the project.
func shared(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", filepath.FromSlash(name))
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the real input " + name + " is not here")
	}
	return path
}

func request(t *testing.T, id layers.LayerID, theme layers.Theme, vintage, path string) ingest.Request {
	t.Helper()
	req := redline(t, path)
	req.Layer, req.Vintage = layers.Layer{ID: id, Theme: theme}, vintage
	return req
}

// Areas by county in km², geodesic, as SOURCES.md of the folder states them; only the border between the last two moved.
func TestGuigangRegions(t *testing.T) {
	s, err := gpkg.Open(t.Context(), filepath.Join(t.TempDir(), "greenshield.gpkg"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for vintage, tc := range map[string]struct {
		path string
		want map[string]float64
	}{
		"2020": {"real-cn-datav-guigang/v2-2020-06/citys/450800.json", map[string]float64{
			"450802": 1096.00, "450803": 1101.92, "450804": 1350.72, "450821": 2986.27, "450881": 4086.58,
		}},
		"2021": {"real-cn-datav-guigang/v3-2021-09/citys/450800.json", map[string]float64{
			"450802": 1096.00, "450803": 1101.92, "450804": 1350.72, "450821": 2990.03, "450881": 4073.46,
		}},
	} {
		report, err := ingest.Import(t.Context(), s, request(t, "regions", layers.Region, vintage, shared(t, tc.path)))
		if err != nil {
			t.Fatal(err)
		}
		if report.Kept != 5 || report.Suspected != "GCJ-02" ||
			!slices.Contains(codesOf(report.Issues), "ingest.crs.suspected-gcj02") {
			t.Errorf("%s: kept %d, suspected %q, issues %v", vintage, report.Kept, report.Suspected, codesOf(report.Issues))
		}
		for _, f := range read(t, s, report.Vintage.Ref) {
			// Stated to 0.01 km²; edges straight in degrees and geodesics differ by less.
			got, want := f.Area.Hectares()/100, tc.want[f.Roles[layers.Code]]
			if math.Abs(got-want) > 0.02 {
				t.Errorf("%s %s: %.3f km², want %.2f", vintage, f.Roles[layers.Name], got, want)
			}
		}
	}
}

func TestParaProtectedAreasAndProperties(t *testing.T) {
	s := memory.New()
	path := shared(t, "real-br-para-car-uc/cnuc.shp")
	req := request(t, "protected", layers.Protected, "2025", path)
	if _, err := ingest.Import(t.Context(), s, req); geo.CodeOf(err) != "ingest.crs.not-accepted" {
		t.Errorf("undeclared: %v", err)
	}
	req.TreatAs = system(t, "EPSG:4490")
	report, err := ingest.Import(t.Context(), s, req)
	if err != nil {
		t.Fatal(err, codesOf(report.Issues))
	}
	if report.Kept != 3 || !report.Vintage.Provenance.TreatedAs {
		t.Errorf("kept %d, provenance %+v", report.Kept, report.Vintage.Provenance)
	}
	parcels := ingest.ParcelRequest{Reading: ingest.Reading{TreatAs: req.TreatAs, Codes: book(t)}}
	got, r, err := ingest.Parcels(t.Context(), shared(t, "real-br-para-car-uc/sigef.shp"), parcels)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d properties, %d repaired, %d rejected", r.Kept, r.Read, r.Repaired, len(r.Rejects))
	if r.Read != 4566 || int64(len(got)) != r.Kept || r.Kept+int64(len(r.Rejects)) != r.Read {
		t.Errorf("read %d, kept %d, parcels %d, rejects %d", r.Read, r.Kept, len(got), len(r.Rejects))
	}
	for _, reject := range r.Rejects {
		t.Logf("row %d: %v", reject.Row, reject.Problem)
	}
}

func TestSwellendamFarms(t *testing.T) {
	farms := shared(t, "real-za-qgis-training/exercise_data/projected_data/farms_33S.shp")
	req := ingest.ParcelRequest{Reading: ingest.Reading{TreatAs: system(t, "EPSG:32733"), Codes: book(t)}}
	parcels, report, err := ingest.Parcels(t.Context(), farms, req)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d farms, %d repaired, %d rejected", report.Kept, report.Read, report.Repaired, len(report.Rejects))
	if int64(len(parcels)+len(report.Rejects)) != report.Read || len(parcels) == 0 {
		t.Errorf("%d parcels, %d rejects of %d rows", len(parcels), len(report.Rejects), report.Read)
	}
	for _, reject := range report.Rejects {
		t.Logf("row %d: %v", reject.Row, reject.Problem)
	}
	areas := shared(t, "real-za-qgis-training/exercise_data/shapefile/protected_areas.shp")
	imported, err := ingest.Import(t.Context(), memory.New(), request(t, "protected", layers.Protected, "2020", areas))
	t.Logf("protected areas: %d of %d, %v", imported.Kept, imported.Read, err)
	if err != nil && len(imported.Rejects) == 0 {
		t.Error(err)
	}
}

// Every survey file is read or refused with a reason; where an area is declared it is that of the Gauss plane.
func TestSurveyTXT(t *testing.T) {
	folder := shared(t, "txt-kcdj")
	names, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || len(names) == 0 {
		t.Fatal("no files", err)
	}
	declared := 0
	for _, name := range names {
		req := ingest.ParcelRequest{Reading: ingest.Reading{Codes: book(t)}}
		parcels, report, err := ingest.Parcels(t.Context(), name, req)
		t.Logf("%s: %d parcels, %d rejects, %v", filepath.Base(name), len(parcels), len(report.Rejects), err)
		if err != nil && geo.CodeOf(err) == "" {
			t.Errorf("%s: refused without a reason: %v", filepath.Base(name), err)
		}
		for _, p := range parcels {
			if p.AreaMethod != "official-70m" || !(p.Area > 0) || !(p.Plane > 0) {
				t.Errorf("%s: %+v", filepath.Base(name), p)
			}
			if math.IsNaN(p.Declared) {
				continue
			}
			declared++
			// 0.0001 ha: one file truncates its fourth decimal, the others round.
			if math.Abs(p.Declared-p.Plane) > 1.01 {
				t.Errorf("%s %s: declared %.4f m², plane %.4f m²", filepath.Base(name), p.Name, p.Declared, p.Plane)
			}
		}
	}
	if declared < 10 {
		t.Errorf("only %d parcels declare an area", declared)
	}
}

// What users uploaded elsewhere: never a panic, never a part of a file without a word.
func TestUploadsAreNeverSilentlyPartial(t *testing.T) {
	for _, folder := range []string{
		"real-marxan-uploads", "fmt-shp-gdal", "fmt-shp-mbostock", "fmt-geojson-hint", "fmt-gpkg-gdal",
	} {
		for _, path := range files(t, shared(t, folder)) {
			s := memory.New()
			req := request(t, "uploads", layers.Redline, "2020", path)
			report, err := ingest.Import(t.Context(), s, req)
			name := filepath.Base(path)
			switch {
			case err != nil && geo.CodeOf(err) == "":
				t.Errorf("%s/%s: refused without a reason: %v", folder, name, err)
			case err != nil:
				wantNothingPublished(t, s, report)
			case report.Vintage.Count != report.Read || len(report.Rejects) > 0:
				t.Errorf("%s/%s: %d of %d rows, %d rejects", folder, name, report.Vintage.Count, report.Read, len(report.Rejects))
			}
			if testing.Verbose() {
				t.Logf("%s/%s: %d of %d rows, %v", folder, name, report.Kept, report.Read, err)
			}
		}
	}
}

func files(t *testing.T, folder string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch strings.ToLower(filepath.Ext(path)) {
		case ".zip", ".shp", ".geojson", ".json", ".gpkg":
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
