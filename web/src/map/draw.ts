// Drawing one polygon with the pointer.
import type { Polygon } from "geojson";
import type { Map as MapLibre } from "maplibre-gl";
import { TerraDraw, TerraDrawPolygonMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";

const colour = "#16211d";

/** Lets the reader draw until a polygon is finished; the function it returns stops and cleans up. */
export function draw(map: MapLibre, finished: (polygon: Polygon) => void): () => void {
  const terra = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 9 }),
    modes: [
      new TerraDrawPolygonMode({
        styles: {
          fillColor: colour,
          fillOpacity: 0.12,
          outlineColor: colour,
          outlineWidth: 2,
          closingPointColor: colour,
          closingPointOutlineColor: "#ffffff",
        },
      }),
    ],
  });
  let stopped = false;
  const stop = () => {
    if (stopped) return;
    stopped = true;
    terra.stop();
  };
  terra.on("finish", (id) => {
    const drawn = terra.getSnapshotFeature(id);
    if (drawn?.geometry.type !== "Polygon") return;
    const polygon = structuredClone(drawn.geometry) as Polygon;
    // Terra Draw still works on the feature while it tells that it is finished.
    setTimeout(() => {
      stop();
      finished(polygon);
    });
  });
  terra.start();
  terra.setMode("polygon");
  return stop;
}
