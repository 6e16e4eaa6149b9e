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
	if !inGCJ02(lonlat) {
		return lonlat
	}
	lon, lat := lonlat[0], lonlat[1]
	east, north := gcjOffset(lon-105, lat-35)
	sin, cos := math.Sincos(radians(lat))
	w := 1 - ee*sin*sin
	return orb.Point{
		lon + degrees(east*math.Sqrt(w)/(a*cos)),
		lat + degrees(north*w*math.Sqrt(w)/(a*(1-ee))),
	}
}

// inGCJ02 reports whether a place is where the frames shift anything; NaN is not.
func inGCJ02(p orb.Point) bool {
	return p[0] >= 72.004 && p[0] <= 137.8347 && p[1] >= 0.8293 && p[1] <= 55.8271
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

// BD09 shifts true degrees the way Baidu's maps do: the shift of GCJ02, and 500 to 1000 m more to the north-east. Like
// GCJ02 it serves only to recognise and to show a shift. The model is the one in public circulation (eviltransform,
// coordtransform and others). Points outside GCJ02's rectangle about China are returned as they are.
func BD09(lonlat orb.Point) orb.Point {
	p := GCJ02(lonlat)
	if !inGCJ02(lonlat) {
		return p
	}
	return baidu(p)
}

// baidu is the second half of BD09, from GCJ-02: a turn about the origin by less than 0.6″ and a stretch, both waving,
// and a translation.
func baidu(p orb.Point) orb.Point {
	const wave = math.Pi * 3000 / 180
	radius := math.Hypot(p[0], p[1]) + 0.00002*math.Sin(p[1]*wave)
	sin, cos := math.Sincos(math.Atan2(p[1], p[0]) + 0.000003*math.Cos(p[0]*wave))
	return orb.Point{radius*cos + 0.0065, radius*sin + 0.006}
}

// The obfuscated frames by the names under which an operator suspects them.
const (
	FrameGCJ02 = "GCJ-02"
	FrameBD09  = "BD-09"
)

// Displaced is where a true place, in CGCS2000 degrees, would be shown by data in an obfuscated frame, so that a
// suspected shift can be drawn beside the data. It is false, and the place itself, for any other frame and outside of
// China, where the frames shift nothing. The distance is ellipsoid.Length of the line between the two.
func Displaced(frame string, lonlat orb.Point) (orb.Point, bool) {
	switch {
	case !inGCJ02(lonlat):
		return lonlat, false
	case frame == FrameGCJ02:
		return GCJ02(lonlat), true
	case frame == FrameBD09:
		return BD09(lonlat), true
	}
	return lonlat, false
}
