// The main job, as a person does it, in any browser: open the link, read the letter, choose, answer; with reloads, and with the network
// gone. The short one ends after ten answers; the whole one ends when the server holds what was tapped.
import { expect } from "@playwright/test";

import { mine } from "../support/device.mjs";
import { DA } from "../support/words.mjs";
import { Person } from "./person.mjs";

const QUESTIONS = 30;
const QUESTIONS_LATER = 9;

/** Yes and no in turn, so that a choice that lands on the wrong purpose shows. */
const CHOICES = { evaluation: "yes", reminders: "no", leader: "yes", research: "no" };

/** Which answer to which question: every one is used, and no two neighbours are the same. */
const code = (n, options) => (n * (options === 5 ? 2 : 5)) % options;

export class Journey {
  constructor(hands, { world, person }) {
    this.hands = hands;
    this.world = world;
    this.invited = person;
    this.person = new Person(hands, DA);
    /** What was tapped, as the server should hold it. */
    this.tapped = { "mhrm-30": {}, "lsns-9": {} };
  }

  /** Link, choices, ten answers, one reload. */
  async short() {
    await this.#begin();
    await this.#answers(1, 10);
    await this.#reloadsAt(11);
    expect(this.hands.noise, "errors on the page").toEqual([]);
  }

  /** The same with three reloads, then without a network to the end and back. */
  async whole() {
    await this.#begin();
    await this.#answers(1, 4);
    await this.#reloadsAt(5);
    await this.#answers(5, 7);
    await this.#reloadsAt(8);
    await this.#answers(8, 10);
    await this.#reloadsAt(11);
    await this.person.isInstalled();

    await this.#networkGoes();
    await this.#answers(11, 20);
    await this.#reloadsAt(21);
    await this.#answers(21, QUESTIONS);
    await this.#finishes();
    await this.person.seesLines("saved on this phone", exactly(DA.savedHere), 2);
    await this.#networkReturns();

    await this.person.seesLines("received", exactly(DA.received), 2);
    const receipts = await this.person.seesLines("a receipt", /^KVIT-/, 2);
    await this.#theServerHolds(receipts);
    expect(this.hands.noise, "errors on the page").toEqual([]);
  }

  async #begin() {
    const { consent } = DA;
    await this.hands.open(this.invited.link);
    await this.person.speaks();
    for (const purpose of ["evaluation", "reminders", "leader", "research"]) {
      await this.person.sees(consent[purpose].title);
      await this.person.presses(consent[purpose][CHOICES[purpose]]);
    }
  }

  async #answers(from, to) {
    for (let n = from; n <= to; n++) {
      await this.person.seesQuestion(n, QUESTIONS);
      await this.person.chooses(DA.mhrm[code(n, DA.mhrm.length)]);
      this.tapped["mhrm-30"][`mhrm${String(n).padStart(2, "0")}`] = code(n, DA.mhrm.length);
    }
  }

  /** The page comes back to the question that was there. */
  async #reloadsAt(n) {
    const before = await this.person.seesQuestion(n, QUESTIONS);
    await this.person.reloads();
    const after = await this.person.seesQuestion(n, QUESTIONS);
    expect(after, `after a reload at question ${n}`).toBe(before);
  }

  async #finishes() {
    for (let n = 1; n <= QUESTIONS_LATER; n++) {
      await this.person.seesQuestion(n, QUESTIONS_LATER);
      await this.person.chooses(DA.lsns[code(n, DA.lsns.length)]);
      this.tapped["lsns-9"][`lsns${n}`] = code(n, DA.lsns.length);
    }
    await this.person.sees(DA.alone.title);
    await this.person.chooses(DA.alone.yes);
    await this.person.presses(DA.finish);
    await this.person.sees(DA.role.title);
    await this.person.presses(DA.role.participant);
    await this.person.sees(DA.end);
    await this.person.presses(DA.receiptsShow);
  }

  /** In truth: whoever asks is refused, and nobody is behind. */
  async #networkGoes() {
    await this.world.network.refuse();
    await this.world.server.stop();
  }

  async #networkReturns() {
    await this.world.server.start();
    await this.world.network.listen();
  }

  /** Every answer as it was tapped, every choice as it was made, and nothing twice. */
  async #theServerHolds(receipts) {
    const held = await mine(this.world.server.url, this.invited.secret);
    expect(held.responses.map((r) => r.edition.instrument).sort()).toEqual(["lsns-9", "mhrm-30"]);
    for (const response of held.responses) expect(response.answers).toEqual(this.tapped[response.edition.instrument]);
    expect(held.responses.map((r) => r.receipt).sort()).toEqual([...receipts].sort());
    expect(held.respondent_type).toBe("participant");
    const decided = Object.fromEntries(held.consents.map((c) => [c.purpose, c.decision]));
    expect(held.consents).toHaveLength(Object.keys(decided).length);
    expect(decided).toEqual({ evaluation: "given", reminders: "declined", leader_sees_answers: "given", research: "declined" });
    const quarantine = await this.world.leader.quarantine();
    expect(quarantine.entries.filter((e) => e.person === this.invited.id)).toEqual([]);
  }
}

function exactly(words) {
  return new RegExp(`^${words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}
