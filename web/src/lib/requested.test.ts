import { describe, expect, it } from "vitest";
import { effectScope } from "vue";
import { Failure } from "./http";
import { useRequested } from "./requested";

function inScope<T>(make: () => T): T {
  const made = effectScope().run(make);
  if (made === undefined) throw new Error("no scope");
  return made;
}

describe("useRequested", () => {
  it("lets the latest call win, whatever order the answers come in", async () => {
    const r = inScope(() => useRequested<string>());
    let late: (v: string) => void = () => {};
    const first = r.run(
      () =>
        new Promise((done) => {
          late = done;
        }),
    );
    await r.run(async () => "second");
    late("first");
    await first;
    expect(r.answer.value).toBe("second");
    expect(r.waiting.value).toBe(false);
  });

  it("keeps the answer of before when a later request fails", async () => {
    const r = inScope(() => useRequested<string>());
    await r.run(async () => "good");
    await r.run(async () => {
      throw new Failure(500, { code: "api.internal" });
    });
    expect(r.answer.value).toBe("good");
    expect(r.failure.value?.code).toBe("api.internal");
  });

  it("stops the request of before", async () => {
    const r = inScope(() => useRequested<string>());
    let stopped = false;
    void r.run(
      (signal) =>
        new Promise((_, refuse) => {
          signal.addEventListener("abort", () => {
            stopped = true;
            refuse(signal.reason);
          });
        }),
    );
    await r.run(async () => "now");
    expect(stopped).toBe(true);
    expect(r.failure.value).toBeNull();
  });
});
