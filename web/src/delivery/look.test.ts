import { afterEach, describe, expect, it, vi } from "vitest";
import type { Preview } from "../lib/api";
import * as api from "../lib/api";
import { Failure } from "../lib/http";
import { newDelivery, replaceFiles } from "./delivery";
import { look } from "./look";

const empty: Preview = {
  file: "a",
  format: "GeoJSON",
  encoding: "",
  name: "",
  declared: "",
  rows: 1,
  unusable: 0,
  fields: [],
  mapping: {},
  readings: [],
};

afterEach(() => vi.restoreAllMocks());

function delivered() {
  const d = newDelivery();
  replaceFiles(d, [new File(["x"], "a.geojson")]);
  return d;
}

describe("a look at a file", () => {
  it("sends the file and its purpose, and no answer that was given before", async () => {
    const sent = vi.spyOn(api, "preview").mockResolvedValue(empty);
    const d = delivered();
    Object.assign(d, { crs: "EPSG:4524", encoding: "GBK" });
    await look(d, { theme: "redline", layer: "", vintage: "202" });
    expect([...(sent.mock.calls[0]?.[0].keys() ?? [])]).toEqual(["file", "encoding", "theme"]);
    expect(d.look.preview).toEqual(empty);
    expect(d.look.waiting).toBe(false);
  });

  it("drops an answer about files that were replaced meanwhile", async () => {
    let arrive: (p: Preview) => void = () => {};
    vi.spyOn(api, "preview").mockReturnValue(
      new Promise((done) => {
        arrive = done;
      }),
    );
    const d = delivered();
    const looked = look(d, {});
    expect(d.look.waiting).toBe(true);
    replaceFiles(d, [new File(["y"], "b.geojson")]);
    arrive(empty);
    await looked;
    expect(d.look.preview).toBeNull();
  });

  it("keeps why it failed", async () => {
    vi.spyOn(api, "preview").mockRejectedValue(new Failure(422, { code: "ingest.file.several-layers" }));
    const d = delivered();
    await look(d, {});
    expect(d.look.failure?.code).toBe("ingest.file.several-layers");
    expect(d.look.waiting).toBe(false);
  });
});
