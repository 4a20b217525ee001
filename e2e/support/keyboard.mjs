// A person with a keyboard and no pointer, who always sees where they are.
import { expect } from "@playwright/test";

export class Keyboard {
  constructor(phone) {
    this.phone = phone;
    this.page = phone.page;
  }

  /** A key that does something is pressed once what it does can be read. */
  async press(key) {
    if (key !== "Tab") await this.page.waitForFunction(() => !document.documentElement.hasAttribute("data-new"));
    await this.page.keyboard.press(key);
  }

  /** A new screen puts the focus on its heading, so that it is read aloud. */
  async arrives(title) {
    await this.phone.sees(title);
    await expect(this.phone.heading).toBeFocused();
  }

  /** Tab until that is in focus; what is in focus can be seen to be. */
  async tabTo(target, most = 40) {
    for (let i = 0; i < most; i++) {
      await this.press("Tab");
      await this.focusIsSeen();
      if (await target.evaluate((e) => e === document.activeElement).catch(() => false)) return;
    }
    throw new Error(`${most} tabs do not lead to ${target}`);
  }

  /** Where one is can be seen: a mark around it, and nothing of it is off the screen or behind a bar that floats. */
  async focusIsSeen() {
    const look = await this.page.evaluate(inFocus);
    if (look) expect(look, look.what).toMatchObject({ marked: true, covered: [] });
  }

  /** Through everything on the screen that takes a press, to its end. */
  async walks(most = 60) {
    await this.page.evaluate(() => document.querySelector("#main").focus());
    for (let i = 0; i < most; i++) {
      await this.press("Tab");
      await this.focusIsSeen();
      if (await this.page.evaluate(() => document.activeElement === document.body || !!document.activeElement.closest(".bottom-bar"))) return;
    }
  }

  /** By the menu, which the keyboard meets before the content. */
  async opens(item) {
    await this.page.evaluate(() => document.querySelector(".skip-link").focus());
    await this.tabTo(this.page.locator("summary", { hasText: this.phone.t.menu }));
    await this.press("Enter");
    await this.pressButton(item);
    await this.arrives(item);
  }

  async pressButton(name, key = "Enter") {
    await this.tabTo(this.phone.button(name).first());
    await this.press(key);
  }

  /** Into the answers, down to the one that is meant, and Enter. */
  async choose(code) {
    const radios = this.page.getByRole("radio");
    await this.tabTo(radios.first());
    for (let i = 0; i < code; i++) await this.press("ArrowDown");
    await expect(radios.nth(code)).toBeFocused();
    await this.press("Enter");
  }
}

/** Runs in the page: what is in focus, whether a mark is drawn around it, and where something else lies over it. */
export function inFocus() {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const drawn = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  const around = e.closest("label");
  // A radio's mark is drawn around its whole row, which the text beside it paints.
  const beside = e.nextElementSibling;
  const row = beside && drawn(getComputedStyle(beside, "::before"));
  const marked = drawn(getComputedStyle(e)) || row || (around && (drawn(getComputedStyle(around)) || drawn(getComputedStyle(around, "::before"))));
  const whole = around ?? e;
  const box = whole.getBoundingClientRect();
  // Near each corner and in the middle; what is higher than the screen cannot be in it whole.
  const points = [[0.5, 0.5], [0.1, 0.15], [0.9, 0.15], [0.1, 0.85], [0.9, 0.85]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
  const covered = points.flatMap(([x, y]) => {
    const there = document.elementFromPoint(x, y);
    const free = there && (whole.contains(there) || there.contains(whole));
    return free ? [] : [`at ${Math.round(x)},${Math.round(y)}: ${there ? `${there.tagName} ${there.className}` : "off the screen"}`];
  });
  return { what: `${e.tagName} ${e.innerText || e.name}`, marked: !!marked, covered };
}
