// The part of the server's style that draws one vintage, under names of its own so that vintages can lie together.
import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import { styleOf } from "../lib/styles";

export interface Fragment {
  sources: Record<string, SourceSpecification>;
  layers: LayerSpecification[];
}

export async function fragment(ref: string): Promise<Fragment> {
  const document = await styleOf(ref);
  const sources: Fragment["sources"] = {};
  for (const [id, source] of Object.entries(document.sources)) {
    sources[`${ref}/${id}`] = absolute(source as SourceSpecification);
  }
  const layers = (document.layers as unknown as LayerSpecification[])
    .filter((l) => l.type !== "background" && l.type !== "symbol")
    .map(
      (l) =>
        ({
          ...l,
          id: `${ref}/${l.id}`,
          source: `${ref}/${"source" in l ? l.source : ""}`,
        }) as LayerSpecification,
    );
  return { sources, layers };
}

/** MapLibre's worker has no page address, so that tile addresses must name the host. */
function absolute(source: SourceSpecification): SourceSpecification {
  const here = (path: string) => (path.startsWith("/") ? location.origin + path : path);
  if (source.type !== "vector") return source;
  return {
    ...source,
    ...(source.url ? { url: here(source.url) } : {}),
    ...(source.tiles ? { tiles: source.tiles.map(here) } : {}),
  };
}

const opacities: Record<string, string[]> = {
  fill: ["fill-opacity"],
  line: ["line-opacity"],
  circle: ["circle-opacity", "circle-stroke-opacity"],
};

/** The paint properties that make a layer as opaque as asked, starting from what its style says. */
export function faded(layer: LayerSpecification, opacity: number): [string, unknown][] {
  const paint = (layer.paint ?? {}) as Record<string, unknown>;
  return (opacities[layer.type] ?? []).map((name) => [name, times(paint[name] ?? 1, opacity)]);
}

/** Multiplies a number or an expression; a zoom curve must stay on top, so its outputs are multiplied. */
function times(value: unknown, factor: number): unknown {
  if (typeof value === "number") return value * factor;
  if (!Array.isArray(value) || factor === 1) return value;
  if (value[0] === "interpolate") return value.map((v, i) => (i > 3 && i % 2 === 0 ? times(v, factor) : v));
  if (value[0] === "step") return value.map((v, i) => (i > 1 && i % 2 === 0 ? times(v, factor) : v));
  return ["*", value, factor];
}
