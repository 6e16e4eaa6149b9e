// pairs times GEOS on the polygons that kernel -make writes: intersection and area of two large polygons, and the
// union of a coverage. It prints lines of results: key, least time in seconds, area in square metres.
//
//   pairs FOLDER REPETITIONS      reads near.wkbs, far.wkbs and cells.wkbs
#include <geos_c.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

static GEOSContextHandle_t geos;

static double seconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

[[noreturn]] static void fail(const std::string& what) {
  fprintf(stderr, "pairs: %s\n", what.c_str());
  exit(1);
}

// read gives the geometries of a file of records: id, class and length as 32 bits each, then WKB.
static std::vector<GEOSGeometry*> read(const std::string& name) {
  FILE* file = fopen(name.c_str(), "rb");
  if (file == nullptr) fail("cannot open " + name);
  GEOSWKBReader* reader = GEOSWKBReader_create_r(geos);
  std::vector<GEOSGeometry*> out;
  uint32_t head[3];
  std::vector<unsigned char> body;
  while (fread(head, sizeof head[0], 3, file) == 3) {
    body.resize(head[2]);
    if (fread(body.data(), 1, head[2], file) != head[2]) fail(name + " ends in the middle of a record");
    GEOSGeometry* g = GEOSWKBReader_read_r(geos, reader, body.data(), body.size());
    if (g == nullptr) fail(name + " has a geometry that GEOS cannot read");
    out.push_back(g);
  }
  GEOSWKBReader_destroy_r(geos, reader);
  fclose(file);
  return out;
}

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
    auto p = read(folder + pair + ".wkbs");
    if (p.size() != 2) fail("a pair is two polygons");
    measure((std::string("geos.") + pair).c_str(), times, [&] { return GEOSIntersection_r(geos, p[0], p[1]); });
  }
  auto cells = read(folder + "cells.wkbs");
  GEOSGeometry* all = GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, cells.data(), cells.size());
  measure("geos.dissolve", std::min(times, 3), [&] { return GEOSUnaryUnion_r(geos, all); });
  GEOSGeom_destroy_r(geos, all);
  GEOS_finish_r(geos);
}
