// One map: the layers of a stack, the marks above them, and names beside them.
import type { FeatureCollection, Polygon } from "geojson";
import {
  type LngLatBoundsLike,
  type Map as MapLibre,
  Map as MapLibreMap,
  Marker,
  ScaleControl,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Place, StackEntry } from "../lib/address";
import type { Bbox } from "../lib/api";
import type { MarkKind } from "../lib/state";
import { draw } from "./draw";
import { type Fragment, faded, fragment } from "./fragments";
import { hatch, parseHatch } from "./hatch";
import { addMarks, emphasise, firstMark, readingAt, showMarks } from "./marks";

setWorkerUrl(workerUrl);

export interface Label {
  lon: number;
  lat: number;
  text: string;
  /** The number of a reading, which is written on its dot. */
  number?: true;
}

export interface StageEvents {
  moved(place: Place, byHand: boolean): void;
  settled(place: Place): void;
  clicked(lon: number, lat: number): void;
  pointed(lon: number, lat: number): void;
  /** The pointer came over a reading or left it. */
  hovered(reading: number | null): void;
  taken(reading: number): void;
  failed(ref: string): void;
  busy(loading: boolean): void;
}

export interface StageOptions {
  place: Place;
  title: string;
  scale: boolean;
  /** The colour that a theme's hatch takes. */
  lineColour(theme: string): string;
}

/** The colours of the layers are made for light paper; in the dark it is only dimmed. */
const backgrounds = { light: "#edf0ec", dark: "#c3cbc6" };

export class Stage {
  private readonly map: MapLibre;
  private readonly ready: Promise<void>;
  private markers: Marker[] = [];
  private turn = 0;
  private stopDrawing: (() => void) | null = null;
  private hovered: number | null = null;

  constructor(
    container: HTMLElement,
    private readonly events: StageEvents,
    private readonly options: StageOptions,
  ) {
    const { lon, lat, zoom } = options.place;
    this.map = new MapLibreMap({
      container,
      style: { version: 8, sources: {}, layers: [{ id: "paper", type: "background", paint: {} }] },
      center: [lon, lat],
      zoom,
      maxZoom: 20,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: 0,
      locale: { "Map.Title": options.title },
    });
    this.map.setMissingStyleImageResolver((id) => {
      const named = parseHatch(id);
      if (named && !this.map.hasImage(id)) {
        this.map.addImage(id, hatch(named.pattern, this.options.lineColour(named.theme)), { pixelRatio: 2 });
      }
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    if (options.scale)
      this.map.addControl(new ScaleControl({ maxWidth: 140, unit: "metric" }), "bottom-left");
    this.ready = new Promise((done) => this.map.once("load", () => done()));
    this.ready.then(() => addMarks(this.map));
    this.listen();
  }

  private listen(): void {
    const { map, events } = this;
    map.on("move", (e) => events.moved(this.place(), e.originalEvent !== undefined));
    map.on("moveend", () => events.settled(this.place()));
    map.on("click", (e) => {
      if (this.stopDrawing) return;
      const reading = readingAt(map, e.point);
      if (reading !== null) events.taken(reading);
      else events.clicked(e.lngLat.lng, e.lngLat.lat);
    });
    map.on("mousemove", (e) => {
      events.pointed(e.lngLat.lng, e.lngLat.lat);
      this.hover(readingAt(map, e.point));
    });
    map.on("mouseout", () => this.hover(null));
    map.on("dataloading", () => events.busy(true));
    map.on("idle", () => events.busy(false));
    map.on("error", (e) => {
      const source = (e as { sourceId?: string }).sourceId;
      if (source) events.failed(source.split("/")[0] ?? source);
    });
  }

  private hover(reading: number | null): void {
    if (reading === this.hovered) return;
    this.hovered = reading;
    this.map.getCanvas().style.cursor = reading === null ? "" : "pointer";
    this.events.hovered(reading);
  }

  place(): Place {
    const c = this.map.getCenter();
    return { lon: c.lng, lat: c.lat, zoom: this.map.getZoom() };
  }

  /** What a pixel is in degrees of longitude; for finding thin lines under a click. */
  degreesPerPixel(): number {
    return 360 / (512 * 2 ** this.map.getZoom());
  }

  jump(p: Place): void {
    this.map.jumpTo({ center: [p.lon, p.lat], zoom: p.zoom });
  }

  fit(b: Bbox, animate: boolean): void {
    const bounds: LngLatBoundsLike = [
      [b[0], b[1]],
      [b[2], b[3]],
    ];
    this.map.fitBounds(bounds, { padding: 56, maxZoom: 17, duration: animate ? 500 : 0 });
  }

  zoom(by: number): void {
    this.map.zoomTo(this.map.getZoom() + by, { duration: 200 });
  }

  resize(): void {
    this.map.resize();
  }

  async dark(on: boolean): Promise<void> {
    await this.ready;
    this.map.setPaintProperty("paper", "background-color", on ? backgrounds.dark : backgrounds.light);
  }

  /** Makes the map show the stack, top first. A later call overtakes an earlier one that still waits. */
  async show(stack: readonly StackEntry[]): Promise<void> {
    const turn = ++this.turn;
    const loaded = await Promise.all(
      stack.map(async (entry) => {
        try {
          return { entry, part: await fragment(entry.ref) };
        } catch {
          this.events.failed(entry.ref);
          return null;
        }
      }),
    );
    await this.ready;
    if (turn !== this.turn) return;
    this.reconcile(loaded.filter((l) => l !== null));
  }

  private reconcile(wanted: { entry: StackEntry; part: Fragment }[]): void {
    const refs = new Set(wanted.map((w) => w.entry.ref));
    for (const layer of this.map.getStyle().layers) {
      if (layer.id.includes("@") && !refs.has(layer.id.split("/")[0] ?? "")) this.map.removeLayer(layer.id);
    }
    for (const source of Object.keys(this.map.getStyle().sources)) {
      if (source.includes("@") && !refs.has(source.split("/")[0] ?? "")) this.map.removeSource(source);
    }
    for (const { entry, part } of [...wanted].reverse()) this.lay(entry, part);
  }

  private lay(entry: StackEntry, part: Fragment): void {
    for (const [id, source] of Object.entries(part.sources)) {
      if (!this.map.getSource(id)) this.map.addSource(id, source);
    }
    for (const layer of part.layers) {
      if (this.map.getLayer(layer.id)) this.map.moveLayer(layer.id, firstMark);
      else this.map.addLayer(layer, firstMark);
      this.map.setLayoutProperty(layer.id, "visibility", entry.visible ? "visible" : "none");
      for (const [name, value] of faded(layer, entry.opacity)) {
        this.map.setPaintProperty(layer.id, name as never, value as never);
      }
    }
  }

  async mark(marks: Partial<Record<MarkKind, FeatureCollection>>): Promise<void> {
    await this.ready;
    showMarks(this.map, marks);
  }

  async point(reading: number | null): Promise<void> {
    await this.ready;
    emphasise(this.map, reading);
  }

  /** Writes names as HTML, because fonts for the canvas would have to be fetched. */
  label(labels: readonly Label[]): void {
    for (const m of this.markers) m.remove();
    this.markers = labels.map(({ lon, lat, text, number }) => {
      const element = document.createElement("span");
      element.className = number ? "map-number" : "map-label";
      element.textContent = text;
      return new Marker({ element }).setLngLat([lon, lat]).addTo(this.map);
    });
  }

  async draw(finished: ((polygon: Polygon) => void) | null): Promise<void> {
    await this.ready;
    this.stopDrawing?.();
    this.stopDrawing = null;
    if (!finished) return;
    this.stopDrawing = draw(this.map, (polygon) => {
      this.stopDrawing = null;
      finished(polygon);
    });
  }

  remove(): void {
    this.stopDrawing?.();
    this.label([]);
    this.map.remove();
  }
}
