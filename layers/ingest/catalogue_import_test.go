package ingest_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/topo"
	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/original"
	"greenshield/layers/store/memory"
)

// named has all that a red line is asked for.
const named = `"HXMM":"红线","HXBM":"1"`

// imported is all that an import says: its error, its issues and its rejects.
func imported(t *testing.T, s layers.Store, req ingest.Request) (h heard) {
	t.Helper()
	report, err := ingest.Import(t.Context(), s, req)
	h.err(t, err)
	h.findings(report.Findings)
	return h
}

func (h *heard) findings(f ingest.Findings) {
	for _, i := range f.Issues {
		h.add(i.Problem)
	}
	for _, r := range f.Rejects {
		h.add(r.Problem)
	}
}

// redlineOf imports rows of a red line in CGCS2000 degrees; change may ask for more.
func redlineOf(change func(*ingest.Request), rows ...string) func(*testing.T) []*geo.Problem {
	return declaredOf("EPSG:4490", change, rows...)
}

func declaredOf(system string, change func(*ingest.Request), rows ...string) func(*testing.T) []*geo.Problem {
	return func(t *testing.T) []*geo.Problem {
		req := redline(t, collection(t, system, rows...))
		if change != nil {
			change(&req)
		}
		return imported(t, memory.New(), req)
	}
}

// ofTheme asks for another theme.
func ofTheme(theme layers.Theme) func(*ingest.Request) {
	return func(r *ingest.Request) { r.Layer = layers.Layer{ID: layers.LayerID(theme), Theme: theme} }
}

// in names the operator's systems: for a file that is silent, and against what it says.
func in(system, treatAs int) func(*ingest.Request) {
	named := func(code int) *crs.System {
		if code == 0 {
			return nil
		}
		s, err := crs.FromEPSG(code)
		if err != nil {
			panic(err) // a code that is written here
		}
		return &s
	}
	return func(r *ingest.Request) { r.System, r.TreatAs = named(system), named(treatAs) }
}

func zoned(width int) func(*ingest.Request) { return func(r *ingest.Request) { r.Zones = width } }

func polygon(coordinates string) string { return feature(named, "Polygon", coordinates) }

func systemSpecimens() []specimen {
	degrees, metres := cell(named, 109, 23), feature(named, "Polygon", workedParcel)
	west, east := square(named, 36_650_000, 2_560_000), square(`"HXMM":"东","HXBM":"2"`, 37_345_000, 2_560_000)
	swapped := polygon("[[[23,109],[23,109.01],[23.01,109.01],[23.01,109],[23,109]]]")
	webMap := cell(`"adcode":450802,"name":"港北区","center":[109.6,23.1],"parent":{"adcode":450800}`, 109, 23)
	old := func(r *ingest.Request) {
		s, err := crs.ParseShifted("EPSG:2361", oldShift)
		if err != nil {
			panic(err) // parameters that are written here
		}
		r.TreatAs = &s
	}
	suspect := func(r *ingest.Request) { r.Suspected = "BD-09" }
	return []specimen{
		{"crs.unknown", declaredOf("EPSG:31467", nil, degrees), ""},
		{"crs.old-datum", declaredOf("EPSG:2361", nil, metres), ""},
		{"crs.obfuscated", declaredOf("GCJ-02", nil, degrees), ""},
		{"crs.contradictory", contradictoryPRJ, ""},
		{"crs.not-accepted", declaredOf("EPSG:4674", nil, degrees), ""},
		{"crs.zone-invalid", func(*testing.T) []*geo.Problem { _, err := crs.GaussKruger(3, 99, false); return heardOf(err) }, ""},
		{"crs.wgs84-as-cgcs2000", declaredOf("EPSG:4326", nil, degrees), ""},
		{"crs.other-as-cgcs2000", declaredOf("EPSG:4674", in(0, 4674), degrees), "crs.treated-as"},
		{"crs.numbers-differ", declaredOf("EPSG:4490", nil, metres), ""},
		{"crs.numbers-impossible", redlineOf(nil, polygon("[[[400,400],[401,400],[401,401],[400,400]]]")), ""},
		{"crs.axes-swapped", redlineOf(nil, swapped), ""},
		{"crs.zone-mismatch", declaredOf("EPSG:4524", nil, metres), ""},
		{"crs.outside-zone", declaredOf("EPSG:4525", nil, square(named, 37_800_000, 2_560_000)), ""},
		{"crs.outside-china", redlineOf(nil, polygon("["+squareRing(9, 23, 0.01)+"]")), ""},
		{"crs.shifted", declaredOf("EPSG:2361", old, metres), "crs.treated-as"},
		{"crs.shift-malformed", shiftOf("EPSG:2361", "a,b,c"), ""},
		{"crs.shift-implausible", shiftOf("EPSG:2361", "18.5,-124,-71,0.75,-120,2.5,-3.5"), ""},
		{"crs.shift-unneeded", shiftOf("EPSG:4525", oldShift), ""},
		{"crs.shift-without-system", shiftOf("", oldShift), ""},
		{"crs.missing", declaredOf("null", nil, metres), ""},
		{"crs.conflict", declaredOf("EPSG:4525", in(4524, 0), metres), ""},
		{"crs.treated-as", declaredOf("EPSG:4524", in(0, 4525), metres), ""},
		{"crs.supplied", declaredOf("null", in(4525, 0), metres), ""},
		{"crs.zones", declaredOf("null", zoned(3), west, east), ""},
		{"crs.zones-none", declaredOf("null", zoned(6), west), ""},
		{"crs.zones-differ", declaredOf("EPSG:4490", zoned(3), west), ""},
		{"crs.zones-and-system", declaredOf("null", func(r *ingest.Request) { in(4525, 0)(r); r.Zones = 3 }, west), ""},
		{"crs.suspected-obfuscated", redlineOf(suspect, degrees), ""},
		{"crs.suspected-gcj02", redlineOf(ofTheme(layers.Region), webMap), ""},
		{"crs.suspected-shift", shiftedTown, "regions.beyond"},
	}
}

func shiftOf(system, parameters string) func(*testing.T) []*geo.Problem {
	return func(*testing.T) []*geo.Problem {
		_, err := crs.ParseShifted(system, parameters)
		return heardOf(err)
	}
}

// contradictoryPRJ has the false easting of zone 36 and the meridian of zone 37.
func contradictoryPRJ(t *testing.T) []*geo.Problem {
	return shapefileOf(".shp", shapes(shapePoint(36_500_000, 2_500_000)), ".prj",
		`PROJCS["x",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",`+
			`SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],`+
			`PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",36500000.0],PARAMETER["False_Northing",0.0],`+
			`PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],`+
			`UNIT["Meter",1.0]]`)(t)
}

// changedFile is not what was received any more.
func changedFile(t *testing.T) []*geo.Problem {
	req := redline(t, collection(t, "EPSG:4490", cell(named, 109.5, 23)))
	req.SHA256, req.Originals = layers.Hash{1}, original.In(t.TempDir())
	s := memory.New()
	h := imported(t, s, req)
	if list, err := s.Vintages(t.Context(), req.Layer.ID); err != nil || len(list) != 0 {
		t.Errorf("published all the same: %v, %v", list, err)
	}
	return h
}

// shiftedTown is a delivery whose corners are those of the regions as a web map would show them.
func shiftedTown(t *testing.T) []*geo.Problem {
	s := memory.New()
	var moved []orb.Point
	for _, p := range town(t, s) {
		q, _ := crs.Displaced(crs.FrameGCJ02, p)
		moved = append(moved, q)
	}
	return imported(t, s, redline(t, collection(t, "EPSG:4490", polygon(ringText(moved)))))
}

func geometrySpecimens() []specimen {
	good := cell(named, 109.5, 23)
	line := feature(named, "LineString", "[[109,23],[109.01,23]]")
	accept := func(r *ingest.Request) { r.AcceptRejects = true }
	bestEffort := func(r *ingest.Request) { r.Repair = topo.BestEffort }
	comb := "[[" // 240 edges of 3,500 km
	for i := range 240 {
		comb += fmt.Sprintf("[%d,%d],", 37_400_000+100*i, 2_000_000+3_500_000*(i%2))
	}
	comb += "[37450000,5600000],[37400000,5600000],[37400000,2000000]]]"
	return []specimen{
		{"geometry.missing", redlineOf(accept, good, `{"type":"Feature","properties":{`+named+`},"geometry":null}`), ""},
		{"geometry.empty", drawn(orb.MultiPolygon{}), ""},
		{"geometry.not-finite", drawn(orb.Polygon{{{109, 23}, {math.Inf(1), 23}, {109, 24}, {109, 23}}}), ""},
		{"geometry.not-polygon", redlineOf(nil, line), ""},
		{"geometry.neither-line-nor-polygon", redlineOf(ofTheme(layers.Shoreline), feature(named, "Point", "[109,23]")), "field.unmapped"},
		{"geometry.no-area", redlineOf(bestEffort, polygon("[[[109,23],[109.01,23],[109.02,23],[109,23]]]")), ""},
		{"geometry.edges-too-long", declaredOf("EPSG:4525", nil, polygon(comb)), ""},
		{"geometry.repaired", redlineOf(nil, polygon(bowTie)), ""},
		{"geometry.guessed", redlineOf(bestEffort, feature(named, "MultiPolygon", doubled)), ""},
		{"geometry.ambiguous", redlineOf(nil, feature(named, "MultiPolygon", doubled)), ""},
		{"geometry.antimeridian", redlineOf(nil, polygon("[[[179.9,23],[-179.9,23],[-179.9,23.1],[179.9,23.1],[179.9,23]]]")), ""},
		{"rejects", redlineOf(nil, good, line), "geometry.not-polygon"},
		{"rejects.all", redlineOf(nil, line, line), "geometry.not-polygon"},
		{"rejects.too-many", redlineOf(nil, strings.Repeat("null,", ingest.MaxRejects)+"null"), "geojson.feature-type"},
		{"file.empty", redlineOf(nil), ""},
		{"file.not-as-received", changedFile, ""},
		{"warnings", redlineOf(func(r *ingest.Request) { r.SignedOff = "" }, good, cell(named, 109, 23)), "field.code-repeated"},
	}
}

// drawn reads one geometry that comes from no file, as those do that are drawn on the map.
func drawn(g orb.Geometry) func(*testing.T) []*geo.Problem {
	return func(t *testing.T) []*geo.Problem {
		_, report, err := ingest.ParcelsOf(t.Context(), drawing{g}, ingest.ParcelRequest{})
		var h heard
		h.err(t, err)
		h.findings(report.Findings)
		return h
	}
}

// drawing is a dataset of one geometry in CGCS2000 degrees.
type drawing struct{ geometry orb.Geometry }

func (drawing) Schema() format.Schema {
	s, err := crs.FromEPSG(4490)
	if err != nil {
		panic(err) // a code that is written here
	}
	return format.Schema{Format: "geojson", Declared: &s, Count: 1}
}

func (d drawing) Records(context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) { yield(format.Record{Row: 1, Geometry: d.geometry}, nil) }
}

func (drawing) Close() error { return nil }

func fieldSpecimens() []specimen {
	mapped := func(role layers.Role, field string) func(*ingest.Request) {
		return func(r *ingest.Request) { r.Mapping = map[layers.Role]string{role: field} }
	}
	land := ofTheme(layers.Landuse)
	var strange, unlisted []string
	for i := range 205 {
		x := 109 + 0.02*float64(i)
		strange = append(strange, cell(fmt.Sprintf(`"BSM":%d,"DLBM":"9%03d"`, i, i), x, 23))
		unlisted = append(unlisted, landRow(x, fmt.Sprint(i), "0101", "水田", fmt.Sprint(900+i), "null", "null"))
	}
	return []specimen{
		{"field.missing", redlineOf(ofTheme(layers.Region), cell(`"foo":"1"`, 109, 23)), ""},
		{"field.unknown", redlineOf(mapped(layers.Name, "baz"), cell(named, 109, 23)), ""},
		{"field.role-unknown", redlineOf(mapped("colour", "HXMM"), cell(named, 109, 23)), ""},
		{"field.unmapped", redlineOf(ofTheme(layers.Protected), cell(named, 109, 23)), ""},
		{"field.word-unknown", redlineOf(land, cell(`"BSM":1,"DLBM":"9999"`, 109, 23)), ""},
		{"field.words-unknown", redlineOf(land, strange...), "field.word-unknown"},
		{"field.code-repeated", redlineOf(nil, cell(named, 109, 23), cell(named, 109.1, 23)), ""},
		{"field.as-before", remembered, "vintage.before"},
		{"table.known", redlineOf(land, landRow(109, "1", "0101", "水田", "30", "null", "null")), ""},
		{"table.value-unlisted", redlineOf(land, landRow(109, "1", "0101", "水田", "99", "null", "null")), "table.known"},
		{"table.values-unlisted", redlineOf(land, unlisted...), "table.known table.value-unlisted"},
		{"table.sum-differs", redlineOf(land, landRow(109, "1", "0101", "水田", "30", "100", "95")), "table.known stated.rows-differ stated.total-differs"},
		{"table.class-misnamed", redlineOf(land, landRow(109, "1", "0103", "水田", "30", "null", "null")), "table.known"},
	}
}

// landRow is a row of the table DLTB: class and its name, kind of ownership, area and area without deductions.
func landRow(x float64, id, class, name, kind, area, rest string) string {
	return cell(fmt.Sprintf(`"BSM":"%s","DLBM":"%s","DLMC":"%s","QSXZ":"%s","QSDWDM":"450802","TBMJ":%s,"KCXS":0,"KCMJ":0,"TBDLMJ":%s`,
		id, class, name, kind, area, rest), x, 23)
}

// remembered is a delivery whose name is where the operator said that it was the year before.
func remembered(t *testing.T) []*geo.Problem {
	s := memory.New()
	req := redline(t, collection(t, "EPSG:4490", cell(`"foo":"红线","HXBM":"1"`, 109, 23)))
	req.Mapping = map[layers.Role]string{layers.Name: "foo"}
	imported(t, s, req)
	again := redline(t, collection(t, "EPSG:4490", cell(`"foo":"红线","HXBM":"2"`, 109, 23)))
	again.Vintage = "2024"
	return imported(t, s, again)
}

func gateSpecimens() []specimen {
	land, class := ofTheme(layers.Landuse), `"BSM":"%d","DLBM":"0101"`
	tile := func(n, i, k int, east float64) string {
		return feature(fmt.Sprintf(class, n), "Polygon", quarter(i, k, east))
	}
	var around []string
	for i := range 9 {
		if i != 4 {
			around = append(around, tile(i, i%3, i/3, 0))
		}
	}
	covering := func(kind layers.CoverageKind) func(*ingest.Request) {
		return func(r *ingest.Request) { r.Coverage = kind }
	}
	stating := func(share float64) string {
		return cell(fmt.Sprintf(`%s,"QYMJ":%.4f`, named, share*1135335.26), 109, 23)
	}
	return []specimen{
		{"coverage.unknown", redlineOf(covering("country"), cell(named, 109, 23)), ""},
		{"coverage.not-regions", coveredBy(cell(named, 109, 23), layers.Redline), ""},
		{"coverage.empty", coveredByNothing, ""},
		{"coverage.overlap", redlineOf(land, tile(1, 0, 0, 0), tile(2, 0, 0, 1./4096)), "coverage.sum"},
		{"coverage.gap", redlineOf(land, around...), "coverage.sum"},
		{"coverage.sum", redlineOf(land, tile(1, 0, 0, 0), tile(2, 0, 0, 1./4096)), "coverage.overlap"},
		{"coverage.unchecked", func(*testing.T) []*geo.Problem {
			nowhere := orb.MultiPolygon{{{{math.NaN(), 0}, {1, 0}, {1, 1}, {math.NaN(), 0}}}}
			var all heard
			all.findings(ingest.CheckCoverageOf([]orb.MultiPolygon{nowhere, nowhere}))
			return all
		}, ""},
		{"vintage.before", twice("2024", cell(`"HXMM":"红线","HXBM":"2"`, 109, 23)), ""},
		{"vintage.same-file", twice("2023", cell(named, 109, 23)), "vintage.before"},
		{"stated.total", redlineOf(nil, stating(1)), ""},
		{"stated.total-differs", redlineOf(nil, stating(1.02)), "stated.rows-differ"},
		{"stated.rows-differ", redlineOf(nil, stating(1.02)), "stated.total-differs"},
		{"regions.away", inTown(cell(named, 109.05, 23.05), cell(`"HXMM":"外","HXBM":"2"`, 110, 23.05)), "regions.beyond"},
		{"regions.beyond", inTown(cell(named, 109.178, 23.08)), ""},
		{"regions.all-away", inTown(cell(named, 110, 23.05)), "regions.away"},
		{"parcels.too-many", parcelsOf(1, cell(`"XMMC":"甲"`, 109, 23), cell(`"XMMC":"乙"`, 109.1, 23)), ""},
		{"parcels.area-differs", func(t *testing.T) []*geo.Problem {
			path := writeInto(t, t.TempDir(), "a.txt", txtAttributes+"5,1.5,1,甲,面,,,,@\n"+txtSquare)
			return parcelsIn(t, path, 0)
		}, "txt.area-differs"},
	}
}

// inTown imports a red line where regions are published.
func inTown(rows ...string) func(*testing.T) []*geo.Problem {
	return func(t *testing.T) []*geo.Problem {
		s := memory.New()
		town(t, s)
		return imported(t, s, redline(t, collection(t, "EPSG:4490", rows...)))
	}
}

// twice imports a red line for 2023 and then another delivery.
func twice(vintage, row string) func(*testing.T) []*geo.Problem {
	return func(t *testing.T) []*geo.Problem {
		s := memory.New()
		imported(t, s, redline(t, collection(t, "EPSG:4490", cell(named, 109, 23))))
		req := redline(t, collection(t, "EPSG:4490", row))
		req.Vintage = vintage
		return imported(t, s, req)
	}
}

func parcelsOf(most int, rows ...string) func(*testing.T) []*geo.Problem {
	return func(t *testing.T) []*geo.Problem { return parcelsIn(t, collection(t, "EPSG:4490", rows...), most) }
}

func parcelsIn(t *testing.T, path string, most int) (h heard) {
	t.Helper()
	req := ingest.ParcelRequest{Reading: ingest.Reading{Codes: book(t)}, MaxParcels: most}
	_, report, err := ingest.Parcels(t.Context(), path, req)
	h.err(t, err)
	h.findings(report.Findings)
	return h
}

// coveredBy declares a layer complete where another is, which is published first.
func coveredBy(row string, theme layers.Theme) func(*testing.T) []*geo.Problem {
	return func(t *testing.T) []*geo.Problem {
		s := memory.New()
		other := redline(t, collection(t, "EPSG:4490", row))
		other.Layer = layers.Layer{ID: "other", Theme: theme}
		report, err := ingest.Import(t.Context(), s, other)
		if err != nil {
			t.Fatal(err)
		}
		req := redline(t, collection(t, "EPSG:4490", cell(named, 109, 23)))
		req.Coverage, req.Regions = layers.CoverageRegions, report.Vintage.Ref
		return imported(t, s, req)
	}
}

// coveredByNothing declares a layer complete in a vintage of regions without a row, as no import would publish it.
func coveredByNothing(t *testing.T) []*geo.Problem {
	s := memory.New()
	layer, ref := layers.Layer{ID: "region", Theme: layers.Region}, layers.Ref{Layer: "region", Vintage: "2020"}
	draft, err := s.Begin(t.Context(), layer, layers.Vintage{Ref: ref, Theme: layers.Region})
	if err != nil {
		t.Fatal(err)
	}
	v, err := draft.Commit(t.Context(), func(*layers.Vintage) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	req := redline(t, collection(t, "EPSG:4490", cell(named, 109, 23)))
	req.Coverage, req.Regions = layers.CoverageRegions, v.Ref
	return imported(t, s, req)
}
