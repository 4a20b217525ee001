// Draws the PNG icons from app/icons/icon.svg, with the Chromium of the tests. Run by hand when the
// drawing changes: node e2e/tools/icons.mjs
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

const icons = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "app", "icons");
const svg = await readFile(join(icons, "icon.svg"), "utf8");
// Phones cut maskable icons to their own shape, so those fill the square to its corners.
const square = svg.replace('rx="116"', 'rx="0"');

const wanted = [
  ["icon-192.png", 192, svg],
  ["icon-512.png", 512, svg],
  ["maskable-192.png", 192, square],
  ["maskable-512.png", 512, square],
  ["apple-touch-icon.png", 180, square],
];

const browser = await chromium.launch({
  executablePath: process.env.BEDRING_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
for (const [name, size, drawing] of wanted) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>${drawing}`);
  await page.screenshot({ path: join(icons, name), omitBackground: true });
  await page.close();
}
await browser.close();
