package city

import "math"

// hash mixes integers into 64 well-spread bits (the finaliser of SplitMix64, Steele et al. 2014), so that every
// random-looking choice of the city depends only on its seed and on where it is made.
func hash(seed uint64, keys ...int) uint64 {
	h := seed
	for _, k := range keys {
		h += uint64(int64(k)) + 0x9e3779b97f4a7c15
		h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9
		h = (h ^ (h >> 27)) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

// unit gives a number in [0, 1) for the given keys.
func unit(seed uint64, keys ...int) float64 { return float64(hash(seed, keys...)>>11) / (1 << 53) }

// noise is smooth value noise in [0, 1] with features about one unit wide.
func noise(seed uint64, x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int(fx), int(fy)
	tx, ty := smooth(x-fx), smooth(y-fy)
	bottom := mix(unit(seed, ix, iy), unit(seed, ix+1, iy), tx)
	top := mix(unit(seed, ix, iy+1), unit(seed, ix+1, iy+1), tx)
	return mix(bottom, top, ty)
}

// hills sums four octaves of noise, each half as wide and half as high as the one before.
func hills(seed uint64, x, y float64) float64 {
	sum, weight, total := 0.0, 1.0, 0.0
	for octave := range 4 {
		f := float64(int(1) << octave)
		sum += weight * noise(seed+uint64(octave), x*f, y*f)
		total += weight
		weight /= 2
	}
	return sum / total
}

func smooth(t float64) float64    { return t * t * (3 - 2*t) }
func mix(a, b, t float64) float64 { return a + (b-a)*t }
