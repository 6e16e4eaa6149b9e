// Which field plays which role: the server proposes, the operator changes.
import type { PreviewField } from "../lib/api";
import type { Delivery } from "./delivery";

/** The roles of layers/role, in the order of the form. */
export const roles = [
  "code",
  "name",
  "class",
  "zone",
  "region",
  "river",
  "side",
  "stated_area",
  "level",
] as const;

/** The field that will play a role; "" for none. */
export function mappedTo(d: Delivery, proposed: Record<string, string>, role: string): string {
  return d.mapping[role] ?? proposed[role] ?? "";
}

/** The operator's word is kept only where it differs from what the server does by itself. */
export function remap(d: Delivery, proposed: Record<string, string>, role: string, field: string): void {
  const { [role]: _, ...rest } = d.mapping;
  d.mapping = field === (proposed[role] ?? "") ? rest : { ...rest, [role]: field };
}

const longest = 24;

/** Different values of the first rows, shortened: enough to see what a field holds. */
export function samplesOf(field: PreviewField | undefined): string[] {
  const values = (field?.samples ?? []).filter((v) => v !== null && v !== undefined && v !== "").map(String);
  return [...new Set(values)]
    .slice(0, 3)
    .map((v) => ([...v].length > longest ? `${[...v].slice(0, longest).join("")}…` : v));
}
