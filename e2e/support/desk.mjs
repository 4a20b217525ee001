// A leader's browser on the staff screens, in either language and at any width.
import { LEADER, expect, listen } from "./world.mjs";

/** The day so many days before today in Denmark, as the server writes it. */
export function daysAgo(days) {
  return new Date(Date.now() - days * 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Europe/Copenhagen" });
}

/** On a narrow screen, the way to other pages is folded behind a button. */
export async function unfold(page) {
  const button = page.getByRole("button", { name: "Menu", exact: true });
  if ((await button.isVisible()) && (await button.getAttribute("aria-expanded")) === "false") await button.click();
}

/** A browser of the leader's, logged in, with the menu in sight. */
export async function openStaff(world, browser, { lang = "da", width = 1280, height = 900 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, isMobile: false, hasTouch: false, locale: "da-DK", reducedMotion: "reduce" });
  const page = await context.newPage();
  const noise = listen(context);
  const say = (da, en) => (lang === "da" ? da : en);
  await page.goto(`${world.url}/staff/`);
  if (lang === "en") await page.getByRole("button", { name: "English" }).click();
  await page.getByLabel("E-mail").fill(LEADER);
  await page.getByLabel(say("Adgangskode", "Password")).fill(world.server.password);
  await page.getByRole("button", { name: say("Log ind", "Log in") }).click();
  const list = page.getByRole("link", { name: say("Arbejdsliste", "Worklist"), exact: true });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("Overblik", "Overview"));
  await unfold(page);
  await expect(list).toBeVisible();
  return { context, page, noise, say, list };
}

/** The same, on the worklist of the project. */
export async function openList(world, browser, options) {
  const desk = await openStaff(world, browser, options);
  const { page, say } = desk;
  await desk.list.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("Arbejdsliste", "Worklist"));
  const project = page.getByLabel(say("Projekt", "Project"), { exact: true });
  if (await project.isVisible()) await project.selectOption(world.project.id);
  return desk;
}
