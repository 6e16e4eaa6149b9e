import { describe, expect, it } from "vitest";
import en from "./en.json";
import zh from "./zh-CN.json";

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") all.set(prefix + key, value);
    else for (const [k, v] of flat(value, `${prefix}${key}.`)) all.set(k, v);
  }
  return all;
}

const chinese = flat(zh);
const english = flat(en);
const sources = import.meta.glob(["../**/*.vue", "../**/*.ts", "!../**/*.test.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
}) as Record<string, string>;
const code = Object.values(sources).join("\n");

describe("the texts", () => {
  it("have the same keys in both languages", () => {
    expect([...english.keys()]).toEqual([...chinese.keys()]);
  });

  it("take the same arguments in both languages", () => {
    const args = (s: string) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
    for (const [key, text] of chinese) expect(args(english.get(key) ?? ""), key).toEqual(args(text));
  });

  it("are Chinese where they should be", () => {
    const alike = new Set(["imports.vintageExample", "app.comma"]);
    for (const [key, text] of chinese) {
      if (!alike.has(key)) expect(text, key).toMatch(/[\u4e00-\u9fff]/);
    }
    for (const [key, text] of english) expect(text, key).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it("are all there: every key that the code names", () => {
    const named = [...code.matchAll(/\bte?\(\s*["']([\w.-]+)["']/g)].map((m) => m[1] ?? "");
    expect(named.length).toBeGreaterThan(100);
    for (const key of named) expect(chinese.has(key), key).toBe(true);
  });

  it("are all used", () => {
    const plain = new Set([...code.matchAll(/["']([a-zA-Z]+(?:\.[\w-]+)+)["']/g)].map((m) => m[1]));
    const families = [...code.matchAll(/`([a-zA-Z]+(?:\.[\w-]+)*\.[\w-]*)\$\{/g)].map((m) => m[1] ?? "");
    const used = (key: string) => plain.has(key) || families.some((f) => key.startsWith(f));
    expect([...chinese.keys()].filter((key) => !used(key))).toEqual([]);
  });
});

describe("the code", () => {
  it("has no visible Chinese text outside the texts", () => {
    for (const [path, text] of Object.entries(sources)) {
      const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "").replace(/"中文"|\[,、\]/g, "");
      expect(bare.match(/[\u4e00-\u9fff]+/g) ?? [], path).toEqual([]);
    }
  });
});
