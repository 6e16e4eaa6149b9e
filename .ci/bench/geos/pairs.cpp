// pairs times GEOS on the polygons that kernel -make writes: intersection and area of two large polygons, and the
// union of a coverage. It prints lines of results: key, least time in seconds, area in square metres.
//
//   pairs FOLDER REPETITIONS      reads near.wkbs, far.wkbs and cells.wkbs
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "records.h"

static GEOSContextHandle_t geos;

// measure calls a work that gives a geometry, and reports the least time of it and of its area together.
static void measure(const char* key, int times, const std::function<GEOSGeometry*()>& work) {
  double best = 1e300, area = 0;
  for (int i = 0; i < times; i++) {
    double start = seconds();
    GEOSGeometry* g = work();
    if (g == nullptr || GEOSArea_r(geos, g, &area) != 1) fail(std::string(key) + " fails in GEOS");
    best = std::min(best, seconds() - start);
    GEOSGeom_destroy_r(geos, g);
  }
  printf("%s\t%.6f\t%.15g\n", key, best, area);
  fflush(stdout);
}

int main(int count, char** args) {
  if (count != 3) fail("wants a folder and how often to repeat");
  geos = GEOS_init_r();
  const std::string folder = std::string(args[1]) + "/";
  const int times = std::max(1, atoi(args[2]));
  for (const char* pair : {"near", "far"}) {
    auto p = read(geos, folder + pair + ".wkbs");
    if (p.size() != 2) fail("a pair is two polygons");
    measure((std::string("geos.") + pair).c_str(), times, [&] { return GEOSIntersection_r(geos, p[0], p[1]); });
  }
  auto cells = read(geos, folder + "cells.wkbs");
  GEOSGeometry* all = GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, cells.data(), cells.size());
  measure("geos.dissolve", std::min(times, 3), [&] { return GEOSUnaryUnion_r(geos, all); });
  GEOSGeom_destroy_r(geos, all);
  GEOS_finish_r(geos);
}
