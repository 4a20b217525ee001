// The server dies twenty times in the middle of a load. Whatever got a receipt is in the database afterwards.
import { setTimeout as sleep } from "node:timers/promises";

import { consent, deliver, entry, intakeOf, response } from "../support/journal.mjs";
import { mine } from "../support/device.mjs";
import { expect, invite, test } from "../support/world.mjs";

const ROUNDS = 20;
const CONNECTIONS = 6;
/** Fewer than a measurement takes of one instrument; what comes after them are letters that were read. */
const ANSWERS = 25;

test("kill -9 in the middle of a load, twenty times", async ({ world }) => {
  test.setTimeout(300_000);
  const everybody = [];
  /** Each round has people of its own, so that nobody delivers more than a day takes. */
  const newcomer = async () => {
    const person = await invite(world);
    const { letter, occasion } = await intakeOf(world, person);
    const yes = consent(letter, "evaluation");
    expect((await deliver(world, person.secret, [yes]))[0].outcome).toBe("stored");
    return { ...person, letter, occasion, sent: [], received: new Map(), answers: new Set() };
  };
  const next = (person) => {
    if (person.answers.size === ANSWERS) return entry({ kind: "letter_read", letter: person.letter, language: "da" });
    const one = response(person.occasion);
    person.answers.add(one.id);
    return one;
  };

  let receipts = 0;
  let cutOff = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    let over = false;
    const people = await Promise.all(Array.from({ length: CONNECTIONS }, newcomer));
    everybody.push(...people);
    const load = people.map(async (person) => {
      while (!over) {
        const one = next(person);
        person.sent.push(one);
        try {
          const [result] = await deliver(world, person.secret, [one]);
          expect(result).toMatchObject({ id: one.id, sha256: one.sha256, outcome: "stored" });
          person.received.set(one.id, result.receipt);
          receipts += 1;
        } catch (error) {
          // The connection died with the server: nothing was promised.
          if (error.matcherResult || error.status) throw error;
          cutOff += 1;
          return;
        }
      }
    });
    await sleep(60 + Math.random() * 140);
    const dying = world.server.kill();
    await dying;
    over = true;
    await Promise.all(load);
    await world.server.start();

    for (const person of people) {
      const all = person.sent.splice(0);
      for (let i = 0; i < all.length; i += 50) {
        const results = await deliver(world, person.secret, all.slice(i, i + 50));
        for (const result of results) {
          const promised = person.received.get(result.id);
          if (promised) expect(result, `round ${round}`).toMatchObject({ outcome: "repeated", receipt: promised });
          else expect(["stored", "repeated"]).toContain(result.outcome);
          person.received.set(result.id, result.receipt);
        }
      }
    }
  }

  // Enough of both kinds to mean anything.
  expect(receipts).toBeGreaterThan(ROUNDS * 5);
  expect(cutOff).toBeGreaterThan(ROUNDS);
  for (const person of everybody) {
    const held = await mine(world.server.url, person.secret);
    const ids = held.responses.map((r) => r.id).sort();
    expect(ids, "each exactly once").toEqual([...person.answers].sort());
    expect(held.responses.every((r) => person.received.get(r.id) === r.receipt)).toBe(true);
  }
  test.info().annotations.push({ type: "load", description: `${receipts} receipts before ${ROUNDS} deaths, ${cutOff} requests cut off` });
});
