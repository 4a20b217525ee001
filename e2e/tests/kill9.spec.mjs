// The server dies twenty times in the middle of a load. Whatever got a receipt is in the database afterwards.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { ask, bundle, mine } from "../support/staff.mjs";
import { expect, invite, test } from "../support/world.mjs";

const ROUNDS = 20;
const CONNECTIONS = 6;

/** A UUIDv7, as phones make them. */
function entryId(ms = Date.now()) {
  const bytes = Buffer.concat([Buffer.alloc(6), randomBytes(10)]);
  bytes.writeUIntBE(ms, 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function entry(event) {
  const body = JSON.stringify({ recorded_at: new Date().toISOString(), app_version: "test", ...event });
  return { id: entryId(), sha256: createHash("sha256").update(body).digest("hex"), seal: null, body };
}

function response(occasion) {
  const answers = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`mhrm${String(i + 1).padStart(2, "0")}`, i % 5]));
  const now = new Date().toISOString();
  return entry({ kind: "response_submitted", occasion, instrument: "mhrm-30", edition: "demo-1", language: "da", mode: "own_device", started_at: now, finished_at: now, answers });
}

async function deliver(world, secret, entries) {
  const body = { device_id: randomUUID(), sent_at: new Date().toISOString(), entries };
  return (await ask(`${world.server.url}/api/v1/journal`, { method: "POST", secret, body })).json.results;
}

test("kill -9 in the middle of a load, twenty times", async ({ world }) => {
  test.setTimeout(300_000);
  const people = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    const person = await invite(world);
    const { letter, occasions } = await bundle(world.server.url, person.secret);
    const yes = entry({ kind: "consent_given", purpose: "evaluation", letter: letter.edition, language: "da" });
    expect((await deliver(world, person.secret, [yes]))[0].outcome).toBe("stored");
    people.push({ ...person, occasion: occasions.find((o) => o.kind === "intake").id, sent: [], received: new Map() });
  }

  let receipts = 0;
  let cutOff = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    let over = false;
    const load = people.map(async (person) => {
      while (!over) {
        const one = response(person.occasion);
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
  for (const person of people) {
    const held = await mine(world.server.url, person.secret);
    const ids = held.responses.map((r) => r.id).sort();
    expect(ids, "each exactly once").toEqual([...person.received.keys()].sort());
    expect(held.responses.every((r) => person.received.get(r.id) === r.receipt)).toBe(true);
  }
  test.info().annotations.push({ type: "load", description: `${receipts} receipts before ${ROUNDS} deaths, ${cutOff} requests cut off` });
});
