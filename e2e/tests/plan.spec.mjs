// The plan of a programme, a calendar of one's own, and a project that takes part no more. A world of its own: a plan is everybody's.
import { everybody } from "../support/axe.mjs";
import { unfold } from "../support/desk.mjs";
import { picture, rounds } from "../support/pictures.mjs";
import { faults } from "../support/proxy.mjs";
import { Staff } from "../support/staff.mjs";
import { LEADER, test as base, expect, invite, listen, makeWorld } from "../support/world.mjs";

const ADMINISTRATOR = "administrator@example.org";
const PROGRAMME = { da: "Fælles skridt (prøveversion)", en: "Steps together (demonstration)" };

const test = base.extend({
  alone: async ({}, use) => {
    const world = await makeWorld();
    world.administrator = await new Staff(world.server.url).logIn(ADMINISTRATOR, world.server.password);
    world.programme = (await world.administrator.programmes()).find((p) => p.code === "demo");
    await use(world);
    await world.network.refuse();
    await world.server.dispose();
  },
});

/** Somebody whose course ended so many days ago. */
async function ended(world, days) {
  const person = await invite(world, { start: world.server.day(-days - 100) });
  await world.leader.post(`/api/v1/staff/persons/${person.id}/end`, { end: world.server.day(-days) });
  return person;
}

/** A browser in which somebody is logged in. */
async function enter(world, browser, email, { lang = "da", width = 1280 } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, isMobile: false, hasTouch: false, locale: "da-DK", reducedMotion: "reduce" });
  const page = await context.newPage();
  const noise = listen(context);
  const say = (da, en) => (lang === "da" ? da : en);
  await page.goto(`${world.url}/staff/`);
  if (lang === "en") await page.getByRole("button", { name: "English" }).click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel(say("Adgangskode", "Password")).fill(world.server.password);
  await page.getByRole("button", { name: say("Log ind", "Log in") }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("Overblik", "Overview"));
  const button = (da, en = da) => page.getByRole("button", { name: say(da, en), exact: true });
  const openPlan = async () => {
    await page.getByRole("link", { name: `${say("Måleplan", "Measurement plan")} ${PROGRAMME[lang]}` }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${say("Måleplan", "Measurement plan")}: ${PROGRAMME[lang]}`);
  };
  const look = async (name) => {
    await picture(page, `${lang}-${width}-${name}`, { whole: true });
    await everybody(page, `${name} (${lang}, ${width} px)`);
  };
  return { context, page, noise, say, button, openPlan, look };
}

test("a follow-up is added, it is seen whom that affects, and it stands on the person", async ({ alone: world, browser }) => {
  const [ahead, gone] = [await ended(world, 10), await ended(world, 200)];
  const { context, page, noise, button, openPlan } = await enter(world, browser, ADMINISTRATOR);
  await openPlan();
  const card = (name) => page.getByRole("article", { name });
  await expect(card("Førmåling")).toContainText("14 dage efter første dag i forløbet");
  await expect(page.getByText("Du har ikke ændret noget endnu.")).toBeVisible();
  await button("Tilføj opfølgning efter 3 måneder").click();
  await expect(card("Opfølgning")).toContainText("3 måneder efter sidste dag i forløbet");
  await expect(button("Tilføj opfølgning efter 3 måneder")).toHaveCount(0);
  await button("Se hvem det berører").click();
  await expect(page.getByRole("heading", { name: "Det betyder ændringen" })).toBeFocused();
  await expect(page.getByText("For 1 person bliver noget ikke ændret.")).toBeVisible();
  await page.locator("summary").click();
  const row = (code) => page.getByRole("row").filter({ has: page.getByRole("link", { name: code, exact: true }) });
  await expect(row(ahead.code)).toContainText("Har den ikke");
  await expect(row(gone.code)).toContainText("Ændres ikke: fristen er nået");

  // What is due is asked about, and never assumed.
  await button("Gem planen").click();
  await expect(page.getByText("Svar først på, om målinger, hvis frist er nået, også skal ændres.")).toBeVisible();
  const follow = async (person) => (await world.leader.person(person.id)).occasions.filter((o) => o.kind === "follow_up");
  expect(await follow(ahead)).toEqual([]);
  await page.getByLabel("Ja, ændr dem bagud i tid").check();
  await expect(page.getByText("bliver noget ikke ændret")).toHaveCount(0);
  await page.getByLabel("Nej, lad dem være").check();
  await expect(page.getByText("For 1 person bliver noget ikke ændret.")).toBeVisible();
  await button("Gem planen").click();
  await expect(page.getByText(/^Planen er gemt\. \d+ personer blev berørt\.$/)).toBeVisible();
  await expect(page.getByText("Du har ikke ændret noget endnu.")).toBeVisible();
  expect(await follow(ahead)).toHaveLength(1);
  expect(await follow(gone)).toEqual([]);
  await page.goto(`${world.url}/staff/#/person/${ahead.id}`);
  await expect(page.getByRole("row").filter({ hasText: "Opfølgning" })).toContainText("planlagt");

  // Taken out again, and back before anything is saved.
  await page.goto(`${world.url}/staff/#/programme/${world.programme.id}/plan`);
  await button("Fjern Opfølgning").click();
  await expect(page.getByText("Opfølgning er fjernet fra udkastet.")).toBeVisible();
  await button("Se hvem det berører").click();
  await expect(page.getByRole("cell", { name: "Forsvinder" }).or(page.getByRole("columnheader", { name: "Forsvinder" })).first()).toBeVisible();
  await button("Fortryd").click();
  await expect(card("Opfølgning")).toBeVisible();
  await expect(page.getByText("Du har ikke ændret noget endnu.")).toBeVisible();
  await context.close();
  expect(noise).toEqual([]);
});

test("what is wrong is told at its field, and what was typed outlives a lost network and another's plan", async ({ alone: world, browser }) => {
  await ended(world, 10);
  const { context, page, noise, button, openPlan } = await enter(world, browser, ADMINISTRATOR);
  await openPlan();
  await button("Ret Eftermåling").click();
  const [days, closes] = [page.getByLabel("Dage", { exact: true }), page.getByLabel("Mails stopper så mange dage efter fristen")];
  await days.fill("tyve");
  await button("Se hvem det berører").click();
  await expect(page.getByText("Skriv et helt tal.")).toBeVisible();
  await days.fill("20");
  await closes.fill("3");
  await button("Se hvem det berører").click();
  await expect(page.getByText("Mails kan ikke stoppe, før målingen mangler.")).toBeVisible();
  await expect(closes).toBeFocused();
  await closes.fill("40");
  await button("Ret Påmindelser").click();
  await page.getByLabel("Stille fra kl.").fill("02:00");
  await button("Se hvem det berører").click();
  await expect(page.getByText(/De stille timer skal dække natten/)).toBeVisible();
  await page.getByLabel("Stille fra kl.").fill("19:00");

  world.network.fault("/api/v1/programmes", faults.drop);
  await button("Se hvem det berører").click();
  await expect(page.getByText(/Der er ingen forbindelse til serveren/)).toBeVisible();
  await expect(page.getByText("Intet er gemt, og det, du har skrevet, står her stadig.")).toBeVisible();
  await expect(days).toHaveValue("20");
  world.network.heal();
  await button("Se hvem det berører").click();
  await expect(page.getByRole("heading", { name: "Det betyder ændringen" })).toBeVisible();

  // Somebody else is faster.
  const path = `/api/v1/programmes/${world.programme.id}/plan`;
  const view = await world.administrator.get(path);
  view.plan.occasions[0].after = { months: 0, days: 21 };
  await world.administrator.post(path, { plan: view.plan, reminders: view.reminders, seen: view.seen, apply: true });
  await button("Gem planen").click();
  await expect(page.getByRole("heading", { name: "En anden har gemt en ny plan, mens du skrev" })).toBeFocused();
  await expect(page.getByText("Førmåling: frist 21 dage efter første dag i forløbet")).toBeVisible();
  await expect(days).toHaveValue("20");
  expect((await world.administrator.get(path)).plan.occasions[1].after.days).toBe(14);
  await button("Fortsæt med mit udkast, og se hvem det berører").click();
  await expect(page.getByRole("heading", { name: "Det betyder ændringen" })).toBeFocused();
  await button("Gem planen").click();
  await expect(page.getByText(/^Planen er gemt\./)).toBeVisible();
  const saved = await world.administrator.get(path);
  expect(saved.plan.occasions.map((o) => o.after.days)).toEqual([14, 20]);
  expect([saved.plan.occasions[1].closes_after_days, saved.reminders.quiet_from]).toEqual([40, "19:00:00"]);
  await context.close();
  expect(noise).toEqual([]);
});

test("a draft is thrown away only after a question", async ({ alone: world, browser }) => {
  const { context, page, noise, button, openPlan } = await enter(world, browser, ADMINISTRATOR);
  await openPlan();
  await expect(button("Kassér udkastet")).toHaveCount(0);
  await button("Ret Eftermåling").click();
  const [days, dialog] = [page.getByLabel("Dage", { exact: true }), page.getByRole("dialog", { name: "Skal udkastet kasseres?" })];
  const before = await days.inputValue();
  await days.fill("23");
  // By keyboard: asked, and nothing is lost by Escape, by the first answer, or by asking twice.
  await button("Kassér udkastet").press("Enter");
  await expect(dialog.getByRole("button", { name: "Behold udkastet" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button("Kassér udkastet")).toBeFocused();
  await page.keyboard.press("Enter");
  await everybody(page, "the question about a draft");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(days).toHaveValue("23");
  await button("Kassér udkastet").press("Enter");
  await dialog.getByRole("button", { name: "Ja, kassér det" }).click();
  await expect(page.locator("#plan-saved")).toHaveText("Udkastet er kasseret.");
  await expect(page.locator("#plan-saved")).toBeFocused();
  await expect(page.getByText("Du har ikke ændret noget endnu.")).toBeVisible();
  await button("Ret Eftermåling").click();
  await expect(days).toHaveValue(before);
  await page.reload();
  await expect(page.getByText("Du har ikke ændret noget endnu.")).toBeVisible();
  await expect(page.getByText("Dit udkast fra før er her stadig. Det er ikke gemt.")).toHaveCount(0);

  // What could not be read yet is something to lose, too.
  await button("Ret Eftermåling").click();
  await days.fill("tyve");
  await button("Kassér udkastet").click();
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "Behold udkastet" }).click();
  await expect(days).toHaveValue("tyve");
  await context.close();
  expect(noise).toEqual([]);
});

test("what is typed while a plan is being saved is a draft on top of it", async ({ alone: world, browser }) => {
  const { context, page, noise, button, openPlan } = await enter(world, browser, ADMINISTRATOR);
  await openPlan();
  await button("Tilføj en anden måling").click();
  const card = page.getByRole("article", { name: "Opfølgning" });
  await card.getByLabel("Måneder", { exact: true }).fill("4");
  await button("Se hvem det berører").click();
  await expect(page.getByRole("heading", { name: "Det betyder ændringen" })).toBeVisible();
  const path = `/api/v1/programmes/${world.programme.id}/plan`;
  let letGo;
  const gate = new Promise((resolve) => (letGo = resolve));
  world.network.fault(
    (request) => request.method === "POST" && request.url === path,
    async (exchange) => {
      await gate;
      await exchange.pass();
    },
    1,
  );
  await button("Gem planen").click();
  await card.getByLabel("Måneder", { exact: true }).fill("5");
  letGo();
  await expect(page.getByText(/^Planen er gemt\./)).toBeVisible();
  await expect(card.getByLabel("Måneder", { exact: true })).toHaveValue("5");
  expect((await world.administrator.get(path)).plan.occasions[2].after.months).toBe(4);
  // It is known now: what kind it is stays.
  await expect(card.getByLabel("Hvilken slags måling er det?")).toHaveCount(0);
  await button("Se hvem det berører").click();
  await button("Gem planen").click();
  await expect.poll(async () => (await world.administrator.get(path)).plan.occasions[2].after.months).toBe(5);
  await expect(page.getByText("Du har ikke ændret noget endnu.")).toBeVisible();
  await context.close();
  expect(noise).toEqual([]);
});

test("a measurement that repeats, asks something else and has reminders of its own", async ({ alone: world, browser }) => {
  const { context, page, noise, button, openPlan } = await enter(world, browser, ADMINISTRATOR);
  await openPlan();
  await button("Tilføj en anden måling").click();
  const card = page.getByRole("article", { name: "Opfølgning" });
  await card.getByLabel("Måneder", { exact: true }).fill("1");
  await card.getByLabel("Regnet fra").selectOption({ label: "den dag, Førmåling blev besvaret" });
  await card.getByLabel("Spørger om noget andet end puljens faste skemaer").check();
  await card.getByRole("group", { name: "Hvilke skemaer?" }).getByRole("checkbox").first().check();
  await card.getByLabel("Målingen gentages").check();
  await card.getByLabel("Gange efter den første").fill("3");
  await card.getByLabel("Målingen har sine egne påmindelser").check();
  await card.getByLabel("Anden mail").fill("");
  await card.getByLabel("Tredje mail").fill("");
  await button("Færdig med at rette Opfølgning 1–4").click();
  const told = page.getByRole("article", { name: "Opfølgning 1–4" });
  await expect(told).toContainText("1 måned efter den dag, Førmåling blev besvaret");
  await expect(told).toContainText("3 gange mere, hver gang 3 måneder senere");
  await expect(told).toContainText("Højst 3: 0 dage efter fristen");
  // A look at another screen costs nothing.
  await page.getByRole("link", { name: "Arbejdsliste", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Arbejdsliste");
  await page.getByRole("link", { name: "Overblik", exact: true }).click();
  await openPlan();
  await expect(page.getByText("Dit udkast fra før er her stadig. Det er ikke gemt.")).toBeVisible();
  await expect(told).toContainText("3 gange mere, hver gang 3 måneder senere");
  await button("Se hvem det berører").click();
  await button("Gem planen").click();
  await expect(page.getByText(/^Planen er gemt\./)).toBeVisible();
  const view = await world.administrator.get(`/api/v1/programmes/${world.programme.id}/plan`);
  const [, , made] = view.plan.occasions;
  expect(made.anchor).toEqual({ from: "occasion", key: "intake" });
  expect([made.repeats.times, made.instruments.length, made.reminders.after_due_days]).toEqual([3, 1, [0]]);
  await context.close();
  expect(noise).toEqual([]);
});

test("others read the plan, and have a calendar with numbers only", async ({ alone: world, browser }) => {
  const { context, page, noise, button, openPlan } = await enter(world, browser, LEADER);
  await openPlan();
  await expect(page.getByText("Kun en administrator kan ændre planen.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^(Ret|Fjern|Gem|Se hvem)/ })).toHaveCount(0);

  await page.getByRole("link", { name: "Min kalender" }).click();
  await button("Lav en adresse").click();
  const address = page.getByLabel("Kalenderens adresse");
  const first = await address.inputValue();
  const person = await invite(world, { name: "Åse Blåbær", start: world.server.day(-14) });
  const read = (url) => fetch(url.replace(world.url, world.server.url), { headers: { "accept-language": "da" } });
  const text = await (await read(first)).text();
  expect(text).toContain("BEGIN:VCALENDAR");
  expect(text).toMatch(/SUMMARY:\d+ måling/);
  expect(text).not.toContain(person.code);
  expect(text).not.toContain("Åse");

  // The same address again; a new one only after a question.
  await page.reload();
  await expect(address).toHaveValue(first);
  await button("Lav en ny adresse").click();
  await page.getByRole("dialog").getByRole("button", { name: "Fortryd" }).click();
  await expect(address).toHaveValue(first);
  await button("Lav en ny adresse").click();
  await page.getByRole("dialog").getByRole("button", { name: "Ja, lav en ny" }).click();
  await expect(address).not.toHaveValue(first);
  expect((await read(first)).status).toBe(404);
  expect((await read(await address.inputValue())).status).toBe(200);

  // The weekly mail: as it is, ended, had again, and not said to be ended where that could not be saved.
  const weekly = page.getByRole("region", { name: "Ugens mail" });
  const wanted = weekly.getByRole("switch", { name: "Send mig ugens mail" });
  const choices = async () => (await world.leader.get("/api/v1/account/choices")).weekly_digest;
  await expect(wanted).toBeChecked();
  await expect(weekly.getByRole("status")).toHaveText("Du får ugens mail.");
  await wanted.press("Space");
  await expect(weekly.getByRole("status")).toHaveText("Du får ikke ugens mail.");
  expect(await choices()).toBe(false);
  await page.reload();
  await expect(weekly.getByRole("status")).toHaveText("Du får ikke ugens mail.");
  await expect(wanted).not.toBeChecked();
  world.network.fault("/api/v1/account/choices", faults.drop);
  await weekly.getByText("Send mig ugens mail").click();
  await expect(weekly.getByText("Valget er ikke gemt.")).toBeVisible();
  await expect(wanted).not.toBeChecked();
  world.network.heal();
  await weekly.getByText("Send mig ugens mail").click();
  await expect(weekly.getByRole("status")).toHaveText("Du får ugens mail.");
  await expect(weekly.getByText("Valget er ikke gemt.")).toHaveCount(0);
  expect(await choices()).toBe(true);
  await context.close();
  expect(noise).toEqual([]);
});

test("nobody is asked in a project that is exempt, and its people stay on the board", async ({ alone: world, browser }) => {
  await invite(world, { start: world.server.day(-60) });
  const { context, page, noise, button } = await enter(world, browser, ADMINISTRATOR);
  const list = () => world.leader.get(`/api/v1/worklist?project=${world.project.id}`);
  const board = () => world.leader.get(`/api/v1/projects/${world.project.id}/board`);
  const before = await board();
  expect((await list()).overdue.total).toBeGreaterThan(0);
  await page.goto(`${world.url}/staff/#/project/${world.project.id}`);
  await page.getByLabel("Fritaget for måling").check();
  await page.getByLabel("Fra og med").fill(world.server.day());
  await button("Gem").click();
  await expect(page.getByText("Det er gemt.")).toBeVisible();
  const after = await board();
  expect((await list()).overdue.total).toBe(0);
  expect([after.started, after.kinds[0].total]).toEqual([before.started, before.kinds[0].total]);
  await page.reload();
  await expect(page.getByText(/^Projektet er fritaget for måling siden/)).toBeVisible();
  await page.getByLabel("Trukket ud").check();
  await page.getByLabel("Fra og med").fill(world.server.day(3));
  await button("Gem").click();
  await expect(page.getByText("Vælg i dag eller en tidligere dag.")).toBeVisible();
  await context.close();
  expect(noise).toEqual([]);
});

for (const [lang, width] of rounds([
  ["da", 320],
  ["en", 320],
  ["da", 1280],
  ["en", 1280],
])) {
  test(`plan and calendar are usable for everybody at ${width} px, ${lang}`, { tag: "@screens" }, async ({ alone: world, browser }) => {
    test.setTimeout(300_000);
    await ended(world, 10);
    await ended(world, 200);
    const { context, page, noise, say, button, openPlan, look } = await enter(world, browser, ADMINISTRATOR, { lang, width });
    await openPlan();
    await look("plan");
    await button("Tilføj opfølgning efter 3 måneder", "Add a follow-up after 3 months").click();
    await button("Ret Eftermåling", "Change Exit").click();
    const exit = page.getByRole("article", { name: say("Eftermåling", "Exit") });
    await exit.getByLabel(say("Målingen gentages", "The measurement is repeated")).check();
    await exit.getByLabel(say("Spørger om noget andet end puljens faste skemaer", "Asks something else than the programme usually does")).check();
    await exit.getByLabel(say("Målingen har sine egne påmindelser", "The measurement has reminders of its own")).check();
    await button("Ret Påmindelser", "Change Reminders").click();
    await exit.getByLabel(say("Dage", "Days"), { exact: true }).first().fill("x");
    await button("Se hvem det berører", "See who is affected").click();
    await expect(page.getByText(say("Skriv et helt tal.", "Write a whole number."))).toBeVisible();
    await look("plan-form");
    await page.reload();
    await button("Tilføj opfølgning efter 3 måneder", "Add a follow-up after 3 months").click();
    await button("Se hvem det berører", "See who is affected").click();
    await page.locator("summary").click();
    await look("plan-effect");
    await page.evaluate((hash) => (location.hash = hash), `#/project/${world.project.id}`);
    await expect(page.getByRole("heading", { name: say("Er projektet med?", "Does the project take part?") })).toBeVisible();
    await look("taking-part");
    await context.close();

    const leader = await enter(world, browser, LEADER, { lang, width });
    await leader.openPlan();
    await leader.look("plan-read");
    await unfold(leader.page);
    await leader.page.getByRole("link", { name: say("Min kalender", "My calendar") }).click();
    await leader.button("Lav en adresse", "Make an address").click();
    await expect(leader.page.getByLabel(say("Kalenderens adresse", "The calendar's address"))).toBeVisible();
    await leader.look("calendar");
    await leader.button("Lav en ny adresse", "Make a new address").click();
    await expect(leader.page.getByRole("dialog")).toBeVisible();
    await leader.look("calendar-ask");
    await leader.context.close();
    expect([...noise, ...leader.noise]).toEqual([]);
  });
}
