package filegdb_test

// Geometry blobs: coordinates are whole steps of the grid, whose origin is (-400, -400).

// square runs clockwise, as shells do; hole runs the other way.
func square(x, y, size int64) [][2]int64 {
	return [][2]int64{{x, y}, {x, y + size}, {x + size, y + size}, {x + size, y}, {x, y}}
}

func hole(x, y, size int64) [][2]int64 {
	return [][2]int64{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}
}

func point(kind uint64, x, y uint64) []byte { return varuint(varuint(varuint(nil, kind), x+1), y+1) }

func box(b []byte) []byte { return append(b, 0, 0, 0, 0) }

func steps(b []byte, parts ...[][2]int64) []byte {
	x, y := int64(0), int64(0)
	for _, part := range parts {
		for _, p := range part {
			b = varint(varint(b, p[0]-x), p[1]-y)
			x, y = p[0], p[1]
		}
	}
	return b
}

func points(kind uint64, at [][2]int64) []byte {
	return steps(box(varuint(varuint(nil, kind), uint64(len(at)))), at)
}

// line is a polyline; with the flag of curves it states one.
func line(kind, flags uint64, parts ...[][2]int64) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	b := varuint(varuint(varuint(nil, kind|flags), uint64(n)), uint64(len(parts)))
	if flags&(1<<29) != 0 {
		b = varuint(b, 1)
	}
	b = box(b)
	for _, p := range parts[:len(parts)-1] {
		b = varuint(b, uint64(len(p)))
	}
	return steps(b, parts...)
}

func polygon(kind, flags uint64, rings ...[][2]int64) []byte { return line(kind, flags, rings...) }
