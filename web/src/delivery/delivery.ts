// A delivered file and what its operator says about it. It outlives a failed request, so that nothing is typed twice.
import { reactive } from "vue";
import { oldSystems, type System, systems } from "../lib/systems";
import { type Look, noLook } from "./look";

export interface Delivery {
  files: File[];
  crs: string;
  treatAs: string;
  /** The operator's parameters from an old datum to CGCS2000. */
  datumShift: string;
  /** "3" or "6": each row lies in the zone whose number stands before its eastings. */
  zones: string;
  /** "exchanged": the northing or latitude stands first. */
  axes: string;
  suspected: string;
  encoding: string;
  sublayer: string;
  /** Which field plays a role, where the operator says another than the server proposes; "" for none. */
  mapping: Record<string, string>;
  /** What the file looks like, once that was asked. */
  look: Look;
}

const unsaid = () => ({
  crs: "",
  treatAs: "",
  datumShift: "",
  zones: "",
  axes: "",
  suspected: "",
  encoding: "",
  sublayer: "",
  mapping: {},
  look: noLook(),
});

export function newDelivery(): Delivery {
  return reactive({ files: [], ...unsaid() });
}

/** New files answer their own questions: what was said about the old ones no longer holds. */
export function replaceFiles(d: Delivery, files: File[]): void {
  Object.assign(d, unsaid(), { files });
}

/** What says in which system the numbers are. */
export const placing = ["crs", "treatAs", "zones", "axes"] as const;
const described = [...placing, "datumShift", "suspected", "encoding", "sublayer"] as const;

export function appendTo(form: FormData, d: Delivery): void {
  for (const file of d.files) form.append("file", file, file.name);
  for (const key of described) {
    if (d[key] !== "") form.append(key, d[key]);
  }
  if (Object.keys(d.mapping).length > 0) form.append("mapping", JSON.stringify(d.mapping));
}

/** The operator says how the numbers are to be read, and nothing else holds any more. */
export function answer(d: Delivery, said: Record<string, string>): void {
  for (const key of placing) d[key] = said[key] ?? "";
  d.datumShift = "";
}

/** Whether this is what the operator says, or the file by itself where the operator says nothing. */
export function isSaid(d: Delivery, said: Record<string, string>): boolean {
  return placing.every((key) => d[key] === (said[key] ?? ""));
}

export interface Problem {
  code: string;
  args: Record<string, unknown>;
}

export type Question = "crs" | "treatAs" | "datumShift" | "encoding" | "sublayer" | "field";

/** Systems that the file names but that do not fit or cannot be used as they are. */
const overrulable = new Set([
  "ingest.crs.unknown",
  "ingest.crs.not-accepted",
  "ingest.crs.conflict",
  "ingest.crs.contradictory",
  "ingest.crs.numbers-differ",
  "ingest.crs.axes-swapped",
  "ingest.crs.zone-mismatch",
  "ingest.crs.zone-invalid",
  "ingest.crs.zones-differ",
  "ingest.crs.zones-none",
  "ingest.crs.zones-and-system",
  "ingest.geojson.crs",
  "ingest.geojson.crs-mixed",
  "ingest.table.datum-plane",
  "ingest.table.srids-differ",
  "ingest.table.systems-differ",
  "ingest.table.zone-mismatch",
  "ingest.table.zones-mixed",
  "ingest.txt.datum-plane",
  "ingest.txt.degrees",
  "ingest.txt.meridian",
  "ingest.txt.projection",
  "ingest.txt.unit",
  "ingest.txt.zone-mismatch",
  "ingest.txt.zones-mixed",
]);

/** Files that do not settle their reference system by themselves. */
const unsettled = new Set(["ingest.crs.missing", "ingest.txt.datum-missing", "ingest.txt.zone-missing"]);

/** Questions about an old datum, or about the parameters that lead from it. */
const shifted = new Set([
  "ingest.crs.old-datum",
  "ingest.crs.shift-implausible",
  "ingest.crs.shift-malformed",
  "ingest.crs.shift-unneeded",
  "ingest.crs.shift-without-system",
]);

/** What the server needs to be told before it can read the file; null when it asks nothing. */
export function questionOf(problem: Problem | null): Question | null {
  const code = problem?.code ?? "";
  if (code === "ingest.file.several-layers") return "sublayer";
  if (code === "ingest.field.missing" || code === "ingest.field.unknown") return "field";
  if (unsettled.has(code)) return "crs";
  if (overrulable.has(code)) return "treatAs";
  if (shifted.has(code)) return "datumShift";
  return code.startsWith("ingest.") && code.includes("encoding") ? "encoding" : null;
}

/** Questions that are answered by showing where the file would lie. */
export const asksPlace = (question: Question | null): boolean => question === "crs" || question === "treatAs";

function listed(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === "string" ? value.split(/[,、]\s*/).filter((s) => s !== "" && s !== "–") : [];
}

/** The layers to choose from, when the file holds several. */
export const sublayersOf = (problem: Problem | null): string[] => listed(problem?.args.names);

/** The role that no field was found for, and the fields that there are. */
export function fieldQuestion(problem: Problem | null): { role: string; fields: string[] } {
  const role = String(problem?.args.role ?? "");
  return { role: role.replace(/^.*\./, ""), fields: listed(problem?.args.fields) };
}

/** Systems that the numbers themselves could be in, by the server's word. */
export function likelySystems(problem: Problem | null): string[] {
  const said = String(problem?.args.possible ?? "");
  return systems()
    .filter((s) => s.kind === "gauss" && said.includes(registryTitle(s)))
    .map((s) => s.code);
}

/** The title that the EPSG registry gives a Gauss-Krüger system, which is how the server names it. */
function registryTitle(s: System): string {
  const width = s.width === 3 ? "3-degree " : "";
  return `CGCS2000 / ${width}Gauss-Kruger ${s.prefixed ? `zone ${s.zone}` : `CM ${s.meridian}E`}`;
}

/** The systems to choose from: likely ones first, those on an old datum only together with parameters. */
export function offered(likely: readonly string[], withOld: boolean): System[] {
  const known = systems();
  const first = known.filter((s) => likely.includes(s.code));
  return [...(withOld ? oldSystems() : []), ...first, ...known.filter((s) => !first.includes(s))];
}

/** Every kind of file that is read, with the parts of a shapefile. A folder .gdb comes as a zip. */
export const accept = [
  ".zip,.shp,.shx,.dbf,.prj,.cpg,.cst,.qpj,.sbn,.sbx,.qix",
  ".geojson,.json,.geojsonl,.ndjson,.gpkg,.kml,.kmz,.dxf,.fgb",
  ".csv,.tsv,.xlsx,.xlsm,.txt",
].join();
