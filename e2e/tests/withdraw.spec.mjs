// "Mine": what I answered, what I said yes and no to, and the three ways to withdraw.
import fs from "node:fs";

import { PHONE } from "../support/browser.mjs";
import { Phone } from "../support/phone.mjs";
import { mine } from "../support/device.mjs";
import { ask } from "../support/staff.mjs";
import { stored } from "../support/storage.mjs";
import { expect, scored, test } from "../support/world.mjs";

async function allDone(phone, person) {
  await phone.open(person.link);
  await phone.agree({ email: "anne@eksempel.dk" });
  await phone.answerAll();
  await phone.receipts();
}

async function withdraw(phone, scope) {
  await phone.menu(phone.t.mine);
  await phone.tap(phone.t.withdraw);
  await phone.sees(phone.t.withdraw);
  await phone.tap(scope.name);
  await phone.sees(scope.title);
  await phone.tap(scope.yes);
}

test("a changed mind about one purpose, with its history", async ({ world, phone, person }) => {
  await allDone(phone, person);
  expect((await scored(world, person, 2)).scores.visibility).toBe("shown");

  await phone.menu(phone.t.mine);
  await phone.tap(phone.t.choices);
  const card = (name) => phone.page.locator("section", { has: phone.page.getByRole("heading", { name, exact: true }) });
  const leader = card("At din projektleder må se dine svar");
  await expect(leader.getByRole("status")).toContainText("Nu: Ja");
  await leader.getByRole("button", { name: "Sig nej" }).tap();
  await expect(leader.getByRole("status")).toContainText("Nu: Nej");
  await expect.poll(async () => (await world.leader.person(person.id)).scores.visibility).toBe("not_consented");
  const about = async () => (await mine(world.server.url, person.secret)).consents.filter((c) => c.purpose === "leader_sees_answers");
  expect((await about()).length).toBe(2);

  await leader.getByRole("button", { name: "Sig ja" }).tap();
  await expect(leader.getByRole("status")).toContainText("Nu: Ja");
  await expect.poll(async () => (await world.leader.person(person.id)).scores.visibility).toBe("shown");
  expect((await about()).length).toBe(3);
  await expect(phone.text(/At din projektleder må se dine svar · (Ja|Nej)/)).toHaveCount(3);

  const reminders = card("Påmindelser på e-mail");
  await reminders.getByRole("button", { name: "Sig nej" }).tap();
  await expect(reminders.getByRole("status")).toContainText("Nu: Nej");
  await expect.poll(async () => (await mine(world.server.url, person.secret)).email, "the address was for reminders only").toBe(null);
});

test("stop asking: no more questions, the answers still count, and it can be undone", async ({ world, phone, person }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30);
  await phone.seesQuestion(1, 9);
  await withdraw(phone, phone.t.stopAsking);
  await phone.sees(phone.t.withdrawn);
  await expect(phone.text(phone.t.stopAsking.done)).toBeVisible();
  await expect.poll(async () => (await mine(world.server.url, person.secret)).standing.withdrawn).toBe("stop_asking");
  await expect.poll(async () => (await mine(world.server.url, person.secret)).responses.length).toBe(1);
  await phone.open(person.link);
  await phone.sees(phone.t.withdrawn);

  await phone.tap(phone.t.takePartAgain);
  await phone.tap(phone.t.consent.evaluation.yes);
  await phone.answer(phone.t.lsns, 9);
  await phone.finishes();
  await expect.poll(async () => (await mine(world.server.url, person.secret)).responses.length).toBe(2);
  expect((await mine(world.server.url, person.secret)).standing.withdrawn).toBe(null);
});

test("stop using: the answers are locked for everybody", async ({ world, phone, person }) => {
  await allDone(phone, person);
  await scored(world, person, 2);
  await withdraw(phone, phone.t.stopUsing);
  await phone.sees(phone.t.withdrawn);
  await expect(phone.text(phone.t.stopUsing.done)).toBeVisible();
  await expect.poll(async () => (await mine(world.server.url, person.secret)).standing.withdrawn).toBe("stop_using");
  const detail = await world.leader.person(person.id);
  expect(detail.scores.responses ?? [], "a leader no longer sees them").toEqual([]);
  const states = Object.fromEntries(detail.occasions.map((o) => [o.kind, o.state]));
  expect(states, "what was made stays made; nothing more is asked").toEqual({ intake: "completed", exit: "withdrawn" });
});

test("erase: gone on the server, forgotten here, and an old second phone is told and forgets, too", async ({ world, phone, person, browser, network }) => {
  test.setTimeout(180_000);
  // The phone of its own comes first: only a phone that is known erases at once.
  await phone.open(person.link);
  await phone.agree();
  const ways = () => world.leader.get(`/api/v1/staff/persons/${person.id}/ways`);
  await expect.poll(async () => (await ways()).devices.filter((d) => d.known).length).toBe(1);
  // An old phone with a finished questionnaire that was never sent.
  const old = await browser.newContext(PHONE);
  const second = new Phone(await old.newPage());
  await second.open(person.link);
  await second.isInstalled();
  await expect.poll(async () => (await stored(second.page)).queue).toBe(0);
  await old.setOffline(true);
  await second.answer(second.t.mhrm, 30);
  await second.answer(second.t.lsns, 9, { to: 3 });
  await second.hasWritten(3);
  expect((await stored(second.page)).queue).toBe(1);

  await phone.open(person.link);
  await phone.answerAll();
  const receipts = await phone.receipts();
  await withdraw(phone, phone.t.erase);
  await expect(phone.text(phone.t.erase.done).first()).toBeVisible();

  const asked = () => ask(`${world.server.url}/api/v1/occasion`, { secret: person.secret }).then(() => null, (e) => e.code);
  await expect.poll(asked).toBe("person.erased");
  await expect.poll(async () => (await stored(phone.page)).copies).toBe(0);
  expect(await stored(phone.page)).toMatchObject({ bundles: 0, drafts: 0, queue: 0, sent: 0, copies: 0 });
  for (const code of receipts) expect((await world.leader.receipt(code)).outcome).toBe("gone");
  // What is left of them is a line that says so, and nothing about anybody.
  const left = await world.leader.person(person.id);
  expect(left).toMatchObject({ name: null, email: null, respondent_type: null, start: null, scores: { visibility: "not_consented" } });
  expect(left.code).not.toBe(person.code);
  expect(left.occasion_details.flatMap((o) => o.instruments).filter((i) => i.answered)).toEqual([]);

  // The old phone comes out of its drawer.
  network.seen = [];
  await old.setOffline(false);
  // Nobody goes on answering questions of which nothing will be kept: the questionnaire closes by itself.
  await second.sees(second.t.erasedTitle);
  await expect.poll(() => stored(second.page)).toMatchObject({ bundles: 0, drafts: 0, queue: 0, sent: 0, copies: 0 });
  await second.open(person.link);
  await second.sees(second.t.erasedTitle);
  expect(await asked(), "nothing comes back").toBe("person.erased");
  await old.close();
});

test("take my data: a file that holds what was said and answered", async ({ world, phone, person }) => {
  await allDone(phone, person);
  await scored(world, person, 2);
  await phone.menu(phone.t.mine);
  await expect(phone.text(`Din kode i projektet: ${person.code}`)).toBeVisible();
  await phone.tap(phone.t.take);
  const [download] = await Promise.all([phone.page.waitForEvent("download"), phone.tap(phone.t.takeFile)]);
  expect(download.suggestedFilename()).toBe("bedring.json");
  const file = JSON.parse(fs.readFileSync(await download.path(), "utf8"));
  expect(file.format).toBe("bedring-mine-1");
  const here = file.on_this_phone.map((c) => c.entry.kind);
  expect(here.filter((k) => k === "response_submitted").length).toBe(2);
  expect(here).toContain("consent_given");
  const there = file.on_the_server;
  expect(there.responses.map((r) => r.answers).find((a) => "mhrm30" in a)).toMatchObject({ mhrm01: 0, mhrm02: 1, mhrm30: 4 });
  expect(there.responses.map((r) => r.answers).find((a) => "lsns9" in a)).toMatchObject({ lsns6: 5, lsns9: 2 });
  expect(there).toMatchObject({ code: person.code, email: "anne@eksempel.dk", respondent_type: "participant" });

  await phone.tap(phone.t.back);
  await phone.tap(phone.t.answers);
  await phone.sees(phone.t.answers);
  await expect(phone.page.getByRole("listitem")).toHaveCount(39);
  const last = phone.page.getByRole("listitem").filter({ hasText: "ville træde til, hvis du bad om det" });
  await expect(last).toContainText("To");
});

test("what waits can be taken to a member of staff as a locked file, and comes in from there", async ({ world, phone, person, context }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.isInstalled();
  await context.setOffline(true);
  await phone.answerAll();
  await phone.menu(phone.t.mine);
  await expect(phone.text(/Uden net viser siden det, der ligger på telefonen/)).toBeVisible();
  await phone.tap(phone.t.take);
  const [download] = await Promise.all([phone.page.waitForEvent("download"), phone.tap("Gem en redningsfil")]);
  const text = fs.readFileSync(await download.path(), "utf8");
  expect(JSON.parse(text)).toBeTruthy();
  for (const word of ["mhrm01", "response_submitted", person.secret]) expect(text).not.toContain(word);

  const path = await download.path();
  const said = await world.server.command("journal", "import", path);
  expect(JSON.parse(text).entries.length).toBe(3);
  expect(said.split("\n")[0], "whose it is and of which kinds").toBe(`${person.code}: 1 respondent_type_stated, 2 response_submitted`);
  expect(said).toMatch(/stored +\d+/);
  expect(said).not.toMatch(/quarantined|conflict|not_stored/);
  const detail = await scored(world, person, 2);
  expect(detail.scores.visibility).toBe("shown");
  expect(await world.server.command("journal", "import", path)).not.toMatch(/stored/);

  // The phone knows nothing of this and sends when it can: the same, once.
  await context.setOffline(false);
  await expect.poll(async () => (await stored(phone.page)).queue, { timeout: 30_000 }).toBe(0);
  expect((await mine(world.server.url, person.secret)).responses.length).toBe(2);
});

test("sent once more by a button: the same receipts, and nothing twice", async ({ world, phone, person, network }) => {
  await allDone(phone, person);
  const before = await mine(world.server.url, person.secret);
  network.seen = [];
  await phone.menu(phone.t.mine);
  await phone.tap(phone.t.take);
  await phone.tap("Send mine svar igen");
  await expect(phone.text("Dine svar bliver sendt igen.")).toBeVisible();
  await expect.poll(() => network.deliveries().flatMap((d) => d.results ?? []).length).toBeGreaterThan(2);
  const outcomes = network.deliveries().flatMap((d) => d.results ?? []).map((r) => r.outcome);
  expect(new Set(outcomes)).toEqual(new Set(["repeated"]));
  const after = await mine(world.server.url, person.secret);
  expect(after.responses.map((r) => r.receipt)).toEqual(before.responses.map((r) => r.receipt));
});
