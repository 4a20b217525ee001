// One link's junk on a leader's narrow screen: it hides nobody else's entry, and is set aside all at once after a question.
import { deliver, junk, keptApart } from "../support/journal.mjs";
import { LEADER, expect, invite, listen, test as base } from "../support/world.mjs";

const test = base.extend({
  /** The leader on a small screen, logged in. */
  desk: async ({ world, browser }, use) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 640 }, isMobile: false, hasTouch: false, locale: "da-DK" });
    const noise = listen(context);
    const page = await context.newPage();
    await page.goto(`${world.url}/staff/`);
    await page.getByLabel("E-mail").fill(LEADER);
    await page.getByLabel("Adgangskode").fill(world.server.password);
    await page.getByRole("button", { name: "Log ind" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overblik");
    await use(page);
    await context.close();
    expect(noise).toEqual([]);
  },
});

const goTo = (page, address) => page.evaluate((hash) => (location.hash = hash), `#/${address}`);

/** Nothing of the page lies off the side of the screen, and what is pressed is large enough for a finger. */
async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, "nothing lies off the side").toBeLessThanOrEqual(0);
  for (const button of await page.locator("main button:visible, main td a:visible, main th a:visible").all()) {
    const box = await button.boundingBox();
    expect(box.height, await button.textContent()).toBeGreaterThanOrEqual(48);
  }
}

test("the junk of one hides nobody, and is set aside all at once", async ({ world, desk }) => {
  test.setTimeout(120_000);
  const [loud, quiet] = [await invite(world), await invite(world)];
  for (let n = 0; n < 2; n++) {
    const results = await deliver(world, loud.secret, Array.from({ length: 60 }, () => junk()));
    expect(results.map((r) => r.outcome)).toEqual(Array(60).fill("quarantined"));
  }
  const receipt = await keptApart(world, quiet);
  const early = await keptApart(world, loud);

  await goTo(desk, "quarantine");
  const row = (person) => desk.getByRole("row").filter({ hasText: person.code });
  await expect(row(quiet)).toHaveCount(1);
  await expect(row(loud)).toHaveCount(1);
  await expect(row(loud)).toContainText("121");
  await fits(desk);

  // 121 come page by page.
  await desk.getByRole("link", { name: loud.code, exact: true }).click();
  await expect(desk.getByRole("heading", { level: 1 })).toHaveText(`Til afklaring: ${loud.code}`);
  await expect(desk.locator("#quarantine-count")).toHaveText("121 til afklaring");
  const rows = desk.locator("tbody tr");
  await expect(rows).toHaveCount(50);
  const more = desk.getByRole("button", { name: "Vis flere" });
  await more.click();
  await expect(rows).toHaveCount(100);
  await more.click();
  await expect(rows).toHaveCount(121);
  await expect(more).toHaveCount(0);
  await fits(desk);

  // Of one reason only; whoever thinks better of it changes nothing.
  const filters = desk.getByRole("group", { name: "Vis" });
  await filters.getByRole("button", { name: /^120 / }).click();
  await expect(desk.locator("#quarantine-count")).toHaveText("120 til afklaring");
  await expect(desk.getByRole("row").filter({ hasText: early })).toHaveCount(0);
  const all = desk.getByRole("button", { name: "Læg alle til side" });
  const dialog = desk.getByRole("dialog");
  await all.click();
  await expect(dialog.getByRole("heading")).toHaveText("Læg 120 til side?");
  await expect(dialog).toContainText("slettes for altid og kan ikke hentes frem igen");
  await desk.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(desk.locator("#quarantine-count")).toHaveText("120 til afklaring");

  // What arrives while the question stands on the screen is not decided with it.
  await all.click();
  const [late] = await deliver(world, loud.secret, [junk()]);
  await dialog.getByRole("button", { name: "Ja, slet det hele" }).click();
  const said = desk.locator("#quarantine-said");
  await expect(said).toHaveText("120 er lagt til side, og indholdet er slettet.");
  await expect(said).toBeFocused();
  await expect(desk.locator("#quarantine-count")).toHaveText("1 til afklaring");
  await expect(desk.getByRole("row").filter({ hasText: late.receipt })).toHaveCount(1);

  await filters.getByRole("button", { name: /Alle$/ }).click();
  await expect(rows).toHaveCount(2);
  await desk.getByRole("button", { name: "Prøv alle igen" }).click();
  await expect(said).toHaveText("0 er nu taget i brug. 2 kan stadig ikke bruges.");
  await all.click();
  await dialog.getByRole("button", { name: "Ja, slet det hele" }).click();
  await expect(desk.getByText("Der er ikke mere til afklaring her.")).toBeVisible();

  await goTo(desk, "quarantine");
  await expect(row(quiet)).toHaveCount(1);
  await expect(row(loud)).toHaveCount(0);
  const waiting = (await world.leader.quarantine()).entries.filter((e) => [loud.id, quiet.id].includes(e.person));
  expect(waiting.map((e) => e.receipt)).toEqual([receipt]);

  // The receipt of what is deleted still says what became of it.
  await goTo(desk, "receipt");
  await desk.getByLabel("Kvittering", { exact: true }).fill(early);
  await desk.getByRole("button", { name: "Slå op", exact: true }).click();
  await expect(desk.locator(".card", { hasText: early })).toContainText("Indholdet er slettet for altid.");
});
