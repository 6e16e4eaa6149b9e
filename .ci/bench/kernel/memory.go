package main

import (
	"runtime"

	"greenshield/geo/overlay"
)

// memory: the heap that a loaded layer and its index take, divided by 16 bytes for every vertex of it. Red lines,
// protected areas and counties are prepared whole, as a check of parcels finds them; land use is not.
func memory(b *bench) error {
	for _, name := range []string{"redline", "protected", "county", "landuse2022"} {
		before := heap()
		l, err := loadLayer(b.city, name)
		if err != nil {
			return err
		}
		var laidOut []*overlay.Prepared
		if name != "landuse2022" {
			laidOut = l.prepare()
		}
		grown := heap() - before
		result("memory."+name, grown/float64(16*l.vertices()), 0)
		runtime.KeepAlive(l)
		runtime.KeepAlive(laidOut)
	}
	return nil
}

// heap is the bytes of live objects.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
