import { describe, expect, it } from "vitest";
import {
  appendTo,
  fieldQuestion,
  likelySystems,
  newDelivery,
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
    d.mapping = { zone: "GNFQ", name: "" };
    const form = new FormData();
    appendTo(form, d);
    expect([...form.keys()]).toEqual(["file", "crs", "mapping"]);
    expect(form.get("mapping")).toBe('{"zone":"GNFQ"}');
  });

  it("forgets the answers when other files are chosen", () => {
    const d = newDelivery();
    d.crs = "EPSG:4524";
    replaceFiles(d, []);
    expect(d.crs).toBe("");
  });
});
