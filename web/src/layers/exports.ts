// The files that a vintage can be taken away as, and in which reference systems.
import type { Bbox } from "../lib/api";
import { download, type Query } from "../lib/http";
import { type System, systems } from "../lib/systems";

/** One entry of the download menu; key names its words. */
export interface Choice {
  key: string;
  href: string;
}

interface Form {
  key: string;
  query: Query;
  /** Holds polygons only. */
  areas?: boolean;
  /** Is in degrees whatever is chosen. */
  degrees?: boolean;
}

const forms: Form[] = [
  { key: "geopackage", query: { format: "geopackage" } },
  { key: "shapefile", query: { format: "shapefile" } },
  { key: "shapefileGbk", query: { format: "shapefile", encoding: "GBK" } },
  { key: "points", query: { format: "xlsx" }, areas: true },
  { key: "parceltxt", query: { format: "parceltxt" }, areas: true },
  { key: "kml", query: { format: "kml" }, degrees: true },
  { key: "geojson", query: { format: "geojson" }, degrees: true },
  { key: "csv", query: { format: "csv" } },
];

/** The downloads of a vintage; crs is empty for degrees, where the server picks a zone if a form needs one. */
export function choices(ref: string, geometry: string, crs: string): Choice[] {
  return forms
    .filter((f) => !f.areas || geometry === "polygon")
    .map((f) => ({
      key: f.key,
      href: download(`/api/vintages/${ref}/export`, { ...f.query, crs: f.degrees ? "" : crs }),
    }));
}

/** The 3-degree zones that a place lies in or borders on, nearest to its middle first. */
export function zonesOf(bbox: Bbox | undefined): System[] {
  if (!bbox) return [];
  const [west, , east] = bbox;
  const middle = (west + east) / 2;
  const first = Math.round(west / 3);
  const last = Math.round(east / 3);
  const off = (s: System): number => Math.abs((s.meridian ?? 0) - middle);
  return systems()
    .filter((s) => s.width === 3 && s.zone !== undefined && s.zone >= first && s.zone <= last)
    .sort((a, b) => off(a) - off(b) || Number(b.prefixed) - Number(a.prefixed));
}
