package export_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/avoid"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/export"
	"greenshield/layers/ingest"
	landcodes "greenshield/layers/ingest/codes"
	"greenshield/layers/report"
	"greenshield/layers/rule"
	"greenshield/layers/store/memory"
	"greenshield/layers/text"
)

// star is a polygon of n corners about a place in the Gauss plane of zone 37, in degrees as a delivery of it is read.
func star(random *rand.Rand, x, y, size float64, n int) orb.MultiPolygon {
	zone, _ := crs.FromEPSG(4525)
	var ring orb.Ring
	for i := range n {
		r, a := size*(0.5+0.5*random.Float64()), 2*math.Pi*float64(i)/float64(n)
		ring = append(ring, orb.Point{37360000 + x + r*math.Cos(a), 2600000 + y + r*math.Sin(a)})
	}
	dense, _ := ellipsoid.Densify(orb.MultiPolygon{{append(ring, ring[0])}}, ellipsoid.OfficialEdge)
	return zone.GeometryToLonLat(dense).(orb.MultiPolygon)
}

func publishZone(t *testing.T, store layers.Store, theme layers.Theme, shapes ...orb.MultiPolygon) {
	t.Helper()
	ctx := context.Background()
	l := layers.Layer{ID: layers.LayerID(theme), Theme: theme, Title: string(theme)}
	d, err := store.Begin(ctx, l, layers.Vintage{Ref: layers.Ref{Layer: l.ID, Vintage: "2024"}, Theme: theme})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range shapes {
		f := layers.Feature{
			Geometry: g, Area: ellipsoid.Area(g), Roles: map[layers.Role]string{layers.Zone: "core"},
		}
		if err := d.Append(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	everywhere := func(v *layers.Vintage) error {
		v.Coverage.Kind = layers.CoverageEverywhere
		return nil
	}
	if _, err := d.Commit(ctx, everywhere); err != nil {
		t.Fatal(err)
	}
}

// What remains is written as a file; the file, read like a delivery and checked again, has no such finding any more, the
// area that the suggestion names, and the number of points.
func TestRemainsReadBackDoNotConflict(t *testing.T) {
	const seed = 9
	random := rand.New(rand.NewPCG(seed, 9))
	ctx, store := context.Background(), memory.New()
	var lines []orb.MultiPolygon
	for range 8 {
		lines = append(lines, star(random, random.Float64()*1500, random.Float64()*1500, 250, 150))
	}
	publishZone(t, store, layers.Redline, lines...)
	publishZone(t, store, layers.Protected, star(random, 90000, 0, 100, 5))
	var parcels []conflict.Parcel
	for i := range 40 {
		g := star(random, random.Float64()*1500, random.Float64()*1500, 150, 10)
		parcels = append(parcels, conflict.Parcel{
			Row: int64(i + 1), Name: fmt.Sprint("地块", i+1), Geometry: g, Area: ellipsoid.Area(g),
		})
	}
	lib, book := layers.NewLibrary(store), loadRules(t)
	clock := func() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }
	o := conflict.Options{Activity: "construction", Date: "2026-06-01", Now: clock}
	first, err := conflict.Check(ctx, lib, book, parcels, o)
	if err != nil {
		t.Fatal(err)
	}
	again := conflict.Again(first.Provenance)
	again.Now = clock
	all, err := avoid.Find(ctx, lib, book, first.Parcels, avoid.Options{Check: again, Margin: avoid.NoMargin})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range avoid.Kinds() {
		want := avoid.Solved(all, kind)
		if want < 5 {
			t.Fatalf("seed %d: only %d %s cuts of %d", seed, want, kind, len(all))
		}
		read := writtenAndRead(t, all, kind, want)
		second, err := conflict.Check(ctx, lib, book, read, o)
		if err != nil {
			t.Fatal(err)
		}
		k := 0
		for _, r := range all {
			cut := r.Cut(kind)
			if cut == nil {
				continue
			}
			p := second.Parcels[k]
			if k++; p.Verdict != analysis.Clear {
				t.Errorf("seed %d, %s, row %d: %s when read back", seed, kind, r.Row, p.Verdict)
			}
			if d := math.Abs(float64(p.Parcel.Area - cut.Kept)); d > 1e-3 {
				t.Errorf("%s, row %d: %.4f m² read, %.4f m² suggested", kind, r.Row, p.Parcel.Area, cut.Kept)
			}
			if want := fmt.Sprintf("地块%d（避让后）", r.Row); p.Parcel.Name != want {
				t.Errorf("parcel %q, want %q", p.Parcel.Name, want)
			}
		}
	}
}

// writtenAndRead are the parcels of the file of all cuts of a kind.
func writtenAndRead(t *testing.T, all []avoid.Result, kind avoid.Kind, want int) []conflict.Parcel {
	t.Helper()
	words, err := text.Load(os.DirFS("../../data/texts"))
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	n, err := export.Remains(context.Background(), &file, all, export.RemainsOptions{
		Cut: kind, Printer: report.Printer{Lang: "zh-CN", Words: words},
	})
	if err != nil || n != want {
		t.Fatalf("%d parcels written, want %d: %v", n, want, err)
	}
	path := filepath.Join(t.TempDir(), "remains.txt")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	book, err := landcodes.Load(os.DirFS("../../data/codes"))
	if err != nil {
		t.Fatal(err)
	}
	request := ingest.ParcelRequest{Reading: ingest.Reading{Codes: book}}
	parcels, found, err := ingest.Parcels(context.Background(), path, request)
	if err != nil || len(found.Rejects) > 0 || len(parcels) != want {
		t.Fatalf("%d parcels read, rejects %v: %v", len(parcels), found.Rejects, err)
	}
	return parcels
}

func loadRules(t *testing.T) *rule.Book {
	t.Helper()
	book, err := rule.Load(os.DirFS("../../data/rules"))
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// A suggestion that is no solution is not written, and with none there is no file.
func TestRemainsWithoutASolution(t *testing.T) {
	open := avoid.Result{Along: &avoid.Cut{System: "EPSG:4525", Open: 1}}
	var file bytes.Buffer
	n, err := export.Remains(context.Background(), &file, []avoid.Result{open, {}}, export.RemainsOptions{})
	if n != 0 || err != nil || file.Len() > 0 {
		t.Errorf("%d parcels, %v, %q", n, err, file.String())
	}
	bad := avoid.Result{Along: &avoid.Cut{System: "somewhere"}}
	if _, err := export.Remains(context.Background(), &file, []avoid.Result{bad}, export.RemainsOptions{}); err == nil ||
		geo.CodeOf(err) != "ingest.crs.unknown" {
		t.Errorf("an unknown plane: %v", err)
	}
}
