// Is a screen usable for everybody: WCAG 2.2 AA as far as a machine can tell, targets of 48 px, nothing off the screen, no word cut.
import fs from "node:fs";
import { createRequire } from "node:module";

import { expect } from "@playwright/test";

import { RULES, SHORT_WORD, TARGET, broken, cutWords, offTheScreen, smallTargets, spokenWords } from "./looks.mjs";
import { SPOKEN } from "./words.mjs";
import { SCREENS, isWhole } from "./pictures.mjs";

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** All of it on a page of Playwright's. */
export async function everybody(page, where) {
  if (SCREENS) return;
  await isWhole(page);
  await judge(new PageEye(page), where);
}

/**
 * All of it, in light and dark, and with text of twice the size. An eye can `ask` the page, as hands can, and set the `scheme` and the
 * size of the `text`.
 */
export async function judge(eye, where) {
  const small = await eye.ask(smallTargets, TARGET);
  expect.soft(small, `${where}: smaller than ${TARGET} px`).toEqual([]);
  expect.soft(foreign(await eye.ask(spokenWords)), `${where}: read aloud in another language than the screen's`).toEqual([]);
  await fits(eye, where, SHORT_WORD);
  for (const scheme of ["light", "dark"]) {
    await eye.scheme(scheme);
    await noViolations(eye, `${where}, ${scheme}`);
  }
  await eye.scheme("light");
  await eye.text(2);
  await noViolations(eye, `${where}, large text`);
  // A hyphen in a short word is better than large text that is off the screen.
  await fits(eye, `${where}, large text`, 0);
  await eye.text(1);
}

/** Of what is read aloud, each as "da: words", what is not known to be in the language that it is said to be in. */
export function foreign(spoken) {
  const known = Object.entries(SPOKEN).flatMap(([lang, all]) => all.map((words) => `${lang}: ${words}`));
  return spoken.filter((words) => !known.includes(words));
}

/** Nothing is off the screen, and every word is whole, or divided as words are. */
async function fits(eye, where, shortest) {
  expect.soft(await eye.ask(offTheScreen), `${where}: off the screen`).toEqual([]);
  expect.soft(await eye.ask(cutWords, shortest), `${where}: words that are cut`).toEqual([]);
}

async function noViolations(eye, where) {
  // The text of axe goes to the page as it is, because the page's own policy forbids it to make code out of a text.
  if (!(await eye.ask(() => !!window.axe))) await eye.ask(`function () { ${AXE} }`);
  expect.soft(await eye.ask(broken, RULES), where).toEqual([]);
}

/** Looks through Playwright, with Chromium's own settings. */
class PageEye {
  constructor(page) {
    this.page = page;
  }

  ask(looking, ...args) {
    return this.page.evaluate(`(${looking})(...${JSON.stringify(args)})`);
  }

  async scheme(colorScheme) {
    await this.page.emulateMedia({ colorScheme });
  }

  /** The browser's own text size, which the style sheet follows. */
  async text(times) {
    const size = () => this.ask(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
    const before = await size();
    const cdp = await this.page.context().newCDPSession(this.page);
    await cdp.send("Page.setFontSizes", { fontSizes: { standard: 16 * times, fixed: 13 * times } });
    await cdp.detach();
    expect(await size(), "the text follows the browser's size").toBeCloseTo(times === 2 ? before * 2 : before / 2, 1);
  }
}
