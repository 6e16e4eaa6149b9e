package main

import "fmt"

// row is one line of the table: whose figures it holds beside each other, and what issues 3 and 4 ask of them.
type row struct {
	work, peer   string
	theirs, ours string // keys of results; no peer's key: the figure stands alone
	target       string
	show         func(float64) string // nil: no line in the table of times
	ratio        func(theirs, ours float64) string
}

// itself is the peer of rows that hold two figures of ours beside each other.
const itself = "itself"

// The peers that come more than once; geosbar prepares the red line in the measured time.
const (
	preparing    = "GEOS prepared, that included"
	cut          = ", red line cut to 256 vertices before"
	intersection = "GEOS intersection + area"
	copying      = "ogr2ogr, a copy with spatial index"
)

var rows = []row{
	speed("parcels: areas, one core", "PostGIS best practice, processor time", "postgis.parcels", "parcels.area",
		"≥ 30 ×"),
	alone("parcels: areas, median of one parcel", "parcels.area.p50", "–"),
	alone("parcels: areas, p99 of one parcel", "parcels.area.p99", "< 0.5 ms"),
	speed("parcels: areas, one core", preparing, "geos.parcels", "parcels.area", "≥ 25 ×"),
	speed("parcels: outlines, one core", preparing, "geos.parcels", "parcels.outline", "≥ 6 ×"),
	speed("parcels: areas, one core", "GEOS prepared before", "geos.parcels.warm", "parcels.area", "–"),
	speed("parcels: outlines, one core", "GEOS prepared before", "geos.parcels.warm", "parcels.outline", "–"),
	speed("parcels: areas, one core", preparing+cut, "geos.parcels.subdivided", "parcels.area", "–"),
	speed("parcels: outlines, one core", preparing+cut, "geos.parcels.subdivided", "parcels.outline", "–"),
	alone("parcels: outlines, p99 of one parcel", "parcels.outline.p99", "–"),
	speed("matrix per county, two cores", "PostGIS best practice (hash first)", "postgis.matrix", "matrix", "≥ 50 ×"),
	speed("matrix per county, two cores", "PostGIS naive", "postgis.matrix.naive", "matrix", "≥ 400 ×"),
	areaOnly("matrix, what changed", "PostGIS best practice", "postgis.matrix.changed", "matrix.changed"),
	slower("matrix per county, two cores", "reading all vertices once, one core", "matrix.one.read", "matrix",
		"≤ 10 ×"),
	slower("matrix per county, two cores", "reading all vertices once, two cores", "matrix.read", "matrix", "–"),
	speed("construction land, two cores", "PostGIS best practice", "postgis.construction", "construction.two",
		"≥ 30 ×"),
	speed("construction land, one core", preparing, "geos.construction", "construction", "–"),
	speed("construction land, one core", preparing+cut, "geos.construction.subdivided", "construction", "–"),
	speed("pair digitised twice: area", intersection, "geos.near", "pairs.near.area", "≥ 5 ×"),
	speed("pair digitised twice: outline", intersection, "geos.near", "pairs.near.outline", "≥ 2.5 ×"),
	speed("pair that hardly crosses: area", intersection, "geos.far", "pairs.far.area", "≥ 2 ×"),
	speed("pair that hardly crosses: outline", intersection, "geos.far", "pairs.far.outline", "≥ 1.2 ×"),
	speed("dissolve of 19,881 cells", "GEOS unary union", "geos.dissolve", "dissolve", "≥ 8 ×"),
	{
		work: "legal area from coordinates, one core", peer: "–", ours: "area.vertices_per_second",
		target: "≥ 20 M vertices/s", show: millions,
	},
	alone("growth: one parcel, red line × 1", "growth.1", "–"),
	slower("growth: one parcel, red line × 10", itself, "growth.1", "growth.10", "logarithmic"),
	slower("growth: one parcel, red line × 100", itself, "growth.1", "growth.100", "logarithmic"),
	times("memory of the red line, laid out", "memory.redline"),
	times("memory of the protected areas, laid out", "memory.protected"),
	times("memory of the counties, laid out", "memory.county"),
	times("memory of land use", "memory.landuse2022"),
	speed("import of a GeoPackage, two cores", copying, "ogr2ogr.gpkg", "import.gpkg", "≥ 2 ×"),
	speed("import of a GeoPackage, processor time", copying, "ogr2ogr.gpkg.processor", "import.gpkg.processor", "–"),
	speed("import of a shapefile, two cores", copying, "ogr2ogr.shp", "import.shp", "≥ 2 ×"),
	speed("import of a shapefile, processor time", copying, "ogr2ogr.shp.processor", "import.shp.processor", "–"),
	speed("parcels, areas: one core and two", itself, "parcels.area", "parcels.area.two", "≥ 1.7 ×"),
	speed("matrix per county: one core and two", itself, "matrix.one", "matrix", "≥ 1.7 ×"),
	speed("construction land: one core and two", itself, "construction", "construction.two", "≥ 1.7 ×"),
}

// speed is a row whose ratio says how many times faster we are.
func speed(work, peer, theirs, ours, target string) row {
	return row{work, peer, theirs, ours, target, duration, func(t, o float64) string { return factor(t / o) }}
}

// slower is a row whose ratio says how many times longer we take.
func slower(work, peer, theirs, ours, target string) row {
	return row{work, peer, theirs, ours, target, duration, func(t, o float64) string { return factor(o / t) }}
}

// alone is a time without a peer.
func alone(work, ours, target string) row {
	return row{work: work, peer: "–", ours: ours, target: target, show: duration}
}

// areaOnly is a row whose totals are compared and nothing else.
func areaOnly(work, peer, theirs, ours string) row {
	return row{work: work, peer: peer, theirs: theirs, ours: ours}
}

// times is memory by the bytes of the coordinates.
func times(work, ours string) row {
	return row{work: work, peer: "coordinates, 16 bytes a vertex", ours: ours, target: "≤ 2.5 ×", show: factor}
}

func factor(f float64) string { return fmt.Sprintf("%.3g ×", f) }

func millions(f float64) string { return fmt.Sprintf("%.3g M vertices/s", f/1e6) }

// duration prints seconds with three figures in the unit that suits them.
func duration(seconds float64) string {
	switch {
	case seconds >= 1:
		return fmt.Sprintf("%.3g s", seconds)
	case seconds >= 1e-3:
		return fmt.Sprintf("%.3g ms", seconds*1e3)
	default:
		return fmt.Sprintf("%.3g µs", seconds*1e6)
	}
}
