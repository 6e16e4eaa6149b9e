// Which layers lie on the map, and in what order: what forbids lies above what describes.
import type { StackEntry } from "./address";
import type { Layer } from "./api";
import { compareRefs, layerOf } from "./ref";

const topFirst = [
  "region",
  "redline",
  "bankline",
  "shoreline",
  "activity",
  "protected",
  "urban",
  "wetland",
  "river",
  "farmland",
  "landuse",
];

function rank(layer: Layer): number {
  const i = topFirst.indexOf(layer.theme);
  return i < 0 ? topFirst.length : i;
}

function newest(layer: Layer): string | undefined {
  return layer.vintages
    .map((v) => v.ref)
    .sort(compareRefs)
    .at(-1);
}

/** Every layer in its newest vintage. */
export function defaultStack(layers: readonly Layer[]): StackEntry[] {
  return [...layers]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((l) => {
      const ref = newest(l);
      return ref ? [{ ref, visible: true, opacity: 1 }] : [];
    });
}

/** Keeps what the reader had set, drops what no longer exists, adds what is new at its usual place. */
export function reconcile(stack: readonly StackEntry[], layers: readonly Layer[]): StackEntry[] {
  const byId = new Map(layers.map((l) => [l.id, l]));
  const kept = stack.flatMap((e) => {
    const layer = byId.get(layerOf(e.ref));
    if (!layer) return [];
    const known = layer.vintages.some((v) => v.ref === e.ref);
    const ref = known ? e.ref : newest(layer);
    return ref ? [{ ...e, ref }] : [];
  });
  if (kept.length === 0) return defaultStack(layers);
  const have = new Set(kept.map((e) => layerOf(e.ref)));
  for (const entry of defaultStack(layers)) {
    const layer = byId.get(layerOf(entry.ref));
    if (!layer || have.has(layer.id)) continue;
    const below = kept.findIndex((e) => {
      const other = byId.get(layerOf(e.ref));
      return other !== undefined && rank(other) > rank(layer);
    });
    kept.splice(below < 0 ? kept.length : below, 0, entry);
  }
  return kept;
}
