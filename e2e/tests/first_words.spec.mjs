// The first question before the program is there: the page itself shows it and takes a press that was meant; the program makes an answer of
// it if it asks that very question, and of nothing else.
import { PHONE } from "../support/browser.mjs";
import { everybody } from "../support/axe.mjs";
import { deliver, intakeOf, response, willing } from "../support/journal.mjs";
import { Phone } from "../support/phone.mjs";
import { faults } from "../support/proxy.mjs";
import { mine } from "../support/device.mjs";
import { stored } from "../support/storage.mjs";
import { DA, EN } from "../support/words.mjs";
import { expect, invite, test } from "../support/world.mjs";

const READABLE_MS = 500;
/** Nobody has to be asked for their role. */
const PARTICIPANT = { respondent_type: "participant" };

/** A phone to which the program comes when it is let go, and which has nothing of it from before. */
async function waiting(browser, options = {}) {
  const context = await browser.newContext({ ...PHONE, serviceWorkers: "block", ...options });
  let arrives;
  const gate = new Promise((resolve) => (arrives = resolve));
  await context.route("**/*.wasm", async (route) => {
    await gate;
    await route.continue().catch(() => {});
  });
  const page = await context.newPage();
  return { phone: new Phone(page, options.locale?.startsWith("en") ? EN : DA), page, context, arrives };
}

const words = (page) => page.locator(".first-words");

/** The page shows the question, the program is not there, and the words have stood there long enough. */
async function canBePressed(phone) {
  await expect(words(phone.page).getByRole("radio")).toHaveCount(5);
  await expect(phone.page.locator(".page")).toHaveCount(0);
  await phone.page.waitForFunction(() => window.__bedringWords.at < Infinity && !document.documentElement.hasAttribute("data-new"));
}

/** The program is there, and the page's own words are gone. */
async function isThere(phone) {
  await expect(phone.page.locator(".page main h1")).toBeVisible();
  await expect(words(phone.page)).toHaveCount(0);
}

/** One answer is written, and it is that one. */
async function recorded(phone, label) {
  await phone.hasWritten(1);
  await phone.seesQuestion(2, 30);
  expect(await phone.chosen()).toEqual([]);
  await phone.tap(phone.t.back);
  await phone.seesQuestion(1, 30);
  expect(await phone.chosen()).toEqual([label]);
}

/** The first question stands there as if nobody had pressed. */
async function nothingRecorded(phone) {
  await isThere(phone);
  await phone.page.waitForTimeout(1000);
  await phone.seesQuestion(1, 30);
  expect(await phone.chosen()).toEqual([]);
  await phone.hasWritten(0);
}

test("an answer that was pressed before the program came is recorded once, and arrives as it was pressed", async ({ world, browser }) => {
  test.setTimeout(240_000);
  const person = await willing(world, await invite(world, PARTICIPANT));
  const { phone, page, context, arrives } = await waiting(browser);
  await page.goto(person.link);
  await canBePressed(phone);
  await phone.choose(phone.t.mhrm[3]);
  expect(await phone.chosen()).toEqual([phone.t.mhrm[3]]);
  // It lies in the page's memory alone, and nothing says otherwise.
  await expect(page.getByText(/gemt|saved/i)).toHaveCount(0);
  await expect(page.locator("html")).not.toHaveAttribute("data-answered", /./);
  expect((await stored(page)).drafts).toBe(0);
  await page.waitForTimeout(1500);
  arrives();
  await recorded(phone, phone.t.mhrm[3]);
  expect((await stored(page)).drafts).toBe(1);

  await phone.tap(phone.t.next);
  await phone.answer(phone.t.mhrm, 30, { from: 2, code: () => 1 });
  await phone.answer(phone.t.lsns, 9, { code: () => 0 });
  await phone.finishes({ role: null });
  const responses = async () => (await mine(world.server.url, person.secret)).responses;
  await expect.poll(async () => (await responses()).length, { timeout: 30_000 }).toBe(2);
  const first = (await responses()).find((r) => r.edition.instrument === "mhrm-30");
  expect(first.answers).toMatchObject({ mhrm01: 3, mhrm02: 1, mhrm30: 1 });
  await context.close();
});

test("whoever presses another answer before the program comes has chosen that one", async ({ world, browser }) => {
  const person = await willing(world, await invite(world, PARTICIPANT));
  const { phone, page, context, arrives } = await waiting(browser);
  await page.goto(person.link);
  await canBePressed(phone);
  await phone.choose(phone.t.mhrm[0]);
  await phone.choose(phone.t.mhrm[4]);
  expect(await phone.chosen()).toEqual([phone.t.mhrm[4]]);
  arrives();
  await recorded(phone, phone.t.mhrm[4]);
  await context.close();
});

test("a press that began before the words could be read is not taken", async ({ world, browser }) => {
  const person = await willing(world, await invite(world, PARTICIPANT));
  const { phone, page, context, arrives } = await waiting(browser);
  await page.addInitScript(() => {
    window.presses = [];
    addEventListener("pointerdown", (event) => window.presses.push(event.timeStamp), true);
    // The words are looked for where they are put, so that the press comes at once.
    new MutationObserver(() => {
      const row = document.querySelector(".first-words .answer");
      if (!row || window.found) return;
      window.found = true;
      const box = row.getBoundingClientRect();
      window.pressNow(box.x + box.width / 2, box.y + box.height / 2);
    }).observe(document, { childList: true, subtree: true });
  });
  const pressed = new Promise((resolve) => page.exposeFunction("pressNow", (x, y) => page.touchscreen.tap(x, y).then(resolve)));
  await page.goto(person.link);
  await pressed;
  const [at, began] = await page.evaluate(() => [window.__bedringWords.at, window.presses[0]]);
  expect(began, "the press began").toBeGreaterThan(0);
  expect(began - at, "before the words could be read").toBeLessThan(READABLE_MS);
  expect(await phone.chosen()).toEqual([]);
  await canBePressed(phone);
  expect(await phone.chosen()).toEqual([]);
  arrives();
  await nothingRecorded(phone);
  await context.close();
});

test("nobody pressed: the question stands there unanswered, in the same words at the same places", async ({ world, browser }) => {
  for (const options of [{ locale: "da-DK" }, { locale: "en-GB", viewport: { width: 320, height: 568 } }, { locale: "da-DK", colorScheme: "dark" }]) {
    const person = await willing(world, await invite(world, PARTICIPANT), options.locale.slice(0, 2));
    const { phone, page, context, arrives } = await waiting(browser, options);
    await page.goto(person.link);
    await canBePressed(phone);
    const look = (within) =>
      page.locator(within).evaluate((all) => {
        const place = (e) => [e.textContent, ...["x", "y", "width", "height"].map((side) => Math.round(e.getBoundingClientRect()[side]))];
        return [...all.querySelectorAll(".brand, .question-lines p, .progress-bar, h1, .answer")].map(place);
      });
    const before = await look(".first-words");
    await everybody(page, `the first words, ${JSON.stringify(options)}`);
    await page.evaluate(() => scrollTo(0, 0));
    arrives();
    await nothingRecorded(phone);
    await page.evaluate(() => scrollTo(0, 0));
    expect(await look(".page")).toEqual(before);
    await context.close();
  }
});

test("another phone has answered meanwhile: the press answers nothing else", async ({ world, browser, network }) => {
  const person = await willing(world, await invite(world, PARTICIPANT));
  const { occasion } = await intakeOf(world, person);
  const { phone, page, context, arrives } = await waiting(browser);
  // What the page was told first is cut short, so the program asks once more.
  const short = (text) => JSON.stringify({ ...JSON.parse(text), seal_key: undefined });
  network.fault("/api/v1/occasion", faults.rewrite(short), 1);
  await page.goto(person.link);
  await canBePressed(phone);
  await phone.choose(phone.t.mhrm[2]);
  await deliver(world, person.secret, [response(occasion)]);
  arrives();
  await isThere(phone);
  await phone.seesQuestion(1, 9);
  await page.waitForTimeout(1000);
  await phone.seesQuestion(1, 9);
  expect(await phone.chosen()).toEqual([]);
  await phone.hasWritten(0);
  await context.close();
});

test("the server answers before the browser has read the page to its end: the words show all the same", async ({ world, browser, network }) => {
  const person = await willing(world, await invite(world, PARTICIPANT));
  const { phone, page, context, arrives } = await waiting(browser);
  const LATER_MS = 1500;
  network.fault((request) => /^\/s\b/.test(request.url), faults.pauseAt(" id=start>", LATER_MS), 1);
  await page.goto(person.link);
  await canBePressed(phone);
  // The rest of the page really came that late.
  expect(await page.evaluate(() => window.__bedringWords.at)).toBeGreaterThan(LATER_MS);
  arrives();
  await isThere(phone);
  await context.close();
});

test("an answer that lies on this phone already stays as it was given", async ({ world, browser }) => {
  const person = await willing(world, await invite(world, PARTICIPANT));
  const { phone, page, context, arrives } = await waiting(browser);
  arrives();
  await page.goto(person.link);
  await isThere(phone);
  await phone.choose(phone.t.mhrm[1]);
  await recorded(phone, phone.t.mhrm[1]);
  // A browser that forgets what says that something is kept: the page then takes the phone for a new one.
  await page.evaluate(() => localStorage.clear());
  let again;
  await context.unroute("**/*.wasm");
  await context.route("**/*.wasm", async (route) => {
    await new Promise((resolve) => (again = resolve));
    await route.continue().catch(() => {});
  });
  await page.goto("about:blank");
  await page.goto(person.link);
  await canBePressed(phone);
  await phone.choose(phone.t.mhrm[4]);
  again();
  await isThere(phone);
  await page.waitForTimeout(1000);
  await phone.seesQuestion(1, 30);
  expect(await phone.chosen()).toEqual([phone.t.mhrm[1]]);
  await phone.hasWritten(1);
  await context.close();
});

test("by keyboard: arrows choose and stay, Enter leads on", async ({ world, browser }) => {
  const person = await willing(world, await invite(world, PARTICIPANT));
  const { phone, page, context, arrives } = await waiting(browser, { isMobile: false, hasTouch: false });
  await page.goto(person.link);
  await canBePressed(phone);
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const walked = await phone.chosen();
  expect(walked).toEqual([phone.t.mhrm[2]]);
  arrives();
  await isThere(phone);
  await phone.hasWritten(1);
  await page.waitForTimeout(1000);
  await phone.seesQuestion(1, 30);
  expect(await phone.chosen()).toEqual(walked);
  await expect(page.getByRole("radio", { name: phone.t.mhrm[2], exact: true })).toBeFocused();
  await page.waitForFunction(() => !document.documentElement.hasAttribute("data-new"));
  await page.keyboard.press("Enter");
  await phone.seesQuestion(2, 30);
  await context.close();

  const other = await waiting(browser);
  const second = await willing(world, await invite(world, PARTICIPANT));
  await other.page.goto(second.link);
  await canBePressed(other.phone);
  await other.page.keyboard.press("Tab");
  await other.page.keyboard.press("Enter");
  expect(await other.phone.chosen()).toEqual([other.phone.t.mhrm[0]]);
  other.arrives();
  await recorded(other.phone, other.phone.t.mhrm[0]);
  await other.context.close();
});
