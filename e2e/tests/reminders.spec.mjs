// Reminders through a real mail server: what arrives, where its links lead, and that it arrives once whatever the mail server does.
// The server is started again on later days at noon, so that the test is the same at any time of the day.
import fs from "node:fs";

import { everybody } from "../support/axe.mjs";
import { PHONE } from "../support/browser.mjs";
import { Phone } from "../support/phone.mjs";
import { picture } from "../support/pictures.mjs";
import { freePort } from "../support/server.mjs";
import { MailServer, certificate, manners } from "../support/smtp.mjs";
import { Staff } from "../support/staff.mjs";
import { LEADER, expect, invite, makeWorld, test as base } from "../support/world.mjs";

/** The intake is due so many days after the start. */
const DUE = 14;
/** Words that would tell whoever looks over a shoulder what it is about. */
const TELLING = /psyk|sind|syg|sundhed|helbred|bedring|recovery|diagnos|behandl|depress|angst|ensom|trivsel|terapi|patient|borger|kommune|undersøg|evaluer|forløb|støtte|mental|health|illness|treat|survey|mhrm|lsns/i;

const test = base.extend({
  world: [
    async ({}, use) => {
      const own = certificate();
      const mails = new MailServer(own);
      await mails.listen(await freePort());
      const settings = {
        BEDRING__MAIL__HOST: "localhost",
        BEDRING__MAIL__PORT: String(mails.port),
        BEDRING__MAIL__TLS: "starttls",
        BEDRING__MAIL__TLS_CA_FILE: own.certFile,
        BEDRING__MAIL__USERNAME: mails.user,
        BEDRING__MAIL__PASSWORD: mails.password,
        BEDRING__MAIL__FROM: "hilsen@faelles-skridt.example",
        BEDRING__MAIL__FROM_NAME: "Fælles skridt",
        BEDRING__MAIL__REPLY_TO: "svar@faelles-skridt.example",
      };
      const world = { ...(await makeWorld({ settings, tls: own })), mails };
      await use(world);
      await world.network.refuse();
      await world.server.dispose();
      await mails.close();
      fs.rmSync(own.folder, { recursive: true });
    },
    { scope: "worker", timeout: 120_000 },
  ],
  mails: async ({ world }, use) => use(world.mails),
});

test.use({ ...PHONE, ignoreHTTPSErrors: true, reducedMotion: "reduce" });
test.setTimeout(240_000);

/** Moves the world to noon of a later day. Sessions do not last that long. */
async function skipTo(world, days, options) {
  await world.server.skipTo(days, options);
  world.leader = await new Staff(world.server.url).logIn(LEADER, world.server.password);
}

/** A new person whose course begins on the server's today and who said yes to reminders. */
async function somebody(world, page, email) {
  const person = await invite(world, { start: world.server.day() });
  const phone = new Phone(page);
  await phone.open(person.link);
  await phone.agree({ email });
  await expect.poll(async () => (await world.leader.person(person.id)).occasions.length).toBeGreaterThan(0);
  return { ...person, email };
}

/** The server has looked at everything that is due today. */
async function hasLooked(world, check) {
  await expect.poll(check, { timeout: 90_000 }).toBe(true);
}

/** Addresses in a text. */
const links = (text) => text.match(/https:\/\/\S+/g) ?? [];

/** Time for a mail that must not come. */
async function nothingMore(world, mails, count) {
  await expect.poll(async () => (await operations(world)).mails_waiting).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const people = mails.kept.filter((k) => k.to.endsWith("@modtager.example"));
  expect(people.length, "no more mails").toBe(count);
}

async function operations(world) {
  const administrator = await new Staff(world.server.url).logIn("administrator@example.org", world.server.password);
  return await administrator.get("/api/v1/operations");
}

test("a reminder arrives, resumes what was begun, and stops for good when asked to", { tag: "@screens" }, async ({ world, page, mails, phone }) => {
  await skipTo(world, 0);
  const anne = await somebody(world, page, "anne@modtager.example");
  await phone.answer(phone.t.mhrm, 30, { to: 3 });
  await phone.seesQuestion(4, 30);
  await phone.hasWritten(3);
  const fourth = await phone.question();
  await page.goto("about:blank");
  expect(mails.kept, "nothing before the due day").toEqual([]);

  await skipTo(world, DUE);
  await hasLooked(world, () => mails.to(anne.email).length > 0);
  const [{ mail, encrypted, user }] = mails.to(anne.email);
  expect({ encrypted, user }).toEqual({ encrypted: true, user: mails.user });
  expect(mail.from.value).toEqual([{ address: "hilsen@faelles-skridt.example", name: "Fælles skridt" }]);
  expect(mail.replyTo.value[0].address).toBe("svar@faelles-skridt.example");
  expect(mail.subject).toBe("Et par spørgsmål venter på dig");
  for (const text of [mail.subject, mail.text, mail.html, mail.from.text]) expect(text.replace(/https:\/\/\S+/g, "")).not.toMatch(TELLING);
  for (const words of ["fortsætter du, hvor du slap", "Åbn spørgsmålene", "Vent med påmindelser, eller stop dem", "Venlig hilsen"]) {
    expect(mail.text).toContain(words);
    expect(mail.html).toContain(words);
  }
  expect(mail.html).toMatch(/<html[^>]*lang="da"/);
  const [open, choices] = links(mail.text);
  await page.setContent(mail.html);
  const addresses = await page.locator("a").evaluateAll((all) => all.map((a) => a.href));
  expect(addresses).toEqual([open, choices]);
  await picture(page, "da-mail", { whole: true });
  expect(open).toMatch(new RegExp(`^${world.url}/s#`));
  expect(choices).toMatch(new RegExp(`^${world.url}/m/`));
  const header = (name) => mail.headerLines.find((line) => line.key === name)?.line.replace(/\s+/g, " ");
  expect(header("list-unsubscribe")).toBe(`List-Unsubscribe: <${choices}>`);
  expect(header("list-unsubscribe-post")).toBe("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
  expect(header("auto-submitted")).toBe("Auto-Submitted: auto-generated");

  // The link opens the very question, on a small phone.
  await phone.open(open);
  await phone.seesQuestion(4, 30);
  expect(await phone.question()).toBe(fourth);
  await expect(phone.text(phone.t.welcomeBack)).toBeVisible();
  await picture(page, "da-from-mail");

  // Whoever follows the other link chooses nothing by that.
  await page.goto(choices);
  await phone.sees("Hvornår må vi skrive igen?");
  for (const [lang, title, never] of [
    ["da", "Hvornår må vi skrive igen?", "Stop alle påmindelser til denne mailadresse"],
    ["en", "When may we write again?", "Stop all reminders to this address"],
  ]) {
    await page.goto(`${choices}?lang=${lang}`);
    await phone.sees(title);
    await expect(phone.button(never)).toBeVisible();
    await picture(page, `${lang}-mail-choices`, { whole: true });
    await everybody(page, `mail choices (${lang})`);
  }

  await skipTo(world, DUE + 4);
  await hasLooked(world, () => mails.to(anne.email).length > 1);
  const second = mails.to(anne.email)[1].mail;
  expect(second.messageId).not.toBe(mail.messageId);
  const [openAgain, chooseAgain] = links(second.text);
  await phone.open(openAgain);
  await phone.seesQuestion(4, 30);

  for (const lang of ["en", "da"]) {
    await page.goto(`${chooseAgain}?lang=${lang}`);
    // The button says when the mail comes once more, today or, late in the day, tomorrow.
    await phone.tap(lang === "da" ? "Stop alle påmindelser til denne mailadresse" : /^(Later today|Tomorrow), at \d\d:\d\d$/);
    await phone.sees(lang === "da" ? "Det er noteret" : "This has been noted");
    await picture(page, `${lang}-mail-noted`, { whole: true });
    await everybody(page, `mail choice noted (${lang})`);
  }
  for (const days of [DUE + 11, DUE + 20]) {
    await skipTo(world, days);
    await nothingMore(world, mails, 2);
  }
  // Not lost by that: a person calls.
  const list = await world.leader.get(`/api/v1/worklist?project=${world.project.id}`);
  expect(JSON.stringify(list.calls)).toContain(anne.code);
  await phone.open(open);
  await phone.seesQuestion(4, 30);
});

test("a mail server that says later, breaks off or falls silent costs nobody a mail, and sends none twice", async ({ world, mails, browser }) => {
  const from = 60;
  await skipTo(world, from);
  mails.kept.length = 0;
  const people = {};
  for (const manner of Object.values(manners)) {
    const context = await browser.newContext({ ...PHONE, ignoreHTTPSErrors: true });
    people[manner] = await somebody(world, await context.newPage(), `${manner.toLowerCase()}@modtager.example`);
    await context.close();
    mails.behave(people[manner].email, manner);
  }
  const counts = () => Object.fromEntries(Object.entries(people).map(([manner, { email }]) => [manner, mails.to(email).length]));
  mails.tried.length = 0;
  await skipTo(world, from + DUE);
  await hasLooked(world, () => Object.values(people).every(({ email }) => mails.tried.some((t) => t.to === email && t.manner !== "well")));
  await expect.poll(async () => (await operations(world)).failures.map((f) => f.kind).sort()).toEqual(["connection", "later"]);
  // The mail server reads what it kept in its own time.
  await expect.poll(counts).toEqual({ later: 0, drop: 0, keepAndCut: 1, sayAndCut: 1 });
  await expect.poll(async () => (await operations(world)).mails_waiting).toBe(3);

  await skipTo(world, from + DUE, { minutes: 30 });
  await expect.poll(counts, { timeout: 90_000 }).toEqual({ later: 1, drop: 1, keepAndCut: 2, sayAndCut: 1 });
  // Nobody can know that it was kept; what goes again is the same mail, and mail programs show it once.
  const [first, again] = mails.to(people.keepAndCut.email).map((k) => k.mail);
  expect(again.messageId).toBe(first.messageId);
  expect(links(again.text)).toEqual(links(first.text));
  await expect.poll(async () => (await operations(world)).mails_waiting).toBe(0);
  expect((await operations(world)).failures).toEqual([]);

  // Once more on the same day: nothing is due.
  const kept = mails.kept.filter((k) => k.to.endsWith("@modtager.example")).length;
  await skipTo(world, from + DUE, { minutes: 90 });
  await nothingMore(world, mails, kept);

  // The mail program's own button: one POST, no page.
  const unsubscribe = new URL(links(mails.to(people.sayAndCut.email)[0].mail.text)[1]).pathname;
  const answer = await fetch(world.server.url + unsubscribe, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "List-Unsubscribe=One-Click",
  });
  expect(answer.status).toBe(200);
  await skipTo(world, from + DUE + 4);
  await expect.poll(counts, { timeout: 90_000 }).toEqual({ later: 2, drop: 2, keepAndCut: 3, sayAndCut: 1 });
});
