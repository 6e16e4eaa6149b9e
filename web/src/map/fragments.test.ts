import { describe, expect, it } from "vitest";
import { faded } from "./fragments";
import { hatch, parseHatch } from "./hatch";

describe("faded", () => {
  const layer = (paint: object) =>
    ({ id: "x", type: "fill", source: "s", paint }) as Parameters<typeof faded>[0];

  it("multiplies numbers, expressions and zoom curves", () => {
    expect(faded(layer({ "fill-opacity": 0.5 }), 0.5)).toEqual([["fill-opacity", 0.25]]);
    expect(faded(layer({}), 0.4)).toEqual([["fill-opacity", 0.4]]);
    expect(faded(layer({ "fill-opacity": ["get", "o"] }), 0.5)).toEqual([
      ["fill-opacity", ["*", ["get", "o"], 0.5]],
    ]);
    const curve = ["interpolate", ["linear"], ["zoom"], 5, 1, 10, 0.5];
    expect(faded(layer({ "fill-opacity": curve }), 0.5)[0]?.[1]).toEqual([
      "interpolate",
      ["linear"],
      ["zoom"],
      5,
      0.5,
      10,
      0.25,
    ]);
    const steps = ["step", ["zoom"], 1, 8, 0.5];
    expect(faded(layer({ "fill-opacity": steps }), 0.5)[0]?.[1]).toEqual(["step", ["zoom"], 0.5, 8, 0.25]);
  });
});

describe("hatch", () => {
  it("reads the names that the style uses", () => {
    expect(parseHatch("hatch-lines-redline")).toEqual({ pattern: "lines", theme: "redline" });
    expect(parseHatch("marker")).toBeNull();
  });

  it("joins with itself: what leaves a tile on the right comes in on the left", () => {
    const { data, width, height } = hatch("lines", "#c8102e");
    const alpha = (x: number, y: number) => data[(y * width + x) * 4 + 3] ?? 0;
    for (let y = 0; y < height; y++) {
      expect(alpha(0, (y + 1) % height)).toBe(alpha(1, y));
      expect(alpha(width - 1, (y + 1) % height)).toBe(alpha(0, y));
    }
  });

  it("takes the theme's colour", () => {
    const { data } = hatch("dots", "#a87f00");
    expect([...data.slice(0, 3)]).toEqual([0xa8, 0x7f, 0]);
  });
});
