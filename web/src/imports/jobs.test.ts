import { afterEach, describe, expect, it, vi } from "vitest";
import { effectScope } from "vue";
import type { Job } from "../lib/api";
import * as api from "../lib/api";
import * as state from "../lib/state";
import { useJobs } from "./jobs";

const job = (id: string, jobState: Job["state"]): Job => ({
  id,
  state: jobState,
  layer: "redline",
  theme: "redline",
  title: "",
  vintage: "2025",
  file: "a.zip",
  progress: { done: 0, total: -1 },
  created: "2026-01-01T00:00:00Z",
});

afterEach(() => vi.restoreAllMocks());

describe("the list of imports", () => {
  it.each([
    ["what was there before the page is no news", [[job("a", "successful")]], 0],
    ["an import that ends", [[job("a", "running")], [job("a", "successful")]], 1],
    ["one that ends before it was seen to run", [[], [job("a", "successful")]], 1],
    ["one that fails", [[job("a", "running")], [job("a", "failed")]], 0],
    ["one that is done already", [[], [job("a", "successful")], [job("a", "successful")]], 1],
  ])("loads the layers again when there are new ones: %s", async (_, answers, times) => {
    const listed = vi.spyOn(api, "jobs");
    for (const answer of answers) listed.mockResolvedValueOnce(answer);
    const reload = vi.spyOn(state, "loadCatalogue").mockResolvedValue();
    const scope = effectScope();
    const { refresh } = scope.run(useJobs) ?? {};
    for (const _ of answers) await refresh?.();
    scope.stop();
    expect(reload).toHaveBeenCalledTimes(times);
  });
});
