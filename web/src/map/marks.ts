// What lies above the layers: parcels, overlaps, patches. Each kind has a colour and a line of its own, so that it can
// be told apart without seeing colours.
import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, LayerSpecification, Map as MapLibre } from "maplibre-gl";
import type { MarkKind } from "../lib/state";

interface Look {
  colour: string;
  fill: number;
  width: number;
  dash?: [number, number];
  /** There may be thousands, seen from far away. */
  many?: true;
  /** Lines only, one of which can be emphasised and clicked; a dot says where it is, however small. */
  touchable?: true;
}

/** Bottom first. */
const looks: [MarkKind, Look][] = [
  ["changed", { colour: "#6a4c9c", fill: 0.6, width: 1.3, many: true }],
  ["lost", { colour: "#b45309", fill: 0.5, width: 1.4, dash: [3, 2], many: true }],
  ["gained", { colour: "#0b6e8a", fill: 0.6, width: 1.4, many: true }],
  ["picked", { colour: "#0b57d0", fill: 0.08, width: 2.5 }],
  ["parcel", { colour: "#16211d", fill: 0.04, width: 2 }],
  ["overlap", { colour: "#8e1b6b", fill: 0.25, width: 1.6 }],
  ["selected", { colour: "#8e1b6b", fill: 0.3, width: 3.5 }],
  ["reading", { colour: "#0f4c9a", fill: 0, width: 1.4, touchable: true }],
];

const empty: FeatureCollection = { type: "FeatureCollection", features: [] };

export const firstMark = "mark-changed-fill";

export function addMarks(map: MapLibre): void {
  for (const [kind, look] of looks) {
    map.addSource(`mark-${kind}`, { type: "geojson", data: empty });
    for (const layer of layersOf(kind, look)) map.addLayer(layer);
  }
}

/** Small patches would drown in a white border when seen from far away. */
function casing(look: Look): ExpressionSpecification | number {
  const full = look.width + 2.5;
  return look.many ? ["interpolate", ["linear"], ["zoom"], 9, look.width, 13, full] : full;
}

/** Whether a feature is the one that is pointed at. */
const strong: ExpressionSpecification = ["boolean", ["feature-state", "strong"], false];

function fillOf(source: string, look: Look): LayerSpecification {
  return {
    id: `${source}-fill`,
    type: "fill",
    source,
    paint: { "fill-color": look.colour, "fill-opacity": look.fill },
  };
}

/** The dot under the number of a reading. */
function dotOf(source: string, look: Look): LayerSpecification {
  return {
    id: `${source}-dot`,
    type: "circle",
    source,
    filter: ["==", ["geometry-type"], "Point"],
    paint: {
      "circle-radius": ["case", strong, 13, 11],
      "circle-color": "#ffffff",
      "circle-stroke-color": look.colour,
      "circle-stroke-width": ["case", strong, 4, 1.5],
    },
  };
}

function layersOf(kind: MarkKind, look: Look): LayerSpecification[] {
  const source = `mark-${kind}`;
  const dash = look.dash ? { "line-dasharray": look.dash } : {};
  return [
    ...(look.touchable ? [] : [fillOf(source, look)]),
    {
      id: `${source}-casing`,
      type: "line",
      source,
      layout: { "line-join": "round" },
      paint: { "line-color": "#ffffff", "line-width": casing(look), "line-opacity": 0.85 },
    },
    {
      id: `${source}-line`,
      type: "line",
      source,
      layout: { "line-join": "round" },
      paint: {
        "line-color": look.colour,
        "line-width": look.touchable ? ["case", strong, look.width * 3, look.width] : look.width,
        ...dash,
      },
    },
    ...(look.touchable ? [dotOf(source, look)] : []),
  ];
}

export function showMarks(map: MapLibre, marks: Partial<Record<MarkKind, FeatureCollection>>): void {
  for (const [kind] of looks) {
    const source = map.getSource(`mark-${kind}`);
    if (source && "setData" in source)
      (source as { setData(d: FeatureCollection): void }).setData(marks[kind] ?? empty);
  }
}

const touchable = "mark-reading";

/** The reading under a point of the screen or close to it, null when there is none. */
export function readingAt(map: MapLibre, at: { x: number; y: number }): number | null {
  const layers = [`${touchable}-dot`, `${touchable}-line`].filter((id) => map.getLayer(id));
  if (layers.length === 0) return null;
  const near = 5;
  const hits = map.queryRenderedFeatures(
    [
      [at.x - near, at.y - near],
      [at.x + near, at.y + near],
    ],
    { layers },
  );
  const id = hits[0]?.id;
  return typeof id === "number" ? id : null;
}

/** Emphasises one reading and no other. */
export function emphasise(map: MapLibre, reading: number | null): void {
  if (!map.getSource(touchable)) return;
  map.removeFeatureState({ source: touchable });
  if (reading !== null) map.setFeatureState({ source: touchable, id: reading }, { strong: true });
}
