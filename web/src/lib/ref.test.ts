import { describe, expect, it } from "vitest";
import { compareRefs, latestRevisions, layerOf, parseRef, refAt, vintageLabel, yearOf } from "./ref";

describe("parseRef", () => {
  it.each(["redline@2023.1", "land-use_2@2023-12.10", "a@2023-01-31.2"])("reads %s", (text) => {
    const r = parseRef(text);
    expect(`${r?.layer}@${r?.vintage}.${r?.revision}`).toBe(text);
  });

  it.each(["", "redline", "redline@2023", "redline@2023.0", "Redline@2023.1", "redline@23.1", "x@2023.1.1"])(
    "refuses %s",
    (text) => expect(parseRef(text)).toBeNull(),
  );
});

describe("order and choice", () => {
  const refs = ["l@2023.2", "l@2022.1", "l@2023-06.1", "l@2023.10", "l@2023.1"];

  it("sorts by date, then by revision as a number", () => {
    expect([...refs].sort(compareRefs)).toEqual([
      "l@2022.1",
      "l@2023.1",
      "l@2023.2",
      "l@2023.10",
      "l@2023-06.1",
    ]);
  });

  it("keeps the newest revision of each vintage", () => {
    expect(latestRevisions(refs)).toEqual(["l@2022.1", "l@2023.10", "l@2023-06.1"]);
  });

  it("finds what was said by the end of a year", () => {
    expect(refAt(refs, "2022")).toBe("l@2022.1");
    expect(refAt(refs, "2023")).toBe("l@2023-06.1");
    expect(refAt(refs, "2030")).toBe("l@2023-06.1");
    expect(refAt(refs, "2021")).toBeNull();
    expect(refAt([], "2021")).toBeNull();
  });

  it("names parts", () => {
    expect(layerOf("l@2023.1")).toBe("l");
    expect(yearOf("l@2023-06.1")).toBe("2023");
    expect(vintageLabel("l@2023.1")).toBe("2023");
    expect(vintageLabel("l@2023.2")).toBe("2023 · 2");
  });
});
