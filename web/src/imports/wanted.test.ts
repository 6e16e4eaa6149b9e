import { beforeEach, describe, expect, it } from "vitest";
import { replaceFiles } from "../delivery/delivery";
import { lastSigner, rememberSigner } from "./signer";
import { formOf, missing, wanted } from "./wanted";

beforeEach(() => {
  replaceFiles(wanted.delivery, [new File(["x"], "a.geojson")]);
  Object.assign(wanted, { layer: "", newLayer: "wetland", title: "湿地", vintage: "2025", coverage: "" });
  Object.assign(wanted, { repair: "lossless", signedOff: "", acceptRejects: false });
});

describe("what is to be imported", () => {
  it("says nothing that was not said", () => {
    expect([...formOf(undefined).keys()]).toEqual(["file", "layer", "theme", "title", "vintage"]);
  });

  it("sends repair and signature only when chosen", () => {
    Object.assign(wanted, { repair: "best-effort", signedOff: "王某" });
    const form = formOf(undefined);
    expect(form.get("repair")).toBe("best-effort");
    expect(form.get("signedOff")).toBe("王某");
  });

  it.each([
    ["2025", []],
    ["2025-13", ["vintage"]],
    ["二〇二五", ["vintage"]],
  ])("with the vintage %s lacks %o", (vintage, lacking) => {
    wanted.vintage = vintage;
    expect(missing()).toEqual(lacking);
  });
});

describe("the signer", () => {
  it("is remembered, but signs nothing by that", () => {
    rememberSigner("王某");
    expect(lastSigner()).toBe("王某");
    expect(formOf(undefined).has("signedOff")).toBe(false);
  });
});
