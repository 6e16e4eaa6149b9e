// A delivered file and what its operator says about it. It outlives a failed request, so that nothing is typed twice.
import { reactive } from "vue";
import { type System, systems } from "../lib/systems";

export interface Delivery {
  files: File[];
  crs: string;
  treatAs: string;
  suspected: string;
  encoding: string;
  sublayer: string;
  /** Which field plays a role that the server could not find by itself. */
  mapping: Record<string, string>;
}

const unsaid = () => ({ crs: "", treatAs: "", suspected: "", encoding: "", sublayer: "", mapping: {} });

export function newDelivery(): Delivery {
  return reactive({ files: [], ...unsaid() });
}

/** New files answer their own questions: what was said about the old ones no longer holds. */
export function replaceFiles(d: Delivery, files: File[]): void {
  Object.assign(d, unsaid(), { files });
}

export function appendTo(form: FormData, d: Delivery): void {
  for (const file of d.files) form.append("file", file, file.name);
  for (const key of ["crs", "treatAs", "suspected", "encoding", "sublayer"] as const) {
    if (d[key] !== "") form.append(key, d[key]);
  }
  const mapping = Object.entries(d.mapping).filter(([, field]) => field !== "");
  if (mapping.length > 0) form.append("mapping", JSON.stringify(Object.fromEntries(mapping)));
}

export interface Problem {
  code: string;
  args: Record<string, unknown>;
}

export type Question = "crs" | "treatAs" | "encoding" | "sublayer" | "field";

/** Systems that the file names but that do not fit or cannot be used as they are. */
const overrulable = new Set([
  "ingest.crs.unknown",
  "ingest.crs.not-accepted",
  "ingest.crs.conflict",
  "ingest.crs.contradictory",
  "ingest.crs.numbers-differ",
  "ingest.crs.zone-mismatch",
  "ingest.crs.zone-invalid",
  "ingest.txt.zone-mismatch",
  "ingest.txt.datum-plane",
]);

/** Files that do not settle their reference system by themselves. */
const unsettled = new Set(["ingest.crs.missing", "ingest.txt.datum-missing", "ingest.txt.zone-missing"]);

/** What the server needs to be told before it can read the file; null when it asks nothing. */
export function questionOf(problem: Problem | null): Question | null {
  const code = problem?.code ?? "";
  if (code === "ingest.file.several-layers") return "sublayer";
  if (code === "ingest.field.missing" || code === "ingest.field.unknown") return "field";
  if (unsettled.has(code)) return "crs";
  if (overrulable.has(code)) return "treatAs";
  return code.startsWith("ingest.") && code.includes("encoding") ? "encoding" : null;
}

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

export const accept =
  ".zip,.shp,.shx,.dbf,.prj,.cpg,.geojson,.json,.gpkg,.kml,.kmz,.dxf,.fgb,.csv,.xlsx,.txt";
