// Ways in on a person's page: seen, ended one by one and all at once; what an invitation ends; a way in on somebody's own wish; and an erasure
// that waits, told in the open.
import { randomBytes, randomUUID } from "node:crypto";

import { everybody } from "../support/axe.mjs";
import { daysAgo, openStaff } from "../support/desk.mjs";
import { deliver, entry, stopped } from "../support/journal.mjs";
import { ask, bundle } from "../support/staff.mjs";
import { expect, invite, test } from "../support/world.mjs";

/** A browser that comes by a link and says which key it has, as the phone's program does. Gives whether it is known. */
async function comesIn(world, secret) {
  const body = { id: randomUUID(), public_key: randomBytes(32).toString("base64") };
  return (await ask(`${world.server.url}/api/v1/device`, { method: "PUT", secret, body })).json.known;
}

/** What a browser is answered that has the link alone. */
const stranger = (world, secret) =>
  ask(`${world.server.url}/api/v1/occasion`, { secret }).then(
    () => "in",
    (error) => error.code,
  );

const waysOf = (world, person) => world.leader.get(`/api/v1/staff/persons/${person.id}/ways`);

async function open(page, person, address = `person/${person.id}`) {
  await page.evaluate((hash) => (location.hash = hash), `#/${address}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(person.code);
}

async function unfolded(page) {
  const block = page.locator("#ways");
  if ((await block.getAttribute("open")) === null) await block.locator("summary").first().click();
  return block;
}

const months = ["jan.", "feb.", "marts", "april", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."];
const inDanish = (day) => day.replace(/^(\d+)-(\d+)-(\d+)$/, (_, y, m, d) => `${Number(d)}. ${months[m - 1]} ${y}`);

for (const size of [{ width: 360, height: 640 }, { width: 1280, height: 800 }]) {
  test(`ways in are seen, and ended one by one and all at once, at ${size.width}`, async ({ world, browser }, info) => {
    const person = await invite(world);
    expect(await comesIn(world, person.secret)).toBe(true);
    const { context, page, noise } = await openStaff(world, browser, size);
    await open(page, person);
    const summary = page.locator("#ways > summary");
    await expect(summary).toHaveText(/Veje ind\s*2 åbne/);
    const block = await unfolded(page);
    const link = block.getByRole("listitem").filter({ hasText: "Personligt link" });
    await expect(link).toContainText(/Lavet .* af en projektleder\. Brugt første gang .* Virker til/);
    await expect(block.getByRole("listitem").filter({ hasText: "Kort kode" })).toContainText("Ikke brugt endnu.");
    await expect(block.getByRole("listitem").filter({ hasText: "Kendt enhed" })).toContainText("Kan vise og slette det, der er svaret.");
    await everybody(page, `ways ${size.width}`);
    await page.screenshot({ path: info.outputPath(`ways-${size.width}.png`), fullPage: true });

    // Away: nothing is ended.
    const end = link.getByRole("button", { name: /^Luk Personligt link\. Lavet .* af en projektleder\.$/ });
    const dialog = page.getByRole("dialog", { name: "Luk denne vej ind?" });
    await end.click();
    await expect(dialog).toContainText("Personens egen kendte enhed virker stadig.");
    await page.screenshot({ path: info.outputPath(`ways-dialog-${size.width}.png`) });
    await dialog.getByRole("button", { name: "Fortryd" }).click();
    await expect(dialog).toBeHidden();
    expect(await stranger(world, person.secret)).toBe("in");

    await end.click();
    await dialog.getByRole("button", { name: "Luk vejen ind" }).click();
    await expect(block.getByText("Vejen ind er lukket.")).toBeVisible();
    await expect(page.locator("#ways-said")).toBeFocused();
    await expect(summary).toHaveText(/1 åben$/);
    expect(await stranger(world, person.secret)).toBe("auth.secret_ended");

    await block.getByRole("button", { name: "Luk alle", exact: true }).click();
    await page.getByRole("dialog", { name: "Luk alle veje ind?" }).getByRole("button", { name: "Luk alle veje ind" }).click();
    await expect(block.getByText("Alle veje ind er lukket.")).toBeVisible();
    await expect(block.getByText(/^Ingen vej ind er åben/)).toBeVisible();
    await expect(block.getByRole("button", { name: /^Luk (?!enheden)/ })).toHaveCount(0);
    await block.getByText("Lukkede, brugte og udløbne (2)").click();
    await expect(link).toContainText("Lukket");
    expect((await waysOf(world, person)).ways.every((way) => way.ended_at)).toBe(true);
    await context.close();
    expect(noise).toEqual([]);
  });
}

test("an invitation ends earlier links, unless it is told to let them go on", async ({ world, browser }) => {
  const person = await invite(world);
  const { context, page, noise } = await openStaff(world, browser, { width: 360, height: 640 });
  await open(page, person, `person/${person.id}/invitation`);
  const keep = page.getByRole("checkbox", { name: "Lad tidligere links virke" });
  await expect(keep).not.toBeChecked();
  await expect(page.getByText(/^Tidligere links, links i mails og korte koder holder op med at virke/)).toBeVisible();
  await keep.check();
  await expect(page.getByText(/^Tidligere links og links i mails virker stadig/)).toBeVisible();
  await everybody(page, "invitation");
  await page.getByRole("button", { name: "Lav link og kort" }).click();
  const field = page.getByLabel("Personligt link");
  await expect(field).toBeVisible();
  const kept = new URL(await field.inputValue()).hash.slice(1);
  expect(await stranger(world, person.secret)).toBe("in");

  await keep.uncheck();
  await page.getByRole("button", { name: "Lav et nyt link" }).click();
  await expect(field).not.toHaveValue(new RegExp(kept));
  const last = new URL(await field.inputValue()).hash.slice(1);
  for (const secret of [person.secret, kept]) expect(await stranger(world, secret)).toBe("auth.secret_ended");
  expect(await stranger(world, last)).toBe("in");
  await context.close();
  expect(noise).toEqual([]);
});

test("somebody who said stop gets a way in on their own wish, without a card, and it reads nothing of before", async ({ world, browser }) => {
  const person = await invite(world);
  await stopped(world, person);
  const { context, page, noise } = await openStaff(world, browser, { width: 360, height: 640 });
  await open(page, person);
  await page.getByRole("link", { name: "Personen vil selv se eller slette sine svar: lav en vej ind" }).click();
  await expect(page.getByText(/^Vejen ind åbner brevet og valgene\. Den viser intet af det, der er svaret før/)).toBeVisible();
  await expect(page.getByRole("checkbox")).toHaveCount(0);
  await everybody(page, "own wish");
  await page.getByRole("button", { name: "Lav en vej ind" }).click();
  const field = page.getByLabel("Personligt link");
  await expect(field).toBeVisible();
  await expect(page.locator(".print-card")).toHaveCount(0);
  const secret = new URL(await field.inputValue()).hash.slice(1);
  expect((await bundle(world.server.url, secret)).person).toBe(person.id);
  expect(await comesIn(world, secret)).toBe(false);
  await context.close();
  expect(noise).toEqual([]);
});

test("an erasure that an unknown device asked for stands in the open with its day", async ({ world, browser }, info) => {
  const person = await invite(world);
  const results = await deliver(world, person.secret, [entry({ kind: "consent_withdrawn", scope: "erase" })]);
  expect(results[0].receipt).toBeTruthy();
  const { context, page, noise } = await openStaff(world, browser, { width: 360, height: 640 });
  await open(page, person);
  const note = page.locator("#erasing");
  await expect(note).toContainText(
    `Fra en ukendt enhed er der bedt om at slette alt. Det sker den ${inDanish(daysAgo(-7))}, hvis personen ikke tager det tilbage på sin egen telefon.`,
  );
  await expect(note).toContainText("Ingen af personens enheder er kendt.");
  await everybody(page, "erasure waits");
  await note.scrollIntoViewIfNeeded();
  await page.screenshot({ path: info.outputPath("erasing.png") });
  await context.close();
  expect(noise).toEqual([]);
});
