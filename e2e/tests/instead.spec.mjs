// Somebody whom the person knows is reminded instead: named alone on the phone, also without a network, and taken back.
import fs from "node:fs";

import { daysAgo } from "../support/desk.mjs";
import { mine } from "../support/device.mjs";
import { stored } from "../support/storage.mjs";
import { expect, invite, test } from "../support/world.mjs";

test("named without a network, on the server once there is one, and taken back", async ({ world, phone, context }) => {
  const person = await invite(world, { start: daysAgo(1) });
  const { instead } = phone.t;
  const { page } = phone;
  await phone.open(person.link);
  await phone.agree({ email: "anne@eksempel.dk" });
  await phone.isInstalled();
  await phone.menu(phone.t.mine);
  await phone.tap(phone.t.choices);
  const card = page.locator("section", { has: page.getByRole("heading", { name: instead.title, exact: true }) });
  const says = card.getByRole("status");
  await expect(says).toHaveText(instead.nobody);
  await expect.poll(async () => (await stored(page)).queue).toBe(0);

  await context.setOffline(true);
  await phone.tap(instead.choose);
  await page.getByLabel(instead.name).fill("Naboen");
  await page.getByLabel(instead.email).fill("nabo@");
  await phone.tap(instead.save);
  await expect(phone.text(phone.t.emailWrong)).toBeVisible();
  await expect(page.getByLabel(instead.email)).toBeFocused();
  await page.getByLabel(instead.email).fill("nabo@eksempel.dk");
  await phone.tap(instead.save);
  await expect(says).toHaveText(`${instead.to} Naboen, nabo@eksempel.dk`);
  await expect(says).toBeFocused();
  expect((await stored(page)).queue).toBe(1);
  expect((await mine(world.server.url, person.secret)).contact).toBe(null);
  // Told from the phone alone, after it was closed.
  await phone.open(person.link);
  await phone.menu(phone.t.mine);
  await phone.tap(phone.t.choices);
  await expect(says).toHaveText(`${instead.to} Naboen, nabo@eksempel.dk`);

  // What the server tells before it has heard does not count: the phone knows better, and asks again afterwards.
  let deliver;
  const mayArrive = new Promise((resolve) => (deliver = resolve));
  await context.route("**/api/v1/journal", async (route) => {
    await mayArrive;
    await route.continue();
  });
  const told = page.waitForResponse((r) => r.url().endsWith("/api/v1/mine") && r.ok());
  await context.setOffline(false);
  await phone.menu(phone.t.mine);
  await phone.tap(phone.t.choices);
  expect(Object.keys(await (await told).json()), "locked for this phone").toEqual(["sealed"]);
  expect((await mine(world.server.url, person.secret)).contact).toBe(null);
  await expect(says).toHaveText(`${instead.to} Naboen, nabo@eksempel.dk`);
  deliver();
  const held = async () => (await mine(world.server.url, person.secret)).contact;
  await expect.poll(held, { timeout: 60_000 }).toEqual({ email: "nabo@eksempel.dk", name: "Naboen", instead: true });
  await expect.poll(async () => (await stored(page)).queue).toBe(0);
  const course = await world.leader.get(`/api/v1/persons/${person.id}/course`);
  expect(course.reminders.contact).toMatchObject({ email: "nabo@eksempel.dk", name: "Naboen", instead: true, by: null });
  const named = (await world.leader.get(`/api/v1/persons/${person.id}/history`)).lines.filter((l) => l.what === "contact_named");
  expect(named.map((l) => l.by.who)).toEqual(["person"]);
  await expect(says).toHaveText(`${instead.to} Naboen, nabo@eksempel.dk`);

  // What is taken along says it, too.
  await phone.menu(phone.t.mine);
  await phone.tap(phone.t.take);
  const [file] = await Promise.all([page.waitForEvent("download"), phone.tap(phone.t.takeFile)]);
  const taken = JSON.parse(fs.readFileSync(await file.path(), "utf8"));
  expect(taken.on_the_server.contact.email).toBe("nabo@eksempel.dk");
  expect(taken.on_this_phone.map((c) => c.entry.kind)).toContain("contact_person_named");

  await phone.menu(phone.t.mine);
  await phone.tap(phone.t.choices);
  await phone.tap(instead.remove);
  await expect(says).toHaveText(instead.nobody);
  await expect.poll(held, { timeout: 60_000 }).toBe(null);

  // Without reminders there is nobody to name.
  const reminders = page.locator("section", { has: page.getByRole("heading", { name: "Påmindelser på e-mail", exact: true }) });
  await reminders.getByRole("button", { name: "Sig nej" }).tap();
  await expect(card).toBeHidden();
});
