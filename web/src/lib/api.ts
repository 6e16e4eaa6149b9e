// What the server offers, as functions. Figures for print come as Printed and are shown as they are.
import type { FeatureCollection, Geometry, MultiPolygon, Polygon } from "geojson";
import { address, download, get, post, remove, upload } from "./http";
import type { components } from "./schema";

/** West, south, east, north in degrees. */
export type Bbox = [number, number, number, number];

/** The generated types, with GeoJSON and bounds said more exactly than OpenAPI can. */
type Exact<T> = T extends { type: string; coordinates: unknown[] }
  ? Geometry
  : T extends (infer U)[]
    ? Exact<U>[]
    : T extends object
      ? { [K in keyof T]: K extends "bbox" ? Bbox : Exact<T[K]> }
      : T;
type Schema<Name extends keyof components["schemas"]> = Exact<components["schemas"][Name]>;

export type Area = Schema<"Area">;
export type Catalogue = Schema<"CatalogueDocument">;
export type Layer = Schema<"LayerInfo">;
export type Vintage = Schema<"VintageInfo">;
export type VintageDocument = Schema<"VintageDocument">;
export type LegendEntry = Schema<"LegendItem">;
export type Identified = Schema<"PlaceFeature">;
export type Check = Schema<"CheckDocument">;
export type Parcel = Schema<"ParcelInfo">;
export type Finding = Schema<"FindingInfo">;
export type Verdict = Check["verdict"];
export type Provenance = Schema<"ProvenanceInfo">;
export type Issue = Schema<"IssueInfo">;
export type Change = Schema<"ChangeDocument">;
export type ChangeRow = Schema<"ChangeRow">;
/** The columns of a change that are areas. */
export type ChangeColumn = "before" | "after" | "gained" | "lost" | "net" | "unchanged" | "changed";
export type Shoreline = Schema<"ShorelineDocument">;
export type ShorelineRow = Schema<"ShorelineRow">;
export type Job = Schema<"ImportDocument">;
export type JobState = Job["state"];
export type Features = Schema<"FeatureCollection">;
export type Preview = Schema<"PreviewDocument">;
export type PreviewField = Schema<"PreviewField">;
/** One way to read the numbers of a file, with the place where it would lie. */
export type Reading = Schema<"PreviewReading">;

export const catalogue = (): Promise<Catalogue> => get("/api/catalogue");
export const legend = (): Promise<LegendEntry[]> => get("/api/legend");
export const vintage = (ref: string): Promise<VintageDocument> => get(`/api/vintages/${ref}`);
export const withdraw = (ref: string): Promise<void> => remove(`/api/vintages/${ref}`);

export const features = (ref: string, limit: number): Promise<Features> =>
  get(`/api/vintages/${ref}/features`, { limit });

export const identify = (
  at: { lon: number; lat: number; within: number },
  refs: string[],
  signal: AbortSignal,
): Promise<Identified[]> => get("/api/identify", { ...at, refs: refs.join(",") }, signal);

/** A drawn polygon to check. */
export interface DrawnCheck {
  geometry: Polygon | MultiPolygon;
  name?: string;
  activity: string;
  date?: string;
}

export const checkDrawn = (body: DrawnCheck): Promise<Check> => post("/api/checks", body);
export const checkFiles = (form: FormData, onSent: (part: number) => void): Promise<Check> =>
  upload("/api/checks", form, onSent);
export const check = (id: string): Promise<Check> => get(`/api/checks/${encodeURIComponent(id)}`);
export const checkParcel = (id: string, row: number): Promise<Parcel> =>
  get(`/api/checks/${encodeURIComponent(id)}/parcels/${row}`);
export const checkDocument = (id: string, name: "report.xlsx" | "overlaps.geojson"): string =>
  download(`/api/checks/${encodeURIComponent(id)}/${name}`);

type ChangeQuery = { before: string; after: string; regions?: string };

export const change = (q: ChangeQuery, signal: AbortSignal): Promise<Change> =>
  get("/api/changes", q, signal);
export const changePatches = (q: ChangeQuery, signal: AbortSignal): Promise<FeatureCollection> =>
  get("/api/changes/patches.geojson", q, signal);
export const changeDocument = (q: ChangeQuery, name: "report.xlsx" | "patches.geojson"): string =>
  download(`/api/changes/${name}`, q);

type ShorelineQuery = { zones: string; line?: string; regions?: string };

export const shoreline = (q: ShorelineQuery, signal: AbortSignal): Promise<Shoreline> =>
  get("/api/shoreline", q, signal);
export const shorelineDocument = (q: ShorelineQuery): string => download("/api/shoreline/report.xlsx", q);

export const preview = (form: FormData, onSent: (part: number) => void): Promise<Preview> =>
  upload("/api/previews", form, onSent);
export const jobs = (): Promise<Job[]> => get("/api/imports");
export const job = (id: string): Promise<Job> => get(`/api/imports/${encodeURIComponent(id)}`);
export const cancelJob = (id: string): Promise<Job> =>
  post(`/api/imports/${encodeURIComponent(id)}/cancel`, {});
export const startImport = (form: FormData, onSent: (part: number) => void): Promise<Job> =>
  upload("/api/imports", form, onSent);
export const jobRejects = (id: string): string =>
  address(`/api/imports/${encodeURIComponent(id)}/rejects.csv`);
export const jobIssues = (id: string): string =>
  download(`/api/imports/${encodeURIComponent(id)}/issues.csv`);
export const vintageIssues = (ref: string): string => download(`/api/vintages/${ref}/issues.csv`);
/** The delivered file, byte for byte. */
export const vintageOriginal = (ref: string): string => address(`/api/vintages/${ref}/original`);
export const vintageRejects = (ref: string): string => address(`/api/vintages/${ref}/rejects.csv`);

/** A MapLibre style for one vintage: its source and its layers. */
export const style = (ref: string): Promise<StyleDocument> => get("/api/style.json", { refs: ref });

export interface StyleDocument {
  sources: Record<string, unknown>;
  layers: Record<string, unknown>[];
}
