// Package geopackage reads and writes OGC GeoPackage files: the geometry blob, the tables that every GeoPackage has,
// and feature tables. It knows the OGC GeoPackage Encoding Standard 1.3 (12-128r18) as far as features need it.
// It refuses to know tiles, attributes without geometry, curves, and what any column means; it transforms nothing.
//
// The pieces that write a schema (CreateSchema, CreateFeatureTable, AddSpatialIndex …) work on a transaction of the
// caller, so that a store that keeps its data in a GeoPackage uses the same ones.
package geopackage
