// The people of a project: found by code and by name beyond the first page, narrowed down, and told from a phone's small screen.
import { daysAgo, openStaff, unfold } from "../support/desk.mjs";
import { faults } from "../support/proxy.mjs";
import { expect, invite, test } from "../support/world.mjs";

/** More people than a page holds, and one who comes after all of them. */
async function many(world) {
  const there = (await world.leader.project(world.project.id)).persons;
  for (let n = there; n < 60; n++) await world.leader.newPerson(world.project.id);
  return (await world.leader.project(world.project.id)).persons;
}

const open = async (page, world) => {
  await page.evaluate((hash) => (location.hash = hash), `#/project/${world.project.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${world.project.code} · ${world.project.name}`);
};

test("somebody is found by name and by code, also on pages not loaded yet", async ({ world, browser }) => {
  const last = await world.leader.newPerson(world.project.id, { code: "ZZ-99", name: "Zenia Prøve", start: daysAgo(60) });
  await many(world);
  const { context, page, noise } = await openStaff(world, browser);
  await open(page, world);
  const count = page.locator("#people-count");
  const find = page.getByLabel("Find en kode eller et navn");
  const link = page.getByRole("link", { name: last.code, exact: true });
  await expect(count).toHaveText("Viser de første 50 personer");
  await expect(link).toHaveCount(0);
  // Before all are loaded, no button says how many there are of a kind.
  await expect(page.getByRole("button", { name: "Alle", exact: true })).toHaveAttribute("aria-pressed", "true");

  // Where the rest cannot be fetched, nothing pretends that it was looked through.
  world.network.fault((request) => request.url.includes("/persons"), faults.drop);
  await find.fill("zenia");
  await expect(count).toHaveText(/0 fundet blandt de første 50 personer\. Resten er ikke set igennem endnu\.$/);
  const again = page.getByRole("button", { name: "Prøv igen" });
  await expect(again).toBeVisible();
  world.network.heal();
  await again.click();
  await expect(link).toBeVisible();
  await expect(count).toHaveText(/^Viser 1 af \d+ personer$/);
  await find.fill("zz-9");
  await expect(link).toBeVisible();
  await find.fill("qqqq");
  await expect(count).toHaveText(/^Ingen af de \d+ personer passer til det, du søger\.$/);

  await find.fill("");
  await page.getByRole("button", { name: /^\d+ Mangler$/ }).click();
  await expect(link).toBeVisible();
  const rows = page.locator("tbody tr");
  await expect(rows.filter({ hasText: "mangler" })).toHaveCount(await rows.count());
  await page.getByRole("button", { name: /^\d+ Færdige$/ }).click();
  await expect(link).toHaveCount(0);
  await page.getByRole("button", { name: /^\d+ Alle$/ }).click();
  await link.click();
  // The name heads the page; the browser's tab, which is remembered, says the code alone.
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Zenia Prøve ZZ-99");
  await expect(page).toHaveTitle(/^Person ZZ-99 –/);
  await context.close();
  expect(noise).toEqual([]);
});

test("on a phone the head is low, the rows are two lines, and a row opens by a tap anywhere", async ({ world, browser }) => {
  const person = await invite(world, { name: "Aase Prøve", start: daysAgo(60) });
  await many(world);
  const { context, page, noise } = await openStaff(world, browser, { width: 360, height: 640 });
  await open(page, world);
  const head = () => page.locator(".staff-head").evaluate((e) => e.offsetHeight);
  expect(await head()).toBeLessThanOrEqual(64);
  const heights = await page.locator("tbody tr").evaluateAll((all) => all.map((row) => row.offsetHeight));
  expect(heights).toHaveLength(50);
  expect(Math.max(...heights)).toBeLessThanOrEqual(120);
  expect(heights.reduce((a, b) => a + b) / 50).toBeLessThanOrEqual(66);

  await page.getByLabel("Find en kode eller et navn").fill(person.code);
  const row = page.getByRole("row", { name: new RegExp(person.code) });
  await expect(row).toHaveCount(1);
  await row.click({ position: { x: 250, y: 40 } });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Aase Prøve ${person.code}`);

  // With text of twice the size it is not more than a third of the screen, folded; and its menu is all there.
  const cdp = await context.newCDPSession(page);
  await cdp.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  await expect.poll(head).toBeGreaterThan(64);
  expect(await head()).toBeLessThanOrEqual(640 / 3);
  await unfold(page);
  await expect(page.getByRole("link", { name: "Slå kvittering op", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Arbejdsliste", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Arbejdsliste");
  await expect(page.getByRole("link", { name: "Slå kvittering op", exact: true })).toBeHidden();
  await context.close();
  expect(noise).toEqual([]);
});
