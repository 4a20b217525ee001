// What networks and servers do to a finished answer. Whatever it is, the answer arrives once, and the screen says what is true.
import { mine } from "../support/device.mjs";
import { ask } from "../support/staff.mjs";
import { anotherLink, expect, test } from "../support/world.mjs";
import { faults } from "../support/proxy.mjs";
import { stored } from "../support/storage.mjs";

const JOURNAL = "/api/v1/journal";
const API = "/api/";

/** Up to the last question of the first questionnaire. */
async function almostFinished(phone, person) {
  await phone.open(person.link);
  await phone.agree();
  await phone.isInstalled();
  await phone.answer(phone.t.mhrm, 30, { to: 29 });
  await phone.seesQuestion(30, 30);
}

/** Finishes both questionnaires. */
async function finish(phone) {
  await phone.answer(phone.t.mhrm, 30, { from: 30 });
  await phone.answer(phone.t.lsns, 9);
  await phone.finishes();
}

/** On the server: both responses, each once, nothing apart. */
async function arrivedOnce(world, person) {
  const held = await mine(world.server.url, person.secret);
  expect(held.responses.map((r) => r.edition.instrument).sort()).toEqual(["lsns-9", "mhrm-30"]);
  expect((await world.leader.quarantine()).entries.filter((e) => e.person === person.id)).toEqual([]);
  return held;
}

test("the server is down while sending", async ({ world, phone, person }) => {
  await almostFinished(phone, person);
  await world.server.kill();
  await finish(phone);
  await expect(phone.page.getByText(phone.t.savedHere, { exact: true })).toHaveCount(2);
  await expect(phone.text(phone.t.waiting)).toBeVisible();
  await world.server.start();
  await phone.receipts();
  await arrivedOnce(world, person);
});

test("nobody answers at all, and nobody has to press anything when the network is back", async ({ world, phone, person, network }) => {
  await almostFinished(phone, person);
  await network.refuse();
  await finish(phone);
  await expect(phone.text(phone.t.syncOffline)).toBeVisible();
  await network.listen();
  await phone.receipts();
  await arrivedOnce(world, person);
});

test("the answer breaks in the middle: sent again, and not twice", async ({ world, phone, person, network }) => {
  await almostFinished(phone, person);
  const cut = network.fault(JOURNAL, faults.cut, 2);
  await finish(phone);
  await phone.receipts();
  expect(cut.used).toBe(2);
  const outcomes = network.deliveries().flatMap((d) => d.results ?? []);
  expect(outcomes.some((r) => r.outcome === "repeated"), "what the server had already was told so").toBe(true);
  expect(outcomes.filter((r) => r.outcome === "conflict")).toEqual([]);
  await arrivedOnce(world, person);
});

test("the request arrives and the connection dies before any answer", async ({ world, phone, person, network }) => {
  await almostFinished(phone, person);
  const swallowed = network.fault(JOURNAL, faults.swallow, 2);
  await finish(phone);
  const receipts = await phone.receipts();
  expect(swallowed.used).toBe(2);
  const held = await arrivedOnce(world, person);
  expect(held.responses.map((r) => r.receipt).sort()).toEqual([...receipts].sort());
});

test("a captive portal says 200 to everything: nothing leaves the phone, and the screen says why", async ({ world, phone, person, network }) => {
  await almostFinished(phone, person);
  const portal = network.fault(() => true, faults.portal);
  await finish(phone);
  await expect(phone.text(phone.t.syncNotOurs)).toBeVisible();
  await expect.poll(() => portal.used).toBeGreaterThan(1);
  await expect(phone.page.getByText(phone.t.savedHere, { exact: true })).toHaveCount(2);
  await expect(phone.page.getByText(/^KVIT-/)).toHaveCount(0);

  // Also after the page is opened anew in that network: app and answers are the phone's own.
  await phone.open(person.link);
  await phone.sees(phone.t.end);
  await expect(phone.page.getByText(phone.t.savedHere, { exact: true })).toHaveCount(2);
  await expect(phone.text(phone.t.syncNotOurs)).toBeVisible();

  network.heal();
  await phone.tap(phone.t.sendNow);
  await phone.receipts();
  await arrivedOnce(world, person);
});

test("a captive portal before the first load: told, and the same page goes on afterwards", async ({ phone, person, network }) => {
  network.fault(API, faults.portal);
  await phone.open(person.link);
  await phone.sees(phone.t.notOurs);
  network.heal();
  await phone.tap(phone.t.tryAgain);
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
});

test("no network at the first load: told, and the same page goes on afterwards", async ({ phone, person, network }) => {
  network.fault(API, faults.drop);
  await phone.open(person.link);
  await phone.sees(phone.t.offline);
  network.heal();
  await phone.tap(phone.t.tryAgain);
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
});

test("503 with Retry-After is obeyed", async ({ world, phone, person, network }) => {
  await almostFinished(phone, person);
  const busy = network.fault(JOURNAL, faults.busy(6), 1);
  const sentAt = [];
  network.fault(JOURNAL, async (exchange) => {
    sentAt.push(Date.now());
    await exchange.pass();
  });
  await phone.answer(phone.t.mhrm, 30, { from: 30 });
  await expect.poll(() => busy.used).toBe(1);
  const refusedAt = Date.now();
  await phone.seesQuestion(1, 9);
  await expect(phone.text(phone.t.syncBusy)).toBeVisible();
  await phone.tap(phone.t.sendNow);
  await expect.poll(() => sentAt.length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(sentAt[0] - refusedAt, "not even a press of the button shortens what the server asked for").toBeGreaterThan(5_000);
  await phone.answer(phone.t.lsns, 9);
  await phone.finishes();
  await phone.receipts();
  await arrivedOnce(world, person);
});

/** From now on nobody takes deliveries of more than so many bytes. */
function takesAtMost(network, bytes) {
  const fits = (request) => request.url.startsWith(JOURNAL) && Number(request.headers["content-length"]) > bytes;
  return network.fault(fits, faults.tooLarge);
}

test("somebody on the way takes only little at once: sent in smaller pieces, and nobody is blamed", async ({ world, phone, person, network }) => {
  const waits = network.fault(JOURNAL, faults.drop);
  await almostFinished(phone, person);
  await finish(phone);
  const waiting = (await stored(phone.page)).queue;
  expect(waiting).toBeGreaterThan(6);
  const whole = () => network.deliveries().find((d) => d.entries.length === waiting);
  await phone.tap(phone.t.sendNow);
  await expect.poll(whole).toBeTruthy();
  // Everything together is one byte too much.
  const refused = takesAtMost(network, whole().bytes - 1);
  network.seen = [];
  waits.left = 0;
  await phone.tap(phone.t.sendNow);
  await phone.receipts();
  await expect(phone.text(phone.t.syncNotOurs)).toHaveCount(0);
  expect(refused.used).toBeGreaterThan(0);
  const tried = network.deliveries().map((d) => d.entries.length);
  expect(tried[0], "everything at first").toBe(waiting);
  expect(Math.max(...tried.slice(1)), "and less after that").toBeLessThan(waiting);
  await expect.poll(async () => (await stored(phone.page)).queue).toBe(0);
  await arrivedOnce(world, person);
});

test("what is too large even alone stays, the others arrive, and the screen says what is true", async ({ world, phone, person, network }) => {
  await almostFinished(phone, person);
  await expect.poll(async () => (await stored(phone.page)).queue).toBe(0);
  takesAtMost(network, 1000);
  await finish(phone);
  await expect(phone.text(phone.t.syncTooLarge)).toBeVisible();
  await expect(phone.text(phone.t.syncNotOurs)).toHaveCount(0);
  await expect(phone.page.getByText(phone.t.savedHere, { exact: true })).toHaveCount(2);
  network.heal();
  await phone.receipts();
  await arrivedOnce(world, person);
});

test("a slow network delivers once", async ({ world, phone, person, network }) => {
  await almostFinished(phone, person);
  network.fault(JOURNAL, faults.delay(3000));
  await finish(phone);
  await phone.receipts();
  await arrivedOnce(world, person);
});

test("a link that the server no longer knows keeps what waits, and a new link sends it", async ({ world, phone, person, network }) => {
  await almostFinished(phone, person);
  const unknown = { type: "/problems/auth.secret_unknown", code: "auth.secret_unknown", title: "This link is not known", status: 401 };
  const refused = network.fault(API, (x) => x.send(401, { "content-type": "application/problem+json" }, JSON.stringify(unknown)));
  await finish(phone);
  await expect(phone.text(phone.t.syncLink)).toBeVisible();
  await expect(phone.page.getByText(phone.t.savedHere, { exact: true })).toHaveCount(2);
  const tries = refused.used;
  await phone.page.waitForTimeout(4000);
  expect(refused.used, "a refused link is not tried again and again").toBeLessThanOrEqual(tries + 1);

  network.heal();
  const again = await anotherLink(world, person);
  await phone.open(again.link);
  await phone.receipts();
  await arrivedOnce(world, person);
});

test("an unknown link says so, and opens nothing", async ({ world, phone }) => {
  const stranger = "x".repeat(22);
  await expect(ask(`${world.server.url}/api/v1/occasion`, { secret: stranger })).rejects.toMatchObject({ status: 401, code: "auth.secret_unknown" });
  await phone.open(`${world.url}/s#${stranger}`);
  await phone.sees(phone.t.link);
});
