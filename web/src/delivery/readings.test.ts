import { describe, expect, it } from "vitest";
import type { Bbox, Reading } from "../lib/api";
import { byRegions, insideOf, marksOf, placesOf, surroundings } from "./readings";

function reading(system: string, west: number, more: Partial<Reading> = {}): Reading {
  const bbox: Bbox = [west, 23, west + 1, 24];
  const shape = {
    type: "MultiLineString" as const,
    coordinates: [
      [
        [west, 23],
        [west + 1, 24],
      ],
    ],
  };
  return { system, title: system, axesExchanged: false, declared: false, bbox, shape, answer: {}, ...more };
}

describe("the places of readings", () => {
  // A 6-degree zone has the meridian of every second 3-degree zone: the same numbers lie at the same place.
  const list = [reading("EPSG:4546", 111), reading("EPSG:4545", 108), reading("EPSG:4508", 111)];

  it("are numbered from one, in the order of the server", () => {
    expect(placesOf(list).map((p) => [p.number, p.reading.system])).toEqual([
      [1, "EPSG:4546"],
      [2, "EPSG:4545"],
    ]);
  });

  it("say which systems mean the same place", () => {
    expect(placesOf(list)[0]?.alike.map((r) => r.system)).toEqual(["EPSG:4508"]);
  });

  it("are told apart when the axes are exchanged", () => {
    expect(placesOf([reading("a", 111), reading("a", 111, { axesExchanged: true })])).toHaveLength(2);
  });

  it("outside the regions are put away", () => {
    const places = placesOf([reading("a", 108, { inside: 0.4 }), reading("b", 111, { inside: 0 })]);
    expect(byRegions(places).near.map((p) => p.number)).toEqual([1]);
    expect(byRegions(places).far.map((p) => p.number)).toEqual([2]);
  });

  it.each([
    ["no regions are known", [reading("a", 108), reading("b", 111)]],
    ["none lies in them", [reading("a", 108, { inside: 0 }), reading("b", 111, { inside: 0 })]],
  ])("are all listed when %s", (_, readings) => {
    expect(byRegions(placesOf(readings)).near).toHaveLength(2);
    expect(byRegions(placesOf(readings)).far).toHaveLength(0);
  });

  it("become an outline and a dot under one id", () => {
    const { features } = marksOf(placesOf([reading("a", 108)]));
    expect(features.map((f) => [f.id, f.geometry.type])).toEqual([
      [1, "MultiLineString"],
      [1, "Point"],
    ]);
    expect(features[1]?.geometry).toMatchObject({ coordinates: [108.5, 23.5] });
  });

  it.each([
    ["one place: as much again on each side", [108], [107, 22, 110, 25]],
    ["places far apart: themselves", [75, 135], [75, 23, 136, 24]],
    ["none", [], undefined],
  ])("are shown with what lies around: %s", (_, wests, bbox) => {
    expect(surroundings(placesOf(wests.map((w) => reading("a", w))))).toEqual(bbox);
  });

  it.each([
    [undefined, null],
    [0, { kind: "none", percent: 0 }],
    [0.001, { kind: "part", percent: 1 }],
    [0.98, { kind: "part", percent: 98 }],
    [0.9999, { kind: "part", percent: 99 }],
    [1, { kind: "all", percent: 100 }],
  ])("with %s inside are %o", (inside, said) => {
    expect(insideOf(reading("a", 108, inside === undefined ? {} : { inside }))).toEqual(said);
  });
});
