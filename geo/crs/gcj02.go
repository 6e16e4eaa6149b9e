package crs

import (
	"math"

	"github.com/paulmach/orb"
)

// GCJ02 shifts true degrees the way Chinese web maps do, by 50 to 700 m within China. It serves only to recognise
// files whose coordinates were shifted; nothing is ever shifted back, because such coordinates are not legal survey
// coordinates. The model is the one in public circulation since 2010 (eviltransform and others), on the ellipsoid
// of Krassovsky. Points outside its rectangle about China are returned as they are.
func GCJ02(lonlat orb.Point) orb.Point {
	const (
		a  = 6378245.0
		ee = 0.00669342162296594323
	)
	lon, lat := lonlat[0], lonlat[1]
	if !(lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271) {
		return lonlat
	}
	east, north := gcjOffset(lon-105, lat-35)
	sin, cos := math.Sincos(radians(lat))
	w := 1 - ee*sin*sin
	return orb.Point{
		lon + degrees(east*math.Sqrt(w)/(a*cos)),
		lat + degrees(north*w*math.Sqrt(w)/(a*(1-ee))),
	}
}

// gcjOffset is the shift in metres; x and y are degrees from 105° E, 35° N.
func gcjOffset(x, y float64) (east, north float64) {
	wave := func(t float64, scale float64) float64 { return math.Sin(t*math.Pi) * scale * 2 / 3 }
	root := math.Sqrt(math.Abs(x))
	both := wave(6*x, 20) + wave(2*x, 20)
	east = 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root +
		both + wave(x, 20) + wave(x/3, 40) + wave(x/12, 150) + wave(x/30, 300)
	north = -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root +
		both + wave(y, 20) + wave(y/3, 40) + wave(y/12, 160) + wave(y/30, 320)
	return east, north
}
