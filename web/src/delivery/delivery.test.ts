import { describe, expect, it } from "vitest";
import {
  accept,
  answer,
  appendTo,
  asksPlace,
  fieldQuestion,
  isSaid,
  likelySystems,
  newDelivery,
  offered,
  questionOf,
  replaceFiles,
  sublayersOf,
} from "./delivery";

describe("delivery", () => {
  it.each([
    ["ingest.file.several-layers", "sublayer"],
    ["ingest.crs.missing", "crs"],
    ["ingest.crs.unknown", "treatAs"],
    ["ingest.txt.datum-missing", "crs"],
    ["ingest.crs.conflict", "treatAs"],
    ["ingest.crs.axes-swapped", "treatAs"],
    ["ingest.txt.zones-mixed", "treatAs"],
    ["ingest.table.zones-mixed", "treatAs"],
    ["ingest.crs.old-datum", "datumShift"],
    ["ingest.crs.shift-malformed", "datumShift"],
    ["ingest.crs.obfuscated", null],
    ["ingest.field.missing", "field"],
    ["ingest.geometry.ambiguous", null],
    ["api.internal", null],
  ])("%s asks for %s", (code, question) => {
    expect(questionOf({ code, args: {} })).toBe(question);
  });

  it("reads what the server offers to choose from", () => {
    expect(sublayersOf({ code: "", args: { names: "a, b" } })).toEqual(["a", "b"]);
    expect(fieldQuestion({ code: "", args: { role: "ingest.role.zone", fields: "GNFQ, MC" } })).toEqual({
      role: "zone",
      fields: ["GNFQ", "MC"],
    });
    expect(
      likelySystems({
        code: "",
        args: {
          possible: "CGCS2000 / 3-degree Gauss-Kruger zone 36, CGCS2000 / 3-degree Gauss-Kruger CM 108E",
        },
      }),
    ).toEqual(["EPSG:4524", "EPSG:4545"]);
    expect(likelySystems(null)).toEqual([]);
  });

  it("sends what was said and nothing else", () => {
    const d = newDelivery();
    replaceFiles(d, [new File(["x"], "地块.txt")]);
    d.crs = "EPSG:4524";
    d.zones = "3";
    d.axes = "exchanged";
    d.mapping = { zone: "GNFQ", name: "" };
    const form = new FormData();
    appendTo(form, d);
    expect([...form.keys()]).toEqual(["file", "crs", "zones", "axes", "mapping"]);
    // An empty field says that none plays the role.
    expect(form.get("mapping")).toBe('{"zone":"GNFQ","name":""}');
  });

  it("forgets the answers when other files are chosen", () => {
    const d = newDelivery();
    d.crs = "EPSG:4524";
    d.datumShift = "1,2,3";
    d.look.folded = true;
    replaceFiles(d, []);
    expect(d.crs).toBe("");
    expect(d.datumShift).toBe("");
    expect(d.look.folded).toBe(false);
  });

  it("lets a reading replace all that was said about the place, and nothing else", () => {
    const d = newDelivery();
    Object.assign(d, { crs: "EPSG:4524", datumShift: "1,2,3", encoding: "GBK", axes: "exchanged" });
    answer(d, { treatAs: "EPSG:4545" });
    expect([d.crs, d.treatAs, d.zones, d.axes, d.datumShift]).toEqual(["", "EPSG:4545", "", "", ""]);
    expect(d.encoding).toBe("GBK");
    expect(isSaid(d, { treatAs: "EPSG:4545" })).toBe(true);
    expect(isSaid(d, { treatAs: "EPSG:4545", axes: "exchanged" })).toBe(false);
    expect(isSaid(d, {})).toBe(false);
  });

  it.each([
    ["crs", true],
    ["treatAs", true],
    ["datumShift", false],
    ["encoding", false],
    [null, false],
  ] as const)("shows places for %s: %s", (question, shown) => {
    expect(asksPlace(question)).toBe(shown);
  });

  it("offers systems on an old datum only together with parameters", () => {
    const old = (withOld: boolean) => offered([], withOld).filter((s) => s.datum);
    expect(old(false)).toEqual([]);
    const codes = old(true).map((s) => s.code);
    expect(codes).toHaveLength(84);
    // EPSG: Xian 1980 3-degree zone 36 and CM 108E, Beijing 1954 3-degree zone 36 and CM 108E.
    for (const code of ["EPSG:2360", "EPSG:2381", "EPSG:2412", "EPSG:2433"]) expect(codes).toContain(code);
  });

  it("puts likely systems first", () => {
    expect(offered(["EPSG:4545"], false)[0]?.code).toBe("EPSG:4545");
    expect(offered(["EPSG:4545"], false)).toHaveLength(offered([], false).length);
  });

  it("takes every kind of file", () => {
    const kinds = accept.split(",");
    for (const kind of [".zip", ".geojsonl", ".tsv", ".xlsm", ".fgb", ".dxf", ".kmz", ".txt", ".gpkg"])
      expect(kinds).toContain(kind);
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});
