// Pictures of screens. Into results, which is not kept; with BEDRING_PICTURES=1 the few for the README into server/docs/images. With
// BEDRING_SCREENS=folder (`make screens`) the same walks that judge every screen take a picture of each, in both colour schemes.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "@playwright/test";

const RESULTS = fileURLToPath(new URL("../results/screens", import.meta.url));
const KEPT = fileURLToPath(new URL("../../server/docs/images", import.meta.url));
/** Where every screen goes, if only pictures are wanted. */
export const SCREENS = process.env.BEDRING_SCREENS;

/** `keep`: one of the README's. `whole`: the page to its end, not only what the screen shows. */
export async function picture(page, name, { keep = false, whole = false } = {}) {
  if (SCREENS) return await inBothSchemes(page, name);
  const folder = keep && process.env.BEDRING_PICTURES ? KEPT : RESULTS;
  fs.mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: whole, scale: keep ? "device" : "css" });
}

/** The narrow width of a walk: the smallest that must do where screens are judged, the usual one in pictures. */
export const NARROWEST = SCREENS ? 360 : 320;

/** The rounds of a walk through the staff's screens, as `[language, width]`. For pictures each walk is made on a phone and at a desk. */
export function rounds(judged) {
  if (!SCREENS) return judged;
  return ["da", "en"].flatMap((lang) => [360, 1280].map((width) => [lang, width]));
}

/** A staff screen that still loads has no heading yet: it is looked at when it is whole. */
export async function isWhole(page) {
  await expect(page.locator(".staff").getByText(/^(Henter|Loading) …$/)).toHaveCount(0);
}

/**
 * Screens of one name stand side by side: staff/project-da-360-dark.png. The window is made as high as the page for it, because a bar that
 * sticks to the end of the window would stand in the middle of a picture of the whole page.
 */
async function inBothSchemes(page, name) {
  await isWhole(page);
  const staff = (await page.locator(".staff").count()) > 0;
  const window = page.viewportSize();
  const [, lang = "da", screen] = name.match(/^(?:(da|en)-)?(?:\d+-)?(?:staff-)?(.*)$/);
  const folder = path.join(SCREENS, staff ? "staff" : "phone");
  fs.mkdirSync(folder, { recursive: true });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: window.width, height: Math.max(window.height, height) });
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: path.join(folder, `${screen}-${window.width}-${lang}-${colorScheme}.png`), fullPage: true, scale: "css" });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(window);
}
