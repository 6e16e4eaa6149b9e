package geopackage

import (
	"context"
	"database/sql"
	"fmt"

	"greenshield/geo/crs"
)

// The definitions are OGC 01-009 WKT with the numbers of the EPSG registry; GeoPackage 1.3 section 1.1.2 asks for it.
const (
	wktWGS84 = `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,` +
		`AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],` +
		`UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],` +
		`AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]`
	wktCGCS2000 = `GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",` +
		`SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],` +
		`PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],` +
		`UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],` +
		`AXIS["Longitude",EAST],AUTHORITY["EPSG","4490"]]`
	wktWebMercator = `PROJCS["WGS 84 / Pseudo-Mercator",` + wktWGS84 + `,PROJECTION["Mercator_1SP"],` +
		`PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],` +
		`PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],` +
		`AXIS["Northing",NORTH],EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 ` +
		`+y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"],AUTHORITY["EPSG","3857"]]`
)

// AddSystem makes sure that gpkg_spatial_ref_sys has the row of s, under its EPSG code. A system that this program
// does not write (see crs.System.Accepted) is an error.
func AddSystem(ctx context.Context, tx *sql.Tx, s crs.System) error {
	name, definition, err := definitionOf(s)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT OR IGNORE INTO gpkg_spatial_ref_sys
		(srs_name, srs_id, organization, organization_coordsys_id, definition) VALUES (?, ?, 'EPSG', ?, ?)`,
		name, s.EPSG(), s.EPSG(), definition)
	if err != nil {
		return fmt.Errorf("add reference system %s: %w", s, err)
	}
	return nil
}

func definitionOf(s crs.System) (name, definition string, err error) {
	switch {
	case s.EPSG() == 4490:
		return "China Geodetic Coordinate System 2000", wktCGCS2000, nil
	case s.EPSG() == 4326:
		return "WGS 84", wktWGS84, nil
	case s.EPSG() == 3857:
		return "WGS 84 / Pseudo-Mercator", wktWebMercator, nil
	case s.Accepted() && s.Gauss():
		return s.Title(), gaussWKT(s), nil
	}
	return "", "", fmt.Errorf("write GeoPackage: no definition for reference system %s", s)
}

// gaussWKT leaves out the axes, as GDAL's writer does: the standard (2.1.3.1.1) stores the easting first whatever
// the registry says.
func gaussWKT(s crs.System) string {
	return fmt.Sprintf(`PROJCS["%s",%s,PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],`+
		`PARAMETER["central_meridian",%g],PARAMETER["scale_factor",1],PARAMETER["false_easting",%.0f],`+
		`PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","%d"]]`,
		s.Title(), wktCGCS2000, s.CentralMeridian(), s.FalseEasting(), s.EPSG())
}
