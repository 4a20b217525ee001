// Pictures of screens: into results, which is not kept; with BEDRING_PICTURES=1 the few for the README into server/docs/images.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const RESULTS = fileURLToPath(new URL("../results/screens", import.meta.url));
const KEPT = fileURLToPath(new URL("../../server/docs/images", import.meta.url));

/** `keep`: one of the README's. `whole`: the page to its end, not only what the screen shows. */
export async function picture(page, name, { keep = false, whole = false } = {}) {
  const folder = keep && process.env.BEDRING_PICTURES ? KEPT : RESULTS;
  fs.mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: whole, scale: keep ? "device" : "css" });
}
