package geopackage_test

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
)

// boxesAt makes n small rectangles anywhere on earth, the tenth of them empty and the last of all the same place.
func boxesAt(n int, seed uint64) []orb.Geometry {
	random := rand.New(rand.NewPCG(seed, 7))
	list := make([]orb.Geometry, n)
	for i := range list {
		at := orb.Point{random.Float64()*360 - 180, random.Float64()*180 - 90}
		if i%3 == 0 {
			at = orb.Point{110.5, 23.5}
		}
		list[i] = orb.Bound{Min: at, Max: orb.Point{at[0] + random.Float64(), at[1] + random.Float64()}}.ToPolygon()
		if i%10 == 9 {
			list[i] = orb.Polygon{}
		}
	}
	return list
}

func recordsOf(list []orb.Geometry) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		for i, g := range list {
			if !yield(format.Record{Row: int64(i + 1), Geometry: g}, nil) {
				return
			}
		}
	}
}

func TestSpatialIndexIsWhatSQLiteWouldHaveMade(t *testing.T) {
	ctx := context.Background()
	for _, n := range []int{0, 1, 2, 50, 57, 58, 200, 2_900, 9_000, 150_000} {
		if n > 10_000 && testing.Short() {
			continue
		}
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			list := boxesAt(n, uint64(n))
			path := filepath.Join(t.TempDir(), "index.gpkg")
			layer := sampleLayer(t)
			layer.Name, layer.Geometry, layer.Fields = "boxes", "POLYGON", nil
			if err := geopackage.Write(ctx, path, layer, recordsOf(list)); err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			checkIndex(t, db, list)
		})
	}
}

func checkIndex(t *testing.T, db *sql.DB, list []orb.Geometry) {
	t.Helper()
	for _, check := range []string{`PRAGMA integrity_check`, `SELECT rtreecheck('rtree_boxes_geom')`} {
		var said string
		if err := db.QueryRow(check).Scan(&said); err != nil || said != "ok" {
			t.Fatalf("%s: %q, %v", check, said, err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		at := orb.Point{random.Float64()*360 - 180, random.Float64()*180 - 90}
		b := orb.Bound{Min: at, Max: orb.Point{at[0] + 40*random.Float64(), at[1] + 40*random.Float64()}}
		found := search(t, db, b)
		for i, g := range list {
			p := g.(orb.Polygon)
			if id := int64(i + 1); len(p) > 0 && p.Bound().Intersects(b) && !slices.Contains(found, id) {
				t.Fatalf("row %d is not found in %v", id, b)
			} else if slices.Contains(found, id) && (len(p) == 0 || !p.Bound().Pad(1e-4).Intersects(b)) {
				t.Fatalf("row %d is found in %v", id, b)
			}
		}
	}
	if _, err := db.Exec(`DELETE FROM rtree_boxes_geom WHERE id % 7 = 3`); err != nil {
		t.Fatal(err)
	}
	var said string
	if err := db.QueryRow(`SELECT rtreecheck('rtree_boxes_geom')`).Scan(&said); err != nil || said != "ok" {
		t.Fatalf("after deletions: %q, %v", said, err)
	}
}

func search(t *testing.T, db *sql.DB, b orb.Bound) []int64 {
	t.Helper()
	rows, err := db.Query(`SELECT id FROM rtree_boxes_geom WHERE minx <= ? AND maxx >= ? AND miny <= ? AND maxy >= ?`,
		b.Max[0], b.Min[0], b.Max[1], b.Min[1])
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var found []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		found = append(found, id)
	}
	return found
}
