// What was typed wrongly is put right, what is sent twice is done once, and a log-in that ends takes nothing with it.
import { everybody } from "../support/axe.mjs";
import { daysAgo, openStaff } from "../support/desk.mjs";
import { picture } from "../support/pictures.mjs";
import { faults } from "../support/proxy.mjs";
import { expect, test } from "../support/world.mjs";

const go = (page, hash) => page.evaluate((to) => (location.hash = to), hash);

const persons = async (world) => (await world.leader.project(world.project.id)).persons;

/** The form of a new person, filled in but not sent. */
async function filled(page, world, code) {
  await go(page, `#/project/${world.project.id}/new`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ny person");
  await page.getByLabel("Kode", { exact: false }).first().fill(code);
  await page.locator("#new-name").fill("Ida Prøve");
  await page.locator("#new-email").fill("ida@example.org");
  await page.locator("#new-type").selectOption("participant");
  await page.locator("#new-start").fill(daysAgo(3));
}

test("a log-in that ends in the middle of a form is asked for over it, and the form is as it was", async ({ world, browser }) => {
  const { context, page } = await openStaff(world, browser, { width: 360, height: 640 });
  await filled(page, world, "LOG-1");
  await context.clearCookies();
  const before = await persons(world);
  await page.locator("form button[type=submit]").first().click();
  const dialog = page.getByRole("dialog", { name: "Log ind igen" });
  await expect(dialog).toBeVisible();
  await picture(page, "log-in-again");
  await everybody(page, "log-in-again");
  await expect(dialog.getByLabel("E-mail")).toHaveValue("leader@example.org");
  // Escape does not open the page to whoever is there now.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Adgangskode").fill("forkert");
  await dialog.getByRole("button", { name: "Log ind" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByLabel("Adgangskode").fill(world.server.password);
  await dialog.getByRole("button", { name: "Log ind" }).click();
  // What was sent goes on by itself.
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ida Prøve LOG-1");
  expect(await persons(world)).toBe(before + 1);
  await context.close();
});

test("a form that is still being written stays whole, too", async ({ world, browser }) => {
  const { context, page } = await openStaff(world, browser);
  const person = await world.leader.newPerson(world.project.id, { code: "LOG-2", name: "Ib Prøve" });
  await go(page, `#/person/${person.id}`);
  await page.getByRole("button", { name: "Ret oplysninger" }).click();
  await page.locator("#fact-name").fill("Ibn Prøve");
  await context.clearCookies();
  await page.getByRole("button", { name: "Gem rettelsen" }).click();
  const dialog = page.getByRole("dialog", { name: "Log ind igen" });
  await dialog.getByLabel("Adgangskode").fill(world.server.password);
  await dialog.getByRole("button", { name: "Log ind" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Oplysningerne er rettet." })).toBeVisible();
  expect((await world.leader.person(person.id)).name).toBe("Ibn Prøve");
  await context.close();
});

test("a person whose answer got lost on the way is one person", async ({ world, browser }) => {
  const { context, page } = await openStaff(world, browser);
  await filled(page, world, "");
  const before = await persons(world);
  // However often the browser itself repeats it on connections that it holds already: the server hears it, and no answer comes back.
  const lost = world.network.fault((request) => request.method === "POST" && request.url.includes("/persons"), faults.swallow);
  await page.locator("form button[type=submit]").first().click();
  await expect(page.getByRole("alert").filter({ hasText: "ingen forbindelse" })).toBeVisible();
  world.network.heal();
  await page.locator("form button[type=submit]").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Ida Prøve");
  expect(lost.used, "the page asks once more by itself").toBeGreaterThan(1);
  expect(await persons(world)).toBe(before + 1);
  await context.close();
});

test("a start in the wrong year is corrected, and the second of two sees both values", async ({ world, browser }) => {
  const person = await world.leader.newPerson(world.project.id, { code: "RET-1", name: "Ane", start: daysAgo(400), respondent_type: "participant" });
  const { context, page, noise } = await openStaff(world, browser, { width: 360, height: 640 });
  await go(page, `#/person/${person.id}`);
  await page.getByRole("button", { name: "Ret oplysninger" }).click();
  await picture(page, "facts-dialog");
  await everybody(page, "facts-dialog");
  await page.locator("#fact-start").fill(daysAgo(1));
  const path = `/api/v1/staff/persons/${person.id}/facts`;
  await world.leader.post(path, { start: { seen: daysAgo(400), to: daysAgo(2) } });
  await page.getByRole("button", { name: "Gem rettelsen" }).click();
  await expect(page.getByText("En anden har rettet det her imens.")).toBeVisible();
  await expect(page.locator("#fact-start")).toHaveValue(daysAgo(1));
  await picture(page, "facts-meanwhile");
  await page.getByRole("button", { name: "Gem rettelsen" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Oplysningerne er rettet." })).toBeVisible();
  const after = await world.leader.person(person.id);
  expect(after.start).toBe(daysAgo(1));
  expect(after.occasion_details[0].state).toBe("open");
  await expect(page.getByText("Startdatoen blev rettet").first()).toBeVisible();
  await context.close();
  // 409 is what the test is about, and the browser notes it.
  expect(noise.filter((line) => !line.includes("409"))).toEqual([]);
});

test("a registration that was a mistake is discarded, told, and taken back", async ({ world, browser }) => {
  const before = await persons(world);
  const person = await world.leader.newPerson(world.project.id, { code: "FEJL-1" });
  const { context, page } = await openStaff(world, browser, { width: 360, height: 640 });
  await go(page, `#/person/${person.id}`);
  await page.getByRole("button", { name: "Kassér oprettelsen" }).click();
  await page.getByLabel("Nogen prøvede systemet af").check();
  await picture(page, "discard-dialog");
  await everybody(page, "discard-dialog");
  await page.getByRole("button", { name: "Kassér", exact: true }).click();
  await expect(page.locator("#discarded")).toContainText("Koden var FEJL-1");
  await picture(page, "discarded");
  await everybody(page, "discarded");
  expect(await persons(world)).toBe(before);
  await page.getByRole("button", { name: "Fortryd, og tag personen med igen" }).click();
  await expect(page.locator("#discarded")).toHaveCount(0);
  expect(await persons(world)).toBe(before + 1);
  await context.close();
});

test("two registrations of one person are merged after it was shown what that does", async ({ world, browser }) => {
  const kept = await world.leader.newPerson(world.project.id, { code: "TO-1", name: "Karla" });
  await world.leader.newPerson(world.project.id, { code: "TO-2", name: "Carla" });
  const before = await persons(world);
  const { context, page } = await openStaff(world, browser, { width: 360, height: 640 });
  await go(page, `#/person/${kept.id}`);
  await page.getByRole("button", { name: "Læg sammen med en anden oprettelse" }).click();
  await page.locator("#merge-code").fill("to-2");
  await page.getByRole("button", { name: "Se, hvad der sker" }).click();
  await expect(page.getByText("Navn: Karla (den anden: Carla)")).toBeVisible();
  await picture(page, "merge-dialog");
  await everybody(page, "merge-dialog");
  await page.getByRole("button", { name: "Læg sammen", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "De to oprettelser er lagt sammen." })).toBeVisible();
  expect(await persons(world)).toBe(before - 1);
  await context.close();
});
