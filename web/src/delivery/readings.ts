// The readings of a file's numbers, as the list and the map show them.
import type { Feature, FeatureCollection } from "geojson";
import type { Bbox, Reading } from "../lib/api";
import { collection, joinBounds, shape } from "../lib/geometry";

/** A place where the file would lie. Several systems can mean the same place: 3-degree and 6-degree zones share meridians. */
export interface Place {
  /** 1 for the first; the number in the list and on the map. */
  number: number;
  reading: Reading;
  alike: Reading[];
}

function sameSpot(a: Reading, b: Reading): boolean {
  return a.axesExchanged === b.axesExchanged && a.bbox.every((v, i) => v === b.bbox[i]);
}

/** The places of the readings, best first as the server ordered them. */
export function placesOf(readings: readonly Reading[]): Place[] {
  const places: Place[] = [];
  for (const reading of readings) {
    const same = places.find((p) => sameSpot(p.reading, reading));
    if (same) same.alike.push(reading);
    else places.push({ number: places.length + 1, reading, alike: [] });
  }
  return places;
}

/** Places in the regions, and the others, which are worth a look only when those are wrong. */
export function byRegions(places: readonly Place[]): { near: Place[]; far: Place[] } {
  const near = places.filter((p) => (p.reading.inside ?? 0) > 0);
  if (near.length === 0) return { near: [...places], far: [] };
  return { near, far: places.filter((p) => !near.includes(p)) };
}

/** What to show around places: as much again on each side, so that one sees what they lie in. */
export function surroundings(places: readonly Place[]): Bbox | undefined {
  const all = joinBounds(places.map((p) => p.reading.bbox));
  if (!all) return undefined;
  const [west, south, east, north] = all;
  const [dx, dy] = [Math.max(east - west, 0.01), Math.max(north - south, 0.01)];
  return dx > 5 ? all : [west - dx, Math.max(south - dy, -85), east + dx, Math.min(north + dy, 85)];
}

export function middleOf([west, south, east, north]: Bbox): [number, number] {
  return [(west + east) / 2, (south + north) / 2];
}

/** Outlines and a numbered dot for each place, under the place's number as id. */
export function marksOf(places: readonly Place[]): FeatureCollection {
  return collection(
    places.flatMap(({ number, reading }): Feature[] => {
      const dot = shape({ type: "Point", coordinates: middleOf(reading.bbox) }, { number });
      return [
        { ...shape(reading.shape), id: number },
        { ...dot, id: number },
      ];
    }),
  );
}

/** How much of the file lies in the regions, for people; "none" and "all" are meant to the vertex. */
export function insideOf(reading: Reading): { kind: "all" | "part" | "none"; percent: number } | null {
  if (reading.inside === undefined) return null;
  const percent = Math.min(99, Math.max(1, Math.round(reading.inside * 100)));
  if (reading.inside >= 1) return { kind: "all", percent: 100 };
  return reading.inside > 0 ? { kind: "part", percent } : { kind: "none", percent: 0 };
}
