// How the server's legend says that a place is hatched.
import type { LegendEntry } from "../lib/api";

/** The colour of the hatch of a legend entry; undefined when there is none. */
export function hatchColour(entry: LegendEntry | undefined): string | undefined {
  if (!entry?.hatch) return undefined;
  const m = /#?([0-9a-fA-F]{6})/.exec(entry.hatch);
  return m?.[1] ? `#${m[1]}` : entry.line;
}
