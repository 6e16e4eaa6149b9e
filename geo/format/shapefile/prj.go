package shapefile

import (
	"fmt"

	"greenshield/geo/crs"
)

// The .prj texts are in the dialect of ESRI, which every program reads; the names are those that ArcGIS writes.
const (
	esriCGCS2000 = `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",` +
		`SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	esriWGS84 = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],` +
		`PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	esriWebMercator = `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",` + esriWGS84 +
		`,PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],` +
		`PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],` +
		`PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]`
)

// prjText is the .prj of an accepted system.
func prjText(s crs.System) (string, error) {
	switch {
	case s.EPSG() == 4490:
		return esriCGCS2000, nil
	case s.EPSG() == 4326:
		return esriWGS84, nil
	case s.EPSG() == 3857:
		return esriWebMercator, nil
	case s.Accepted() && s.Gauss():
		return fmt.Sprintf(`PROJCS["%s",%s,PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",%.1f],`+
			`PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",%.1f],PARAMETER["Scale_Factor",1.0],`+
			`PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`,
			esriName(s), esriCGCS2000, s.FalseEasting(), s.CentralMeridian()), nil
	}
	return "", fmt.Errorf("no .prj for reference system %s", s)
}

func esriName(s crs.System) string {
	family := "CGCS2000_GK"
	if s.Width() == 3 {
		family = "CGCS2000_3_Degree_GK"
	}
	if s.Prefixed() {
		return fmt.Sprintf("%s_Zone_%d", family, s.Zone())
	}
	return fmt.Sprintf("%s_CM_%.0fE", family, s.CentralMeridian())
}
