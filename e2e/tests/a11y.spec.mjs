// Every screen, in both languages, light and dark, on 320 px and with text of twice the size.
import { everybody } from "../support/axe.mjs";
import { PHONE } from "../support/browser.mjs";
import { unfold } from "../support/desk.mjs";
import { answered, keptApart } from "../support/journal.mjs";
import { Phone } from "../support/phone.mjs";
import { NARROW, picture } from "../support/pictures.mjs";
import { faults } from "../support/proxy.mjs";
import { stored } from "../support/storage.mjs";
import { DA, EN } from "../support/words.mjs";
import { LEADER, bundle, expect, invite, scored, test } from "../support/world.mjs";

for (const words of [DA, EN]) {
  test.describe(`a citizen's screens, ${words.lang}`, { tag: "@screens" }, () => {
    test.use({ ...PHONE, viewport: { width: NARROW, height: 640 }, locale: words.lang === "da" ? "da-DK" : "en-GB", reducedMotion: "reduce" });
    test.setTimeout(300_000);

    /** Looks at a screen. */
    const look = async (phone, name) => {
      await picture(phone.page, `${words.lang}-${name}`, { whole: true });
      await everybody(phone.page, `${name} (${words.lang})`);
    };

    /** In the language of this round, which the browser asks for. */
    const speak = async (phone) => {
      phone.t = words;
      await expect(phone.page.locator("html")).toHaveAttribute("lang", words.lang);
    };

    test("from the code to the last question", async ({ world, phone, person, network }) => {
      await phone.open(`${world.url}/`);
      await speak(phone);
      await phone.sees(words.code.title);
      await look(phone, "start");
      await phone.page.getByLabel(words.code.field).fill("ABCDE");
      await phone.tap(words.code.open);
      await expect(phone.text(words.code.length)).toBeVisible();
      await look(phone, "start-wrong-code");

      network.fault("/api/", faults.drop);
      await phone.open(person.link);
      await phone.sees(words.offline);
      await look(phone, "no-network");
      network.heal();
      network.fault("/api/", faults.portal);
      await phone.tap(words.tryAgain);
      await phone.sees(words.notOurs);
      await look(phone, "portal");
      network.heal();
      await phone.open(`${world.url}/s#${"x".repeat(22)}`);
      await phone.sees(words.link);
      await look(phone, "link-unknown");

      await phone.open(person.link);
      await expect(phone.button(words.letterWhole)).toBeVisible();
      await look(phone, "letter");
      await phone.page.locator("summary", { hasText: words.menu }).tap();
      await look(phone, "menu");
      await phone.page.locator("summary", { hasText: words.menu }).tap();
      await phone.tap(words.letterWhole);
      await phone.sees(words.consent.evaluation.title);
      await look(phone, "letter-whole");
      await phone.tap(words.back);
      await phone.sees(words.consent.evaluation.title);
      await phone.tap(words.consent.evaluation.yes);
      await phone.sees(words.consent.reminders.title);
      await look(phone, "consent-reminders");
      await phone.tap(words.consent.reminders.yes);
      await phone.page.getByLabel(words.email).fill("anne@");
      await phone.tap(words.emailSave);
      await expect(phone.text(words.emailWrong)).toBeVisible();
      await look(phone, "consent-address");
      await phone.page.getByLabel(words.email).fill("anne@eksempel.dk");
      await phone.tap(words.emailSave);
      await phone.sees(words.consent.leader.title);
      await look(phone, "consent-leader");
      await phone.tap(words.consent.leader.yes);
      await phone.sees(words.consent.research.title);
      await look(phone, "consent-research");
      await phone.tap(words.consent.research.yes);

      await phone.seesQuestion(1, 30);
      await look(phone, "question");
      await phone.answer(words.mhrm, 30, { to: 8 });
      await phone.seesQuestion(9, 30);
      await look(phone, "question-new-part");
      await phone.tap(words.back);
      await phone.seesQuestion(8, 30);
      await look(phone, "question-answered");
      await phone.tap(words.pause);
      await phone.sees(words.pauseTitle);
      await look(phone, "pause");
      await phone.menu(words.list);
      await expect(phone.page.locator("fieldset")).toHaveCount(30);
      await look(phone, "list");
      await phone.tap(words.listDone);
      await phone.sees(words.review);
      await look(phone, "review");
      await phone.tap(words.reviewFinish);
      await phone.seesQuestion(1, 9);
      await look(phone, "second-questionnaire");
      const other = new Phone(await phone.page.context().newPage(), words);
      await other.open(person.link);
      await other.sees(words.elsewhere);
      await look(other, "elsewhere");
    });

    test("from the end to what is mine", async ({ world, phone, person, context, network }) => {
      await phone.open(`${world.url}/`);
      await speak(phone);
      await phone.open(person.link);
      await phone.agree({ email: "anne@eksempel.dk" });
      await phone.answer(words.mhrm, 30);
      await phone.isInstalled();
      await context.setOffline(true);
      await phone.answer(words.lsns, 9);
      await phone.sees(words.alone.title);
      await phone.choose(words.alone.helped);
      await phone.choose(words.alone.volunteer);
      await look(phone, "alone");
      await phone.tap(words.finish);
      await phone.sees(words.role.title);
      await look(phone, "role");
      await phone.tap(words.role.participant);
      await phone.sees(words.end);
      await expect(phone.button(words.sendNow)).toBeVisible();
      await look(phone, "end-saved");
      await context.setOffline(false);
      await phone.receipts();
      await look(phone, "end-received");

      const from = async (item, name) => {
        await phone.tap(item);
        await phone.sees(item);
        await look(phone, name);
        await phone.tap(words.back);
        await phone.sees(words.mine);
      };
      await phone.menu(words.contacts);
      await phone.sees(words.contacts);
      await look(phone, "contacts");
      await phone.menu(words.mine);
      await phone.sees(words.mine);
      await look(phone, "mine");
      await from(words.answers, "answers");
      await from(words.choices, "choices");
      await phone.tap(words.choices);
      await phone.tap(words.instead.choose);
      await expect(phone.page.getByLabel(words.instead.name)).toBeFocused();
      await phone.tap(words.instead.save);
      await expect(phone.page.getByLabel(words.instead.email)).toHaveAttribute("aria-invalid", "true");
      await look(phone, "instead");
      await phone.page.getByLabel(words.instead.name).fill("Naboen");
      await phone.page.getByLabel(words.instead.email).fill("en-nabo-med-et-langt-navn@et-laengere-eksempel.dk");
      await phone.tap(words.instead.save);
      await expect(phone.text(words.instead.to)).toBeVisible();
      await look(phone, "instead-named");
      await phone.tap(words.back);
      await phone.sees(words.mine);
      await phone.tap(words.letterAgain);
      await look(phone, "letter-again");
      await phone.page.goBack();
      await phone.sees(words.mine);
      await from(words.take, "take");
      await phone.tap(words.withdraw);
      await phone.sees(words.withdraw);
      await look(phone, "withdraw");
      await phone.tap(words.erase.name);
      await phone.sees(words.erase.title);
      await look(phone, "withdraw-confirm");
      await phone.menu(words.forget);
      await phone.sees(words.forgetTitle);
      await look(phone, "forget");

      const shy = await invite(world);
      await phone.open(shy.link);
      await phone.tap(words.consent.evaluation.no);
      await phone.sees(words.declined);
      await look(phone, "declined");
    });

    test("after the last word", async ({ world, phone, person }) => {
      await phone.open(`${world.url}/`);
      await speak(phone);
      await phone.open(person.link);
      await phone.agree();
      await phone.answerAll();
      await phone.receipts();
      const withdraw = async (scope) => {
        await phone.menu(words.mine);
        await phone.tap(words.withdraw);
        await phone.sees(words.withdraw);
        await phone.tap(scope.name);
        await phone.sees(scope.title);
        await phone.tap(scope.yes);
      };
      await withdraw(words.stopAsking);
      await phone.sees(words.withdrawn);
      await look(phone, "withdrawn");
      await withdraw(words.erase);
      await expect(phone.text(words.erase.done).first()).toBeVisible();
      const asked = () => bundle(world.server.url, person.secret).then(() => null, (e) => e.code);
      await expect.poll(asked).toBe("person.erased");
      // The phone has heard of it, too, and forgotten everything.
      await expect.poll(async () => (await stored(phone.page)).copies).toBe(0);
      await phone.open(person.link);
      await phone.sees(words.erasedTitle);
      await look(phone, "erased");

      const early = await invite(world, { start: world.server.day(90) });
      await phone.open(early.link);
      for (const purpose of ["evaluation", "reminders", "leader", "research"]) {
        await phone.sees(words.consent[purpose].title);
        await phone.tap(purpose === "reminders" ? words.consent[purpose].no : words.consent[purpose].yes);
      }
      await phone.sees(words.notYet);
      await look(phone, "not-yet");
    });
  });
}

for (const width of [NARROW, 1280]) {
  for (const lang of ["da", "en"]) {
    test(`the staff's screens at ${width} px, ${lang}`, { tag: "@screens" }, async ({ world, browser }) => {
      test.setTimeout(240_000);
      const context = await browser.newContext({ viewport: { width, height: 800 }, isMobile: false, hasTouch: false, reducedMotion: "reduce" });
      const page = await context.newPage();
      const look = async (name) => {
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await picture(page, `${lang}-${width}-staff-${name}`, { whole: true });
        await everybody(page, `staff ${name} (${lang}, ${width} px)`);
      };
      const person = await invite(world, { email: "anne@eksempel.dk", name: "Anne Prøve" });
      const full = (await world.leader.programmes()).flatMap((p) => p.projects).sort((a, b) => b.persons - a.persons)[0];
      // Figures of two digits are wider.
      for (let i = 0; i < 10; i++) await invite(world);
      await page.goto(`${world.url}/staff/`);
      if (lang === "en") await page.getByRole("button", { name: "English" }).click();
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      const say = (da, en) => (lang === "da" ? da : en);
      await look("login");
      await page.getByLabel("E-mail").fill(LEADER);
      await page.getByLabel(say("Adgangskode", "Password")).fill("forkert");
      await page.getByRole("button", { name: say("Log ind", "Log in") }).click();
      await expect(page.getByText(say(/passer ikke sammen/, /do not fit/))).toBeVisible();
      await look("login-wrong");
      await page.getByLabel(say("Adgangskode", "Password")).fill(world.server.password);
      await page.getByRole("button", { name: say("Log ind", "Log in") }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("Overblik", "Overview"));
      await look("overview");
      if (width < 1280) {
        await unfold(page);
        await look("menu");
        // Whoever closes it is where they were.
        await page.keyboard.press("Escape");
        await expect(page.getByRole("button", { name: "Menu", exact: true })).toBeFocused();
        const head = await page.locator(".staff-head").boundingBox();
        expect(head.height, "the head leaves the screen to the page").toBeLessThanOrEqual(64);
      }
      const screens = {
        project: [`project/${world.project.id}`, `${world.project.code} · ${world.project.name}`],
        "project-full": [`project/${full.id}`, `${full.code} · ${full.name}`],
        "new-person": [`project/${world.project.id}/new`, say("Ny person", "New person")],
        person: [`person/${person.id}`, `Anne Prøve ${person.code}`],
        quarantine: ["quarantine", say("Til afklaring", "To be settled")],
        receipt: ["receipt", say("Slå en kvittering op", "Look up a receipt")],
        nowhere: ["x/y", say("Siden findes ikke", "This page does not exist")],
      };
      for (const [name, [address, title]] of Object.entries(screens)) {
        await page.evaluate((hash) => (location.hash = hash), `#/${address}`);
        // The screen before it has a heading, too: only the right one says that this one has come.
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
        await look(name);
      }
      await page.evaluate((hash) => (location.hash = hash), `#/person/${person.id}/invitation`);
      await page.getByRole("button", { name: say("Lav link og kort", "Make link and card") }).click();
      await expect(page.getByText(say("Linket er klar.", "The link is ready."))).toBeVisible();
      await look("invitation");

      const goTo = (address) => page.evaluate((hash) => (location.hash = hash), `#/${address}`);
      const [once, twice, without] = [await invite(world), await invite(world), await invite(world)];
      const [, , { receipt }] = await answered(world, once);
      await answered(world, twice, 2);
      await keptApart(world, without);
      await scored(world, once, 1);
      await scored(world, twice, 2);
      await goTo(`person/${once.id}`);
      await expect(page.getByText(say("Demonstrationsordlyd", "Demonstration wording")).first()).toBeVisible();
      await look("scores");
      await goTo(`person/${twice.id}`);
      await expect(page.getByRole("heading", { name: say("To besvarelser af samme måling", "Two responses to the same measurement") })).toBeVisible();
      await look("rivals");
      await goTo("quarantine");
      await expect(page.getByRole("table")).toBeVisible();
      await look("quarantine-rows");
      await page.getByRole("button", { name: say(/^Læg væk/, /^Set aside/) }).first().click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await look("quarantine-confirm");
      await page.keyboard.press("Escape");
      await goTo("receipt");
      await page.getByLabel(say("Kvittering", "Receipt"), { exact: true }).fill(receipt);
      await page.getByRole("button", { name: say("Slå op", "Look up"), exact: true }).click();
      await expect(page.locator(".receipt-code")).toHaveText(receipt);
      await look("receipt-found");
      await context.close();
    });

    test(`the administrator's page at ${width} px, ${lang}`, { tag: "@screens" }, async ({ world, browser }) => {
      const context = await browser.newContext({ viewport: { width, height: 800 }, isMobile: false, hasTouch: false, reducedMotion: "reduce" });
      const page = await context.newPage();
      const say = (da, en) => (lang === "da" ? da : en);
      await page.goto(`${world.url}/staff/`);
      if (lang === "en") await page.getByRole("button", { name: "English" }).click();
      await page.getByLabel("E-mail").fill("administrator@example.org");
      await page.getByLabel(say("Adgangskode", "Password")).fill(world.server.password);
      await page.getByRole("button", { name: say("Log ind", "Log in") }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("Overblik", "Overview"));
      await unfold(page);
      await page.getByRole("link", { name: say("Drift", "Operations"), exact: true }).click();
      await expect(page.getByText(say("Der er ikke sat en mailserver op", "No mail server is set up"))).toBeVisible();
      const look = async (name) => {
        await picture(page, `${lang}-${width}-staff-${name}`, { whole: true });
        await everybody(page, `staff ${name} (${lang}, ${width} px)`);
      };
      await look("operations-off");
      // As it is when the mail server says no.
      const failing = {
        mail_is_on: true,
        mails_waiting: 12,
        oldest_waiting: new Date(Date.now() - 7_200_000).toISOString(),
        last_success: new Date(Date.now() - 90_000_000).toISOString(),
        failures: [{ kind: "login", count: 9 }, { kind: "recipient", count: 1 }, { kind: "of_the_future", count: 2 }],
        jobs_waiting: 3,
        clock_set_back: { at: new Date(Date.now() - 3_600_000).toISOString(), showed: new Date(Date.now() + 31_536_000_000).toISOString() },
        bounces: { last_read: new Date(Date.now() - 600_000).toISOString(), trouble: "login" },
      };
      await page.route("**/api/v1/operations", (route) => route.fulfill({ json: failing }));
      await page.getByRole("button", { name: say("Hent igen", "Load again") }).click();
      await expect(page.getByText(say("Mails kommer ikke af sted", "Mails do not go out"))).toBeVisible();
      await expect(page.getByText(say("Serverens ur har gået forkert", "The server's clock has been wrong"))).toBeVisible();
      await expect(page.getByText(say(/Ret mail\.username/, /Correct mail\.username/))).toBeVisible();
      await expect(page.getByText(say(/Postkassen afviste brugernavn/, /The mailbox refused user name/))).toBeVisible();
      await look("operations-failing");
      await context.close();
    });
  }
}
