// The worklist and the drop-out board: nobody is lost by silence. In both languages, on a narrow screen and a wide one.
import { everybody } from "../support/axe.mjs";
import { daysAgo, openList, openStaff } from "../support/desk.mjs";
import { picture, rounds } from "../support/pictures.mjs";
import { expect, invite, test } from "../support/world.mjs";

/** Waits until the server has asked for calls about these people: from then on they stand among the calls, and there alone. */
async function called(world, people) {
  const list = () => world.leader.get(`/api/v1/worklist?project=${world.project.id}`);
  const missing = async () => {
    const { calls } = await list();
    return people.filter(({ id }) => !calls.lines.some((l) => l.person === id)).length;
  };
  await expect.poll(missing, { timeout: 60_000 }).toBe(0);
  return list();
}

for (const [lang, width] of rounds([
  ["da", 360],
  ["en", 360],
  ["da", 1280],
  ["en", 1280],
])) {
  test(`the worklist is usable for everybody at ${width} px, ${lang}`, { tag: "@screens" }, async ({ world, browser }) => {
    test.setTimeout(240_000);
    // Overdue after 14 days to the due day and 14 more of grace; asked about the end after 180 days.
    const late = await invite(world, { name: "Anne Prøve", start: daysAgo(200), phone: "00 00 00 01" });
    // Due, and two days before the call: midnight may pass meanwhile.
    await invite(world, { start: daysAgo(15) });
    const counted = await called(world, [late]);
    const { context, page, noise, say } = await openList(world, browser, { lang, width });
    const look = async (name) => {
      await picture(page, `${lang}-${width}-worklist-${name}`, { whole: true });
      await everybody(page, `worklist ${name} (${lang}, ${width} px)`);
    };
    const calls = page.getByRole("region", { name: say(/^Ring til \(/, /^Call \(/) });
    const row = calls.getByRole("row").filter({ hasText: late.code });
    // Due after 14 days: 186 days ago, whatever the grace is.
    await expect(row).toContainText(say("186 dage over", "186 days over"));
    await expect(row.getByRole("link", { name: say("Ring op: 00 00 00 01", "Call: 00 00 00 01") })).toHaveAttribute("href", "tel:00000001");
    await expect(page.getByRole("link", { name: late.code, exact: true })).toHaveCount(2);
    for (const { person } of counted.overdue.lines) expect(person).not.toBe(late.id);
    await expect(page.getByRole("heading", { name: say(/^Skal besvares nu \(/, /^Due now \(/) })).toBeVisible();
    await expect(page.getByText("Anne Prøve").first()).toBeVisible();
    await look("list");
    await page.getByRole("button", { name: `${say("Svar", "Answer")} ${say("om", "about")} ${late.code}` }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.getByLabel(say("Ja, det sluttede en anden dag", "Yes, it ended on another day")).check();
    await expect(page.getByLabel(say("Sidste dag", "Last day"))).toBeVisible();
    await look("end");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
    await page.evaluate((hash) => (location.hash = hash), `#/project/${world.project.id}`);
    await expect(page.getByRole("heading", { name: say("Hvad blev der af målingerne?", "What became of the measurements?") })).toBeVisible();
    await look("board");
    await page.locator(".board > summary").click();
    await expect(page.getByText(say(/er begyndt på et forløb/, /have begun a course/))).toBeVisible();
    await look("board-open");
    await context.close();
    expect(noise).toEqual([]);
  });
}

test("several get a reason at once, and leave the list", async ({ world, browser }) => {
  const people = [await invite(world, { start: daysAgo(60) }), await invite(world, { start: daysAgo(61) })];
  const stays = await invite(world, { start: daysAgo(62) });
  const { context, page, noise } = await openList(world, browser);
  const save = page.getByRole("button", { name: /^Gem grunden for/ });
  await save.click();
  await expect(page.getByText("Vælg først dem, grunden gælder, i listerne ovenfor.")).toBeVisible();
  for (const { code } of people) await page.getByLabel(`Vælg ${code}, Førmåling`).check();
  await expect(save).toHaveText("Gem grunden for 2 valgte");
  await page.getByLabel("Hvorfor bliver målingen ikke til noget?").selectOption({ label: "Kunne ikke længere kontaktes" });
  await save.click();
  await expect(page.getByRole("status").filter({ hasText: "Grunden er gemt for 2." })).toBeVisible();
  for (const { code } of people) await expect(page.getByRole("link", { name: code, exact: true })).toHaveCount(0);
  await expect(page.getByLabel(`Vælg ${stays.code}, Førmåling`)).toBeVisible();
  for (const { id } of people) {
    const intake = (await world.leader.person(id)).occasions.find((o) => o.kind === "intake");
    expect(intake.state).toBe("missed");
  }
  const board = await world.leader.get(`/api/v1/projects/${world.project.id}/board`);
  const intakes = board.kinds.find((k) => k.kind === "intake");
  expect(intakes.missed.find((m) => m.reason === "stopped_contact").count).toBeGreaterThanOrEqual(2);

  // Taken back, it is waited for again.
  await page.goto(`${world.url}/staff/#/person/${people[0].id}`);
  await page.getByRole("button", { name: "Tag grunden tilbage Førmåling" }).click();
  await expect(page.getByRole("button", { name: /^Tag grunden tilbage/ })).toHaveCount(0);
  await page.goto(`${world.url}/staff/#/worklist`);
  const project = page.getByLabel("Projekt", { exact: true });
  await expect(page.getByLabel(`Vælg ${stays.code}, Førmåling`)).toBeVisible();
  if (await project.isVisible()) await project.selectOption(world.project.id);
  await expect(page.getByLabel(`Vælg ${people[0].code}, Førmåling`)).toBeVisible();
  await context.close();
  expect(noise).toEqual([]);
});

test("the question about the end of a course is answered", async ({ world, browser }) => {
  const [today, still, cannot] = [
    await invite(world, { start: daysAgo(190) }),
    await invite(world, { start: daysAgo(191) }),
    await invite(world, { start: daysAgo(192) }),
  ];
  const { context, page, noise } = await openList(world, browser);
  const answer = async ({ code }, label) => {
    await page.getByRole("button", { name: `Svar om ${code}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Gem" }).click();
    await expect(dialog.getByText("Vælg et af svarene.")).toBeVisible();
    await dialog.getByLabel(label).check();
    await dialog.getByRole("button", { name: "Gem" }).click();
    await expect(page.getByText(`Svaret om ${code} er gemt.`)).toBeVisible();
    await expect(page.getByRole("button", { name: `Svar om ${code}` })).toHaveCount(0);
  };
  await answer(today, "Ja, det slutter i dag");
  await answer(still, "Nej, personen er stadig i forløb");
  await answer(cannot, "Det kan ingen sige");
  expect((await world.leader.person(today.id)).end).toBe(daysAgo(0));
  expect((await world.leader.person(still.id)).end).toBe(null);
  const list = await world.leader.get(`/api/v1/worklist?project=${world.project.id}`);
  const asked = list.ends.lines.map((l) => l.person);
  for (const { id } of [today, still, cannot]) expect(asked).not.toContain(id);
  await context.close();
  expect(noise).toEqual([]);
});

test("a long list is shown bit by bit, and goes on where it stopped", async ({ world, browser }) => {
  const people = [];
  for (const days of [301, 302, 303]) people.push(await invite(world, { start: daysAgo(days) }));
  await called(world, people);
  const { context, page, noise, list } = await openStaff(world, browser, { width: 360 });
  // Two lines take the place of the first hundred.
  await context.route("**/api/v1/worklist?**", (route) => {
    const url = route.request().url();
    return route.continue({ url: url.replace("lines=100", "lines=2") });
  });
  await list.click();
  const project = page.getByLabel("Projekt", { exact: true });
  if (await project.isVisible()) await project.selectOption(world.project.id);
  const late = page.getByRole("region", { name: /^Ring til \(/ });
  await expect(late.getByText(/^Viser de første 2 af \d+\.$/)).toBeVisible();
  const codes = late.locator("tbody th a:not(.call-up)");
  await expect(codes).toHaveCount(2);
  const picked = late.getByRole("checkbox").first();
  await picked.check();
  const more = late.getByRole("button", { name: "Vis flere under “Ring til”" });
  await picture(page, "worklist-more", { whole: true });
  await more.focus();
  await page.keyboard.press("Enter");
  await expect(codes.nth(2)).toBeFocused();
  await expect(more).toHaveCount(0);
  await expect(picked).toBeChecked();
  await context.close();
  expect(noise).toEqual([]);
});

test("an evaluator is told whom the worklist is for, and led on", async ({ world, browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale: "da-DK", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(`${world.url}/staff/#/worklist`);
  await page.getByLabel("E-mail").fill("evaluator@example.org");
  await page.getByLabel("Adgangskode").fill(world.server.password);
  await page.getByRole("button", { name: "Log ind" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Arbejdsliste");
  await expect(page.getByText("din rolle arbejder uden navne")).toBeVisible();
  await expect(page.getByRole("button", { name: "Prøv igen" })).toHaveCount(0);
  await picture(page, "worklist-evaluator", { whole: true });
  await everybody(page, "worklist of an evaluator");
  await page.getByRole("link", { name: "Gå til overblikket" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overblik");
  await context.close();
});
