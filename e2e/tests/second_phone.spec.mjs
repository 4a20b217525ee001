// A link is not a person: what a second phone, somebody else's phone and a link made by staff can do, and what only a phone that is known can.
import { PHONE } from "../support/browser.mjs";
import { Device, mine } from "../support/device.mjs";
import { answered } from "../support/journal.mjs";
import { Phone } from "../support/phone.mjs";
import { bundle } from "../support/staff.mjs";
import { expect, test } from "../support/world.mjs";

const PIN = "281946";

/** A person whose first phone has answered everything. */
async function hasAnswered(phone, person) {
  await phone.open(person.link);
  await phone.agree();
  await phone.answerAll();
  await phone.receipts();
}

/** Another phone, with nothing on it. */
async function another(browser) {
  const context = await browser.newContext(PHONE);
  return new Phone(await context.newPage());
}

async function toMine(phone) {
  // The menu leads everywhere but to where one is.
  const here = phone.page.getByRole("heading", { name: phone.t.mine, level: 1, exact: true });
  if (!(await here.count())) await phone.menu(phone.t.mine);
  await phone.sees(phone.t.mine);
}

/** "What I answered" shows both questionnaires in words, or nothing of them. */
async function readsAnswers(phone, reads) {
  await toMine(phone);
  await phone.tap(phone.t.answers);
  await phone.sees(phone.t.answers);
  const papers = phone.page.locator("main section.card", { has: phone.page.locator(".row-value") });
  await expect(papers).toHaveCount(reads ? 2 : 0);
}

async function choosesPin(phone) {
  await toMine(phone);
  await phone.tap(phone.t.devices.title);
  await phone.tap(phone.t.devices.pinChoose);
  await phone.page.getByLabel(phone.t.devices.pin).fill(PIN);
  await phone.tap(phone.t.devices.pinSave);
  await expect(phone.text(phone.t.devices.pinSaved)).toBeVisible();
}

test("with a PIN: the second phone reads back what the first answered, and the first is told", async ({ world, phone, person, browser }) => {
  test.setTimeout(240_000);
  await hasAnswered(phone, person);
  await toMine(phone);
  await phone.tap(phone.t.devices.title);
  await phone.tap(phone.t.devices.pinChoose);
  for (const weak of ["12345", "123456", "000000", "abcdef"]) {
    await phone.page.getByLabel(phone.t.devices.pin).fill(weak);
    await phone.tap(phone.t.devices.pinSave);
    await expect(phone.text(phone.t.devices.pinWeak), weak).toBeVisible();
  }
  await phone.page.goto(`${world.url}/s`);
  await choosesPin(phone);

  const second = await another(browser);
  await second.open(person.link);
  await toMine(second);
  await expect(second.text(second.t.devices.locked)).toBeVisible();
  await expect(second.button(second.t.devices.title)).toHaveCount(0);
  await second.tap(second.t.devices.unlock);
  await second.page.getByLabel(second.t.devices.pin).fill("281947");
  await second.tap(second.t.devices.unlock);
  await expect(second.text(second.t.devices.pinWrong)).toBeVisible();
  // As people write it.
  await second.page.getByLabel(second.t.devices.pin).fill("281 946");
  await second.tap(second.t.devices.unlock);
  await second.sees(second.t.mine);
  await expect(second.text(second.t.devices.locked)).toHaveCount(0);
  await readsAnswers(second, true);

  // The first sees the second, and closes it.
  await phone.open(`${world.url}/s`);
  await toMine(phone);
  await phone.tap(phone.t.choices);
  await expect(phone.text(/En af dine telefoner blev låst op/).first()).toBeVisible();
  await toMine(phone);
  await phone.tap(phone.t.devices.title);
  const devices = phone.page.locator("section", { has: phone.page.getByRole("heading", { name: phone.t.devices.devices }) });
  await expect(devices.getByText(phone.t.devices.reads)).toHaveCount(2);
  await devices.getByRole("button", { name: phone.t.devices.end }).tap();
  await expect(devices.getByText(phone.t.devices.reads)).toHaveCount(1);
  await second.open(`${world.url}/s`);
  await toMine(second);
  await expect(second.text(second.t.devices.locked)).toBeVisible();
  await second.page.context().close();
});

test("five wrong PINs close that way until a known phone was there, and nobody else is shut out", async ({ world, phone, person, browser }) => {
  test.setTimeout(240_000);
  await hasAnswered(phone, person);
  await choosesPin(phone);
  const thief = await another(browser);
  await thief.open(person.link);
  await toMine(thief);
  await thief.tap(thief.t.devices.unlock);
  const tries = async (pin, says) => {
    await thief.page.getByLabel(thief.t.devices.pin).fill(pin);
    await thief.tap(thief.t.devices.unlock);
    await expect(thief.text(says)).toBeVisible();
  };
  for (let n = 0; n < 5; n++) await tries(`91827${n}`, n < 4 ? thief.t.devices.pinWrong : thief.t.devices.pinBlocked);
  await tries(PIN, thief.t.devices.pinBlocked);
  await readsAnswers(phone, true);
  await thief.page.getByLabel(thief.t.devices.pin).fill(PIN);
  await thief.tap(thief.t.devices.unlock);
  await thief.sees(thief.t.mine);
  await thief.page.context().close();
});

test("with the first phone's code: the next phone is known by it, and no third one", async ({ phone, person, browser }) => {
  test.setTimeout(240_000);
  await hasAnswered(phone, person);
  await toMine(phone);
  await phone.tap(phone.t.devices.title);
  await phone.tap(phone.t.devices.another);
  await expect(phone.page.getByRole("img", { name: phone.t.devices.qr })).toBeVisible();
  const link = (await phone.page.locator(".address").innerText()).trim();
  expect(link).toMatch(/\/s#[\w-]{22}$/);
  const second = await another(browser);
  await second.open(link);
  await readsAnswers(second, true);
  const third = await another(browser);
  await third.open(link);
  await readsAnswers(third, false);
  await second.page.context().close();
  await third.page.context().close();
});

test("with neither: the phone answers and chooses, and reads nothing of before; what is said here stays readable here", async ({ world, phone, person, browser }) => {
  test.setTimeout(240_000);
  await answered(world, person);
  const second = await another(browser);
  await second.open(person.link);
  await readsAnswers(second, false);
  await expect(second.text(second.t.devices.locked)).toBeVisible();
  await second.tap(second.t.devices.unlock);
  await expect(second.page.getByLabel(second.t.devices.pin)).toHaveCount(0);
  await expect(second.text(/En hjælper kan give dig et nyt link, men ikke låse op/)).toBeVisible();
  await second.open(`${world.url}/s`);
  await second.answer(second.t.lsns, 9);
  await second.finishes();
  await second.receipts(1);
  await toMine(second);
  await second.tap(second.t.answers);
  await expect(second.page.locator("main section.card .row-value")).toHaveCount(9);
  expect((await mine(world.server.url, person.secret)).responses.length).toBe(2);
  await second.page.context().close();
});

test("a link that staff make after the first answers reads nothing, and what it sends arrives", async ({ world, phone, person }) => {
  test.setTimeout(180_000);
  await hasAnswered(phone, person);
  const { link } = await world.leader.invite(person.id);
  const secret = new URL(link).hash.slice(1);
  const theirs = await new Device(world.server.url, secret).register();
  expect(theirs.known).toBe(false);
  await expect(theirs.mine()).rejects.toMatchObject({ status: 403, code: "device.unknown" });
  await expect(new Device(world.server.url, secret).mine()).rejects.toMatchObject({ status: 403, code: "device.unknown" });
  await expect(theirs.ask("ways")).rejects.toMatchObject({ status: 403, code: "device.unknown" });
  expect(JSON.stringify(await bundle(world.server.url, secret))).not.toContain('"mhrm01":');
  // The invitation ended the link before; the phone that came in by that one goes on.
  await expect(bundle(world.server.url, person.secret)).rejects.toMatchObject({ status: 401, code: "auth.secret_ended" });
  await phone.open(`${world.url}/s`);
  await readsAnswers(phone, true);
});

test("an erasure from a phone that is not known waits seven days, and the first phone takes it back", async ({ world, phone, person, browser }) => {
  test.setTimeout(240_000);
  await hasAnswered(phone, person);
  const stranger = await another(browser);
  await stranger.open(person.link);
  await toMine(stranger);
  await stranger.tap(stranger.t.withdraw);
  await stranger.tap(stranger.t.erase.name);
  await stranger.sees(stranger.t.erase.title);
  await expect(stranger.text(/Derfor venter vi syv dage/)).toBeVisible();
  await stranger.tap(stranger.t.erase.yes);
  await stranger.sees(stranger.t.withdrawn);
  await expect.poll(async () => (await bundle(world.server.url, person.secret)).erasing?.on).toBe(world.server.day(7));
  expect((await mine(world.server.url, person.secret)).responses.length).toBe(2);
  await expect(stranger.button(stranger.t.devices.takeBack)).toHaveCount(0);

  await phone.open(`${world.url}/s`);
  await expect(phone.text(/Alt om dig bliver slettet/)).toBeVisible();
  await phone.tap(phone.t.devices.takeBack);
  await expect(phone.button(phone.t.devices.takeBack)).toHaveCount(0);
  expect((await bundle(world.server.url, person.secret)).erasing ?? null).toBe(null);
  await readsAnswers(phone, true);
  await stranger.page.context().close();
});

test("an erasure from the phone that is known is carried out at once", async ({ world, phone, person }) => {
  test.setTimeout(180_000);
  await hasAnswered(phone, person);
  await toMine(phone);
  await phone.tap(phone.t.withdraw);
  await phone.tap(phone.t.erase.name);
  await phone.sees(phone.t.erase.title);
  await expect(phone.text(/venter vi syv dage/)).toHaveCount(0);
  await phone.tap(phone.t.erase.yes);
  await expect.poll(async () => (await bundle(world.server.url, person.secret).catch((e) => e)).code).toBe("person.erased");
});

test("links are closed on the phone that is known, and the one in use stays", async ({ world, phone, person }) => {
  await phone.open(person.link);
  await phone.agree();
  await expect.poll(async () => (await bundle(world.server.url, person.secret)).standing.ever_given).toBe(true);
  const other = new URL((await world.leader.invite(person.id, "?keep_earlier=true")).link).hash.slice(1);
  await toMine(phone);
  await phone.tap(phone.t.devices.title);
  const ways = phone.page.locator("section", { has: phone.page.getByRole("heading", { name: phone.t.devices.ways }) });
  await expect(ways.getByRole("button", { name: phone.t.devices.end, exact: true }).first()).toBeVisible();
  while (await ways.getByRole("button", { name: phone.t.devices.end, exact: true }).count()) {
    const before = await ways.getByRole("button", { name: phone.t.devices.end, exact: true }).count();
    await ways.getByRole("button", { name: phone.t.devices.end, exact: true }).first().tap();
    await expect(ways.getByRole("button", { name: phone.t.devices.end, exact: true })).toHaveCount(before - 1);
  }
  await expect(bundle(world.server.url, other)).rejects.toMatchObject({ status: 401, code: "auth.secret_ended" });
  expect((await bundle(world.server.url, person.secret)).person).toBeTruthy();
});
