// The main job, whole: from a tap on a link, through a dead network and a dead browser, to a score that the project leader sees.
import { Phone, inTurn } from "../support/phone.mjs";
import { picture } from "../support/pictures.mjs";
import { mine } from "../support/staff.mjs";
import { stored } from "../support/storage.mjs";
import { LEADER, expect, listen, scored, test } from "../support/world.mjs";

// What is tapped: 0 1 2 3 4 0 1 … and 0 1 2 3 4 5 0 1 2. The sums, worked by hand:
//   thirty items, six rounds of 0+1+2+3+4           60
//   domains of four items (0+1+2+3, 4+0+1+2, 3+4+0+1, 2+3+4+0, 1+2+3+4, 0+1+2+3), of two (4+0), of four (1+2+3+4)
//   nine items 0+1+2 = 3, 3+4+5 = 12, 0+1+2 = 3      18
const SUMS = {
  "mhrm-30": { total: 60, stuckness: 6, empowerment: 7, learning: 8, functioning: 9, wellbeing: 10, potentials: 6, spirituality: 4, advocacy: 10 },
  "lsns-9": { total: 18, family: 3, friends: 12, professionals: 3 },
  "lsns-6": { total: 15, family: 3, friends: 12 },
};

test("from a link to a score, with the network gone and the browser killed in the middle", async ({ world, person, network, ownPhone, browser }) => {
  test.setTimeout(240_000);
  const away = async () => {
    await ownPhone.context.setOffline(true);
    await network.refuse();
    await world.server.stop();
  };
  const back = async () => {
    await world.server.start();
    await network.listen();
    await ownPhone.context.setOffline(false);
  };
  let phone = new Phone(await ownPhone.open());
  const noise = listen(ownPhone.context);

  await test.step("the link opens the letter, and the app settles on the phone", async () => {
    await phone.open(person.link);
    await expect(phone.button(phone.t.letterWhole)).toBeVisible();
    await phone.isInstalled();
    await picture(phone.page, "letter", { keep: true });
  });

  await test.step("the network goes, and stays away", away);

  await test.step("yes to everything, with an address for reminders", async () => {
    await phone.agree({ email: "anne@eksempel.dk" });
    await picture(phone.page, "question", { keep: true });
  });

  let where;
  await test.step("twelve answers, then the battery falls out", async () => {
    await phone.answer(phone.t.mhrm, 30, { to: 12 });
    await phone.seesQuestion(13, 30);
    where = await phone.question();
    await phone.hasWritten(12);
    await ownPhone.kill();
  });

  await test.step("the same link, still without a network: the same question, the answers kept", async () => {
    const page = await ownPhone.open({ offline: true });
    listen(ownPhone.context, noise);
    phone = new Phone(page);
    await phone.open(person.link);
    await phone.seesQuestion(13, 30);
    expect(await phone.question()).toBe(where);
    await expect(phone.text(phone.t.welcomeBack)).toBeVisible();
    for (const n of [12, 11, 10]) {
      await phone.tap(phone.t.back);
      await phone.seesQuestion(n, 30);
      expect(await phone.chosen()).toEqual([phone.t.mhrm[inTurn(5)(n)]]);
    }
    for (const n of [11, 12, 13]) {
      await phone.tap(phone.t.next);
      await phone.seesQuestion(n, 30);
    }
  });

  await test.step("to the end, which says what is true: saved on this phone", async () => {
    await phone.answer(phone.t.mhrm, 30, { from: 13 });
    await phone.answer(phone.t.lsns, 9);
    await phone.sees(phone.t.alone.title);
    await phone.choose(phone.t.alone.yes);
    await phone.tap(phone.t.finish);
    await phone.sees(phone.t.role.title);
    await phone.tap(phone.t.role.participant);
    await phone.sees(phone.t.end);
    await expect(phone.page.getByText(phone.t.savedHere, { exact: true })).toHaveCount(2);
    await expect(phone.page.getByText(/^KVIT-/)).toHaveCount(0);
    await picture(phone.page, "end-saved");
  });

  await test.step("the battery once more, and then the network is back", async () => {
    await ownPhone.kill();
    phone = new Phone(await ownPhone.open({ offline: true }));
    await phone.open(person.link);
    await phone.sees(phone.t.end);
    await expect(phone.page.getByText(phone.t.savedHere, { exact: true })).toHaveCount(2);
    await back();
  });

  let receipts;
  await test.step("received, with receipts", async () => {
    receipts = await phone.receipts();
    for (const code of receipts) expect(code).toMatch(/^KVIT(-[0-9A-HJKMNP-TV-Y]{4}){3}$/);
    await expect(phone.text(phone.t.waiting)).toHaveCount(0);
    await phone.page.evaluate(() => scrollTo(0, 0));
    await picture(phone.page, "end", { keep: true });
  });

  await test.step("the server has every answer exactly once", async () => {
    const held = await mine(world.server.url, person.secret);
    expect(held.responses.map((r) => r.edition.instrument).sort()).toEqual(["lsns-9", "mhrm-30"]);
    const [mhrm] = held.responses.filter((r) => r.edition.instrument === "mhrm-30");
    const [lsns] = held.responses.filter((r) => r.edition.instrument === "lsns-9");
    const codes = (count, name, options) => Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i + 1), i % options]));
    expect(mhrm.answers).toEqual(codes(30, (n) => `mhrm${String(n).padStart(2, "0")}`, 5));
    expect(lsns.answers).toEqual(codes(9, (n) => `lsns${n}`, 6));
    expect([mhrm.receipt, lsns.receipt].sort()).toEqual([...receipts].sort());
    expect([mhrm.mode, mhrm.language]).toEqual(["own_device", "da"]);
    expect(held.email).toBe("anne@eksempel.dk");
    expect(held.respondent_type).toBe("participant");
    const said = held.consents.map((c) => c.purpose).sort();
    expect(said).toEqual(["evaluation", "leader_sees_answers", "reminders", "research"]);
    expect((await world.leader.quarantine()).entries.filter((e) => e.person === person.id)).toEqual([]);
  });

  await test.step("scored: the sums of what was tapped", async () => {
    const detail = await scored(world, person, 2);
    expect(detail.occasions.find((o) => o.kind === "intake").state).toBe("completed");
    expect(detail.scores.responses.every((r) => r.primary && !r.has_rival && !r.clock_suspect)).toBe(true);
    const found = {};
    for (const response of detail.scores.responses) {
      for (const scale of response.scales) (found[scale.instrument] ??= {})[scale.scale] = scale.score;
    }
    expect(found).toEqual(SUMS);
    for (const code of receipts) {
      expect(await world.leader.receipt(code)).toMatchObject({ outcome: "stored", kind: "response_submitted", person_code: person.code });
    }
  });

  await test.step("the project leader logs in and sees it", async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1, locale: "da-DK", isMobile: false, hasTouch: false });
    const page = await context.newPage();
    const staffNoise = listen(context);
    await page.goto(`${world.url}/staff/`);
    await page.getByLabel("E-mail").fill(LEADER);
    await page.getByLabel("Adgangskode").fill(world.server.password);
    await page.getByRole("button", { name: "Log ind" }).click();
    await page.getByRole("link", { name: new RegExp(world.project.name) }).first().click();
    await page.getByLabel("Find en kode eller et navn").fill(person.code);
    await page.getByRole("link", { name: person.code, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(person.code);
    await expect(page.getByText("besvaret", { exact: true }).first()).toBeVisible();
    for (const [title, score] of [
      ["Det samlede billede", "60 af 120"],
      ["At komme videre", "6 af 16"],
      ["Alle tilsammen", "18 af 45"],
      ["Fagfolk og kontaktpersoner", "3 af 15"],
      ["Familie, venner og bekendte tilsammen", "15 af 30"],
    ]) {
      await expect(page.getByRole("row", { name: title }).first()).toContainText(score);
    }
    await picture(page, "leader", { keep: true });
    await context.close();
    expect(staffNoise).toEqual([]);
  });

  await test.step("the person sees who looked", async () => {
    await phone.menu(phone.t.mine);
    await phone.tap(phone.t.choices);
    await expect(phone.text(/Projektleder/).first()).toBeVisible();
  });
  expect(noise).toEqual([]);
});

test("a menu opened right after an answer stays open", async ({ phone, person }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.page.waitForFunction(() => !document.documentElement.hasAttribute("data-new"));
  await phone.page.evaluate((label) => {
    const radio = [...document.querySelectorAll(".answer")].find((row) => row.innerText.trim() === label);
    radio.click();
    document.querySelector(".menu > summary").click();
  }, phone.t.mhrm[0]);
  await phone.hasWritten(1);
  await phone.page.waitForTimeout(600);
  await phone.seesQuestion(1, 30);
  await expect(phone.button(phone.t.mine)).toBeVisible();
});

test("the project leader says when a course ended, and the exit opens", async ({ world, person, browser }) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1, locale: "da-DK", isMobile: false, hasTouch: false });
  const page = await context.newPage();
  await page.goto(`${world.url}/staff/`);
  await page.getByLabel("E-mail").fill(LEADER);
  await page.getByLabel("Adgangskode").fill(world.server.password);
  await page.getByRole("button", { name: "Log ind" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overblik");
  await page.goto(`${world.url}/staff/#/person/${person.id}`);
  const row = page.getByRole("row", { name: "Eftermåling" });
  await expect(row).not.toContainText("kan besvares");
  await page.getByLabel("Sidste dag").fill("1999-12-31");
  await page.getByRole("button", { name: "Gem sidste dag" }).click();
  await expect(page.getByText("Sidste dag kan ikke ligge før første dag.")).toBeVisible();
  await page.getByLabel("Sidste dag").fill(new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Copenhagen" }));
  await page.getByRole("button", { name: "Gem sidste dag" }).click();
  await expect(page.getByRole("button", { name: "Ret sidste dag" })).toBeVisible();
  const detail = await world.leader.person(person.id);
  expect(detail.occasion_details.map((o) => [o.kind, o.state])).toEqual([["intake", "open"], ["exit", "open"]]);
  await context.close();
});

test("a link made on the command line opens the same way", async ({ world, phone }) => {
  const programme = (await world.leader.programmes()).find((p) => p.projects.some((q) => q.id === world.project.id));
  const printed = await world.server.command("person", "invite", "--project", world.project.code, "--programme", programme.code);
  const link = printed.match(/http:\/\/\S+\/s#[\w-]+/)?.[0];
  expect(link, printed).toBeTruthy();
  expect(link.startsWith(world.url)).toBe(true);
  await phone.open(link);
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
});

test("an iPhone is offered the home screen after the letter, and its link comes along", async ({ world, person, browser }) => {
  const context = await browser.newContext({
    viewport: { width: 375, height: 667 },
    isMobile: true,
    hasTouch: true,
    locale: "da-DK",
    userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  });
  const phone = new Phone(await context.newPage());
  await phone.open(person.link);
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
  expect(phone.page.url()).toBe(`${world.url}/s`);
  // The home screen takes the address along: the link stands there for as long as that is offered, and not a screen longer.
  await phone.tap(phone.t.consent.evaluation.yes);
  await phone.sees(phone.t.install.title);
  expect(phone.page.url()).toBe(person.link);
  await phone.page.goBack();
  await phone.sees(phone.t.consent.evaluation.title);
  expect(phone.page.url()).toBe(`${world.url}/s`);
  await phone.agree({ install: true });
  expect(phone.page.url()).toBe(`${world.url}/s`);
  await phone.answer(phone.t.mhrm, 30, { to: 2 });
  await phone.open(person.link);
  await phone.seesQuestion(3, 30);
  await phone.menu(phone.t.pause);
  await expect(phone.text(/følger ikke med til hjemmeskærmen/)).toBeVisible();
  await expect.poll(async () => (await stored(phone.page)).queue).toBe(0);
  await context.close();
  // The home screen starts the app in a storage of its own, with the link that the page had.
  const installed = await browser.newContext({ viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true, locale: "da-DK" });
  await installed.addInitScript(() => Object.defineProperty(navigator, "standalone", { get: () => true }));
  const app = new Phone(await installed.newPage());
  await app.open(person.link);
  await expect(app.heading).toBeVisible();
  await expect(app.text(/Er du begyndt i browseren, ligger dine svar dér/)).toBeVisible();
  await app.answer(app.t.mhrm, 30, { to: 1 });
  await app.seesQuestion(2, 30);
  await expect(app.text(/Er du begyndt i browseren/)).toHaveCount(0);
  await installed.close();
});
