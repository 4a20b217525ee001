// Two tabs with the same person do not fight.
import { Phone } from "../support/phone.mjs";
import { stored } from "../support/storage.mjs";
import { mine } from "../support/device.mjs";
import { expect, test } from "../support/world.mjs";

async function bothAnswered(world, person) {
  const held = await mine(world.server.url, person.secret);
  expect(held.responses.map((r) => r.edition.instrument).sort()).toEqual(["lsns-9", "mhrm-30"]);
  const detail = await world.leader.person(person.id);
  expect((detail.scores.responses ?? []).filter((r) => r.has_rival)).toEqual([]);
}

test("the second tab is told, and can take over where the first one stopped", async ({ world, phone, person, context }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 5 });
  await phone.seesQuestion(6, 30);

  const second = new Phone(await context.newPage());
  await second.open(person.link);
  await second.sees(second.t.elsewhere);
  await second.tap(second.t.tryAgain);
  await second.sees(second.t.elsewhere);

  // The first one goes on as if nothing had happened.
  await phone.answer(phone.t.mhrm, 30, { from: 6, to: 8 });
  await phone.hasWritten(8);
  await phone.page.close();

  await second.tap(second.t.tryAgain);
  await second.seesQuestion(9, 30);
  await second.answer(second.t.mhrm, 30, { from: 9 });
  await second.answer(second.t.lsns, 9);
  await second.finishes();
  await second.receipts();
  await bothAnswered(world, person);
  const [first] = (await mine(world.server.url, person.secret)).responses.filter((r) => r.edition.instrument === "mhrm-30");
  expect(Object.keys(first.answers).length, "no answer of either tab is lost").toBe(30);
});

test("both tabs get the network back at the same moment: sent once", async ({ world, phone, person, context, network }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.isInstalled();
  await context.setOffline(true);
  await phone.answerAll();
  const second = new Phone(await context.newPage());
  await second.open(person.link);
  await second.sees(second.t.end);
  await context.setOffline(false);
  await Promise.all([phone.receipts(), second.receipts()]);

  const taken = network.deliveries().flatMap((d) => d.results ?? []);
  const ids = taken.map((r) => r.id);
  expect(ids.length, "every entry went over the network once").toBe(new Set(ids).size);
  await bothAnswered(world, person);
});

test("an old browser without locks sends twice, and it counts once", async ({ world, phone, person, context, network }) => {
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined }));
  await phone.open(person.link);
  await phone.agree();
  await phone.isInstalled();
  await context.setOffline(true);
  await phone.answerAll();
  const second = new Phone(await context.newPage());
  await second.open(person.link);
  await second.sees(second.t.end);
  network.fault("/api/v1/journal", async (exchange) => {
    // Long enough for the other tab to begin as well.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await exchange.pass();
  });
  await context.setOffline(false);
  await Promise.all([phone.receipts(), second.receipts()]);
  const outcomes = network.deliveries().flatMap((d) => d.results ?? []);
  expect(outcomes.every((r) => ["stored", "repeated"].includes(r.outcome))).toBe(true);
  await bothAnswered(world, person);
});

test("forgotten in one tab: the other lets go, too, and brings nothing back", async ({ world, phone, person, context }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 3 });
  await phone.hasWritten(3);
  await expect.poll(async () => (await stored(phone.page)).queue).toBe(0);
  const second = new Phone(await context.newPage());
  await second.open(person.link);
  await second.sees(second.t.elsewhere);
  await second.menu(second.t.forget);
  await second.tap(second.t.forgetYes);
  await second.sees(second.t.code.title);
  await phone.sees(phone.t.code.title);
  expect(phone.page.url()).toBe(`${world.url}/`);
  expect(await stored(phone.page)).toMatchObject({ access: 0, bundles: 0, drafts: 0, queue: 0, sent: 0, copies: 0 });
});
