// What is looked for on every screen, in every browser: the rules of axe, and functions that run in the page and give what is wrong.
// They know nothing outside themselves, because only their text reaches the page.

/** WCAG 2.2 AA as far as a machine can tell, and what axe's authors hold for good besides. */
export const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/** How high and wide what is pressed must be, in pixels. */
export const TARGET = 48;

/** A word shorter than this stands on one line while the text has its normal size. */
export const SHORT_WORD = 12;

/** Axe's answer, one line for each rule that is broken. Axe itself is in the page already. */
export async function broken(rules) {
  // At the end of the page the bar at the bottom covers nothing: half a row behind it is no small target.
  scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
  const { violations } = await window.axe.run(document, { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] });
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
}

/**
 * Buttons, answers and fields are at least so high and wide, and on a citizen's phone links are, too, unless they stand in a sentence.
 * Links in the staff's tables and trails are held to WCAG's 24 px, by axe.
 */
export function smallTargets(least) {
  const links = document.querySelector(".staff") ? "" : ", a[href]";
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest(".skip-link");
  const pressed = [...document.querySelectorAll("button, summary, label:has(input[type=radio], input[type=checkbox]), input:not([type=radio], [type=checkbox]), select, textarea" + links)];
  return pressed
    .filter(shown)
    .filter((e) => !(e.tagName === "A" && e.closest("p, h1, h2, h3, li p")))
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, box]) => box.height < least - 0.1 || box.width < least - 0.1)
    .map(([e, box]) => `${e.tagName.toLowerCase()} "${e.innerText || e.name}" ${Math.round(box.width)}x${Math.round(box.height)}`);
}

/** What sticks out on either side; and how far one could scroll sideways, if one could. */
export function offTheScreen() {
  // A phone's browser shows a page that is too wide in small, and calls that its width; the root keeps the screen's.
  const screen = Math.min(document.documentElement.clientWidth, innerWidth);
  // What the body or the root clips is off the screen all the same.
  const clipped = (e) => e && e !== document.body && e !== document.documentElement && (getComputedStyle(e).overflowX !== "visible" || clipped(e.parentElement));
  const shown = (e) => e.checkVisibility() && !e.closest(".skip-link, .visually-hidden") && !clipped(e.parentElement);
  const out = [...document.querySelectorAll("body *")]
    .filter(shown)
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.right > screen + 0.5 || box.left < -0.5))
    .map(([e, box]) => `${e.tagName.toLowerCase()}.${e.className} from ${Math.round(box.left)} to ${Math.round(box.right)}: ${e.textContent.slice(0, 40)}`);
  const width = document.documentElement.scrollWidth;
  if (width > screen) out.push(`the page is ${width} px wide on a screen of ${screen}`);
  return out;
}

/**
 * Words that stand on two lines where they must not: without a hyphen, or short ones with one. A soft hyphen in the text divides a word
 * in two for this look, so a word may always stand on two lines there. Where the browser itself divides words, one that is set into no
 * width at all shows every place where it would.
 */
export function cutWords(shortest) {
  const topsOf = (node, from, to) => {
    const range = document.createRange();
    const tops = [];
    for (let i = from; i < to; i++) {
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      // WebKit gives a letter that begins a line a box of no width at the end of the line before, too.
      const box = [...range.getClientRects()].findLast((b) => b.width > 0);
      tops.push(box ? Math.round(box.top) : (tops.at(-1) ?? 0));
    }
    return tops;
  };
  const breaks = (tops) => tops.flatMap((top, i) => (i > 0 && top - tops[i - 1] > 2 ? [i] : []));
  const hyphenPlaces = (word, parent) => {
    const probe = document.createElement("span");
    probe.textContent = word;
    probe.style.cssText = "position:absolute;display:block;width:0;overflow-wrap:normal;word-break:normal;white-space:normal";
    parent.append(probe);
    const places = breaks(topsOf(probe.firstChild, 0, word.length));
    probe.remove();
    return places;
  };
  // On the staff's screens, whose texts carry no soft hyphens, a word may be too long for any line of the screen. It has to be one that the
  // browser may divide: Debian's Chromium brings no Danish dictionary to do so, those on phones do.
  const isTooLong = (word, parent) => {
    if (!document.querySelector(".staff") || getComputedStyle(parent).hyphens !== "auto") return false;
    const probe = document.createElement("span");
    probe.textContent = word;
    probe.style.cssText = "position:absolute;white-space:nowrap;hyphens:none";
    parent.append(probe);
    const { width } = probe.getBoundingClientRect();
    probe.remove();
    return width > document.documentElement.clientWidth * 0.8;
  };
  // What only screen readers are meant to find is cut to a single pixel, a table's head on a phone for example.
  const isForTheEarOnly = (e) => !!e && ((e.offsetWidth <= 1 && getComputedStyle(e).overflow === "hidden") || isForTheEarOnly(e.parentElement));
  const found = [];
  const skipped = ".visually-hidden, .skip-link, input, select, textarea, script, style";
  const walker = document.createTreeWalker(document.querySelector(".page") ?? document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const node of texts) {
    const parent = node.parentElement;
    if (!parent.checkVisibility() || parent.closest(skipped) || isForTheEarOnly(parent)) continue;
    // An address breaks wherever the line ends, because a hyphen would be read as a part of it.
    const addresses = [...node.data.matchAll(/\S*(@|:\/\/|\p{L}\.\p{L}|\d\.\d+\.\d)\S*/gu)].map((found) => [found.index, found.index + found[0].length]);
    for (const { 0: word, index } of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
      if (addresses.some(([from, to]) => index >= from && index < to)) continue;
      const cuts = breaks(topsOf(node, index, index + word.length));
      if (cuts.length === 0) continue;
      if (isTooLong(word, parent)) continue;
      const places = hyphenPlaces(word, parent);
      if (cuts.some((cut) => !places.includes(cut))) found.push(`${word}, without a hyphen`);
      else if (word.length < shortest) found.push(`${word}, short`);
    }
  }
  return found;
}

/** What is read aloud or shown on asking, and stands nowhere on the screen: each with the language that it is said to be in. */
export function spokenWords() {
  const names = ["aria-label", "aria-roledescription", "aria-valuetext", "aria-description", "aria-placeholder", "title", "alt", "placeholder"];
  const spoken = [...document.querySelectorAll(names.map((name) => `[${name}]`).join(", "))].flatMap((e) =>
    names.filter((name) => e.getAttribute(name)).map((name) => `${e.closest("[lang]").lang}: ${e.getAttribute(name)}`),
  );
  return [...new Set(spoken)];
}
