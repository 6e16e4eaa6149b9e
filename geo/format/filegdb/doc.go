// Package filegdb reads feature classes of Esri file geodatabases of version 10: folders *.gdb of tables with an
// offset file each. Esri publishes no description; this follows the reverse-engineered one of Even Rouault and others
// ("FGDB Spec", github.com/rouault/dump_gdbtable/wiki/FGDB-Spec), whose sections are named at the functions. It knows
// points, lines and polygons with straight edges. It refuses to know curves, multipatches, rasters, relations,
// indexes, compressed tables (.cdf), geodatabases of version 9 and tables with 64-bit object ids, and says so.
package filegdb
