// Names from the server's legend.
import type { LegendEntry } from "./api";

/** What a class is called: by its whole code, or by the first two digits of it. */
export function classLabel(legend: readonly LegendEntry[], theme: string, code: string): string | undefined {
  const of = (c: string) => legend.find((l) => l.theme === theme && l.class === c)?.label;
  return of(code) ?? of(code.slice(0, 2));
}
