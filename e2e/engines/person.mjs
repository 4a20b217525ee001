// A person before a screen: reads, waits until the words have stood long enough to be read, and puts a finger where the words are.
// Knows nothing of the browser but the hands that hold it.
import { setTimeout as sleep } from "node:timers/promises";

import { counted } from "../support/phone.mjs";

const PATIENCE_MS = 20_000;

export class Person {
  constructor(hands, words) {
    this.hands = hands;
    this.t = words;
  }

  /** What the screen says, as one text. */
  async reads() {
    return await this.hands.ask(() => document.body?.innerText ?? "");
  }

  /** The heading, which is the question's own words on a question's screen. */
  async heading() {
    return await this.hands.ask(() => document.querySelector("h1")?.innerText.trim() ?? "");
  }

  /** The screen with that heading is there. */
  async sees(title) {
    await this.#until(`the heading is "${title}"`, async () => (await this.heading()) === title);
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

  /** Loads the page anew. What was on the screen is gone before this ends. */
  async reloads() {
    await this.hands.ask(() => {
      window.beforeReload = true;
    });
    await this.hands.reload();
    await this.#until("the page is a new one", () => this.hands.ask(() => !window.beforeReload && document.readyState === "complete"));
  }

  /** A finger goes where those words stand still, are not covered, and have been there long enough for the app to take it. */
  async #touches(among, name) {
    let before;
    let now;
    await this.#until(`"${name}" can be pressed`, async () => {
      before = now;
      now = await this.hands.ask(placeOf, among, name);
      return now.x !== undefined && before?.x === now.x && before.y === now.y;
    });
    await this.hands.tap(now);
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

/** Runs in the page. Where to press, or why not yet. */
function placeOf(among, name) {
  if (document.documentElement.hasAttribute("data-new")) return { why: "new" };
  const words = (element) => element.innerText.trim().replace(/ ›$/, "");
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
