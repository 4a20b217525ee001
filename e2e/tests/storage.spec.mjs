// The phone's storage: full, closed under the app, cleared by the browser; and what somebody who finds the phone could read.
import { Phone } from "../support/phone.mjs";
import { mine } from "../support/device.mjs";
import { readable, stored, vanish } from "../support/storage.mjs";
import { expect, test } from "../support/world.mjs";

/**
 * The phone gets full: the browser's own quota. Chromium believes for half a minute what it last knew of the room, so it is asked in a
 * database beside the app's until it says no. Answers how to make room again.
 */
async function fill(phone) {
  const cdp = await phone.page.context().newCDPSession(phone.page);
  const { origin } = new URL(phone.page.url());
  await cdp.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  await expect.poll(() => phone.page.evaluate(probe), { timeout: 60_000, intervals: [1000] }).toBe("QuotaExceededError");
  return () => cdp.send("Storage.overrideQuotaForOrigin", { origin });
}

function probe() {
  return new Promise((resolve) => {
    const open = indexedDB.open("beside", 1);
    open.onupgradeneeded = () => open.result.createObjectStore("s");
    open.onerror = () => resolve(open.error.name);
    open.onsuccess = () => {
      const tx = open.result.transaction("s", "readwrite");
      tx.objectStore("s").put("x".repeat(1000), 1);
      tx.oncomplete = () => resolve("room");
      tx.onabort = () => resolve(tx.error.name);
    };
  });
}

/** A phone that is full whenever `globalThis.full` is true, as browsers tell it that know at once. */
async function mayBeFull(context) {
  await context.addInitScript(() => {
    for (const method of ["put", "add"]) {
      const original = IDBObjectStore.prototype[method];
      IDBObjectStore.prototype[method] = function (...parts) {
        if (globalThis.full) throw new DOMException("no room", "QuotaExceededError");
        return original.apply(this, parts);
      };
    }
  });
  return (page, full) => page.evaluate((value) => void (globalThis.full = value), full);
}

test("a full phone: told, the answer stays on the screen, and is written when there is room", async ({ phone, person }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.isInstalled();
  await phone.answer(phone.t.mhrm, 30, { to: 3 });
  await phone.seesQuestion(4, 30);
  await phone.hasWritten(3);

  const makeRoom = await fill(phone);
  await phone.choose(phone.t.mhrm[4]);
  await expect(phone.text(phone.t.quota)).toBeVisible();
  await phone.tap(phone.t.saveAgain);
  await expect(phone.text(phone.t.quota)).toBeVisible();
  await expect(phone.page.locator("html")).toHaveAttribute("data-answered", "3");

  await makeRoom();
  await phone.tap(phone.t.saveAgain);
  await phone.hasWritten(4);
  await expect(phone.text(phone.t.quota)).toHaveCount(0);
  await phone.open(person.link);
  await phone.tap(phone.t.back);
  await phone.seesQuestion(4, 30);
  expect(await phone.chosen()).toEqual([phone.t.mhrm[4]]);
});

test("a full phone while answers are given: nothing given meanwhile is lost", async ({ phone, person, context }) => {
  const full = await mayBeFull(context);
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 2 });
  await phone.seesQuestion(3, 30);
  await full(phone.page, true);
  await phone.answer(phone.t.mhrm, 30, { from: 3, to: 5 });
  await expect(phone.text(phone.t.quota)).toBeVisible();
  await expect(phone.page.locator("html")).toHaveAttribute("data-answered", "2");
  await full(phone.page, false);
  await phone.answer(phone.t.mhrm, 30, { from: 6, to: 6 });
  await phone.hasWritten(6);
  await expect(phone.text(phone.t.quota)).toHaveCount(0);
  await phone.open(person.link);
  await phone.seesQuestion(7, 30);
});

test("a full phone at the last step loses nothing and can finish later", async ({ phone, person, context }) => {
  const full = await mayBeFull(context);
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30);
  await phone.answer(phone.t.lsns, 9);
  await phone.sees(phone.t.alone.title);
  await phone.hasWritten(9);
  await full(phone.page, true);
  await phone.tap(phone.t.finishWithout);
  await expect(phone.text(phone.t.quota)).toBeVisible();
  await phone.sees(phone.t.alone.title);
  await full(phone.page, false);
  await phone.finishes();
  await phone.receipts();
});

test("a full phone at a consent keeps the question, and the yes counts once", async ({ world, phone, person, context }) => {
  const full = await mayBeFull(context);
  await phone.open(person.link);
  await phone.sees(phone.t.consent.evaluation.title);
  await full(phone.page, true);
  await phone.tap(phone.t.consent.evaluation.yes);
  await expect(phone.text(phone.t.quota)).toBeVisible();
  await phone.sees(phone.t.consent.evaluation.title);
  await full(phone.page, false);
  await phone.tap(phone.t.consent.evaluation.yes);
  await phone.sees(phone.t.consent.reminders.title);
  await expect(phone.text(phone.t.quota)).toHaveCount(0);
  await expect.poll(async () => (await mine(world.server.url, person.secret)).consents.length).toBe(1);
});

test("the browser closes the database under the app, as iPhones do: nobody notices", async ({ phone, person, context }) => {
  await context.addInitScript(() => {
    const open = IDBFactory.prototype.open;
    globalThis.databases = [];
    IDBFactory.prototype.open = function (...parts) {
      const request = open.apply(this, parts);
      request.addEventListener("success", () => globalThis.databases.push(request.result));
      return request;
    };
  });
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 3 });
  for (let n = 4; n <= 8; n++) {
    const closed = await phone.page.evaluate(() => globalThis.databases.splice(0).map((db) => db.close()).length);
    expect(closed).toBeGreaterThan(0);
    await phone.answer(phone.t.mhrm, 30, { from: n, to: n });
    await phone.hasWritten(n);
  }
  await phone.open(person.link);
  await phone.seesQuestion(9, 30);
});

test("a question that was looked at again: coming back leads to the one that was shown", async ({ phone, person }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 3 });
  await phone.seesQuestion(4, 30);
  for (const n of [3, 2]) {
    await phone.tap(phone.t.back);
    await phone.seesQuestion(n, 30);
  }
  await phone.tap(phone.t.next);
  await phone.seesQuestion(3, 30);
  await phone.page.waitForTimeout(300);
  await phone.open(person.link);
  await phone.seesQuestion(3, 30);
});

test("the browser has cleared everything: told, and the person can begin again", async ({ world, phone, person }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 3 });
  await phone.hasWritten(3);
  await phone.page.goto(`${world.url}/manifest.webmanifest`);
  await vanish(phone.page);
  await phone.open(person.link);
  await expect(phone.text(phone.t.vanished)).toBeVisible();
  await phone.seesQuestion(1, 30);
  await phone.tap("Luk");
  await expect(phone.text(phone.t.vanished)).toHaveCount(0);
});

/** From the sixth question to the end, and on the server: everything, once. */
async function goesOnAndArrivesOnce(world, phone, person) {
  await phone.answer(phone.t.mhrm, 30, { from: 6 });
  await phone.answer(phone.t.lsns, 9);
  await phone.finishes();
  await phone.receipts();
  const held = await mine(world.server.url, person.secret);
  expect(held.responses.map((r) => r.edition.instrument).sort()).toEqual(["lsns-9", "mhrm-30"]);
  const answers = held.responses.map((r) => r.answers).find((a) => "mhrm30" in a);
  expect(answers, "also what was answered before").toMatchObject({ mhrm01: 0, mhrm02: 1, mhrm03: 2, mhrm30: 4 });
  expect((await world.leader.quarantine()).entries.filter((e) => e.person === person.id)).toEqual([]);
}

test("the browser clears everything while a questionnaire is open: told, and nothing on the screen is lost", async ({ world, phone, person, context }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 3 });
  await phone.hasWritten(3);
  const other = await context.newPage();
  await other.goto(`${world.url}/manifest.webmanifest`);
  await vanish(other);
  await other.close();
  await phone.answer(phone.t.mhrm, 30, { from: 4, to: 5 });
  await expect(phone.text(phone.t.vanished)).toBeVisible();
  await phone.hasWritten(5);
  await phone.tap("Luk");
  await expect(phone.text(phone.t.vanished)).toHaveCount(0);
  await phone.open(person.link);
  await phone.seesQuestion(6, 30);
  await expect(phone.text(phone.t.vanished)).toHaveCount(0);
  await goesOnAndArrivesOnce(world, phone, person);
});

test("cleared while answers wait: they are sent as they were", async ({ world, phone, person, context, network }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 29 });
  const other = await context.newPage();
  await other.goto(`${world.url}/manifest.webmanifest`);
  await network.refuse();
  await phone.answer(phone.t.mhrm, 30, { from: 30 });
  await phone.answer(phone.t.lsns, 9, { to: 2 });
  await expect.poll(async () => (await stored(phone.page)).queue).toBe(1);
  await vanish(other);
  await other.close();
  await phone.answer(phone.t.lsns, 9, { from: 3 });
  await phone.finishes();
  await expect(phone.text(phone.t.vanished)).toBeVisible();
  await network.listen();
  await phone.receipts();
  const held = await mine(world.server.url, person.secret);
  expect(held.responses.map((r) => r.edition.instrument).sort()).toEqual(["lsns-9", "mhrm-30"]);
});

test("cleared, and another tab is there first with a new key: the open questionnaire goes on under that one", async ({ world, phone, person, context }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 3 });
  await phone.hasWritten(3);
  const other = await context.newPage();
  await other.goto(`${world.url}/manifest.webmanifest`);
  await vanish(other);
  await other.goto(person.link);
  await new Phone(other).sees(phone.t.elsewhere);
  await phone.answer(phone.t.mhrm, 30, { from: 4, to: 5 });
  await phone.hasWritten(5);
  await expect(phone.text(phone.t.vanished)).toBeVisible();
  await other.close();
  await phone.open(person.link);
  await phone.seesQuestion(6, 30);
  await goesOnAndArrivesOnce(world, phone, person);
});

test("nothing readable lies on the phone", async ({ phone, person, context }) => {
  await phone.open(person.link);
  await phone.isInstalled();
  await context.setOffline(true);
  await phone.agree({ email: "anne@eksempel.dk" });
  await phone.answer(phone.t.mhrm, 30);
  await phone.answer(phone.t.lsns, 9, { to: 2 });
  await phone.hasWritten(2);
  const counts = await stored(phone.page);
  expect(counts.queue, "the finished questionnaire and what was said before it wait").toBeGreaterThan(5);
  expect(counts).toMatchObject({ drafts: 1, keys: 1 });
  const texts = await readable(phone.page);
  const all = texts.join("\n");
  for (const word of ["mhrm", "lsns", "anne", "eksempel", "consent", "answers", person.secret, "demo-1"]) {
    expect(all.toLowerCase(), word).not.toContain(word.toLowerCase());
  }
  expect(texts.filter((t) => t.startsWith("keys"))).toEqual([expect.stringMatching(/^keys: [0-9a-f-]{36}$/)]);
  const outside = await phone.page.evaluate(
    async () => JSON.stringify({ ...localStorage, ...sessionStorage }) + (await caches.keys()).join() + location.href + JSON.stringify(history.state),
  );
  expect(outside).not.toContain(person.secret);
});

test("forgotten on this phone: nothing is left, and the link leads back", async ({ world, phone, person }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 2 });
  await expect.poll(async () => (await stored(phone.page)).queue).toBe(0);
  await phone.menu(phone.t.forget);
  await phone.sees(phone.t.forgetTitle);
  await phone.tap(phone.t.forgetYes);
  await phone.sees(phone.t.code.title);
  expect(phone.page.url()).toBe(`${world.url}/`);
  expect(await stored(phone.page)).toMatchObject({ access: 0, bundles: 0, drafts: 0, queue: 0, sent: 0, copies: 0 });
  await phone.open(person.link);
  await phone.seesQuestion(1, 30);
});
