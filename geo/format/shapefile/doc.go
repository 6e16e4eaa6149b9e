// Package shapefile reads and writes ESRI shapefiles: geometry (.shp), attributes (.dbf), reference system (.prj) and
// code page (.cpg, .cst), as described in the ESRI Shapefile Technical Description (July 1998) and as found in the
// wild. It trusts no count, length or offset in a file, and it decides by geometry, not by winding, which ring is a
// hole. It refuses to know multipatches, memo fields, Z and M values, and what an attribute means; it guesses no
// reference system and repairs nothing.
package shapefile
