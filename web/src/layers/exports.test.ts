import { describe, expect, it } from "vitest";
import { speak } from "../lib/http";
import { choices, zonesOf } from "./exports";

describe("the downloads of a vintage", () => {
  it("are addresses under the own host in the language of the screen", () => {
    speak("en");
    const gbk = choices("redline@2023.1", "polygon", "EPSG:4525").find((c) => c.key === "shapefileGbk");
    expect(gbk?.href).toBe(
      "/api/vintages/redline@2023.1/export?format=shapefile&encoding=GBK&crs=EPSG%3A4525&lang=en",
    );
    speak("zh-CN");
  });

  it("leave the system out where a form is always in degrees, and where none was chosen", () => {
    const href = (crs: string, key: string) =>
      choices("redline@2023.1", "polygon", crs).find((c) => c.key === key)?.href ?? "";
    expect(href("EPSG:4525", "kml")).not.toContain("crs=");
    expect(href("EPSG:4525", "geojson")).not.toContain("crs=");
    expect(href("", "points")).not.toContain("crs=");
    expect(href("EPSG:4525", "csv")).toContain("crs=EPSG%3A4525");
  });

  it("offer tables of boundary points for polygons only", () => {
    const keys = (geometry: string) => choices("a@2023.1", geometry, "").map((c) => c.key);
    expect(keys("polygon")).toContain("points");
    expect(keys("polygon")).toContain("parceltxt");
    expect(keys("line")).not.toContain("points");
    expect(keys("line")).not.toContain("parceltxt");
    expect(keys("line")).toContain("shapefile");
  });
});

describe("the zones of a place", () => {
  it("are those it lies in, the middle one first, with the zone number before without", () => {
    expect(zonesOf([109, 22.9, 109.8, 23.5]).map((s) => s.code)).toEqual([
      "EPSG:4524",
      "EPSG:4545",
      "EPSG:4525",
      "EPSG:4546",
    ]);
    expect(zonesOf([110.8, 22.9, 111.1, 23.5]).map((s) => s.code)).toEqual(["EPSG:4525", "EPSG:4546"]);
  });

  it("are none outside China, and without a place", () => {
    expect(zonesOf([0, 0, 1, 1])).toEqual([]);
    expect(zonesOf(undefined)).toEqual([]);
  });
});
