// Refs name what a layer said on a date: "redline@2023.2" is layer, vintage and revision.

export interface Ref {
  layer: string;
  vintage: string;
  revision: number;
}

const form = /^([a-z][a-z0-9_-]{0,39})@([0-9]{4}(?:-[0-9]{2}){0,2})\.([1-9][0-9]*)$/;

export function parseRef(text: string): Ref | null {
  const m = form.exec(text);
  if (!m?.[1] || !m[2] || !m[3]) return null;
  return { layer: m[1], vintage: m[2], revision: Number(m[3]) };
}

export function layerOf(ref: string): string {
  return ref.split("@", 1)[0] ?? "";
}

/** The date of a ref without its layer: "2023", or "2023 · 2" for a corrected delivery. */
export function vintageLabel(ref: string): string {
  const r = parseRef(ref);
  if (!r) return ref;
  return r.revision > 1 ? `${r.vintage} · ${r.revision}` : r.vintage;
}

/** Orders refs of one layer from old to new. */
export function compareRefs(a: string, b: string): number {
  const x = parseRef(a);
  const y = parseRef(b);
  if (!x || !y) return a < b ? -1 : Number(a > b);
  if (x.vintage !== y.vintage) return x.vintage < y.vintage ? -1 : 1;
  return x.revision - y.revision;
}

/** The newest revision of the latest vintage that is not later than the year; null when all are later. */
export function refAt(refs: readonly string[], year: string): string | null {
  const known = refs.filter((r) => (parseRef(r)?.vintage ?? "9999").slice(0, 4) <= year).sort(compareRefs);
  return known.at(-1) ?? null;
}

/** The newest revision of each vintage, old to new. */
export function latestRevisions(refs: readonly string[]): string[] {
  const newest = new Map<string, string>();
  for (const ref of [...refs].sort(compareRefs)) newest.set(parseRef(ref)?.vintage ?? ref, ref);
  return [...newest.values()];
}

export function yearOf(ref: string): string {
  return (parseRef(ref)?.vintage ?? "").slice(0, 4);
}
