//go:build cgo

// Package geos asks GEOS, the engine inside PostGIS and QGIS, what geo/overlay is asked. The library is opened when
// the program runs, so that a machine without it, or without its headers, can still say that it was left out. Go
// leaves folders with a dot out of ./..., so that the project itself stays free of cgo.
package geos

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stddef.h>

// The part of geos_c.h that is used, all of it there since GEOS 3.3.
typedef void *handle;
static handle (*init_r)(void);
static const char *(*version)(void);
static void *(*from_wkb)(handle, const unsigned char *, size_t);
static unsigned char *(*to_wkb)(handle, const void *, size_t *);
static void *(*operation[4])(handle, const void *, const void *);
static int (*area_of)(handle, const void *, double *);
static char (*is_valid)(handle, const void *);
static void (*destroy)(handle, void *);
static void (*free_buffer)(handle, void *);
static handle context;

static int load(void *lib, void *to, const char *name) {
	*(void **)to = dlsym(lib, name);
	return *(void **)to != NULL;
}

// geos_open returns the version, or NULL when the library is not there.
static const char *geos_open(void) {
	void *lib = dlopen("libgeos_c.so.1", RTLD_NOW);
	if (lib == NULL ||
		!load(lib, &init_r, "GEOS_init_r") ||
		!load(lib, &version, "GEOSversion") ||
		!load(lib, &from_wkb, "GEOSGeomFromWKB_buf_r") ||
		!load(lib, &to_wkb, "GEOSGeomToWKB_buf_r") ||
		!load(lib, &operation[0], "GEOSIntersection_r") ||
		!load(lib, &operation[1], "GEOSUnion_r") ||
		!load(lib, &operation[2], "GEOSDifference_r") ||
		!load(lib, &operation[3], "GEOSSymDifference_r") ||
		!load(lib, &area_of, "GEOSArea_r") ||
		!load(lib, &is_valid, "GEOSisValid_r") ||
		!load(lib, &destroy, "GEOSGeom_destroy_r") ||
		!load(lib, &free_buffer, "GEOSFree_r")) {
		return NULL;
	}
	context = init_r();
	return version();
}

static void *geos_read(const unsigned char *wkb, size_t n) { return from_wkb(context, wkb, n); }
static unsigned char *geos_write(void *g, size_t *n) { return to_wkb(context, g, n); }
static void *geos_overlay(int op, void *a, void *b) { return operation[op](context, a, b); }
static int geos_area(void *g, double *area) { return area_of(context, g, area); }
static char geos_valid(void *g) { return is_valid(context, g); }
static void geos_destroy(void *g) { if (g != NULL) destroy(context, g); }
static void geos_free(unsigned char *p) { free_buffer(context, p); }
*/
import "C"

import (
	"errors"
	"unsafe"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// Open finds the library and gives its version.
func Open() (string, error) {
	v := C.geos_open()
	if v == nil {
		return "", errors.New("libgeos_c.so.1 is not installed")
	}
	return C.GoString(v), nil
}

// Overlay is a op b, with op counted as overlay.Op, and its area.
func Overlay(a, b orb.MultiPolygon, op int) (orb.Geometry, float64, error) {
	p, err := read(a)
	if err != nil {
		return nil, 0, err
	}
	defer C.geos_destroy(p)
	q, err := read(b)
	if err != nil {
		return nil, 0, err
	}
	defer C.geos_destroy(q)
	out := C.geos_overlay(C.int(op), p, q)
	if out == nil {
		return nil, 0, errors.New("GEOS gave no result")
	}
	defer C.geos_destroy(out)
	var area C.double
	if C.geos_area(out, &area) == 0 {
		return nil, 0, errors.New("GEOS gave no area")
	}
	g, err := write(out)
	return g, float64(area), err
}

// Valid reports whether GEOS finds mp valid.
func Valid(mp orb.MultiPolygon) (bool, error) {
	p, err := read(mp)
	if err != nil {
		return false, err
	}
	defer C.geos_destroy(p)
	return C.geos_valid(p) == 1, nil
}

func read(mp orb.MultiPolygon) (unsafe.Pointer, error) {
	if mp == nil {
		mp = orb.MultiPolygon{} // nothing is written otherwise
	}
	data, err := wkb.Marshal(mp)
	if err != nil {
		return nil, err
	}
	g := C.geos_read((*C.uchar)(unsafe.Pointer(&data[0])), C.size_t(len(data)))
	if g == nil {
		return nil, errors.New("GEOS cannot read the region")
	}
	return g, nil
}

func write(g unsafe.Pointer) (orb.Geometry, error) {
	var n C.size_t
	buffer := C.geos_write(g, &n)
	if buffer == nil {
		return nil, errors.New("GEOS cannot write its result")
	}
	defer C.geos_free(buffer)
	return wkb.Unmarshal(C.GoBytes(unsafe.Pointer(buffer), C.int(n)))
}
