import { describe, expect, it } from "vitest";
import { type Address, emptyAddress, formatAddress, parseAddress } from "./address";

describe("address", () => {
  const full: Address = {
    panel: "check",
    id: "01J-x_9",
    row: 7,
    at: { lon: 109.51234, lat: 23.1, zoom: 9.25 },
    stack: [
      { ref: "redline@2023.1", visible: true, opacity: 1 },
      { ref: "landuse@2022.2", visible: false, opacity: 0.6 },
    ],
    swipe: { left: "2022", right: "2023" },
    pick: { lon: 109.5, lat: 23.123456 },
    refs: { before: "landuse@2022.1", after: "landuse@2023.1", regions: "region@2023.1" },
  };

  it("comes back as it was sent", () => {
    expect(parseAddress(formatAddress(full))).toEqual(full);
  });

  it("is short when there is little to say", () => {
    expect(formatAddress(emptyAddress())).toBe("#/layers");
    expect(parseAddress("")).toEqual(emptyAddress());
    expect(parseAddress("#/")).toEqual(emptyAddress());
  });

  it.each([
    "#/nowhere?at=1,2",
    "#/layers?at=200,0,3",
    "#/layers?at=NaN,0,3",
    "#/layers?at=1,2,99",
    "#/layers?swipe=2022",
    "#/layers?pick=1",
  ])("takes nothing from %s that makes no sense", (hash) => {
    expect(parseAddress(hash)).toEqual(emptyAddress());
  });

  it("shows a layer whose opacity makes no sense", () => {
    expect(parseAddress("#/layers?layers=a@2023.1*9").stack).toEqual([
      { ref: "a@2023.1", visible: true, opacity: 1 },
    ]);
  });
});
