// The whole journey with a keyboard alone: no pointer, and one always sees where one is.
import { PHONE } from "../support/browser.mjs";
import { Keyboard, inFocus } from "../support/keyboard.mjs";
import { expect, test } from "../support/world.mjs";

test.use({ isMobile: false, hasTouch: false });

for (const viewport of [PHONE.viewport, { width: 320, height: 568 }]) {
  const size = `${viewport.width}x${viewport.height}`;
  test(`letter, consent, thirty-nine questions, the end and what is mine, at ${size}`, async ({ phone, person }) => {
    await phone.page.setViewportSize(viewport);
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
    await expect(phone.text(t.received).first()).toBeAttached({ timeout: 60_000 });
    await keys.tabTo(phone.page.locator("details.receipts > summary"));
    await keys.press("Enter");
    await expect(phone.text(/^KVIT-/)).toHaveCount(2);
    await keys.opens(t.mine);
    for (const item of [t.answers, t.choices, t.take, t.withdraw]) {
      await keys.pressButton(item);
      await keys.arrives(item);
      await keys.walks();
      await keys.pressButton(t.back);
      await keys.arrives(t.mine);
    }
  });
}

/** Yes to the letter, no to the rest. */
async function agrees(keys) {
  const { consent } = keys.phone.t;
  for (const name of [consent.evaluation.yes, consent.reminders.no, consent.leader.no, consent.research.no]) {
    await keys.pressButton(name);
    await expect(keys.phone.heading).toBeFocused();
  }
  await keys.phone.seesQuestion(1, 30);
}

test("arrow keys look at answers without leading on; pause, menu and back", async ({ phone, person }) => {
  const keys = new Keyboard(phone);
  const { t } = phone;
  await phone.open(person.link);
  await agrees(keys);
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

test("an answer's step is said beforehand, and can be switched off and on where one is", async ({ phone, person }) => {
  const keys = new Keyboard(phone);
  const { t } = phone;
  await phone.open(person.link);
  await agrees(keys);
  // What a screen reader says with the question, on which the focus lands.
  await expect(phone.heading).toHaveAccessibleDescription(/Spørgsmål 1 af 39.*Når du vælger et svar, kommer det næste spørgsmål af sig selv\./);
  await keys.pressButton(t.stepsStop);
  const on = phone.button(t.stepsStart);
  await expect(on).toBeFocused();
  await expect(phone.heading).not.toHaveAccessibleDescription(/af sig selv/);
  expect(await phone.page.evaluate(() => localStorage.getItem("bedring.waits"))).toBe("1");
  await phone.page.keyboard.press("Shift+Tab");
  await phone.page.keyboard.press("Shift+Tab");
  await keys.tabTo(phone.page.getByRole("radio").first());
  await keys.press("Space");
  await phone.hasWritten(1);
  await phone.page.waitForTimeout(800);
  await phone.seesQuestion(1, 30);
  await keys.tabTo(on);
  await keys.press("Space");
  await expect(phone.button(t.stepsStop)).toBeFocused();
  expect(await phone.page.evaluate(() => localStorage.getItem("bedring.waits"))).not.toBe("1");
});

test("what lies behind a bar that floats, and what has no mark, is found", async ({ phone, person }) => {
  await phone.open(person.link);
  await expect(phone.page.locator("html:not([data-new]) .page h1")).toBeVisible();
  const look = (spoil) => phone.page.evaluate(`(${spoil})(), document.querySelector(".page .summary + button").focus({ focusVisible: true }), (${inFocus})()`);
  expect(await look(() => {})).toMatchObject({ marked: true, covered: [] });
  const bar = () => (document.querySelector(".page .choice-bar").style.cssText = "position: fixed; top: 0; bottom: 0; left: 0; right: 0");
  expect((await look(bar)).covered).toHaveLength(5);
  const bare = () => (document.querySelector(".page .summary + button").style.outline = "none");
  expect(await look(bare)).toMatchObject({ marked: false });
});
