// What a person does on the phone: looks for words and presses them.
import { expect } from "@playwright/test";

import { patient } from "./browser.mjs";
import { DA } from "./words.mjs";

/** Answers that give totals one can work out in the head: 0 1 2 3 4 0 1 … */
export const inTurn = (options) => (n) => (n - 1) % options;

/** The questionnaires by their number of questions, and how many come before each; a person sees one count of all. */
const BEFORE = { 30: 0, 9: 30 };
const ALL = 39;
export const counted = (n, of) => [BEFORE[of] + n, ALL];

export class Phone {
  constructor(page, words = DA) {
    this.page = patient(page);
    this.t = words;
  }

  // --- Looking ---------------------------------------------------------------------------------

  /** Not the one of the page's first words, which go when the program comes. */
  get heading() {
    return this.page.getByRole("heading", { level: 1 }).and(this.page.locator(":not(.first-words h1)"));
  }

  /** The screen with that heading is shown. */
  async sees(title) {
    await expect(this.heading).toHaveText(title);
  }

  /** By its whole name; rows that lead on have an arrow drawn behind it. */
  button(name) {
    const whole = typeof name === "string" ? new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}( ›)?$`) : name;
    return this.page.getByRole("button", { name: whole });
  }

  text(words) {
    return this.page.getByText(words);
  }

  /** Question `n` of the questionnaire that has so many is shown. The screen counts all questions of both. */
  async seesQuestion(n, of) {
    await expect(this.page.locator(".page").getByText(this.t.question(...counted(n, of)))).toBeVisible();
  }

  /** The question's own words. */
  async question() {
    return await this.heading.innerText();
  }

  /** The names of the answers that are chosen on the screen. */
  async chosen() {
    const radios = this.page.getByRole("radio", { checked: true });
    return await radios.evaluateAll((all) => all.map((r) => r.labels[0].innerText.trim()));
  }

  /** So many answers of the open questionnaire are written. */
  async hasWritten(count) {
    await expect(this.page.locator("html")).toHaveAttribute("data-answered", String(count));
  }

  // --- Doing ------------------------------------------------------------------------------------

  async tap(name) {
    await this.button(name).first().tap();
  }

  async menu(item) {
    await this.page.locator("summary", { hasText: this.t.menu }).tap();
    await this.tap(item);
  }

  /** Opens a link, as a tap in a mail would: a page that was never open before. */
  async open(link) {
    await this.page.goto("about:blank");
    await this.page.goto(link);
    await expect(this.heading).toBeVisible();
  }

  /** The app, with all its files, is on the phone: from now on the network may go. */
  async isInstalled() {
    await expect.poll(() => this.page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
  }

  /**
   * Says yes or no to everything, in the order in which it is asked. `install`: an iPhone offers its home screen after the yes to the
   * letter.
   */
  async agree({ email = null, leader = true, research = true, install = false } = {}) {
    const { consent } = this.t;
    await this.sees(consent.evaluation.title);
    await this.tap(consent.evaluation.yes);
    if (install) {
      await this.sees(this.t.install.title);
      await this.tap(this.t.install.skip);
    }
    await this.sees(consent.reminders.title);
    if (email) {
      await this.tap(consent.reminders.yes);
      await this.page.getByLabel(this.t.email).fill(email);
      await this.tap(this.t.emailSave);
    } else {
      await this.tap(consent.reminders.no);
    }
    await this.sees(consent.leader.title);
    await this.tap(leader ? consent.leader.yes : consent.leader.no);
    await this.sees(consent.research.title);
    await this.tap(research ? consent.research.yes : consent.research.no);
    await this.seesQuestion(1, 30);
  }

  /** Chooses an answer by its words. */
  async choose(label) {
    await this.page.getByRole("radio", { name: label, exact: true }).tap();
  }

  /** Answers questions `from` to `to` of `of`; `code` says which code for which question. */
  async answer(labels, of, { from = 1, to = of, code = inTurn(labels.length) } = {}) {
    for (let n = from; n <= to; n++) {
      await this.seesQuestion(n, of);
      await this.choose(labels[code(n)]);
    }
  }

  /** Everything from the first question to the end page. */
  async answerAll(options = {}) {
    await this.answer(this.t.mhrm, 30, { code: options.mhrm });
    await this.answer(this.t.lsns, 9, { code: options.lsns });
    await this.finishes(options);
  }

  /** After the last question: not how it was answered, but what one is in the project, if that is asked. */
  async finishes({ role = this.t.role.participant } = {}) {
    await this.sees(this.t.alone.title);
    await this.tap(this.t.finishWithout);
    if (role) {
      await this.sees(this.t.role.title);
      await this.tap(role);
    }
    await this.sees(this.t.end);
  }

  /** The receipts on the end page, once both questionnaires are received. */
  async receipts(count = 2) {
    await expect(this.page.getByText(this.t.received, { exact: true })).toHaveCount(count, { timeout: 60_000 });
    const folded = this.page.locator("details.receipts:not([open]) > summary");
    if (await folded.count()) await folded.press("Enter");
    const codes = this.page.getByText(/^KVIT-/);
    await expect(codes).toHaveCount(count);
    return await codes.allInnerTexts();
  }
}
