// Staff erase somebody who cannot do it alone: one asks and says why, another one sees it, reads it, and confirms. And a phone that was lost.
import { randomBytes, randomUUID } from "node:crypto";

import { everybody } from "../support/axe.mjs";
import { openList, openStaff } from "../support/desk.mjs";
import { answered } from "../support/journal.mjs";
import { picture } from "../support/pictures.mjs";
import { Staff, ask } from "../support/staff.mjs";
import { expect, invite, test } from "../support/world.mjs";

const HELPER = "helper@example.org";
const NOTE = "Ringede fra en lånt telefon";

const about = (person) => `/api/v1/staff/persons/${person.id}/erasure`;

const member = (world, email) => new Staff(world.server.url).logIn(email, world.server.password);

/** Somebody with a name and one questionnaire. */
async function somebody(world, code) {
  const person = await invite(world, { code, name: "Karla Prøve" });
  await answered(world, person);
  return person;
}

async function open(page, person) {
  await page.evaluate((hash) => (location.hash = hash), `#/person/${person.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(person.code);
}

/** With which code it is refused; nothing if it is done. */
const refusal = (asked) =>
  asked.then(
    () => undefined,
    (error) => error.code,
  );

/** Why the person's phone gets nothing. */
const phoneOf = (world, person) => refusal(ask(`${world.server.url}/api/v1/occasion`, { secret: person.secret }));

for (const size of [{ width: 360, height: 640 }, { width: 1280, height: 800 }]) {
  test(`what a helper asked for is seen, read and confirmed by the leader, at ${size.width}`, async ({ world, browser }) => {
    const person = await somebody(world, `SLET-${size.width}`);
    const helper = await member(world, HELPER);
    await helper.post(about(person), { why: "person_asked", note: NOTE });

    // The worklist says so, and leads to the person.
    const { context, page, noise } = await openList(world, browser, size);
    await expect(page.getByText(/1 person, der skal slettes/)).toBeVisible();
    const list = page.getByRole("region", { name: "Skal slettes (1)", exact: true });
    await expect(list).toContainText(HELPER);
    await everybody(page, `worklist with an erasure ${size.width}`);
    await list.getByRole("link", { name: `Se og bekræft om ${person.code}` }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Karla Prøve ${person.code}`);

    const waits = page.locator("#erasure-asked");
    await expect(waits).toContainText(new RegExp(`${HELPER} bad om det .*\\. Grund: personen har selv bedt om det\\.`));
    await expect(waits).toContainText(`Besked: ${NOTE}`);
    await expect(page.getByRole("button", { name: "Bed om sletning" })).toHaveCount(0);
    await picture(page, `erasure-asked-${size.width}`);
    await everybody(page, `erasure asked ${size.width}`);

    await waits.getByRole("button", { name: "Se og bekræft" }).click();
    const dialog = page.getByRole("dialog", { name: `Slet alt om ${person.code}?` });
    await expect(dialog).toContainText("1 besvarelse med scorer");
    await expect(dialog).toContainText("navn, mailadresse og telefonnummer");
    await expect(dialog).toContainText(`Besked: ${NOTE}`);
    await picture(page, `erase-dialog-${size.width}`);
    await everybody(page, `erase dialog ${size.width}`);

    // Not by one press.
    await dialog.getByRole("button", { name: "Slet alt" }).click();
    await expect(dialog.getByRole("alert")).toHaveText("Sæt kryds, før du sletter.");
    await expect(dialog.getByRole("checkbox")).toBeFocused();
    expect(await phoneOf(world, person)).toBeUndefined();

    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Slet alt" }).click();
    await expect(page.locator("#not-asked")).toContainText("Alt om personen er slettet.");
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("slettet-");
    await expect(page.getByText("Karla Prøve")).toHaveCount(0);
    await expect(waits).toHaveCount(0);
    const history = page.getByRole("region", { name: "Hvad er der sket?" });
    await expect(history).toContainText("Bekræftede, og alt blev slettet.");
    await expect(history).toContainText("Bad om at få alt slettet: personen har selv bedt om det.");
    await expect(history).not.toContainText(NOTE);
    await everybody(page, `erased ${size.width}`);
    expect(await phoneOf(world, person)).toBe("person.erased");
    const left = await world.leader.get(`/api/v1/worklist?project=${world.project.id}`);
    expect(left.erasures.total).toBe(0);
    await context.close();
    expect(noise).toEqual([]);
  });
}

test("whoever asks says why, cannot confirm it, and can take it back", async ({ world, browser }) => {
  const person = await somebody(world, "SLET-2");
  const { context, page, noise } = await openStaff(world, browser, { width: 360, height: 640 });
  await open(page, person);
  await page.getByRole("button", { name: "Bed om sletning" }).click();
  const dialog = page.getByRole("dialog", { name: `Bed om at få alt om ${person.code} slettet` });
  await picture(page, "erase-ask-dialog");
  await everybody(page, "erase ask dialog");
  await dialog.getByLabel("En anden grund, som beskeden fortæller").check();
  await dialog.getByRole("button", { name: "Bed om sletning" }).click();
  await expect(dialog.getByText("Skriv, hvad grunden er.")).toBeVisible();
  const note = dialog.getByLabel("Besked til den, der skal bekræfte");
  await expect(note).toBeFocused();
  await note.fill("Oprettet ud fra et forkert brev");
  await dialog.getByRole("button", { name: "Bed om sletning" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Der er bedt om sletning." })).toBeVisible();

  const waits = page.locator("#erasure-asked");
  await expect(waits).toContainText("det må ikke være den, der har bedt om det");
  await expect(waits.getByRole("button", { name: "Se og bekræft" })).toHaveCount(0);
  const { open: asked } = await world.leader.get(about(person));
  expect(asked.may_confirm).toBe(false);
  const confirm = `${about(person)}/${asked.id}/confirm`;
  expect(await refusal(world.leader.post(confirm))).toBe("erasure.second_person");

  await waits.getByRole("button", { name: "Tag det tilbage" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Anmodningen er taget tilbage. Intet er slettet." })).toBeVisible();
  await expect(waits).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Bed om sletning" })).toBeVisible();
  const administrator = await member(world, "administrator@example.org");
  expect(await refusal(administrator.post(confirm))).toBe("erasure.closed");
  expect(await phoneOf(world, person)).toBeUndefined();
  await context.close();
  expect(noise).toEqual([]);
});

test("of two who answer the second is told that it does not wait any more", async ({ world, browser }) => {
  const person = await somebody(world, "SLET-3");
  const helper = await member(world, HELPER);
  const { open: asked } = await helper.post(about(person), { why: "wrongly_held" });
  const { context, page, noise } = await openStaff(world, browser, { width: 360, height: 640 });
  await open(page, person);
  await page.locator("#erasure-asked").getByRole("button", { name: "Se og bekræft" }).click();
  const dialog = page.getByRole("dialog", { name: `Slet alt om ${person.code}?` });
  await dialog.getByRole("checkbox").check();
  await ask(`${world.server.url}${about(person)}/${asked.id}`, { method: "DELETE", cookie: helper.cookie });
  await dialog.getByRole("button", { name: "Slet alt" }).click();
  await expect(dialog.getByText(/Anmodningen venter ikke mere/)).toBeVisible();
  await everybody(page, "erase dialog, too late");
  await dialog.getByRole("button", { name: "Fortryd" }).click();
  await expect(page.locator("#erasure-asked")).toHaveCount(0);
  expect(await phoneOf(world, person)).toBeUndefined();
  await context.close();
  // 409 is what the test is about, and the browser notes it.
  expect(noise.filter((line) => !line.includes("409"))).toEqual([]);
});

test("a phone that was lost is ended by staff, and goes on answering only", async ({ world, browser }) => {
  const person = await invite(world);
  const device = { id: randomUUID(), public_key: randomBytes(32).toString("base64") };
  const url = `${world.server.url}/api/v1/device`;
  expect((await ask(url, { method: "PUT", secret: person.secret, body: device })).json.known).toBe(true);
  const { context, page, noise } = await openStaff(world, browser, { width: 360, height: 640 });
  await open(page, person);
  const block = page.locator("#ways");
  await block.locator("summary").first().click();
  const known = block.getByRole("listitem").filter({ hasText: "Kendt enhed" });
  await known.getByRole("button", { name: /^Luk enheden/ }).click();
  const dialog = page.getByRole("dialog", { name: "Luk denne enhed?" });
  await expect(dialog).toContainText("Svar, der ligger på den og ikke er sendt, kommer stadig ind");
  await picture(page, "device-dialog");
  await everybody(page, "device dialog");
  await dialog.getByRole("button", { name: "Luk enheden" }).click();
  await expect(block.getByText("Enheden er lukket.")).toBeVisible();
  await expect(known).toContainText("Lukket");
  await expect(known.getByRole("button")).toHaveCount(0);
  expect(await refusal(ask(url, { method: "PUT", secret: person.secret, body: device }))).toBe("auth.secret_ended");
  const results = await answered(world, person);
  expect(results.map((r) => r.outcome)).toEqual(["stored", "stored", "stored"]);
  await context.close();
  expect(noise).toEqual([]);
});
