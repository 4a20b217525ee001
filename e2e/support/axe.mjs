// Is a screen usable for everybody: WCAG 2.2 AA as far as a machine can tell, targets of 48 px, nothing wider than the screen.
import AxeBuilder from "@axe-core/playwright";
import { expect } from "@playwright/test";

import { SCREENS, isWhole } from "./pictures.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
const TARGET = 48;

/** No violations. */
export async function noViolations(page, where) {
  // At the end of the page the bar at the bottom covers nothing: half a row behind it is no small target.
  await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" }));
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const told = violations.map((v) => `${where}: ${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
  expect.soft(told).toEqual([]);
}

/**
 * Buttons, answers and fields are at least 48 px high and wide, and on a citizen's phone links are, too, unless they stand in a sentence.
 * Links in the staff's tables and trails are held to WCAG's 24 px, by axe.
 */
export async function bigTargets(page, where) {
  const small = await page.evaluate((least) => {
    const links = document.querySelector(".staff") ? "" : ", a[href]";
    const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest(".skip-link");
    const pressed = [...document.querySelectorAll("button, summary, label:has(input[type=radio], input[type=checkbox]), input:not([type=radio], [type=checkbox]), select, textarea" + links)];
    return pressed
      .filter(shown)
      .filter((e) => !(e.tagName === "A" && e.closest("p, h1, h2, h3, li p")))
      .map((e) => [e, e.getBoundingClientRect()])
      .filter(([, box]) => box.height < least - 0.1 || box.width < least - 0.1)
      .map(([e, box]) => `${e.tagName.toLowerCase()} "${e.innerText || e.name}" ${Math.round(box.width)}x${Math.round(box.height)}`);
  }, TARGET);
  expect.soft(small, `${where}: smaller than ${TARGET} px`).toEqual([]);
}

/** Nothing is off the screen on either side, and nobody has to scroll sideways. If somebody has to, it says what sticks out. */
export async function noWiderThanTheScreen(page, where) {
  const { width, screen, out } = await page.evaluate(() => {
    const [width, screen] = [document.documentElement.scrollWidth, window.outerWidth || innerWidth];
    const clipped = (e) => e && (getComputedStyle(e).overflowX !== "visible" || clipped(e.parentElement));
    const out = [...document.querySelectorAll("body *")]
      .filter((e) => e.checkVisibility() && !e.closest(".skip-link, .visually-hidden") && !clipped(e.parentElement))
      .map((e) => [e, e.getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && (box.right > screen + 0.5 || box.left < -0.5))
      .map(([e, box]) => `${e.tagName.toLowerCase()}.${e.className} from ${Math.round(box.left)} to ${Math.round(box.right)}: ${e.textContent.slice(0, 40)}`);
    return { width, screen, out };
  });
  expect.soft(out, `${where}: off the screen`).toEqual([]);
  expect.soft(width, `${where}: wider than the screen${out.map((e) => `\n  ${e}`).join("")}`).toBeLessThanOrEqual(Math.min(screen, page.viewportSize().width));
}

/**
 * No word is cut without a hyphen. Debian's Chromium brings no Danish hyphenation, so here a word may stand on two lines only where the text
 * itself says where to divide it, by a soft hyphen.
 */
export async function noWordIsCut(page, where) {
  const cut = await page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.querySelector(".page") ?? document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!parent.checkVisibility() || parent.closest(".visually-hidden, .skip-link, input, select")) continue;
      for (const { 0: word, index } of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.top)));
        if (lines.size > 1) found.push(word);
      }
    }
    return found;
  });
  expect.soft(cut, `${where}: words that are cut`).toEqual([]);
}

/** All of it, in light and dark, and with text of twice the size. */
export async function everybody(page, where) {
  if (SCREENS) return;
  await isWhole(page);
  await bigTargets(page, where);
  await noWiderThanTheScreen(page, where);
  await noWordIsCut(page, where);
  await page.emulateMedia({ colorScheme: "light" });
  await noViolations(page, `${where}, light`);
  await page.emulateMedia({ colorScheme: "dark" });
  await noViolations(page, `${where}, dark`);
  await page.emulateMedia({ colorScheme: "light" });
  await textSize(page, 2);
  await noViolations(page, `${where}, large text`);
  await noWiderThanTheScreen(page, `${where}, large text`);
  await noWordIsCut(page, `${where}, large text`);
  await textSize(page, 1);
}

/** The browser's own text size, which the style sheet follows. */
async function textSize(page, times) {
  const before = await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Page.setFontSizes", { fontSizes: { standard: 16 * times, fixed: 13 * times } });
  await cdp.detach();
  const after = await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  expect(after, "the text follows the browser's size").toBeCloseTo(times === 2 ? before * 2 : before / 2, 1);
}
