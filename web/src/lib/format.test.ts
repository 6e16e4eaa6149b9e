import { describe, expect, it } from "vitest";
import { bytes, degrees, grouped, instant, today } from "./format";

describe("grouped", () => {
  it.each([
    ["609686.32", "609,686.32"],
    ["0.00", "0.00"],
    ["-1234567.8900", "−1,234,567.8900"],
    ["+999", "+999"],
    ["1000", "1,000"],
    ["待评估", "待评估"],
    ["", ""],
  ])("shows %s as %s and changes no digit", (printed, shown) => {
    expect(grouped(printed)).toBe(shown);
  });

  it("keeps more digits than a float has", () => {
    expect(grouped("12345678901234567890.1234")).toBe("12,345,678,901,234,567,890.1234");
  });
});

describe("degrees", () => {
  it.each([
    [109.5, "lon", "109°30′00.0″E"],
    [-0.0001, "lon", "0°00′00.4″W"],
    [23.999999, "lat", "24°00′00.0″N"],
    [-33.25, "lat", "33°15′00.0″S"],
  ] as const)("%f on %s is %s", (value, axis, shown) => {
    expect(degrees(value, axis)).toBe(shown);
  });
});

describe("other forms", () => {
  it("says sizes in the largest unit that leaves a whole part", () => {
    expect(bytes(512 * 1024 * 1024)).toBe("512 MiB");
    expect(bytes(1536)).toBe("1.5 KiB");
    expect(bytes(0)).toBe("0 B");
  });

  it("shows no instant for Go's zero time", () => {
    expect(instant("0001-01-01T00:00:00Z")).toBe("–");
    expect(instant(undefined)).toBe("–");
    expect(instant("no time")).toBe("–");
  });

  it("takes today from the reader's clock", () => {
    expect(today(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
  });
});
