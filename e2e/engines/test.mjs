// What a journey finds: a running server with people in it, and a browser with an empty profile that is closed afterwards.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { test as base } from "../support/world.mjs";
import { BROWSERS, mustBeHere } from "./browsers.mjs";
import { Journey } from "./journey.mjs";

export const test = base.extend({
  // Playwright's own browser is not the one that is tried here; the journey listens itself.
  silence: [async ({}, use) => use([]), { auto: true }],

  /** Opens a browser of the list. */
  hold: async ({}, use) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bedring-engine-"));
    let hands;
    const hold = async (browser) => {
      mustBeHere(browser);
      hands = await browser.open(folder);
      test.info().annotations.push({ type: "version", description: hands.version });
      return hands;
    };
    await use(hold);
    await hands?.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  },
});

/** One test for each browser; `go` makes the journey. */
export function inEachBrowser(title, go) {
  for (const browser of BROWSERS) {
    test(`${browser.name}: ${title}`, async ({ world, person, hold }) => {
      await go(new Journey(await hold(browser), { world, person }));
    });
  }
}
