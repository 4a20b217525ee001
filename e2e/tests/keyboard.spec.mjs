// The whole journey with a keyboard alone: no pointer, and one always sees where one is.
import { expect, test } from "../support/world.mjs";

test.use({ isMobile: false, hasTouch: false });

class Keyboard {
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

  async focusIsSeen() {
    const look = await this.page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const drawn = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
      const around = e.closest("label");
      // A radio's mark is drawn around its whole row, which the text beside it paints.
      const beside = e.nextElementSibling;
      const row = beside && drawn(getComputedStyle(beside, "::before"));
      const seen = drawn(getComputedStyle(e)) || row || (around && (drawn(getComputedStyle(around)) || drawn(getComputedStyle(around, "::before"))));
      const box = e.getBoundingClientRect();
      const bar = document.querySelector(".bottom-bar")?.getBoundingClientRect();
      const hidden = bar && !e.closest(".bottom-bar") && box.top >= bar.top && box.bottom <= bar.bottom;
      return { what: `${e.tagName} ${e.innerText || e.name}`, seen: !!seen, hidden: !!hidden };
    });
    if (look) expect(look, look.what).toMatchObject({ seen: true, hidden: false });
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

test("letter, consent, thirty-nine questions and the end", async ({ phone, person }) => {
  test.setTimeout(240_000);
  const keys = new Keyboard(phone);
  const { t } = phone;
  await phone.open(person.link);
  await keys.pressButton(t.letterWhole);
  await keys.arrives(t.consent.evaluation.title);
  await keys.pressButton(t.back);
  await keys.arrives(t.consent.evaluation.title);
  await keys.pressButton(t.consent.evaluation.yes, "Space");
  await keys.arrives(t.consent.reminders.title);
  await keys.pressButton(t.consent.reminders.yes);
  await expect(phone.page.getByLabel(t.email)).toBeFocused();
  await phone.page.keyboard.type("anne@");
  await keys.press("Enter");
  await expect(phone.text(t.emailWrong)).toBeVisible();
  await expect(phone.page.getByLabel(t.email)).toBeFocused();
  await phone.page.keyboard.press("Control+A");
  await phone.page.keyboard.type("anne@eksempel.dk");
  await keys.press("Enter");
  await keys.arrives(t.consent.leader.title);
  await keys.pressButton(t.consent.leader.no);
  await keys.arrives(t.consent.research.title);
  await keys.pressButton(t.consent.research.yes);

  for (let n = 1; n <= 30; n++) {
    await phone.seesQuestion(n, 30);
    await expect(phone.heading).toBeFocused();
    await keys.choose((n - 1) % 5);
  }
  for (let n = 1; n <= 9; n++) {
    await phone.seesQuestion(n, 9);
    await expect(phone.heading).toBeFocused();
    if (n === 4) {
      await keys.pressButton(t.skip);
    } else {
      await keys.choose(n % 6);
    }
  }
  await keys.arrives(t.review);
  await keys.pressButton(t.reviewFinish);
  await keys.arrives(t.alone.title);
  await keys.tabTo(phone.page.getByRole("radio", { name: t.alone.yes, exact: true }));
  await keys.press("Space");
  await keys.pressButton(t.finish);
  await keys.arrives(t.role.title);
  await keys.pressButton(t.role.participant);
  await keys.arrives(t.end);
  await phone.receipts();
});

test("arrow keys look at answers without leading on; pause, menu and back", async ({ phone, person }) => {
  const keys = new Keyboard(phone);
  const { t } = phone;
  await phone.open(person.link);
  for (const name of [t.consent.evaluation.yes, t.consent.reminders.no, t.consent.leader.no, t.consent.research.no]) {
    await keys.pressButton(name);
    await expect(phone.button(name).or(phone.heading).first()).toBeVisible();
    await expect(phone.heading).toBeFocused();
  }
  await phone.seesQuestion(1, 30);
  await keys.tabTo(phone.page.getByRole("radio").first());
  for (let i = 0; i < 7; i++) await keys.press("ArrowDown");
  await phone.page.waitForTimeout(600);
  await phone.seesQuestion(1, 30);
  await phone.hasWritten(1);
  expect(await phone.chosen()).toEqual([t.mhrm[2]]);
  await keys.pressButton(t.next);
  await phone.seesQuestion(2, 30);
  await expect(phone.heading).toBeFocused();

  await keys.pressButton(t.pause);
  await keys.arrives(t.pauseTitle);
  await keys.pressButton(t.pauseGoOn);
  await phone.seesQuestion(2, 30);

  const menu = phone.page.locator("summary", { hasText: t.menu });
  await phone.page.keyboard.press("Shift+Tab");
  for (let i = 0; i < 6 && !(await menu.evaluate((e) => e === document.activeElement)); i++) await phone.page.keyboard.press("Shift+Tab");
  await expect(menu).toBeFocused();
  await keys.press("Enter");
  await expect(phone.button(t.contacts)).toBeVisible();
  await keys.press("Escape");
  await expect(phone.button(t.contacts)).toBeHidden();
  await expect(menu).toBeFocused();
  await keys.press("Enter");
  await keys.pressButton(t.contacts);
  await keys.arrives(t.contacts);
  await keys.pressButton(t.back);
  await phone.seesQuestion(2, 30);
});

test("the first Tab leads past the bar to the content", async ({ phone, person }) => {
  const keys = new Keyboard(phone);
  await phone.open(person.link);
  await keys.press("Tab");
  const skip = phone.button("Gå til indholdet");
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await keys.press("Enter");
  await expect(phone.page.getByRole("main")).toBeFocused();
});
