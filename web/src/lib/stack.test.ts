import { describe, expect, it } from "vitest";
import type { Layer, Vintage } from "./api";
import { defaultStack, reconcile } from "./stack";

function layer(id: string, theme: string, ...vintages: string[]): Layer {
  const of = vintages.map((v) => ({ ref: `${id}@${v}` }) as Vintage);
  return { id, theme, title: id, constraint: true, geometry: "polygon", classed: false, vintages: of };
}

const layers = [
  layer("use", "landuse", "2022.1", "2023.1"),
  layer("red", "redline", "2023.1", "2023.2"),
  layer("empty", "urban"),
  layer("odd", "something-new", "2020.1"),
  layer("county", "region", "2023.1"),
];
const refs = (stack: { ref: string }[]) => stack.map((e) => e.ref);

describe("stack", () => {
  it("lays what forbids above what describes, in the newest vintage", () => {
    expect(refs(defaultStack(layers))).toEqual(["county@2023.1", "red@2023.2", "use@2023.1", "odd@2020.1"]);
  });

  it("keeps the reader's order, vintage and opacity", () => {
    const mine = [
      { ref: "use@2022.1", visible: false, opacity: 0.5 },
      { ref: "red@2023.1", visible: true, opacity: 1 },
      { ref: "county@2023.1", visible: true, opacity: 1 },
      { ref: "odd@2020.1", visible: true, opacity: 1 },
    ];
    expect(reconcile(mine, layers)).toEqual(mine);
  });

  it("drops what is gone, renews what was withdrawn, adds what is new", () => {
    const sent = [
      { ref: "gone@2020.1", visible: true, opacity: 1 },
      { ref: "use@1999.1", visible: true, opacity: 0.3 },
    ];
    expect(refs(reconcile(sent, layers))).toEqual([
      "county@2023.1",
      "red@2023.2",
      "use@2023.1",
      "odd@2020.1",
    ]);
    expect(reconcile(sent, layers)[2]?.opacity).toBe(0.3);
  });
});
