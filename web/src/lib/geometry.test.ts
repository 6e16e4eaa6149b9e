import type { Polygon } from "geojson";
import { describe, expect, it } from "vitest";
import { boundOf, joinBounds, labelPlace } from "./geometry";

const ring = (...xy: [number, number][]): Polygon => ({
  type: "Polygon",
  coordinates: [[...xy, xy[0] ?? [0, 0]]],
});

describe("geometry", () => {
  it("bounds nested geometries, and nothing where there is nothing", () => {
    const g = ring([0, 0], [2, 0], [2, 1]);
    expect(
      boundOf({ type: "GeometryCollection", geometries: [g, { type: "Point", coordinates: [5, -1] }] }),
    ).toEqual([0, -1, 5, 1]);
    expect(boundOf(null, undefined, { type: "MultiPolygon", coordinates: [] })).toBeUndefined();
    expect(joinBounds([undefined, [0, 0, 1, 1], [5, 5, 6, 6]])).toEqual([0, 0, 6, 6]);
    expect(joinBounds([])).toBeUndefined();
  });

  it("writes a name inside a place shaped like a C, not in its bay", () => {
    const c = ring([0, 0], [10, 0], [10, 2], [2, 2], [2, 8], [10, 8], [10, 10], [0, 10]);
    const at = labelPlace(c);
    expect(at?.[0]).toBeLessThan(2);
  });

  it("does not write a name into a hole", () => {
    const p = ring([0, 0], [10, 0], [10, 10], [0, 10]);
    p.coordinates.push([
      [1, 1],
      [8, 1],
      [8, 9],
      [1, 9],
      [1, 1],
    ]);
    expect(labelPlace(p)?.[0]).toBeGreaterThan(8);
  });

  it("has no place for lines", () => {
    expect(labelPlace({ type: "LineString", coordinates: [[0, 0]] })).toBeUndefined();
  });
});
