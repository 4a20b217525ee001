// What a leader does in the browser: register somebody, settle what is kept apart, look up a receipt, say which response counts.
import { answered, keptApart, stopped } from "../support/journal.mjs";
import { LEADER, expect, invite, listen, scored, test as base } from "../support/world.mjs";

const test = base.extend({
  /** The leader's browser, logged in. */
  desk: async ({ world, browser }, use) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, isMobile: false, hasTouch: false, locale: "da-DK" });
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

test("a new person is registered", async ({ world, desk }) => {
  await goTo(desk, `project/${world.project.id}`);
  await desk.getByRole("link", { name: "Ny person" }).click();
  await expect(desk.getByRole("heading", { level: 1 })).toHaveText("Ny person");
  const field = (name) => desk.getByLabel(new RegExp(`^${name} `));
  const submit = desk.getByRole("button", { name: "Opret person" });
  await field("Kode").fill("010203-1234");
  await field("E-mail").fill("anne@");
  await field("Telefon").fill("12-34-56-78");
  await submit.click();
  await expect(desk.getByText(/Koden kan afsløre, hvem det er/)).toBeVisible();
  await expect(desk.getByText(/Det ligner ikke en e-mailadresse/)).toBeVisible();
  await expect(desk.getByText(/Det ligner ikke et telefonnummer/)).toBeVisible();
  await expect(field("Kode")).toBeFocused();
  await field("Kode").fill("LED-1");
  await field("Navn").fill("Anne Prøve");
  await field("E-mail").fill("anne@eksempel.dk");
  await field("Telefon").fill("00000001");
  await field("Startdato").fill("2026-01-05");
  await submit.click();
  await expect(desk.getByRole("heading", { level: 1 })).toHaveText("Anne Prøve LED-1");
  const id = new URL(desk.url()).hash.split("/")[2];
  expect(await world.leader.person(id)).toMatchObject({ code: "LED-1", name: "Anne Prøve", start: "2026-01-05", phone: "00000001" });

  // The number is read in pairs, called by a link, changed, and removed.
  const call = desk.getByRole("link", { name: /^Ring op/ });
  await expect(call.first()).toHaveText("Ring op: 00 00 00 01");
  await expect(call.first()).toHaveAttribute("href", "tel:00000001");
  const dialog = desk.getByRole("dialog");
  const number = dialog.getByLabel("Telefon");
  const save = dialog.getByRole("button", { name: "Gem" });
  await desk.getByRole("button", { name: "Ret telefonnummeret" }).click();
  await expect(number).toHaveValue("00000001");
  await number.fill("ring på døren");
  await save.click();
  await expect(dialog.getByText(/Det ligner ikke et telefonnummer/)).toBeVisible();
  await number.fill("+45 00 00 00 02");
  await save.click();
  await expect(desk.locator("#person-said")).toHaveText("Telefonnummeret er gemt.");
  await expect(call.first()).toHaveAttribute("href", "tel:+4500000002");
  await expect(desk.getByText("Et telefonnummer blev skrevet ned.")).toBeVisible();
  await desk.getByRole("button", { name: "Ret telefonnummeret" }).click();
  await number.fill("");
  await save.click();
  await expect(desk.locator("#person-said")).toHaveText("Telefonnummeret er fjernet.");
  await expect(call).toHaveCount(0);

  await goTo(desk, `project/${world.project.id}/new`);
  await field("Kode").fill("LED-1");
  await submit.click();
  await expect(desk.getByText("Koden er i brug i forvejen. Vælg en anden.")).toBeVisible();
});

test("what is kept apart is tried again and set aside", async ({ world, desk }) => {
  const people = [await invite(world), await invite(world)];
  const receipts = [await keptApart(world, people[0]), await keptApart(world, people[1])];
  await goTo(desk, "quarantine");
  await expect(desk.getByRole("link", { name: people[1].code, exact: true })).toBeVisible();
  await desk.getByRole("link", { name: people[0].code, exact: true }).click();
  await expect(desk.getByRole("heading", { level: 1 })).toHaveText(`Til afklaring: ${people[0].code}`);
  const row = (receipt) => desk.getByRole("row").filter({ hasText: receipt });
  const said = desk.locator("#quarantine-said");
  await expect(row(receipts[1])).toHaveCount(0);
  await row(receipts[0]).getByRole("button", { name: /^Prøv igen/ }).click();
  await expect(said).toContainText(`${receipts[0]} kan stadig ikke bruges`);
  await expect(said).toBeFocused();
  await expect(row(receipts[0])).toBeVisible();

  const aside = row(receipts[0]).getByRole("button", { name: /^Læg til side/ });
  await aside.click();
  const dialog = desk.getByRole("dialog");
  await expect(dialog.getByRole("heading")).toHaveText(`Læg ${receipts[0]} til side?`);
  await expect(dialog).toContainText("Indholdet slettes for altid");
  await dialog.getByRole("button", { name: "Fortryd" }).click();
  await expect(dialog).toBeHidden();
  await expect(row(receipts[0])).toBeVisible();
  await aside.click();
  await dialog.getByRole("button", { name: "Ja, slet indholdet" }).click();
  await expect(said).toHaveText(`${receipts[0]} er lagt til side, og indholdet er slettet.`);
  await expect(row(receipts[0])).toHaveCount(0);
  await expect(desk.getByText("Der er ikke mere til afklaring her.")).toBeVisible();
  const kept = (await world.leader.quarantine()).entries.map((e) => e.receipt);
  expect(kept).not.toContain(receipts[0]);
  expect(kept).toContain(receipts[1]);
  expect((await world.leader.receipt(receipts[0])).set_aside_at).toBeTruthy();
});

test("a receipt is looked up", async ({ world, desk }) => {
  const person = await invite(world);
  const [, , { receipt }] = await answered(world, person);
  await desk.getByRole("link", { name: "Slå kvittering op" }).click();
  const field = desk.getByLabel("Kvittering", { exact: true });
  const submit = desk.getByRole("button", { name: "Slå op", exact: true });
  await field.fill("KVIT-7H2");
  await submit.click();
  await expect(desk.getByText("Kvitteringen skal have 12 tegn efter KVIT, en ældre har 9. Her er 3.")).toBeVisible();
  await expect(field).toBeFocused();
  await field.fill(receipt.toLowerCase().replaceAll("-", ""));
  await field.press("Enter");
  const card = desk.locator(".card", { hasText: receipt });
  await expect(card).toContainText("Modtaget");
  await expect(card).toContainText(person.code);
});

test("of two responses the leader says which one counts", async ({ world, desk }) => {
  const person = await invite(world);
  await answered(world, person, 2);
  const before = (await scored(world, person, 2)).scores.responses;
  await goTo(desk, `person/${person.id}`);
  const panel = desk.getByRole("region", { name: "To besvarelser af samme måling" });
  const choose = panel.getByRole("button", { name: /^Denne tæller/ });
  const counting = async () => (await world.leader.person(person.id)).scores.responses.filter((r) => r.primary).map((r) => r.response);
  // The first that came counts until somebody says otherwise; and back.
  for (const response of [...before.filter((r) => !r.primary), ...before.filter((r) => r.primary)].map((r) => r.response)) {
    expect(await counting()).not.toContain(response);
    await choose.click();
    await expect.poll(counting).toEqual([response]);
    await expect(panel.getByText("Tæller", { exact: true })).toHaveCount(1);
    await expect(choose).toHaveCount(1);
  }
});

test("somebody who said stop is not invited, and the page says how they can see and erase", async ({ world, desk }) => {
  const person = await invite(world);
  await stopped(world, person);
  await goTo(desk, `person/${person.id}`);
  await expect(desk.getByText("Personen har sagt stop. Derfor kan I ikke invitere igen.")).toBeVisible();
  await expect(desk.getByText(/“Mine svar og valg” kan personen se alt/)).toBeVisible();
  await expect(desk.getByRole("link", { name: /^Personen vil selv se eller slette sine svar/ })).toBeVisible();
  await expect(desk.getByRole("link", { name: "Invitér" })).toHaveCount(0);
  await goTo(desk, `person/${person.id}/invitation`);
  await expect(desk.getByRole("heading", { level: 1 })).toHaveText(`Invitation til ${person.code}`);
  await expect(desk.getByText("Personen har sagt stop. Derfor kan I ikke invitere igen.")).toBeVisible();
  await expect(desk.getByRole("button", { name: "Lav link og kort" })).toHaveCount(0);
});

test("the card says what it is for, how long it takes and who asks", async ({ world, desk }) => {
  const person = await invite(world);
  await goTo(desk, `person/${person.id}/invitation`);
  await desk.getByRole("button", { name: "Lav link og kort" }).click();
  const card = desk.locator(".print-card");
  await expect(card).toContainText("Derfor har vi 39 korte spørgsmål til dig.");
  await expect(card).toContainText("Det tager omkring 15 minutter.");
  await expect(card).toContainText("Spørgsmålene kommer fra Prøvekommunen og Foreningen Fælles Skridt.");
  await expect(card).toContainText("Det er frivilligt.");
});
