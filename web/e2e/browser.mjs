// A real browser that writes down everything that must not happen: errors, policy violations, requests to other hosts.
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const base = (process.env.BASE_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const out = fileURLToPath(new URL("./out/", import.meta.url));

const executablePath = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
]
  .filter(Boolean)
  .find((path) => existsSync(path));

/** Software rendering, no background traffic of the browser's own. */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  "--disable-background-networking",
  "--no-first-run",
];

export async function open({ width = 1440, height = 900, colorScheme = "light" } = {}) {
  if (!executablePath) throw new Error("no Chromium found: install the package chromium, or set CHROMIUM");
  mkdirSync(out, { recursive: true });
  const browser = await chromium.launch({ executablePath, args });
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: "zh-CN" });
  const page = await context.newPage();
  const faults = [];
  watch(page, faults);
  return { browser, page, faults };
}

/** What the software renderer says about itself. */
const harmless = /GL Driver Message/;

/** Answers that a screen provokes on purpose are named by the step, see run.mjs. */
function watch(page, faults) {
  page.on("console", (m) => {
    const wrong = m.type() === "error" || m.type() === "warning";
    if (wrong && !harmless.test(m.text())) faults.push(`console ${m.type()}: ${m.text()}`);
  });
  page.on("pageerror", (e) => faults.push(`page error: ${e.message}`));
  page.on("request", (r) => {
    const url = r.url();
    if (!url.startsWith(`${base}/`) && !/^(data|blob):/.test(url))
      faults.push(`request to another host: ${url}`);
  });
  page.on("response", (r) => {
    if (r.status() >= 400) faults.push(`${r.status()} ${r.request().method()} ${r.url()}`);
  });
  page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (e) => {
      console.error(
        `policy violation: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`,
      );
    });
  });
}

export async function shoot(page, name) {
  await page.screenshot({ path: `${out}${name}.png` });
}

/** Waits until the map has drawn what it was told to. */
export async function settled(page) {
  await page.waitForFunction(() => !document.querySelector(".place .busy"), null, { timeout: 60_000 });
  await page.waitForTimeout(700);
}
