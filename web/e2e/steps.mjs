// The screens, in the order in which a clerk meets them. Each step leaves the page where the next one expects it.
import { readdirSync } from "node:fs";
import { base } from "./browser.mjs";

const rail = (page, name) => page.locator("nav").getByRole("button", { name, exact: true }).click();

async function fresh(page, hash = "") {
  await page.goto("about:blank");
  await page.goto(`${base}/${hash}`);
  await page.locator(".panel").first().waitFor();
}

function expect(truth, what) {
  if (!truth) throw new Error(`expected ${what}`);
}

async function choose(page, label, option) {
  const input = page.getByLabel(label, { exact: true });
  await page.locator(".el-select", { has: input }).first().click();
  await page.locator(".el-select-dropdown:visible").getByText(option, { exact: true }).first().click();
}

async function catalogue(page) {
  return page.evaluate(async () => (await fetch("/api/catalogue")).json());
}

/** Every document that a screen offers can be had. */
async function documents(page) {
  const hrefs = await page
    .locator(".exports a")
    .evaluateAll((links) => links.map((a) => a.getAttribute("href")));
  expect(hrefs.length > 0, "documents to take away");
  for (const href of hrefs) {
    const size = await page.evaluate(async (h) => {
      const answer = await fetch(h);
      return answer.ok ? (await answer.arrayBuffer()).byteLength : 0;
    }, href);
    expect(size > 100, `a document at ${href}`);
  }
}

/** A square about the middle of a layer, in degrees. */
function squareIn([w, s, e, n], part) {
  const [x, y, d] = [(w + e) / 2, (s + n) / 2, Math.min(e - w, n - s) * part];
  const ring = [
    [x - d, y - d],
    [x + d, y - d],
    [x + d, y + d],
    [x - d, y + d],
    [x - d, y - d],
  ];
  return { type: "Polygon", coordinates: [ring] };
}

/** A grid of small squares over a layer: some meet something, some do not. */
function gridIn([w, s, e, n], count) {
  const features = [];
  for (let i = 0; i < count * count; i++) {
    const x = w + ((e - w) * ((i % count) + 0.5)) / count;
    const y = s + ((n - s) * (Math.floor(i / count) + 0.5)) / count;
    const geometry = squareIn([x - 0.004, y - 0.004, x + 0.004, y + 0.004], 0.5);
    features.push({ type: "Feature", properties: { 名称: `地块${i + 1}` }, geometry });
  }
  return JSON.stringify({ type: "FeatureCollection", features });
}

/** Two parcels, the second of which crosses itself in a way that has two readings. */
function oneGoodOneBad() {
  const ring = (...xy) => ({ type: "Polygon", coordinates: [[...xy, xy[0]]] });
  const good = ring([109.8, 23.4], [109.81, 23.4], [109.81, 23.41], [109.8, 23.41]);
  // A five-pointed star drawn in one stroke: is its heart inside or not?
  const bad = ring([109.9, 23.44], [109.92, 23.38], [109.87, 23.42], [109.93, 23.42], [109.88, 23.38]);
  const features = [good, bad].map((geometry, i) => ({
    type: "Feature",
    properties: { 名称: `湿地${i + 1}`, 编码: `S${i + 1}` },
    geometry,
  }));
  return JSON.stringify({ type: "FeatureCollection", features });
}

/** Two features with one number, the second of them far outside the city: somebody must answer for both. */
function twoDoubtful() {
  const features = [
    squareIn([109.8, 23.4, 109.82, 23.42], 0.25),
    squareIn([112.9, 23.4, 112.92, 23.42], 0.25),
  ];
  return JSON.stringify({
    type: "FeatureCollection",
    features: features.map((geometry, i) => ({
      type: "Feature",
      properties: { HXMM: `存疑红线${i + 1}`, BSM: "S1" },
      geometry,
    })),
  });
}

/** A survey file that does not say what its coordinates are in. */
const silentSurvey = [
  "[地块坐标]",
  "4,1.0,1,试检地块,面,,,,@",
  "J1,1,2590000.000,37400000.000",
  "J2,1,2590000.000,37400100.000",
  "J3,1,2589900.000,37400100.000",
  "J4,1,2589900.000,37400000.000",
  "J1,1,2590000.000,37400000.000",
].join("\r\n");

/** A square of 2 km in metres that does not say in which zone; on the meridian 111° it lies in the demo city. */
const zoneless = {
  name: "无带号.geojson",
  mimeType: "application/geo+json",
  buffer: Buffer.from(
    JSON.stringify({
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          properties: { HXMM: "试导红线", BSM: "S1" },
          geometry: squareIn([386000, 2588000, 390000, 2592000], 0.25),
        },
      ],
    }),
  ),
};
/** Where it lies then: CGCS2000 / 3-degree Gauss-Kruger CM 111E to CGCS2000 by PROJ, the corners outwards. */
const zonelessAt = [109.8943, 23.3975, 109.9142, 23.4158];

const geojson = (geometry) =>
  JSON.stringify({
    type: "FeatureCollection",
    features: [{ type: "Feature", properties: { 名称: "试检地块" }, geometry }],
  });

export const steps = [
  {
    name: "01-layers",
    async walk(page) {
      await fresh(page);
      await page.getByRole("heading", { name: "图层" }).waitFor();
      expect((await page.locator(".list > li").count()) >= 3, "at least three layers");
    },
  },
  {
    name: "02-layer-details",
    async walk(page) {
      const row = page.locator(".list > li", { hasText: "红线" }).first();
      await row.locator(".turn").click();
      await row.getByText("依据与来源").click();
      await row.getByText("文件校验码").waitFor();
      await page.locator(".list > li", { hasText: "土地利用" }).first().locator(".turn").click();
    },
  },
  {
    name: "03-order-and-opacity",
    async walk(page) {
      const before = await page.locator(".list > li .name").allInnerTexts();
      await page.locator(".list > li", { hasText: "红线" }).first().getByLabel("下移一层").click();
      const after = await page.locator(".list > li .name").allInnerTexts();
      expect(before.join() !== after.join(), "another order");
      await page.locator(".list > li", { hasText: "土地利用" }).first().getByLabel("不透明度").fill("0.4");
      expect((await page.evaluate(() => location.hash)).includes("*0.4"), "the opacity in the address");
    },
  },
  {
    name: "04-years-swipe",
    async walk(page) {
      await fresh(page);
      await rail(page, "年份");
      await page.getByRole("button", { name: /^对比/ }).click();
      const bar = page.getByRole("slider", { name: "两年对比分隔条" });
      await bar.focus();
      for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft");
      expect((await bar.getAttribute("aria-valuenow")) === "40", "the bar at 40");
      expect(
        /swipe=\d{4}~\d{4}/.test(await page.evaluate(() => location.hash)),
        "the comparison in the address",
      );
    },
  },
  {
    name: "05-back",
    async walk(page) {
      await page.goBack();
      await page.getByRole("slider").waitFor({ state: "detached" });
      await page.goBack();
      await page.getByRole("heading", { name: "图层" }).waitFor();
    },
  },
  {
    name: "06-identify",
    async walk(page) {
      await fresh(page);
      await page.waitForTimeout(1500);
      const box = await page.locator(".pane").boundingBox();
      await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.45);
      await page.locator(".card article").first().waitFor();
    },
  },
  {
    name: "07-check-form",
    async walk(page) {
      await fresh(page);
      await rail(page, "检查");
      await page.getByText("将核查").waitFor();
    },
  },
  {
    name: "07b-drop-anywhere",
    async walk(page) {
      await fresh(page);
      const transfer = await page.evaluateHandle(() => {
        const data = new DataTransfer();
        data.items.add(new File(["{}"], "拖入的地块.geojson", { type: "application/geo+json" }));
        return data;
      });
      await page.locator(".pane").dispatchEvent("drop", { dataTransfer: transfer });
      await page.getByText("拖入的地块.geojson").waitFor();
      await page.getByRole("button", { name: "移除文件" }).click();
    },
  },
  {
    name: "08-check-file",
    async walk(page) {
      const red = (await catalogue(page)).layers.find((l) => l.theme === "redline").vintages[0];
      const first = await page.evaluate(
        async (ref) =>
          (await (await fetch(`/api/vintages/${ref}/features?limit=1`)).json()).features[0].geometry,
        red.ref,
      );
      const flat = first.coordinates.flat(first.type === "Polygon" ? 1 : 2);
      const xs = flat.map((p) => p[0]);
      const ys = flat.map((p) => p[1]);
      const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
      const file = {
        name: "试检地块.geojson",
        mimeType: "application/geo+json",
        buffer: Buffer.from(geojson(squareIn(box, 0.3))),
      };
      await page.locator('.panel input[type="file"]').setInputFiles(file);
      await page.getByRole("button", { name: "开始检查" }).click();
      await page.locator(".finding").first().waitFor();
      expect(/#\/check\/[^?/]+/.test(await page.evaluate(() => location.hash)), "the check in the address");
    },
  },
  {
    name: "09-check-zoom",
    async walk(page) {
      await page.locator(".finding .icon-button").first().click();
      await page.waitForTimeout(900);
      await documents(page);
    },
  },
  {
    name: "10-check-sent-address",
    async walk(page) {
      const hash = await page.evaluate(() => location.hash);
      await fresh(page, hash);
      await page.locator(".finding").first().waitFor();
    },
  },
  {
    name: "11-draw",
    async walk(page) {
      await fresh(page);
      await rail(page, "检查");
      await page.getByRole("button", { name: "在地图上绘制" }).click();
      await page.waitForTimeout(1500);
      const box = await page.locator(".pane").boundingBox();
      const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
      const corners = [at(0.4, 0.4), at(0.6, 0.42), at(0.58, 0.6), at(0.42, 0.62)];
      for (const [x, y] of corners) {
        await page.mouse.move(x, y);
        await page.mouse.click(x, y);
        await page.waitForTimeout(400);
      }
      await page.mouse.click(...corners[0]);
      await page.getByText("手绘地块").waitFor();
      await page.getByRole("button", { name: "开始检查" }).click();
      await page.getByText("依据与来源").waitFor();
    },
  },
  {
    name: "12-check-refused",
    expected: [/ 4\d\d POST .*\/api\/checks/, /status of 4\d\d/, /^4\d\d POST/],
    async walk(page) {
      await fresh(page);
      await rail(page, "检查");
      const file = {
        name: "没有坐标系.geojson",
        mimeType: "application/geo+json",
        buffer: Buffer.from('{"type": "nothing"}'),
      };
      await page.locator('.panel input[type="file"]').setInputFiles(file);
      await page.getByRole("button", { name: "开始检查" }).click();
      await page.getByRole("alert").first().waitFor();
      expect(await page.getByText("没有坐标系.geojson").first().isVisible(), "the file still there");
    },
  },
  {
    name: "12-check-question",
    expected: [/status of 422/, /^422 POST/],
    async walk(page) {
      await fresh(page);
      await rail(page, "检查");
      const file = { name: "界址点.txt", mimeType: "text/plain", buffer: Buffer.from(silentSurvey) };
      await page.locator('.panel input[type="file"]').setInputFiles(file);
      await page.getByRole("button", { name: "开始检查" }).click();
      await page.getByText("文件没有说明坐标系，或声明与坐标不符，请选择。").first().waitFor();
      await page.locator(".readings .reading").first().waitFor();
      await page.getByText("坐标系、编码与其他说明").click();
      await page.getByRole("combobox", { name: "坐标系", exact: true }).fill("4525");
      await page.locator(".el-select-dropdown:visible").getByText("EPSG:4525").first().click();
      await page.getByRole("button", { name: "开始检查" }).click();
      await page.locator(".summary .badge").waitFor();
    },
  },
  {
    name: "12-check-readings",
    expected: [/status of 422/, /^422 POST/],
    // A file in metres without a zone: every place is shown, none is chosen, and a click on the map decides.
    async walk(page) {
      await fresh(page);
      await rail(page, "检查");
      await page.locator('.panel input[type="file"]').setInputFiles(zoneless);
      await page.getByRole("button", { name: "开始检查" }).click();
      await page.locator(".readings .reading").first().waitFor();
      expect((await page.locator('.readings [aria-pressed="true"]').count()) === 0, "nothing chosen");
      expect((await page.locator(".map-number").count()) === 21, "a number on the map for every meridian");
      await page.waitForTimeout(1500);
    },
  },
  {
    name: "12-check-readings-all",
    async walk(page) {
      await page.getByText(/其余20个位置/).click();
      await page.locator(".readings .reading").nth(4).focus();
      await page.locator(".readings li.strong").waitFor();
      await page.waitForTimeout(800);
    },
  },
  {
    name: "12-check-readings-click",
    async walk(page) {
      await page.getByText(/其余20个位置/).click();
      await page.locator(".readings .icon-button").first().click();
      await page.waitForTimeout(1200);
      const box = await page.locator(".pane").boundingBox();
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(x + 60, y + 60);
      await page.mouse.move(x, y, { steps: 4 });
      await page.locator(".readings li.strong").waitFor();
      await page.mouse.click(x, y);
      await page.locator(".summary .badge").waitFor();
      await page.getByText("3-degree Gauss-Kruger CM 111E").first().waitFor();
      expect((await page.locator(".map-number").count()) === 0, "the numbers gone");
    },
  },
  {
    name: "12a-check-every-kind",
    // Sample parcels in every file kind, where the caller knows them.
    async walk(page) {
      const folder = process.env.DEMO_FILES ?? "";
      const files = folder ? readdirSync(folder) : [];
      for (const name of files) {
        await fresh(page);
        await rail(page, "检查");
        await page.locator('.panel input[type="file"]').setInputFiles(`${folder}/${name}`);
        await page.getByRole("button", { name: "开始检查" }).click();
        await page
          .locator(".summary .badge")
          .waitFor()
          .catch(() => expect(false, `a verdict on ${name}`));
      }
    },
  },
  {
    name: "12b-check-batch",
    async walk(page) {
      await fresh(page);
      await rail(page, "检查");
      const region = (await catalogue(page)).layers.find((l) => l.theme === "region").vintages[0];
      const file = {
        name: "批量地块.geojson",
        mimeType: "application/geo+json",
        buffer: Buffer.from(gridIn(region.bbox, 6)),
      };
      await page.locator('.panel input[type="file"]').setInputFiles(file);
      await page.getByRole("button", { name: "开始检查" }).click();
      await page.locator(".parcels tbody tr").first().waitFor();
      expect((await page.locator(".parcels tbody tr").count()) === 36, "36 parcels");
    },
  },
  {
    name: "12c-check-batch-parcel",
    async walk(page) {
      await page.locator(".parcels tbody .link-button").first().click();
      await page.getByText("返回全部").waitFor();
      expect(
        /#\/check\/[^?/]+\/\d+/.test(await page.evaluate(() => location.hash)),
        "the parcel in the address",
      );
    },
  },
  {
    name: "13-change",
    async walk(page) {
      await fresh(page);
      await rail(page, "变化");
      await choose(page, "图层", (await catalogue(page)).layers.find((l) => l.classed).title);
      await page.locator("table.figures").first().waitFor({ timeout: 120_000 });
      await page.getByRole("button", { name: /显示变化图斑/ }).click();
      await page.getByRole("button", { name: "隐藏变化图斑" }).waitFor({ timeout: 120_000 });
    },
  },
  {
    name: "14-change-matrix",
    async walk(page) {
      await page.locator(".matrix").scrollIntoViewIfNeeded();
      await page.getByText("地类转移矩阵").first().waitFor();
      await documents(page);
    },
  },
  {
    name: "15-shoreline",
    async walk(page) {
      await fresh(page);
      await rail(page, "岸线");
      await page.locator("table.figures").first().waitFor({ timeout: 60_000 });
      await documents(page);
    },
  },
  {
    name: "16-imports",
    async walk(page) {
      await fresh(page);
      await rail(page, "导入");
      await page.getByRole("heading", { name: "导入记录" }).waitFor();
      await page.getByRole("button", { name: "导入", exact: true }).last().click();
      await page.getByText("请选择文件").waitFor();
    },
  },
  {
    name: "16a-import-look",
    async walk(page) {
      await page.locator('.panel input[type="file"]').setInputFiles(zoneless);
      await page.getByRole("button", { name: "在地图上查看并核对字段" }).click();
      await page.getByText("示例：试导红线").waitFor();
      expect((await page.locator('.readings [aria-pressed="true"]').count()) === 0, "nothing chosen");
      await page.getByText("全部字段与示例值（2）").click();
    },
  },
  {
    name: "16a-import-question",
    async walk(page) {
      await page.getByLabel("时点", { exact: true }).fill("2025");
      await page.getByLabel("图层代号", { exact: true }).fill(`e2ez${Date.now() % 1e9}`);
      await page.getByLabel("图层名称", { exact: true }).fill("试导红线");
      await page.getByRole("button", { name: "导入", exact: true }).last().click();
      await page.locator(".job").first().getByText("未完成").waitFor({ timeout: 60_000 });
      await page.getByText("系统不代为选择").waitFor();
    },
  },
  {
    name: "16a-import-reading",
    // One click answers and sends again; the layer lies where the click said.
    async walk(page) {
      await page.locator(".readings .reading").first().click();
      await page.locator(".job").first().getByText("已入库").waitFor({ timeout: 60_000 });
      const layer = (await catalogue(page)).layers.find((l) => l.id.startsWith("e2ez"));
      const bbox = layer.vintages[0].bbox;
      expect(
        bbox.every((v, i) => Math.abs(v - zonelessAt[i]) < 0.0002),
        `the layer at ${zonelessAt}, not at ${bbox}`,
      );
      await page.getByText("已选：2000坐标系 3度带 37带").waitFor();
      await page.getByRole("button", { name: "移除文件" }).click();
    },
  },
  {
    name: "16b-import-rejects",
    async walk(page) {
      const layer = `e2e${Date.now() % 1e9}`;
      const file = {
        name: "湿地.geojson",
        mimeType: "application/geo+json",
        buffer: Buffer.from(oneGoodOneBad()),
      };
      await page.locator('.panel input[type="file"]').setInputFiles(file);
      await page.getByLabel("时点", { exact: true }).fill("2025");
      await page.getByLabel("图层代号", { exact: true }).fill(layer);
      await page.getByLabel("图层名称", { exact: true }).fill("试导湿地");
      await choose(page, "专题", "重要湿地");
      await choose(page, "覆盖范围声明", "全域");
      await page.getByRole("button", { name: "导入", exact: true }).last().click();
      await page.locator(".job").first().getByText("未完成").waitFor({ timeout: 60_000 });
    },
  },
  {
    name: "16c-import-report",
    async walk(page) {
      await page.locator(".job .name").first().click();
      await page.getByText("下载被剔除的行").waitFor();
    },
  },
  {
    name: "16d-import-accepted",
    async walk(page) {
      await page.getByRole("button", { name: "接受缺失并重新提交" }).click();
      await page.getByRole("button", { name: "导入", exact: true }).last().click();
      await page.locator(".job").first().getByText("已入库").waitFor({ timeout: 60_000 });
      await page.locator(".job .name").first().click();
      await page.getByRole("button", { name: "在地图上查看" }).click();
      await page.locator(".list > li", { hasText: "试导湿地" }).waitFor();
    },
  },
  {
    name: "16d-import-warnings",
    async walk(page) {
      await rail(page, "导入");
      await page.getByRole("button", { name: "移除文件" }).click();
      const file = {
        name: "存疑.geojson",
        mimeType: "application/geo+json",
        buffer: Buffer.from(twoDoubtful()),
      };
      await page.locator('.panel input[type="file"]').setInputFiles(file);
      await page.getByLabel("时点", { exact: true }).fill("2025");
      await page.getByLabel("图层代号", { exact: true }).fill(`e2ew${Date.now() % 1e9}`);
      await page.getByLabel("图层名称", { exact: true }).fill("试导存疑");
      await choose(page, "专题", "生态保护红线");
      await page.getByRole("button", { name: "导入", exact: true }).last().click();
      await page
        .locator(".job", { hasText: "试导存疑" })
        .first()
        .getByText("未完成")
        .waitFor({ timeout: 60_000 });
      await page.getByRole("button", { name: "查看警告并签字" }).click();
      await page.getByText("大部分在行政区").first().waitFor();
      await documents(page);
    },
  },
  {
    name: "16d-import-unsigned",
    // Nobody's name is no signature.
    async walk(page) {
      await page.getByLabel("签字人", { exact: true }).fill(" ");
      await page.getByRole("button", { name: "签字并重新提交" }).click();
      await page.getByText("请填写签字人姓名").waitFor();
    },
  },
  {
    name: "16d-import-signed",
    async walk(page) {
      await page.getByLabel("签字人", { exact: true }).fill("王审核");
      await page.getByRole("button", { name: "签字并重新提交" }).click();
      const job = page.locator(".job", { hasText: "试导存疑" }).first();
      await job.getByText("已入库").waitFor({ timeout: 60_000 });
      await page.getByText("警告签字人：王审核").waitFor();
    },
  },
  {
    name: "16d-import-evidence",
    // Who signed, the list of what was noted, and the file itself are kept with the vintage.
    async walk(page) {
      await rail(page, "图层");
      const row = page.locator(".list > li", { hasText: "试导存疑" }).first();
      await row.locator(".turn").click();
      await row.getByText("依据与来源").click();
      await row.getByText("王审核").waitFor();
      await row.getByText("下载原始文件").scrollIntoViewIfNeeded();
      await documents(page);
    },
  },
  {
    name: "16e-withdraw",
    async walk(page) {
      const mine = (await catalogue(page)).layers
        .filter((l) => l.id.startsWith("e2e"))
        .flatMap((l) => l.vintages);
      for (const { ref } of mine) {
        await page.evaluate((r) => fetch(`/api/vintages/${r}`, { method: "DELETE" }), ref);
      }
      await fresh(page);
      expect(
        (await page.locator(".list > li", { hasText: "试导湿地" }).count()) === 0,
        "no layer of the test's",
      );
    },
  },
  {
    name: "17-english",
    async walk(page) {
      await fresh(page);
      await page.getByText("English", { exact: true }).click();
      await page.getByRole("heading", { name: "Layers" }).waitFor();
      await page.waitForTimeout(800);
    },
  },
  {
    name: "18-english-check",
    async walk(page) {
      await rail(page, "Check");
      await page.getByText("Will be checked").waitFor();
      await page.getByText("中文", { exact: true }).click();
      await page.getByText("将核查").waitFor();
    },
  },
  {
    name: "19-dark",
    async walk(page) {
      await fresh(page);
      await page.getByLabel("深色").click();
      await page.waitForTimeout(800);
    },
  },
  {
    name: "20-narrow",
    async walk(page) {
      await page.getByLabel("浅色").click();
      await page.setViewportSize({ width: 1024, height: 700 });
      await rail(page, "变化");
      await page.getByRole("heading", { name: "变化" }).waitFor();
    },
  },
];
