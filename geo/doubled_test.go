package geo

import "testing"

func TestDoubledGrowsByDoubling(t *testing.T) {
	var list []int
	moves, room := 0, 0
	for i := range 100_000 {
		list = append(Doubled(list), i)
		if cap(list) != room {
			moves, room = moves+1, cap(list)
		}
	}
	for i, v := range list {
		if v != i {
			t.Fatalf("element %d is %d", i, v)
		}
	}
	if moves > 12 { // 64·2¹¹ > 100,000
		t.Errorf("moved %d times", moves)
	}
}
