//go:build !cgo

package geos

import (
	"errors"

	"github.com/paulmach/orb"
)

var errBuilt = errors.New("this was built without cgo")

// Open says that GEOS cannot be asked.
func Open() (string, error) { return "", errBuilt }

// Overlay says that GEOS cannot be asked.
func Overlay(_, _ orb.MultiPolygon, _ int) (orb.Geometry, float64, error) { return nil, 0, errBuilt }

// Valid says that GEOS cannot be asked.
func Valid(orb.MultiPolygon) (bool, error) { return false, errBuilt }
