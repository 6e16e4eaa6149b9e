// Shapes for the screen: bounds to zoom to and places to write a name. No figure that is printed is made here.
import type { Feature, FeatureCollection, Geometry, Position } from "geojson";
import type { Bbox } from "./api";

function eachPosition(g: Geometry | null | undefined, visit: (p: Position) => void): void {
  if (!g) return;
  if (g.type === "GeometryCollection") {
    for (const part of g.geometries) eachPosition(part, visit);
    return;
  }
  const walk = (c: unknown): void => {
    if (!Array.isArray(c)) return;
    if (typeof c[0] === "number") visit(c as Position);
    else for (const part of c) walk(part);
  };
  walk(g.coordinates);
}

/** The bound of geometries; undefined when they have no position. */
export function boundOf(...geometries: (Geometry | null | undefined)[]): Bbox | undefined {
  const b: Bbox = [Infinity, Infinity, -Infinity, -Infinity];
  for (const g of geometries) {
    eachPosition(g, ([x = 0, y = 0]) => {
      b[0] = Math.min(b[0], x);
      b[1] = Math.min(b[1], y);
      b[2] = Math.max(b[2], x);
      b[3] = Math.max(b[3], y);
    });
  }
  return b[0] <= b[2] ? b : undefined;
}

export function joinBounds(bounds: readonly (readonly number[] | null | undefined)[]): Bbox | undefined {
  const known = bounds.filter((b): b is Bbox => b?.length === 4);
  if (known.length === 0) return undefined;
  return [
    Math.min(...known.map((b) => b[0])),
    Math.min(...known.map((b) => b[1])),
    Math.max(...known.map((b) => b[2])),
    Math.max(...known.map((b) => b[3])),
  ];
}

export function collection(features: Feature[]): FeatureCollection {
  return { type: "FeatureCollection", features };
}

export function shape(geometry: Geometry, properties: Record<string, unknown> = {}): Feature {
  return { type: "Feature", geometry, properties };
}

/** A place inside a polygon for its name: the middle of its widest stretch on the central parallel of its largest part. */
export function labelPlace(g: Geometry): Position | undefined {
  const polygons = g.type === "Polygon" ? [g.coordinates] : g.type === "MultiPolygon" ? g.coordinates : [];
  let widest: { width: number; at: Position } | undefined;
  for (const polygon of polygons) {
    const b = boundOf({ type: "Polygon", coordinates: polygon });
    if (!b) continue;
    for (const part of [0.5, 0.42, 0.58]) {
      const y = b[1] + (b[3] - b[1]) * part;
      const stretch = widestStretch(polygon, y);
      if (stretch && stretch.width > (widest?.width ?? 0)) widest = stretch;
    }
  }
  return widest?.at;
}

function widestStretch(rings: Position[][], y: number): { width: number; at: Position } | undefined {
  const xs = rings.flatMap((ring) => crossings(ring, y)).sort((a, b) => a - b);
  let best: { width: number; at: Position } | undefined;
  for (let i = 0; i + 1 < xs.length; i += 2) {
    const [a = 0, b = 0] = [xs[i], xs[i + 1]];
    if (b - a > (best?.width ?? 0)) best = { width: b - a, at: [(a + b) / 2, y] };
  }
  return best;
}

function crossings(ring: Position[], y: number): number[] {
  const xs: number[] = [];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x1 = 0, y1 = 0] = ring[i] ?? [];
    const [x2 = 0, y2 = 0] = ring[i + 1] ?? [];
    if (y1 > y !== y2 > y) xs.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
  return xs;
}
