// Looking at a file before anything is decided: its fields, and every place where its numbers could lie.
import { markRaw } from "vue";
import type { Preview } from "../lib/api";
import * as api from "../lib/api";
import { asFailure, type Failure } from "../lib/http";
import type { Delivery } from "./delivery";

export interface Look {
  waiting: boolean;
  /** How much of the file has been sent, 0 to 1. */
  sent: number;
  preview: Preview | null;
  failure: Failure | null;
  /** The theme that the fields were looked at for. */
  theme: string;
  layer: string;
  /** The readings are put away, because one was chosen. */
  folded: boolean;
  turn: number;
}

export const noLook = (): Look => ({
  waiting: false,
  sent: 0,
  preview: null,
  failure: null,
  theme: "",
  layer: "",
  folded: false,
  turn: 0,
});

/** What the file is meant for, so that the server can say which fields it would use. */
export interface Purpose {
  layer?: string;
  theme?: string;
  vintage?: string;
}

const vintageForm = /^\d{4}(-\d{2}(-\d{2})?)?$/;
let turns = 0;

function formOf(d: Delivery, purpose: Purpose): FormData {
  const form = new FormData();
  for (const file of d.files) form.append("file", file, file.name);
  if (d.encoding !== "") form.append("encoding", d.encoding);
  if (d.sublayer !== "") form.append("sublayer", d.sublayer);
  if (purpose.theme) form.append("theme", purpose.theme);
  if (purpose.layer) form.append("layer", purpose.layer);
  // A date that is still being typed is no reason not to look.
  if (purpose.vintage && vintageForm.test(purpose.vintage)) form.append("vintage", purpose.vintage);
  return form;
}

/** Asks the server what the file looks like. An answer that comes after other files were chosen is dropped. */
export async function look(d: Delivery, purpose: Purpose): Promise<void> {
  const turn = ++turns;
  const { theme = "", layer = "" } = purpose;
  d.look = { ...noLook(), waiting: true, theme, layer, turn };
  const done = (change: Partial<Look>) => {
    if (d.look.turn === turn) d.look = { ...d.look, waiting: false, ...change };
  };
  try {
    const preview = await api.preview(formOf(d, purpose), (part) => {
      if (d.look.turn === turn) d.look.sent = part;
    });
    done({ preview: markRaw(preview) });
  } catch (thrown) {
    done({ failure: asFailure(thrown) });
  }
}
