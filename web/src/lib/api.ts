// What the server offers, as functions. Figures for print come as Printed and are shown as they are.
import type { FeatureCollection, Geometry, MultiPolygon, Polygon } from "geojson";
import { address, download, get, post, remove, upload } from "./http";

export type Bbox = [number, number, number, number];

/** A legal area: the figure, and the strings that a screen shows, rounded once by the server. */
export interface Area {
  m2: number;
  printed: { m2: string; hectares: string; mu: string };
}

/** A geodesic length, likewise. */
export interface Length {
  m: number;
  printed: { m: string; kilometres: string };
}

export interface Coverage {
  kind: "" | "extent" | "regions" | "everywhere";
  regions?: string;
}

export interface Vintage {
  ref: string;
  vintage: string;
  revision: number;
  current: boolean;
  count: number;
  area: Area;
  length: Length;
  bbox?: Bbox;
  coverage: Coverage;
  rejects: number;
  repaired: number;
  published: string;
  file: string;
  system: string;
  treatedAs: boolean;
  suspected?: string;
  tileJson: string;
  rejectsCsv: string;
}

export interface VintageDocument extends Vintage {
  title: string;
  fields: { name: string; kind: string; role?: string }[];
  content: string;
  provenance: {
    operator: string;
    file: string;
    sha256: string;
    format: string;
    encoding: string;
    declared: string;
    used: string;
    treatedAs: boolean;
    suspected: string;
    repaired: number;
    densified: number;
    program: string;
    at: string;
  };
}

export interface Layer {
  id: string;
  theme: string;
  title: string;
  constraint: boolean;
  geometry: "polygon" | "line";
  classed: boolean;
  vintages: Vintage[];
}

export interface Limits {
  uploadBytes: number;
  uploadFiles: number;
  parcels: number;
  vertices: number;
}

export interface Catalogue {
  program: { name: string; version: string };
  limits: Limits;
  themes: { id: string; constraint: boolean; title: string; geometry: "polygon" | "line" }[];
  activities: { id: string; title: string }[];
  layers: Layer[];
}

export interface LegendEntry {
  theme: string;
  class?: string;
  label: string;
  fill?: string;
  line?: string;
  hatch?: string;
}

export interface Identified {
  ref: string;
  feature: number;
  theme: string;
  title: string;
  roles: Record<string, string>;
  fields: { name: string; value: unknown }[];
  area: Area;
  length: Length;
  geometry?: Geometry;
}

export type Verdict = "clear" | "conditional" | "approval-required" | "prohibited" | "incomplete";

export interface Finding {
  ref: string;
  theme: string;
  feature: number;
  title: string;
  zone: string;
  roles: Record<string, string>;
  outcome: Verdict;
  area: Area;
  share: number;
  sharePrinted: string;
  rule: string;
  law: string;
  article: string;
  text: string;
  source: string;
  geometry?: Geometry;
  bbox?: Bbox;
}

export interface Checked {
  ref: string;
  theme: string;
  title: string;
  overlaps: number;
  touching: number;
  area: Area;
}

export interface Gap {
  layer?: string;
  code: string;
  text: string;
}

export interface Parcel {
  row: number;
  name: string;
  verdict: Verdict;
  area: Area;
  areaMethod: string;
  planeArea?: Area;
  declaredArea?: Area;
  geometry?: Geometry;
  bbox?: Bbox;
  findings: Finding[];
  checked: Checked[];
  gaps: Gap[];
}

export interface Provenance {
  refs: string[];
  ruleBook: string;
  ruleBookHash: string;
  date: string;
  method: string;
  toleranceM2: number;
  program: string;
  at: string;
}

export interface Note {
  code: string;
  text: string;
  args: Record<string, unknown>;
}

export interface Issue {
  row: number;
  code: string;
  text: string;
  severity: "note" | "warning" | "repair" | "refusal";
  action: "none" | "repaired" | "rejected";
  areaBefore?: Area;
  areaAfter?: Area;
}

export interface Reject {
  row: number;
  note: Note;
  bbox?: Bbox;
}

export interface Check {
  id: string;
  created: string;
  file: string;
  activity: string;
  date: string;
  verdict: Verdict;
  inline: boolean;
  parcels: Parcel[];
  unread: Reject[];
  issues: Issue[];
  area: Area;
  union: Area;
  provenance: Provenance;
}

export type ChangeColumn = "before" | "after" | "gained" | "lost" | "net" | "unchanged" | "changed";

export type ChangeRow = {
  code: string;
  name: string;
  featuresBefore: number;
  featuresAfter: number;
} & Record<ChangeColumn, Area>;

export interface Change {
  layer: string;
  title: string;
  before: string;
  after: string;
  regions?: string;
  rows: ChangeRow[];
  total: ChangeRow;
  classes: { code: string; name: string }[];
  matrix: Area[][];
  onlyBefore: Area[];
  onlyAfter: Area[];
  overlappingBefore: Area;
  overlappingAfter: Area;
  patches: number;
  gaps: Gap[];
  provenance: Provenance;
}

export interface ShorelineRow {
  code: string;
  name: string;
  river: string;
  lengths: Length[];
  zones: number[];
  total: Length;
  rate: number | null;
  ratePrinted: string;
  stated?: Length;
}

export interface Shoreline {
  rows: ShorelineRow[];
  total: ShorelineRow;
  gaps: Gap[];
  provenance: Provenance;
}

export interface ImportReport {
  read: number;
  kept: number;
  repaired: number;
  rejected: number;
  densified: number;
  areaBefore: Area;
  areaAfter: Area;
  system: string;
  declared: string;
  format: string;
  encoding: string;
  issues: Issue[];
  unlisted: number;
  rejects: Reject[];
}

export type JobState = "accepted" | "running" | "successful" | "failed" | "dismissed";

export interface Job {
  id: string;
  state: JobState;
  layer: string;
  theme: string;
  title: string;
  vintage: string;
  file: string;
  progress: { done: number; total: number };
  created: string;
  finished?: string;
  ref?: string;
  report?: ImportReport;
  problem?: { code: string; title: string; detail: string; args: Record<string, unknown> };
}

export const catalogue = (): Promise<Catalogue> => get("/api/catalogue");
export const legend = (): Promise<LegendEntry[]> => get("/api/legend");
export const vintage = (ref: string): Promise<VintageDocument> => get(`/api/vintages/${ref}`);
export const withdraw = (ref: string): Promise<void> => remove(`/api/vintages/${ref}`);

export const features = (ref: string, limit: number): Promise<FeatureCollection> =>
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

export const jobs = (): Promise<Job[]> => get("/api/imports");
export const job = (id: string): Promise<Job> => get(`/api/imports/${encodeURIComponent(id)}`);
export const cancelJob = (id: string): Promise<Job> =>
  post(`/api/imports/${encodeURIComponent(id)}/cancel`, {});
export const startImport = (form: FormData, onSent: (part: number) => void): Promise<Job> =>
  upload("/api/imports", form, onSent);
export const jobRejects = (id: string): string =>
  address(`/api/imports/${encodeURIComponent(id)}/rejects.csv`);
export const vintageRejects = (ref: string): string => address(`/api/vintages/${ref}/rejects.csv`);

/** A MapLibre style for one vintage: its source and its layers. */
export const style = (ref: string): Promise<StyleDocument> => get("/api/style.json", { refs: ref });

export interface StyleDocument {
  sources: Record<string, unknown>;
  layers: Record<string, unknown>[];
}
