// The server's style of a vintage. A published vintage never changes, so each is asked for once.
import { type StyleDocument, style } from "./api";

const known = new Map<string, Promise<StyleDocument>>();

export function styleOf(ref: string): Promise<StyleDocument> {
  let asked = known.get(ref);
  if (!asked) {
    asked = style(ref);
    known.set(ref, asked);
    asked.catch(() => known.delete(ref));
  }
  return asked;
}

/** How opaque the fills of a vintage are drawn, so that the legend looks like the map. */
export async function fillOpacity(ref: string): Promise<number> {
  try {
    const { layers } = await styleOf(ref);
    const fill = layers.find((l) => String(l.id).endsWith("-fill"));
    const opacity = (fill?.paint as Record<string, unknown> | undefined)?.["fill-opacity"];
    return typeof opacity === "number" ? opacity : 1;
  } catch {
    return 1; // the map reports that the layer cannot be shown
  }
}
