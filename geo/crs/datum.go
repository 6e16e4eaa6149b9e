package crs

// datum is a geodetic datum; below datumEnd are those whose coordinates are used as CGCS2000 without a shift. The values
// index datums.
type datum uint8

const (
	noDatum datum = iota
	cgcs2000
	wgs84
	sirgas2000
	nad83
	etrs89
	gda94
	gda2020
	jgd2000
	jgd2011
	korea2000
	twd97
	nzgd2000
	rgf93
	hartebeesthoek94
	otherGRS80 // named otherwise or not at all, but on the GRS 80 ellipsoid
	otherWGS84 // the same on the WGS 84 ellipsoid
	sphere     // no ellipsoid at all: the oldest way to write Web Mercator
	datumEnd
	beijing1954 // the old ones, which need a Shift
	xian1980
	allDatums
)

func (d datum) old() bool { return d > datumEnd }

// datums holds the EPSG code of the geographic system on each datum, its title, its ellipsoid, and the words by which a
// WKT names the datum, folded by fold. The order of the array is the order in which words are tried.
var datums = [allDatums]struct {
	code      int
	title     string
	ellipsoid ellipsoid
	words     []string
}{
	cgcs2000: {
		codeCGCS2000, "China Geodetic Coordinate System 2000", grs80,
		[]string{"china2000", "cgcs2000", "chinageodeticcoordinatesystem2000"},
	},
	wgs84: {
		codeWGS84, "WGS 84", wgs84Ellipsoid,
		[]string{"wgs84", "wgs1984", "worldgeodeticsystem1984"},
	},
	sirgas2000: {
		4674, "SIRGAS 2000", grs80,
		[]string{"sirgas2000", "sistemadereferenciageocentricoparalasamericas2000"},
	},
	nad83:     {4269, "NAD83", grs80, []string{"northamerican1983", "northamericandatum1983", "nad83"}},
	etrs89:    {4258, "ETRS89", grs80, []string{"etrs1989", "etrs89", "europeanterrestrialreferencesystem1989"}},
	gda94:     {4283, "GDA94", grs80, []string{"gda1994", "gda94", "geocentricdatumofaustralia1994"}},
	gda2020:   {7844, "GDA2020", grs80, []string{"gda2020", "geocentricdatumofaustralia2020"}},
	jgd2000:   {4612, "JGD2000", grs80, []string{"jgd2000", "japanesegeodeticdatum2000"}},
	jgd2011:   {6668, "JGD2011", grs80, []string{"jgd2011", "japanesegeodeticdatum2011"}},
	korea2000: {4737, "Korea 2000", grs80, []string{"korea2000", "geocentricdatumofkorea"}},
	twd97:     {3824, "TWD97", grs80, []string{"twd97", "twd1997", "taiwandatum1997"}},
	nzgd2000:  {4167, "NZGD2000", grs80, []string{"nzgd2000", "newzealandgeodeticdatum2000"}},
	rgf93:     {4171, "RGF93", grs80, []string{"rgf93", "rgf1993", "reseaugeodesiquefrancais1993"}},
	hartebeesthoek94: {
		4148, "Hartebeesthoek94", wgs84Ellipsoid,
		[]string{"hartebeesthoek94", "hartebeesthoek1994"},
	},
	otherGRS80: {0, "unnamed datum on GRS 80", grs80, nil},
	otherWGS84: {0, "unnamed datum on WGS 84", wgs84Ellipsoid, nil},
	sphere:     {0, "sphere", wgs84Ellipsoid, nil},

	beijing1954: {4214, "Beijing 1954", krassovsky, nil},
	xian1980:    {4610, "Xian 1980", iag1975, nil},
}
