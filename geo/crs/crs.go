// Package crs names and transforms reference systems.
package crs

// System is a reference system.
type System struct{}
