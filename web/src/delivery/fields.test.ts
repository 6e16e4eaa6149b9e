import { describe, expect, it } from "vitest";
import texts from "../locale/zh-CN.json";
import { newDelivery } from "./delivery";
import { mappedTo, remap, roles, samplesOf } from "./fields";

describe("the roles of fields", () => {
  it("have a word each", () => expect(Object.keys(texts.role).sort()).toEqual([...roles].sort()));

  it("follow the proposal until the operator says otherwise", () => {
    const d = newDelivery();
    const proposed = { name: "HXMM", code: "BSM" };
    expect(mappedTo(d, proposed, "name")).toBe("HXMM");
    remap(d, proposed, "name", "MC");
    expect(d.mapping).toEqual({ name: "MC" });
    remap(d, proposed, "code", "");
    expect(d.mapping).toEqual({ name: "MC", code: "" });
    expect(mappedTo(d, proposed, "code")).toBe("");
    remap(d, proposed, "name", "HXMM");
    expect(d.mapping).toEqual({ code: "" });
    remap(d, proposed, "level", "");
    expect(d.mapping).toEqual({ code: "" });
  });

  it.each([
    ["nothing", [null, "", null], []],
    ["each value once", ["a", "a", 0, false], ["a", "0", "false"]],
    ["three at most", [1, 2, 3, 4], ["1", "2", "3"]],
    ["long text cut by characters", ["\u{20000}".repeat(30)], [`${"\u{20000}".repeat(24)}…`]],
  ])("show samples: %s", (_, samples, shown) => {
    expect(samplesOf({ name: "f", kind: "text", samples })).toEqual(shown);
  });
});
