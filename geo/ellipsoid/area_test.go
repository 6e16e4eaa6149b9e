package ellipsoid_test

import (
	"encoding/json"
	"math"
	"math/big"
	"os"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
)

// vectors is area_vectors.json of the shared domain folder: sheets and a parcel computed apart from this program.
type vectors struct {
	Sheets []struct {
		Sheet string  `json:"sheet"`
		South float64 `json:"south_lat"`
		DLat  float64 `json:"dlat_min"`
		DLon  float64 `json:"dlon_min"`
		Area  float64 `json:"area_m2"`
	} `json:"sheets"`
	Parcel struct {
		EPSG     int          `json:"epsg"`
		Ring1    [][2]float64 `json:"ring1_xy_north_east"`
		Ring2    [][2]float64 `json:"ring2_hole"`
		Plane    float64      `json:"plane_m2"`
		Official float64      `json:"official_m2"`
		Exact    float64      `json:"exact_m2"`
	} `json:"parcel"`
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	const path = "../../../shared/domain/area_vectors.json"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("area vectors are not here: %v", err)
	}
	var v vectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// centimetre is half of the last decimal that the law prints, in m².
const centimetre = 0.005

func TestAreaOfMapSheets(t *testing.T) {
	for _, s := range readVectors(t).Sheets {
		west, east := 111.0, 111+s.DLon/60
		north := s.South + s.DLat/60
		got := float64(ellipsoid.Area(rectangle(west, s.South, east, north)))
		if math.Abs(got-s.Area) > centimetre+1e-6 {
			t.Errorf("%s at %g°: %.4f m², want %.2f", s.Sheet, s.South, got, s.Area)
		}
	}
}

func rectangle(west, south, east, north float64) orb.Polygon {
	return orb.Polygon{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}
}

func ring(northEast [][2]float64) orb.Ring {
	var r orb.Ring
	for _, p := range northEast {
		r = append(r, orb.Point{p[1], p[0]})
	}
	return append(r, r[0])
}

func TestWorkedParcel(t *testing.T) {
	v := readVectors(t).Parcel
	s, err := crs.FromEPSG(v.EPSG)
	if err != nil {
		t.Fatal(err)
	}
	parcel := orb.Polygon{ring(v.Ring1), ring(v.Ring2)}
	if got := float64(ellipsoid.OfficialArea(parcel, s)); math.Abs(got-v.Official) > centimetre {
		t.Errorf("official area %.4f, want %.2f", got, v.Official)
	}
	// In exact decimals it is 610000; the vector's 610000.01 has lost digits far from the origin.
	if got := ellipsoid.PlaneArea(parcel); math.Abs(got-610000) > 1e-6 || math.Abs(got-v.Plane) > 0.011 {
		t.Errorf("plane area %.7f, want 610000", got)
	}
	dense, added := ellipsoid.Densify(parcel, 1)
	if added < 3000 {
		t.Errorf("densifying to 1 m added only %d vertices", added)
	}
	if got := float64(ellipsoid.Area(toLonLat(dense, s))); math.Abs(got-v.Exact) > 1e-3 {
		t.Errorf("exact area %.6f, want %.4f", got, v.Exact)
	}
	const seventy = 1e-2 // what the 70 m edges and the rounding of the procedure are worth here
	dense, _ = ellipsoid.Densify(parcel, ellipsoid.OfficialEdge)
	if got := float64(ellipsoid.Area(toLonLat(dense, s))); math.Abs(got-v.Official) > seventy {
		t.Errorf("area of the densified parcel %.4f, want %.2f", got, v.Official)
	}
	t.Logf("official %.6f, 70 m %.6f", float64(ellipsoid.OfficialArea(parcel, s)), float64(ellipsoid.Area(toLonLat(dense, s))))
}

func toLonLat(g orb.Geometry, s crs.System) orb.Geometry { return s.GeometryToLonLat(g) }

// TestPlaneAreaIsLegalArea holds the design's central claim: the shoelace in the legal plane is the legal area.
func TestPlaneAreaIsLegalArea(t *testing.T) {
	const tolerance = 1e-6 // m² on about 3 km²
	for _, lat := range []float64{3, 18, 23, 30, 40, 53, -35} {
		p := rectangle(109.5, lat, 109.52, lat+0.013)
		plane := ellipsoid.GeometryToPlane(p).(orb.Polygon)
		legal := float64(ellipsoid.Area(p))
		if got := shoelace(plane[0]); math.Abs(got-legal) > tolerance {
			t.Errorf("lat %g: plane %.8f, legal %.8f", lat, got, legal)
		}
	}
}

// shoelace is the area of a ring in exact arithmetic.
func shoelace(r orb.Ring) float64 {
	sum := new(big.Rat)
	number := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	for i := 1; i < len(r); i++ {
		sum.Add(sum, new(big.Rat).Mul(number(r[i-1][0]), number(r[i][1])))
		sum.Sub(sum, new(big.Rat).Mul(number(r[i][0]), number(r[i-1][1])))
	}
	area, _ := sum.Float64()
	return math.Abs(area) / 2
}
