// Nothing is recorded whose words were not on the screen when the press began: double presses with all gaps, by mouse and by finger, on a
// slow phone, on screens of three widths, with a finger that slips. The page itself keeps a diary of what stood there at each press.
import { setTimeout as sleep } from "node:timers/promises";

import { PHONE } from "../support/browser.mjs";
import { Phone } from "../support/phone.mjs";
import { mine } from "../support/device.mjs";
import { expect, invite, test } from "../support/world.mjs";

/** Between two presses, in milliseconds. */
const GAPS = [60, 120, 180, 250, 320, 400, 480, 550];
/** How long words stand before a press on them counts. */
const READABLE_MS = 500;
/** How far a finger slips, in pixels. */
const SLIPS = 12;

/** Runs in the page: which screen stood there from when on, and at which screen each press began. */
function diary() {
  const said = () => document.querySelector("main h1")?.innerText ?? "";
  globalThis.diary = { screens: [], presses: [] };
  const look = () => {
    const last = globalThis.diary.screens.at(-1);
    if (said() && last?.heading !== said()) globalThis.diary.screens.push({ heading: said(), at: performance.now() });
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  addEventListener("pointerdown", (event) => globalThis.diary.presses.push({ heading: said(), at: event.timeStamp }), true);
}

/** Presses at a point. Nothing waits for the page in between, or a slow page would make the gaps longer than they are said to be. */
async function hands(page, kind) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const mouse = (type, { x, y }) => cdp.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
  if (kind === "mouse") return (at) => Promise.all([mouse("mousePressed", at), mouse("mouseReleased", at)]);
  const touch = (type, points) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  return ({ x, y }) => Promise.all([touch("touchStart", [{ x, y }]), touch("touchMove", [{ x: x + SLIPS, y }]), touch("touchEnd", [])]);
}

/** Where something can be pressed, once a person could have read it. */
async function place(page, target) {
  await target.waitFor();
  await page.waitForFunction(() => !document.documentElement.hasAttribute("data-new"));
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Every screen was left by a press that began on it, after it had stood there long enough. */
function holds({ screens, presses }) {
  const left = screens.slice(0, -1);
  const unused = [...presses];
  for (const screen of left) {
    const meant = unused.findIndex((press) => press.heading === screen.heading && press.at - screen.at >= READABLE_MS);
    expect(meant, `"${screen.heading}" was left without a press that was meant for it`).toBeGreaterThanOrEqual(0);
    unused.splice(0, meant + 1);
  }
}

for (const [width, height] of [
  [320, 568],
  [360, 640],
  [412, 732],
]) {
  for (const kind of ["mouse", "finger"]) {
    test(`double presses by ${kind} at ${width} px decide nothing that was not read`, async ({ world, browser }) => {
      test.setTimeout(180_000);
      const person = await invite(world);
      const context = await browser.newContext({ ...PHONE, viewport: { width, height }, hasTouch: kind === "finger" });
      const page = await context.newPage();
      await page.addInitScript(diary);
      const phone = new Phone(page);
      await phone.open(person.link);
      const press = await hands(page, kind);
      let turn = 0;
      const twice = async (target) => {
        const gap = GAPS[turn++ % GAPS.length];
        const at = await place(page, target);
        const first = press(at);
        await sleep(gap);
        await Promise.all([first, press(at)]);
        await sleep(300);
      };

      const { consent } = phone.t;
      await twice(phone.button(consent.evaluation.yes));
      await phone.sees(consent.reminders.title);
      await twice(phone.button(consent.reminders.no));
      await phone.sees(consent.leader.title);
      await twice(phone.button(consent.leader.yes));
      await phone.sees(consent.research.title);
      await twice(phone.button(consent.research.no));
      await phone.seesQuestion(1, 30);
      // Where the machine itself was slow, a second press may have been late enough to be meant; the diary says so.
      let answered = 0;
      while (answered < 12) {
        await twice(page.locator(".answer").nth(answered % 5));
        const place = await page.locator(".progress-words").innerText();
        answered = Number(place.match(/\d+/)[0]) - 1;
      }
      await phone.hasWritten(answered);
      holds(await page.evaluate(() => globalThis.diary));
      // What arrived is what was pressed, purpose by purpose, and nothing twice.
      const said = async () => (await mine(world.server.url, person.secret)).consents.map((c) => [c.purpose, c.decision.kind ?? c.decision]);
      await expect.poll(async () => (await said()).length).toBe(4);
      const decisions = Object.fromEntries((await said()).map(([purpose, decision]) => [purpose, JSON.stringify(decision)]));
      expect(decisions.evaluation).toContain("given");
      expect(decisions.reminders).toContain("declined");
      expect(decisions.leader_sees_answers).toContain("given");
      expect(decisions.research).toContain("declined");
      await context.close();
    });
  }
}

test("a wrong tap is put right on the next screen with one tap, and every choice can be gone back to", async ({ world, phone, person }) => {
  const { consent, youSaid, putRight, yes, no } = phone.t;
  await phone.open(person.link);
  await phone.tap(consent.evaluation.yes);
  await phone.sees(consent.reminders.title);
  await phone.tap(consent.reminders.no);
  await phone.sees(consent.leader.title);
  await phone.tap(consent.leader.no);
  await phone.sees(consent.research.title);
  await expect(phone.text(youSaid(no))).toBeVisible();
  await phone.tap(putRight);
  await phone.sees(consent.leader.title);
  await phone.tap(consent.leader.yes);
  await phone.sees(consent.research.title);
  await expect(phone.text(youSaid(yes))).toBeVisible();
  await phone.tap(consent.research.yes);
  await phone.seesQuestion(1, 30);
  // The phone's own Back goes the same way.
  await phone.page.goBack();
  await phone.sees(consent.research.title);
  await phone.tap(consent.research.no);
  await phone.seesQuestion(1, 30);
  await phone.tap(phone.t.back);
  await phone.sees(consent.research.title);
  await phone.tap(phone.t.back);
  await expect(phone.heading).toHaveText(consent.leader.title);
  const word = async (purpose) => {
    const said = (await mine(world.server.url, person.secret)).consents.filter((c) => c.purpose === purpose);
    return JSON.stringify(said.at(-1)?.decision);
  };
  await expect.poll(() => word("leader_sees_answers")).toContain("given");
  await expect.poll(() => word("research")).toContain("declined");
});

test("yes and no are of one size and both in view on the smallest phone", async ({ world, browser }) => {
  const person = await invite(world);
  const context = await browser.newContext({ ...PHONE, viewport: { width: 320, height: 568 } });
  const phone = new Phone(await context.newPage());
  await phone.open(person.link);
  for (const choice of ["evaluation", "reminders", "leader", "research"]) {
    const { title, yes, no } = phone.t.consent[choice];
    await phone.sees(title);
    const [left, right] = await Promise.all([phone.button(yes).boundingBox(), phone.button(no).boundingBox()]);
    expect([right.width, right.height], choice).toEqual([left.width, left.height]);
    await expect(phone.button(yes)).toBeInViewport({ ratio: 1 });
    await expect(phone.button(no)).toBeInViewport({ ratio: 1 });
    await phone.tap(choice === "reminders" ? no : yes);
  }
  await phone.seesQuestion(1, 30);
  await context.close();
});

test("at most four screens and 350 words stand before the first question", async ({ phone, person }) => {
  await phone.open(person.link);
  const words = async () => (await phone.page.locator("main").innerText()).split(/\s+/).filter((word) => /\p{L}/u.test(word)).length;
  let [screens, read] = [0, 0];
  for (const choice of ["evaluation", "reminders", "leader", "research"]) {
    await phone.sees(phone.t.consent[choice].title);
    screens += 1;
    read += await words();
    await phone.tap(choice === "reminders" ? phone.t.consent[choice].no : phone.t.consent[choice].yes);
  }
  await phone.seesQuestion(1, 30);
  console.log(`before the first question: ${screens} screens, ${read} words`);
  expect(screens).toBeLessThanOrEqual(4);
  expect(read).toBeLessThanOrEqual(350);
});

test("an answer waits for “Next” where that is wanted, on the next visit, too", async ({ phone, person }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.tap(phone.t.stepsStop);
  await phone.choose(phone.t.mhrm[1]);
  await phone.hasWritten(1);
  await phone.page.waitForTimeout(800);
  await phone.seesQuestion(1, 30);
  await phone.tap(phone.t.next);
  await phone.seesQuestion(2, 30);
  await phone.open(person.link);
  await phone.seesQuestion(2, 30);
  await phone.choose(phone.t.mhrm[2]);
  await phone.hasWritten(2);
  await phone.page.waitForTimeout(800);
  await phone.seesQuestion(2, 30);
});
