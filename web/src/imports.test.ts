import { describe, expect, it } from "vitest";

// Who may import whom: feature → ui → lib; one place that fetches, one place that knows MapLibre.
const sources = import.meta.glob(["./**/*.vue", "./**/*.ts", "!./**/*.test.ts", "!./lib/schema.d.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
}) as Record<string, string>;

const files = Object.entries(sources).map(([path, text]) => ({
  path: path.slice(2),
  folder: path.split("/")[1] ?? "",
  text,
  imports: [...text.matchAll(/(?:from|import)\s+["']([^"']+)["']/g)].map((m) => m[1] ?? ""),
}));

/** The folder of src that a relative import leads to. */
function target(from: string, to: string): string {
  if (!to.startsWith(".")) return "";
  const at = new URL(to, `file:///${from}`).pathname.split("/");
  return at.length > 2 ? (at[1] ?? "") : "";
}

/** Parts that several features are made of. */
const parts = ["ui", "lib", "map", "delivery", "provenance", "vintage"];

describe("imports", () => {
  it("finds the files", () => expect(files.length).toBeGreaterThan(50));

  it("lets lib know functions only", () => {
    for (const f of files.filter((f) => f.folder === "lib")) {
      for (const to of f.imports)
        expect(["", "lib"], `${f.path} imports ${to}`).toContain(target(f.path, to));
      expect(f.text, f.path).not.toMatch(/\bdocument\.|\bwindow\./);
    }
  });

  it("keeps ui free of features and of the server", () => {
    for (const f of files.filter((f) => f.folder === "ui")) {
      for (const to of f.imports) {
        expect(["", "ui", "lib"], `${f.path} imports ${to}`).toContain(target(f.path, to));
        expect(to, f.path).not.toMatch(/lib\/(api|http|state)/);
      }
    }
  });

  it("keeps features apart", () => {
    const features = files.filter((f) => !["app", "locale", "main.ts", ...parts].includes(f.folder));
    for (const f of features) {
      for (const to of f.imports) {
        const folder = target(f.path, to);
        expect(["", f.folder, ...parts], `${f.path} imports ${to}`).toContain(folder);
      }
    }
  });

  it("fetches in lib/http.ts only", () => {
    for (const f of files.filter((f) => f.path !== "lib/http.ts")) {
      expect(f.text, f.path).not.toMatch(/\bfetch\(|XMLHttpRequest|EventSource|WebSocket|sendBeacon/);
    }
  });

  it("knows MapLibre in map only", () => {
    for (const f of files.filter((f) => f.folder !== "map")) {
      for (const to of f.imports)
        expect(to.replace("maplibre-gl/dist/maplibre-gl.css", ""), f.path).not.toMatch(/maplibre|terra-draw/);
    }
  });

  it("puts text in as text", () => {
    for (const f of files)
      expect(f.text, f.path).not.toMatch(/innerHTML|v-html|outerHTML|insertAdjacentHTML|\beval\(/);
  });

  it("keeps components under 300 lines", () => {
    for (const f of files) expect(f.text.split("\n").length, f.path).toBeLessThan(300);
  });
});
