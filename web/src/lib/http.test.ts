import { afterEach, describe, expect, it, vi } from "vitest";
import { address, asFailure, download, Failure, get, speak } from "./http";

afterEach(() => {
  vi.unstubAllGlobals();
  speak("zh-CN");
});

function answers(status: number, body: string) {
  const sent = vi.fn(async (_path: string, _init: RequestInit) => new Response(body, { status }));
  vi.stubGlobal("fetch", sent);
  return sent;
}

describe("http", () => {
  it("leaves out what is not said, and escapes what is", () => {
    expect(address("/api/x", { a: "1 & 2", b: undefined, c: "", d: 0 })).toBe("/api/x?a=1+%26+2&d=0");
    expect(address("/api/x")).toBe("/api/x");
  });

  it("asks in the language of the screen", async () => {
    const sent = answers(200, "[]");
    speak("en");
    await get("/api/x");
    expect(new Headers(sent.mock.calls[0]?.[1].headers).get("Accept-Language")).toBe("en");
    expect(download("/api/x.xlsx")).toBe("/api/x.xlsx?lang=en");
  });

  it("gives a problem document with its words", async () => {
    const problem = { code: "layer.ref.malformed", title: "t", detail: "d", args: { ref: "?" }, status: 400 };
    answers(400, JSON.stringify(problem));
    const failure = await get("/api/x").catch(asFailure);
    expect(failure).toMatchObject({
      code: "layer.ref.malformed",
      status: 400,
      detail: "d",
      args: { ref: "?" },
    });
  });

  it("survives an answer that is no JSON", async () => {
    answers(502, "<html>Bad gateway</html>");
    expect(await get("/api/x").catch(asFailure)).toMatchObject({ code: "web.unexpected", status: 502 });
  });

  it("says when nobody answers", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("network");
    });
    expect(await get("/api/x").catch(asFailure)).toMatchObject({ code: "web.unreachable", status: 0 });
  });

  it("keeps a failure as it is", () => {
    const f = new Failure(404, { code: "a" });
    expect(asFailure(f)).toBe(f);
  });
});
