// The shared state of the page, and the only actions that change it.
import type { FeatureCollection, Polygon } from "geojson";
import { markRaw, reactive, readonly } from "vue";
import type { Address, PanelName, Place, StackEntry } from "./address";
import { emptyAddress, formatAddress } from "./address";
import type { Bbox, Catalogue, Layer, LegendEntry, Vintage } from "./api";
import * as api from "./api";
import type { Failure } from "./http";
import { asFailure } from "./http";
import { layerOf, refAt } from "./ref";
import { defaultStack, reconcile } from "./stack";

/** What a feature wants drawn above the layers: parcel outlines, overlaps, patches, readings of a file's numbers. */
export type MarkKind =
  | "parcel"
  | "overlap"
  | "selected"
  | "picked"
  | "gained"
  | "lost"
  | "changed"
  | "reading";

export interface State {
  catalogue: Catalogue | null;
  catalogueFailure: Failure | null;
  legend: LegendEntry[];
  address: Address;
  /** Top of the map first. */
  stack: StackEntry[];
  focus: { bbox: Bbox; serial: number } | null;
  marks: Partial<Record<MarkKind, FeatureCollection>>;
  /** The reading that is pointed at in the list or on the map, by its number. */
  pointed: number | null;
  /** The reading that was clicked on the map; a new serial each time. */
  taken: { reading: number; serial: number } | null;
  drawing: boolean;
  drawn: Polygon | null;
  /** Files dropped on the page, waiting for the check form to take them. */
  dropped: File[];
}

const state = reactive<State>({
  catalogue: null,
  catalogueFailure: null,
  legend: [],
  address: emptyAddress(),
  stack: [],
  focus: null,
  marks: {},
  pointed: null,
  taken: null,
  drawing: false,
  drawn: null,
  dropped: [],
});

export const shared = readonly(state) as Readonly<State>;

export async function loadCatalogue(): Promise<void> {
  try {
    const [catalogue, legend] = await Promise.all([api.catalogue(), api.legend()]);
    state.catalogue = catalogue;
    state.legend = legend;
    state.catalogueFailure = null;
    setStack(reconcile(state.stack.length > 0 ? state.stack : state.address.stack, catalogue.layers));
  } catch (thrown) {
    state.catalogueFailure = asFailure(thrown);
  }
}

export function layerById(id: string): Layer | undefined {
  return state.catalogue?.layers.find((l) => l.id === id);
}

export function vintageByRef(ref: string): Vintage | undefined {
  return layerById(layerOf(ref))?.vintages.find((v) => v.ref === ref);
}

/** The layer's title with the vintage, for headings: "生态保护红线 2023". */
export function titleOf(ref: string): string {
  return layerById(layerOf(ref))?.title ?? layerOf(ref);
}

export function setStack(stack: StackEntry[]): void {
  state.stack = stack;
  state.address = { ...state.address, stack };
}

export function resetStack(): void {
  if (state.catalogue) setStack(defaultStack(state.catalogue.layers));
}

export function changeEntry(layer: string, change: Partial<StackEntry>): void {
  setStack(state.stack.map((e) => (layerOf(e.ref) === layer ? { ...e, ...change } : e)));
}

/** Moves a layer so that it lies where the other one lay. */
export function moveEntry(layer: string, to: number): void {
  const from = state.stack.findIndex((e) => layerOf(e.ref) === layer);
  const entry = state.stack[from];
  if (!entry || to < 0 || to >= state.stack.length) return;
  const stack = state.stack.filter((_, i) => i !== from);
  stack.splice(to, 0, entry);
  setStack(stack);
}

/** Shows every layer as it was in a year; layers that had nothing yet keep what they show. */
export function showYear(year: string): void {
  setStack(state.stack.map((e) => ({ ...e, ref: refInYear(e.ref, year) ?? e.ref })));
}

/** What the layer of a ref said in a year, null when it had said nothing by then. */
export function refInYear(ref: string, year: string): string | null {
  const vintages = layerById(layerOf(ref))?.vintages ?? [];
  return refAt(
    vintages.map((v) => v.ref),
    year,
  );
}

export function openPanel(panel: PanelName, change: Partial<Address> = {}): void {
  state.address = { ...state.address, id: "", row: 0, ...change, panel };
}

export function setRefs(refs: Record<string, string>): void {
  state.address = { ...state.address, refs: { ...state.address.refs, ...refs } };
}

export function setSwipe(swipe: Address["swipe"]): void {
  state.address = { ...state.address, swipe };
}

export function setPick(pick: Address["pick"]): void {
  state.address = { ...state.address, pick };
}

export function setPlace(at: Place): void {
  state.address = { ...state.address, at };
}

/** Takes over an address that was typed, sent or gone back to. */
export function goTo(address: Address): void {
  if (formatAddress(address) === formatAddress(state.address)) return;
  const stack = state.catalogue ? reconcile(address.stack, state.catalogue.layers) : address.stack;
  state.stack = stack;
  state.address = { ...address, stack };
}

export function focusOn(bbox: Bbox | undefined): void {
  if (bbox) state.focus = { bbox, serial: (state.focus?.serial ?? 0) + 1 };
}

export function mark(kind: MarkKind, shapes: FeatureCollection | null): void {
  const { [kind]: _, ...rest } = state.marks;
  // Shapes are replaced, never changed: nobody needs to watch each of their coordinates.
  state.marks = shapes ? { ...rest, [kind]: markRaw(shapes) } : rest;
}

/** Emphasises one reading, in the list and on the map. */
export function pointAt(reading: number | null): void {
  state.pointed = reading;
}

/** Says that a reading was clicked on the map; whoever shows the list acts on it. */
export function take(reading: number): void {
  state.taken = { reading, serial: (state.taken?.serial ?? 0) + 1 };
}

export function startDrawing(): void {
  state.drawn = null;
  state.drawing = true;
}

export function stopDrawing(drawn: Polygon | null): void {
  state.drawing = false;
  state.drawn = drawn;
}

export function dropFiles(files: File[]): void {
  state.dropped = files;
}

export function takeDropped(): File[] {
  const files = state.dropped;
  state.dropped = [];
  return files;
}
