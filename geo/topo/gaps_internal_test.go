package topo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// The overlay turns shells counter-clockwise and holes clockwise by the sign of their area. That sign must never hang on
// rounding, and what all rings wind around together must stay what it was.
func TestWoundRingsHaveADirection(t *testing.T) {
	rings := []orb.Ring{
		{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}},
		{{20, 0}, {20, 10}, {30, 10}, {30, 0}, {20, 0}},
		{{40, 0}, {50, 10}, {50, 0}, {40, 10}, {40, 0}},         // two equal lobes
		{{60, 0}, {70, 10}, {70, 0}, {60, 10 + 1e-13}, {60, 0}}, // nearly equal
		{{80, 0}, {90, 0}, {85, 0}, {80, 0}},                    // nothing
	}
	want, got := 0.0, 0.0
	for _, r := range rings {
		want += turn(r)
	}
	for _, p := range wound(rings) {
		for i, r := range p {
			way := math.Copysign(1, turn(r))
			if math.Abs(turn(r)) < 1 {
				t.Errorf("%v has no direction", r)
			}
			if i == 0 && way < 0 || i > 0 && len(r) == 4 {
				way = -way // the overlay turns it round
			}
			got += way * math.Abs(turn(r))
		}
	}
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("the rings wind around %v, want %v", got, want)
	}
}
