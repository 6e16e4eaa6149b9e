// What is to be imported and as what. It stays while the file is read, so that a question can be answered and sent again.
import { reactive } from "vue";
import { appendTo, newDelivery } from "../delivery/delivery";

export const wanted = reactive({
  delivery: newDelivery(),
  /** An existing layer's id, or "" for a new one. */
  layer: "",
  newLayer: "",
  theme: "redline",
  title: "",
  vintage: "",
  coverage: "",
  regions: "",
  acceptRejects: false,
  /** How far geometries are repaired. */
  repair: "lossless",
  /** Who has looked at the warnings of this file and answers for them. */
  signedOff: "",
  /** The same file is to be sent again as soon as the form is there. */
  again: false,
  /** The job that was started with all this, so that its questions are asked here. */
  job: "",
});

const layerForm = /^[a-z][a-z0-9_-]{0,39}$/;
const vintageForm = /^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$/;

export type WantedField = "files" | "newLayer" | "title" | "vintage" | "regions";

/** What is still missing before the import can be sent. */
export function missing(): WantedField[] {
  const w = wanted;
  const list: WantedField[] = [];
  if (w.delivery.files.length === 0) list.push("files");
  if (w.layer === "" && !layerForm.test(w.newLayer)) list.push("newLayer");
  if (w.layer === "" && w.title.trim() === "") list.push("title");
  if (!vintageForm.test(w.vintage)) list.push("vintage");
  if (w.coverage === "regions" && w.regions === "") list.push("regions");
  return list;
}

export function formOf(layer: { id: string; theme: string; title: string } | undefined): FormData {
  const form = new FormData();
  appendTo(form, wanted.delivery);
  const fields: Record<string, string> = {
    layer: layer?.id ?? wanted.newLayer,
    theme: layer?.theme ?? wanted.theme,
    title: layer?.title ?? wanted.title.trim(),
    vintage: wanted.vintage,
    coverage: wanted.coverage,
    regions: wanted.coverage === "regions" ? wanted.regions : "",
    acceptRejects: wanted.acceptRejects ? "true" : "",
    signedOff: wanted.signedOff,
    repair: wanted.repair === "lossless" ? "" : wanted.repair,
  };
  for (const [name, value] of Object.entries(fields)) if (value !== "") form.append(name, value);
  return form;
}
