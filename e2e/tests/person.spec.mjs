// One person: what happens next, a call from the first try to an agreed day, a pause, a contact, the end. In both languages.
import { everybody } from "../support/axe.mjs";
import { daysAgo, openList, openStaff, unfold } from "../support/desk.mjs";
import { picture, rounds } from "../support/pictures.mjs";
import { faults } from "../support/proxy.mjs";
import { expect, invite, test } from "../support/world.mjs";

const HELPER = "helper@example.org";

/** The call about a person, once the server has looked at who is late. */
async function callAbout(world, person) {
  let line;
  await expect
    .poll(
      async () => {
        const list = await world.leader.get(`/api/v1/worklist?project=${world.project.id}`);
        line = list.calls.lines.find((l) => l.person === person.id);
        return line !== undefined;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  return line;
}

const course = (world, person) => world.leader.get(`/api/v1/persons/${person.id}/course`);

/** Looks at what is on the screen: a picture, and whether everybody can use it. */
function looker(page, lang, width) {
  return async (name) => {
    await picture(page, `${lang}-${width}-${name}`, { whole: true });
    await everybody(page, `${name} (${lang}, ${width} px)`);
  };
}

for (const [lang, width] of rounds([
  ["da", 360],
  ["en", 320],
])) {
  test(`a call goes from hand to hand and ends with an agreed day, ${lang}, ${width} px`, { tag: "@screens" }, async ({ world, browser }) => {
    test.setTimeout(300_000);
    const person = await invite(world, { name: "Bo Prøve", start: daysAgo(60) });
    const { code } = person;
    await callAbout(world, person);
    const { context, page, noise, say } = await openList(world, browser, { lang, width });
    const look = looker(page, lang, width);
    const about = say("om", "about");
    const press = (da, en) => page.getByRole("button", { name: `${say(da, en)} ${about} ${code}`, exact: true }).click();
    const said = (da, en) => expect(page.locator("#worklist-said")).toHaveText(say(da, en));
    const dialog = page.getByRole("dialog");
    const save = () => dialog.getByRole("button", { name: say("Gem", "Save"), exact: true }).click();
    const row = page.getByRole("row").filter({ has: page.getByRole("button", { name: `${say("Notér opkald", "Record a call")} ${about} ${code}` }) });

    await press("Tag opgaven", "Take it");
    await said(`Opgaven om ${code} er din.`, `The task about ${code} is yours.`);
    await expect(row).toContainText(say("Dig", "You"));
    await look("person-calls");

    await press("Giv til en anden", "Give to somebody");
    const helper = dialog.getByLabel(new RegExp(HELPER));
    await helper.check();
    await look("person-give");
    await save();
    await said(`Opgaven om ${code} er nu hos ${HELPER}.`, `The task about ${code} is now with ${HELPER}.`);
    await expect(row).toContainText(HELPER);
    await expect(page.getByRole("button", { name: `${say("Tag opgaven", "Take it")} ${about} ${code}` })).toHaveCount(0);

    // Given to nobody, then taken by oneself in the same dialog.
    await press("Giv til en anden", "Give to somebody");
    await expect(dialog.getByLabel(new RegExp(HELPER))).toBeChecked();
    await dialog.getByLabel(say("Ingen endnu", "Nobody yet")).check();
    await save();
    await said(`Opgaven om ${code} er givet fri.`, `The task about ${code} is free again.`);
    await press("Giv til en anden", "Give to somebody");
    await dialog.getByLabel(new RegExp(say("^Mig selv", "^Me \\("))).check();
    await save();
    await said(`Opgaven om ${code} er din.`, `The task about ${code} is yours.`);

    // Nobody answered: without another day nothing is saved.
    await press("Notér opkald", "Record a call");
    await dialog.getByLabel(say("Ingen svarede", "Nobody answered")).check();
    await save();
    await expect(dialog.getByText(say("Vælg en dag fra i dag", "Choose a day from today"))).toBeVisible();
    await look("person-call");
    await dialog.getByLabel(say("Prøv igen den", "Try again on")).fill(daysAgo(-1));
    await save();
    await said(`Opkaldet til ${code} er noteret.`, `The call to ${code} is recorded.`);
    await expect(row).toContainText(say("1, sidst: Ingen svarede", "1, last: Nobody answered"));

    // From the person's own page, with a day that was agreed.
    await page.getByRole("link", { name: code, exact: true }).first().click();
    const next = page.getByRole("region", { name: say("Hvad sker der nu?", "What happens next?") });
    await expect(next).toContainText(say("Ring til personen.", "Call the person."));
    await expect(next).toContainText(say("Dig", "You"));
    await press("Notér opkald", "Record a call");
    await dialog.getByLabel(say("Vi aftalte en dag", "We agreed on a day")).check();
    await dialog.getByLabel(say("Aftalt dag", "Agreed day")).fill(daysAgo(-3));
    await save();
    await expect(page.locator("#person-said")).toHaveText(say(`Opkaldet til ${code} er noteret.`, `The call to ${code} is recorded.`));
    await expect(next).toContainText(say("kommer der en ringeopgave i arbejdslisten", "a call comes into the worklist"));
    const history = page.getByRole("region", { name: say("Hvad er der sket?", "What has happened?") });
    await expect(history.getByRole("listitem").first()).toContainText(say("vi aftalte en dag", "we agreed on a day"));
    const before = await history.getByRole("listitem").count();
    await history.getByRole("button", { name: say("Vis flere", "Show more") }).or(history.getByText(say(/^Viser/, /^Showing/))).first().waitFor();
    expect(before).toBeGreaterThanOrEqual(8);
    await look("person-page");
    await context.close();
    expect(noise).toEqual([]);
  });
}

for (const [lang, width] of rounds([
  ["da", 320],
  ["da", 360],
  ["en", 320],
  ["en", 1280],
])) {
  test(`reminders pause and go on, and a contact is named and removed, ${lang}, ${width} px`, { tag: "@screens" }, async ({ world, browser }) => {
    test.setTimeout(300_000);
    // Due, and the day of the call is not here yet.
    const person = await invite(world, { start: daysAgo(16) });
    const { context, page, noise, say } = await openStaff(world, browser, { lang, width });
    const look = looker(page, lang, width);
    await page.goto(`${world.url}/staff/#/person/${person.id}`);
    const next = page.getByRole("region", { name: say("Hvad sker der nu?", "What happens next?") });
    const reminders = page.getByRole("region", { name: say("Påmindelser", "Reminders"), exact: true });
    const dialog = page.getByRole("dialog");
    const button = (da, en) => page.getByRole("button", { name: say(da, en), exact: true });
    const said = (da, en) => expect(page.locator("#person-said")).toHaveText(say(da, en));
    const pause = dialog.getByRole("button", { name: say("Sæt på pause", "Pause"), exact: true });

    await button("Sæt påmindelser på pause", "Pause reminders").click();
    await dialog.getByLabel(say("Påmindelserne starter igen den", "Reminders start again on")).fill(daysAgo(0));
    await pause.click();
    await expect(dialog.getByText(say("Vælg en dag fra i morgen", "Choose a day from tomorrow"))).toBeVisible();
    await look("person-pause");
    await dialog.getByLabel(say("Påmindelserne starter igen den", "Reminders start again on")).fill(daysAgo(-30));
    await pause.click();
    await said("Påmindelser er sat på pause.", "Reminders pause.");
    await expect(next).toContainText(say("Der er sat på pause til", "It is paused until"));
    await expect(reminders).toContainText("leader@example.org");
    expect((await course(world, person)).reminders.pause.until).toBe(daysAgo(-30));
    const list = await world.leader.get(`/api/v1/worklist?project=${world.project.id}`);
    const line = [...list.due.lines, ...list.overdue.lines].find((l) => l.person === person.id);
    expect(line.paused.until).toBe(daysAgo(-30));

    await unfold(page);
    await page.getByRole("link", { name: say("Arbejdsliste", "Worklist"), exact: true }).click();
    const code = page.getByRole("row").filter({ has: page.getByRole("link", { name: person.code, exact: true }) });
    await expect(code.first()).toContainText(say("Påmindelser er sat på pause til", "Reminders pause until"));
    await look("worklist-paused");
    await page.goBack();

    await button("Tilføj kontakt", "Add a contact").click();
    await dialog.getByLabel(say("Kontaktens e-mail", "The contact's e-mail")).fill("ven");
    const keep = dialog.getByRole("button", { name: say("Gem kontakten", "Save the contact") });
    await keep.click();
    await expect(dialog.getByText(say("Sæt kryds.", "Tick the box."))).toBeVisible();
    await dialog.getByLabel(say("Personen har selv peget på kontakten", "The person named the contact")).check();
    await keep.click();
    await expect(dialog.getByText(say("Det ligner ikke en e-mailadresse.", "This does not look like an e-mail address."))).toBeVisible();
    await look("person-contact");
    await dialog.getByLabel(say("Kontaktens e-mail", "The contact's e-mail")).fill("en.ven.med.et.langt.navn@people.example");
    await dialog.getByLabel(say("Kontakten i stedet", "The contact instead")).check();
    await keep.click();
    await said("Kontakten er gemt.", "The contact is saved.");
    await expect(reminders).toContainText("en.ven.med.et.langt.navn@people.example");
    await expect(reminders).toContainText(say("Nævnt af personen.", "Named by the person."));
    expect((await course(world, person)).reminders.contact.instead).toBe(true);

    // The end as it is meant to be: set, changed, taken back.
    for (const day of [daysAgo(-60), daysAgo(-90)]) {
      const loaded = page.waitForResponse((r) => r.request().method() === "GET" && r.url().endsWith(`/persons/${person.id}/course`));
      await page.getByLabel(say("Planlagt slut", "Planned end")).fill(day);
      await button("Gem planlagt slut", "Save the planned end").click();
      await said("Planlagt slut er gemt.", "The planned end is saved.");
      await expect.poll(async () => (await course(world, person)).end.end_planned).toBe(day);
      await loaded;
      await expect(page.getByLabel(say("Planlagt slut", "Planned end"))).toHaveValue(day);
      await expect(page.getByText(say("Henter …", "Loading …"))).toHaveCount(0);
    }
    await look("person-paused");
    await button("Fjern planlagt slut", "Remove the planned end").click();
    await said("Planlagt slut er fjernet.", "The planned end is removed.");
    expect((await course(world, person)).end.end_planned).toBe(null);

    await button("Fjern kontakten", "Remove the contact").click();
    await said("Kontakten er fjernet.", "The contact is removed.");
    await expect(button("Tilføj kontakt", "Add a contact")).toBeVisible();
    await button("Slå påmindelser til igen", "Turn reminders on again").click();
    await said("Påmindelserne er slået til igen.", "Reminders are on again.");
    await expect(button("Sæt påmindelser på pause", "Pause reminders")).toBeVisible();
    const held = (await course(world, person)).reminders;
    expect([held.pause, held.contact]).toEqual([null, null]);
    const history = page.getByRole("region", { name: say("Hvad er der sket?", "What has happened?") });
    for (const text of [say("Kontakten blev fjernet.", "The contact was removed."), say("Påmindelser slået til igen.", "Reminders turned on again.")]) {
      await expect(history.getByRole("listitem").filter({ hasText: text })).toHaveCount(1);
    }
    await context.close();
    expect(noise).toEqual([]);
  });
}

test("what is typed while the page is loaded again stays", async ({ world, browser }) => {
  const person = await invite(world, { start: daysAgo(30) });
  const { context, page, noise } = await openStaff(world, browser);
  await page.goto(`${world.url}/staff/#/person/${person.id}`);
  const [ended, planned] = [page.getByLabel("Sidste dag", { exact: true }), page.getByLabel("Planlagt slut")];
  await expect(planned).toBeVisible();
  let letGo;
  const gate = new Promise((resolve) => (letGo = resolve));
  const later = async (exchange) => {
    await gate;
    await exchange.pass();
  };
  const about = (end) => (request) => request.method === "GET" && request.url.endsWith(`/persons/${person.id}${end}`);
  const rules = ["", "/course"].map((end) => world.network.fault(about(end), later, 1));
  await planned.fill(daysAgo(-60));
  await page.getByRole("button", { name: "Gem planlagt slut" }).click();
  await expect(page.locator("#person-said")).toHaveText("Planlagt slut er gemt.");
  await expect.poll(() => rules.map((r) => r.used)).toEqual([1, 1]);
  // Saved, and being loaded again.
  await ended.fill(daysAgo(2));
  await planned.fill(daysAgo(-61));
  const answers = ["", "/course"].map((end) => page.waitForResponse((r) => about(end)({ method: r.request().method(), url: r.url() })));
  letGo();
  await Promise.all(answers);
  await expect(page.getByRole("button", { name: "Fjern planlagt slut" })).toBeVisible();
  await expect(ended).toHaveValue(daysAgo(2));
  await expect(planned).toHaveValue(daysAgo(-61));
  await expect(planned).toBeFocused();
  expect((await course(world, person)).end.end_planned).toBe(daysAgo(-60));
  // What nobody has typed over follows what is saved.
  await page.getByRole("button", { name: "Fjern planlagt slut" }).click();
  await expect(page.locator("#person-said")).toHaveText("Planlagt slut er fjernet.");
  await page.getByRole("button", { name: "Gem sidste dag" }).click();
  await expect(page.getByRole("button", { name: "Ret sidste dag" })).toBeVisible();
  await expect(ended).toHaveValue(daysAgo(2));
  expect((await world.leader.person(person.id)).end).toBe(daysAgo(2));
  await context.close();
  expect(noise).toEqual([]);
});

test("a language that cannot be kept on the account is said, and stays on the computer", async ({ world, browser }) => {
  const { context, page, noise, list } = await openStaff(world, browser);
  const choices = async () => (await world.leader.get("/api/v1/account/choices")).language;
  const note = page.getByRole("status").filter({ hasText: "could not be saved on your account" });
  await world.leader.post("/api/v1/account/choices", { language: "da" });
  world.network.fault("/api/v1/account/choices", faults.drop);
  await page.getByRole("button", { name: "English" }).click();
  await expect(note).toBeVisible();
  await expect(page.getByRole("link", { name: "Worklist", exact: true })).toBeVisible();
  await everybody(page, "a language that is not saved");
  expect(await choices()).toBe("da");
  await page.reload();
  await expect(page.getByRole("link", { name: "Worklist", exact: true })).toBeVisible();
  world.network.heal();
  await page.getByRole("button", { name: "Dansk" }).click();
  await page.getByRole("button", { name: "English" }).click();
  await expect.poll(choices).toBe("en");
  await expect(note).toHaveCount(0);
  await page.getByRole("button", { name: "Dansk" }).click();
  await expect(list).toBeVisible();
  await expect.poll(choices).toBe("da");
  await context.close();
  expect(noise).toEqual([]);
});
