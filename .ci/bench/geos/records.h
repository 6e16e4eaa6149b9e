// What the programs of this folder share: records of *.wkbs files as GEOS geometries, a clock, and a way to end.
#pragma once

#include <geos_c.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

inline double seconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

[[noreturn]] inline void fail(const std::string& what) {
  fprintf(stderr, "geos: %s\n", what.c_str());
  exit(1);
}

// read gives the geometries of a file of records: id, class and length as 32 bits each, then WKB.
inline std::vector<GEOSGeometry*> read(GEOSContextHandle_t geos, const std::string& name) {
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
