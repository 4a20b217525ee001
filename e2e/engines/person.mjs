// A person before a screen: reads, waits until the words have stood long enough to be read, and puts a finger where the words are.
// Knows nothing of the browser but the hands that hold it.
import { setTimeout as sleep } from "node:timers/promises";

import { counted } from "../support/phone.mjs";

/** Longer than the app itself waits for an answer (30 s): some browsers tell of a refused connection no sooner. */
const PATIENCE_MS = 40_000;

export class Person {
  constructor(hands, words) {
    this.hands = hands;
    this.t = words;
  }

  /** What the screen says, as one text. Soft hyphens are not seen. */
  async reads() {
    return await this.hands.ask(() => (document.body?.innerText ?? "").replaceAll("\u00ad", ""));
  }

  /**
   * The heading, which is the question's own words on a question's screen; not that of the words which the page itself showed before the
   * program came, and hides since.
   */
  async heading() {
    return await this.hands.ask(() => (document.querySelector(".page h1")?.innerText ?? "").replaceAll("\u00ad", "").trim());
  }

  /** The screen with that heading is there. */
  async sees(title) {
    const fits = (heading) => (title instanceof RegExp ? title.test(heading) : heading === title);
    await this.#until(`the heading is "${title}"`, async () => fits(await this.heading()));
  }

  /** The screen says that, among other things. */
  async seesText(words) {
    const fits = (text) => (words instanceof RegExp ? words.test(text) : text.includes(words));
    await this.#until(`it says ${words}`, async () => fits(await this.reads()));
  }

  /** Question `n` of the questionnaire that has so many is there. Gives its words. */
  async seesQuestion(n, of) {
    const line = this.t.question(...counted(n, of));
    await this.#until(`question ${n} of ${of} is there`, async () => (await this.reads()).split("\n").some((text) => line.test(text)));
    return await this.heading();
  }

  /** So many lines of the screen fit. Gives them. */
  async seesLines(what, fit, count) {
    const lines = async () => (await this.reads()).split("\n").map((line) => line.trim()).filter((line) => fit.test(line));
    await this.#until(`${count} times ${what}`, async () => (await lines()).length === count, 60_000);
    return await lines();
  }

  /** The app, with all its files, is on the phone: from now on the network may go. */
  async isInstalled() {
    await this.#until("the app is on the phone", () => this.hands.ask(() => navigator.serviceWorker?.controller?.state === "activated"));
  }

  /** Presses a button by its words. */
  async presses(name) {
    await this.#touches("button, summary, a", name);
  }

  /** Chooses an answer by its words. */
  async chooses(name) {
    await this.#touches("label", name);
  }

  /** Answers questions `from` to `to` of the questionnaire that has `of`, with each answer in turn. */
  async answers(labels, of, { from = 1, to = of } = {}) {
    for (let n = from; n <= to; n++) {
      await this.seesQuestion(n, of);
      await this.chooses(labels[(n - 1) % labels.length]);
    }
  }

  /** Says yes to everything; without an address no to the reminders. */
  async agrees({ email = null } = {}) {
    const { consent, emailSave } = this.t;
    await this.sees(consent.evaluation.title);
    await this.presses(consent.evaluation.yes);
    await this.sees(consent.reminders.title);
    await this.presses(email ? consent.reminders.yes : consent.reminders.no);
    if (email) {
      await this.fills(this.t.email, email);
      await this.presses(emailSave);
    }
    await this.sees(consent.leader.title);
    await this.presses(consent.leader.yes);
    await this.sees(consent.research.title);
    await this.presses(consent.research.yes);
    await this.seesQuestion(1, 30);
  }

  async menu(item) {
    await this.presses(this.t.menu);
    await this.presses(item);
  }

  /** Writes into a field, by its name, in the place of what is there. */
  async fills(label, text) {
    await this.#until(`there is a field "${label}"`, () => this.hands.ask(write, label, text));
  }

  async hasFocusOn(label) {
    await this.#until(`the focus is on "${label}"`, () => this.hands.ask((name) => document.activeElement?.labels?.[0]?.innerText.trim() === name, label));
  }

  /** The field says that it is not right. */
  async isWrong(label) {
    const marked = (name) => [...document.querySelectorAll("[aria-invalid=true]")].some((e) => e.labels[0].innerText.trim() === name);
    await this.#until(`"${label}" is marked as wrong`, () => this.hands.ask(marked, label));
  }

  /** Opens a link, as a tap in a mail would: a page that was never open before. */
  async opens(link) {
    await this.hands.open("about:blank");
    await this.hands.open(link);
    await this.#until("the page has a heading", async () => (await this.heading()) !== "");
  }

  async goesBack() {
    await this.hands.ask(() => history.back());
  }

  /** In their own language, which the browser asks for or the page's switch brings. */
  async speaks() {
    const language = () => this.hands.ask(() => document.documentElement.lang);
    await this.#until("the app is there", () => this.hands.ask(() => !!document.querySelector(".page h1")));
    if ((await language()) !== this.t.lang && !this.hands.asksForLanguage) await this.presses(this.t.own);
    await this.#until(`the page is in "${this.t.lang}"`, async () => (await language()) === this.t.lang);
  }

  /** What is done meanwhile is done in another tab of the same browser. */
  async inOtherTab(go) {
    await this.hands.inOtherTab(go);
  }

  /** Loads the page anew. What was on the screen is gone before this ends. */
  async reloads() {
    await this.hands.ask(() => {
      window.beforeReload = true;
    });
    await this.hands.reload();
    await this.#until("the page is a new one", () => this.hands.ask(() => !window.beforeReload && document.readyState === "complete"));
  }

  /**
   * A finger goes where those words stand still, are not covered, and have been there long enough for the app to take it. If something
   * appeared just as the finger came, so that the app took no press, it goes there again.
   */
  async #touches(among, name) {
    let before;
    let now;
    for (let refused = true; refused; ) {
      await this.#until(`"${name}" can be pressed`, async () => {
        before = now;
        now = await this.hands.ask(placeOf, among, name);
        return now.x !== undefined && before?.x === now.x && before.y === now.y;
      });
      await this.hands.ask(() => {
        window.lastClick = null;
        // The first to hear of it, and so also of what the app takes no notice of.
        window.hearsClicks ??= (addEventListener("click", (event) => (window.lastClick = event), true), true);
      });
      await this.hands.tap(now);
      // Asked of the page that is there then: a press that led to another page was taken.
      refused = await this.hands.ask(() => !!window.lastClick?.defaultPrevented).catch(() => false);
    }
  }

  async #until(what, holds, patience = PATIENCE_MS) {
    const end = Date.now() + patience;
    let trouble = "";
    while (Date.now() < end) {
      try {
        if (await holds()) return;
      } catch (error) {
        // Between two pages there is nobody to ask.
        trouble = `\n${error.message}`;
      }
      await sleep(60);
    }
    const screen = await this.reads().catch((error) => error.message);
    throw new Error(`not after ${patience / 1000} s: ${what}${trouble}\nOn the screen:\n${screen}`);
  }
}

/** Runs in the page. Writes as typing does, so that the app hears of it. */
function write(name, text) {
  const field = [...document.querySelectorAll("input")].find((e) => e.labels[0]?.innerText.trim() === name);
  if (!field) return false;
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

/** Runs in the page. Where to press, or why not yet. */
function placeOf(among, name) {
  if (document.documentElement.hasAttribute("data-new")) return { why: "new" };
  const words = (element) => element.innerText.replaceAll("\u00ad", "").trim().replace(/ ›$/, "");
  const target = [...document.querySelectorAll(among)].find((element) => element.getClientRects().length > 0 && words(element) === name);
  if (!target) return { why: "not there" };
  const middle = () => {
    const box = target.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  };
  const isOnTop = ({ x, y }) => target.contains(document.elementFromPoint(x, y));
  if (!isOnTop(middle())) target.scrollIntoView({ block: "center", behavior: "instant" });
  const place = middle();
  return isOnTop(place) ? place : { why: "covered" };
}
