// The address of a view: what one sends to a colleague so that both see the same. It lives behind the # of the page.

export const panels = ["layers", "vintages", "check", "change", "shoreline", "imports"] as const;
export type PanelName = (typeof panels)[number];

export interface Place {
  lon: number;
  lat: number;
  zoom: number;
}

/** A layer in the stack as the address says it: "landuse@2023.1*0.6!" is 60 % opaque and hidden. */
export interface StackEntry {
  ref: string;
  visible: boolean;
  opacity: number;
}

export interface Address {
  panel: PanelName;
  /** A check or an import that is looked at. */
  id: string;
  /** A parcel's row within the check. */
  row: number;
  at: Place | null;
  stack: StackEntry[];
  swipe: { left: string; right: string } | null;
  pick: { lon: number; lat: number } | null;
  /** What a table is made of: before, after, regions, zones, line. */
  refs: Record<string, string>;
}

const refKeys = ["before", "after", "regions", "zones", "line"] as const;

export function emptyAddress(): Address {
  return { panel: "layers", id: "", row: 0, at: null, stack: [], swipe: null, pick: null, refs: {} };
}

export function parseAddress(hash: string): Address {
  const [path = "", tail = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [panel = "", id = "", row = ""] = path.split("/").map(decodeURIComponent);
  const query = new URLSearchParams(tail);
  const refs: Record<string, string> = {};
  for (const key of refKeys) {
    const value = query.get(key);
    if (value) refs[key] = value;
  }
  return {
    panel: panels.find((p) => p === panel) ?? "layers",
    id,
    row: Math.max(0, Math.trunc(Number(row)) || 0),
    at: parsePlace(query.get("at")),
    stack: (query.get("layers") ?? "").split(",").filter(Boolean).map(parseEntry),
    swipe: parseSwipe(query.get("swipe")),
    pick: parsePick(query.get("pick")),
    refs,
  };
}

export function formatAddress(a: Address): string {
  const path = [a.panel, a.id, a.row > 0 && a.id ? String(a.row) : ""]
    .filter(Boolean)
    .map(encodeURIComponent);
  const parts: string[] = [];
  for (const key of refKeys) if (a.refs[key]) parts.push(`${key}=${a.refs[key]}`);
  if (a.swipe) parts.push(`swipe=${a.swipe.left}~${a.swipe.right}`);
  if (a.pick) parts.push(`pick=${a.pick.lon.toFixed(6)},${a.pick.lat.toFixed(6)}`);
  if (a.stack.length > 0) parts.push(`layers=${a.stack.map(formatEntry).join(",")}`);
  if (a.at) parts.push(`at=${a.at.lon.toFixed(5)},${a.at.lat.toFixed(5)},${a.at.zoom.toFixed(2)}`);
  return `#/${path.join("/")}${parts.length > 0 ? `?${parts.join("&")}` : ""}`;
}

function parseEntry(text: string): StackEntry {
  const visible = !text.endsWith("!");
  const [ref = "", opacity = "1"] = (visible ? text : text.slice(0, -1)).split("*", 2);
  const value = Number(opacity);
  return { ref, visible, opacity: value >= 0 && value <= 1 ? value : 1 };
}

function formatEntry(e: StackEntry): string {
  return `${e.ref}${e.opacity < 1 ? `*${e.opacity}` : ""}${e.visible ? "" : "!"}`;
}

function numbers(text: string | null, n: number): number[] | null {
  const list = (text ?? "").split(",").map(Number);
  return text && list.length === n && list.every(Number.isFinite) ? list : null;
}

function parsePlace(text: string | null): Place | null {
  const [lon, lat, zoom] = numbers(text, 3) ?? [];
  if (lon === undefined || lat === undefined || zoom === undefined) return null;
  if (Math.abs(lon) > 180 || Math.abs(lat) > 85 || zoom < 0 || zoom > 24) return null;
  return { lon, lat, zoom };
}

function parsePick(text: string | null): { lon: number; lat: number } | null {
  const [lon, lat] = numbers(text, 2) ?? [];
  if (lon === undefined || lat === undefined || Math.abs(lon) > 180 || Math.abs(lat) > 90) return null;
  return { lon, lat };
}

function parseSwipe(text: string | null): { left: string; right: string } | null {
  const m = /^(\d{4})~(\d{4})$/.exec(text ?? "");
  return m?.[1] && m[2] ? { left: m[1], right: m[2] } : null;
}
