package crs

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// TestBaidu compares with the example of coordtransform's read-me, from GCJ-02 to BD-09 in Beijing.
func TestBaidu(t *testing.T) {
	got, want := baidu(orb.Point{116.404, 39.915}), orb.Point{116.41036949371029, 39.92133699351021}
	if math.Abs(got[0]-want[0]) > 1e-12 || math.Abs(got[1]-want[1]) > 1e-12 {
		t.Errorf("%.14f, want %.14f", got, want)
	}
}
