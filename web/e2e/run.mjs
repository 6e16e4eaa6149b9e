// Walks over each screen on the demo city in a real browser. BASE_URL names the server; screenshots go to e2e/out.
// It fails on console errors, policy violations, requests to other hosts, failed requests and missing words.
import { readFileSync } from "node:fs";
import { base, open, settled, shoot } from "./browser.mjs";
import { steps } from "./steps.mjs";

const only = process.argv[2];
const words = Object.keys(JSON.parse(readFileSync(new URL("../src/locale/en.json", import.meta.url))));
const key = new RegExp(`^(?:${words.join("|")})\\.[\\w.-]*$`);

/** A key where a word should be means that the word is missing. */
async function missingWords(page) {
  const texts = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode.data.trim());
    const labels = [...document.querySelectorAll("[aria-label]")].map((e) => e.getAttribute("aria-label"));
    return [...found, ...labels];
  });
  return texts.filter((t) => key.test(t)).map((t) => `missing word: ${t}`);
}

async function run(step, page, faults) {
  faults.length = 0;
  try {
    await step.walk(page);
    await settled(page);
    await shoot(page, step.name);
    faults.push(...(await missingWords(page)));
  } catch (e) {
    faults.push(`step: ${e.message}`);
    await shoot(page, `${step.name}-failed`).catch(() => {});
  }
  return faults.filter((f) => !(step.expected ?? []).some((pattern) => pattern.test(f)));
}

const { browser, page, faults } = await open();
let failed = 0;
let passed = 0;
for (const step of steps) {
  if (only && !step.name.includes(only)) continue;
  const wrong = await run(step, page, faults);
  if (wrong.length === 0) passed++;
  else failed++;
  console.log(`${wrong.length === 0 ? "ok  " : "FAIL"} ${step.name}`);
  for (const w of new Set(wrong)) console.log(`       ${w}`);
}
await browser.close();
console.log(`\n${base}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
