package main

import "runtime"

// memory: the heap that a loaded layer takes, with its coordinates in the legal plane, the trees over its edges, its
// index, and the hashes and classes of its features, divided by 16 bytes for every vertex.
func memory(b *bench) error {
	for _, name := range []string{"redline", "protected", "county", "landuse2022"} {
		before := heap()
		l, err := loadLayer(b.city, name)
		if err != nil {
			return err
		}
		result("memory."+name, (heap()-before)/float64(16*l.Vertices()), 0)
		runtime.KeepAlive(l)
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
