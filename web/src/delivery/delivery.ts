// A delivered file and what its operator says about it. It outlives a failed request, so that nothing is typed twice.
import { reactive } from "vue";
import type { Failure } from "../lib/http";

export interface Delivery {
  files: File[];
  crs: string;
  treatAs: string;
  suspected: string;
  encoding: string;
  sublayer: string;
}

export function newDelivery(): Delivery {
  return reactive({ files: [], crs: "", treatAs: "", suspected: "", encoding: "", sublayer: "" });
}

/** New files answer their own questions: what was said about the old ones no longer holds. */
export function replaceFiles(d: Delivery, files: File[]): void {
  Object.assign(d, { files, crs: "", treatAs: "", suspected: "", encoding: "", sublayer: "" });
}

export function appendTo(form: FormData, d: Delivery): void {
  for (const file of d.files) form.append("file", file, file.name);
  for (const key of ["crs", "treatAs", "suspected", "encoding", "sublayer"] as const) {
    if (d[key] !== "") form.append(key, d[key]);
  }
}

export type Question = "crs" | "treatAs" | "suspected" | "encoding" | "sublayer";

/** What the server needs to be told before it can read the file; null when it asks nothing. */
export function questionOf(problem: { code: string } | null): Question | null {
  const code = problem?.code ?? "";
  if (code === "ingest.file.several-layers") return "sublayer";
  if (code.includes("gcj") || code.includes("obfuscated") || code.includes("suspected")) return "suspected";
  if (
    code === "ingest.crs.unknown" ||
    code === "ingest.crs.unsupported" ||
    code === "ingest.crs.not-accepted"
  )
    return "treatAs";
  if (code.startsWith("ingest.crs.")) return "crs";
  if (code.includes("encoding")) return "encoding";
  return null;
}

/** The layers to choose from, when the file holds several. */
export function sublayersOf(problem: Pick<Failure, "code" | "args"> | null): string[] {
  const names = problem?.args.names ?? problem?.args.layers;
  if (Array.isArray(names)) return names.map(String);
  return typeof names === "string" ? names.split(/[,、]\s*/).filter(Boolean) : [];
}

export const accept = ".zip,.shp,.shx,.dbf,.prj,.cpg,.geojson,.json,.gpkg,.txt";
