// Every screen, in both languages, light and dark, on 320 px and with text of twice the size.
import { PageHands } from "../engines/page_hands.mjs";
import { Person } from "../engines/person.mjs";
import { everybody } from "../support/axe.mjs";
import { PHONE } from "../support/browser.mjs";
import { unfold } from "../support/desk.mjs";
import { answered, keptApart } from "../support/journal.mjs";
import { NARROWEST, picture } from "../support/pictures.mjs";
import { TOURS } from "../support/screens.mjs";
import { DA, EN } from "../support/words.mjs";
import { LEADER, expect, invite, scored, test } from "../support/world.mjs";

for (const words of [DA, EN]) {
  test.describe(`a citizen's screens, ${words.lang}`, { tag: "@screens" }, () => {
    test.use({ ...PHONE, viewport: { width: NARROWEST, height: 640 }, locale: words.lang === "da" ? "da-DK" : "en-GB", reducedMotion: "reduce" });
    test.setTimeout(300_000);

    for (const [name, tour] of Object.entries(TOURS)) {
      test(name, async ({ world, page, person: invited }) => {
        const hands = new PageHands({ page, newPage: () => page.context().newPage(), asksForLanguage: true });
        const look = async (screen) => {
          await picture(hands.page, `${words.lang}-${screen}`, { whole: true });
          await everybody(hands.page, `${screen} (${words.lang})`);
        };
        await tour({ person: new Person(hands, words), hands, world, invited, words, look });
      });
    }
  });
}

for (const width of [NARROWEST, 1280]) {
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
      await page.getByRole("link", { name: without.code, exact: true }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say(`Til afklaring: ${without.code}`, `To be settled: ${without.code}`));
      await expect(page.getByRole("table")).toBeVisible();
      await look("quarantine-of");
      await page.getByRole("button", { name: say(/^Læg til side/, /^Set aside/) }).first().click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await look("quarantine-confirm");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: say("Læg alle til side", "Set all aside") }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await look("quarantine-confirm-all");
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
        mails: { sent: 40, failed: 1, returned: 2 },
        failures: [
          { kind: "login", count: 9, waiting: 9, latest: new Date(Date.now() - 60_000).toISOString() },
          { kind: "recipient", count: 1, waiting: 0, latest: new Date(Date.now() - 864_000_000).toISOString() },
          // As a server of another version says it.
          { kind: "of_the_future", count: 2 },
        ],
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
