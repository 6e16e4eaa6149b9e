package crs

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// TestGuidanceNote runs the worked example of IOGP Guidance Note 373-7-2 for methods 9606 and 9607, WGS 72 to WGS 84.
func TestGuidanceNote(t *testing.T) {
	const tolerance = 0.01 // metres: it prints centimetres, the first of them rounded up
	from := vector{3657660.66, 255768.55, 5201382.11}
	want := vector{3657660.78, 255778.43, 5201387.75}
	for name, s := range map[string]Shift{
		"position vector":  {Z: 4.5, RZ: 0.554, Scale: 0.219, Rotation: PositionVector},
		"coordinate frame": {Z: 4.5, RZ: -0.554, Scale: 0.219, Rotation: CoordinateFrame},
	} {
		got := s.forward(from)
		for i := range got {
			if math.Abs(got[i]-want[i]) > tolerance {
				t.Errorf("%s: %.3f, want %.2f", name, got, want)
			}
		}
	}
}

// TestShiftInverse undoes vectors with rotations so large that opposite signs would be metres off.
func TestShiftInverse(t *testing.T) {
	const tolerance = 5e-9 // metres, a few units in the last place of a geocentric coordinate
	v := vector{-2.2e6, 5.1e6, 3.1e6}
	for _, rotation := range []Rotation{CoordinateFrame, PositionVector} {
		s := Shift{X: 4000, Y: -3000, Z: 2000, RX: 59, RY: -58, RZ: 57, Scale: -150, Rotation: rotation}
		got := s.inverse(s.forward(v))
		for i := range got {
			if math.Abs(got[i]-v[i]) > tolerance {
				t.Errorf("%v: %.9f came back as %.9f", rotation, v, got)
			}
		}
	}
}

// TestGeocentric goes to geocentric vectors and back, from below the sea to above the highest mountain.
func TestGeocentric(t *testing.T) {
	const angle, length = 2e-14, 5e-9 // degrees and metres
	for _, e := range []ellipsoid{grs80, wgs84Ellipsoid, krassovsky, iag1975} {
		for lat := -89.5; lat <= 89.5; lat += 0.5 {
			for _, height := range []float64{-5000, -100, 0, 100, 9000} {
				p := orb.Point{109.3, lat}
				q, h := e.geodetic(e.geocentric(p, height))
				if math.Abs(q[1]-lat) > 3*angle || math.Abs(q[0]-p[0]) > angle || math.Abs(h-height) > length {
					t.Fatalf("%v at %g m came back as %.16g at %.10f m", p, height, q, h)
				}
			}
		}
	}
	pole, _ := grs80.geodetic(vector{0, 0, 6356752.3})
	if math.Abs(pole[1]-90) > 1e-12 {
		t.Errorf("the pole is at %v", pole)
	}
}
