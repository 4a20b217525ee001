// What a phone delivers, written by hand: entries in the open, without a browser.
import { createHash, randomBytes, randomUUID } from "node:crypto";

import { ask, bundle } from "./staff.mjs";

/** A UUIDv7, as phones make them. */
function entryId(ms = Date.now()) {
  const bytes = Buffer.concat([Buffer.alloc(6), randomBytes(10)]);
  bytes.writeUIntBE(ms, 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** An entry of what happened. */
export function entry(event) {
  const body = JSON.stringify({ recorded_at: new Date().toISOString(), app_version: "test", ...event });
  return { id: entryId(), sha256: createHash("sha256").update(body).digest("hex"), seal: null, body };
}

/** A finished first questionnaire; `code` says which answer to which question, from 0. */
export function response(occasion, code = (i) => i % 5) {
  const answers = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`mhrm${String(i + 1).padStart(2, "0")}`, code(i)]));
  const now = new Date().toISOString();
  return entry({ kind: "response_submitted", occasion, instrument: "mhrm-30", edition: "demo-1", language: "da", mode: "own_device", started_at: now, finished_at: now, answers });
}

/** A yes to a purpose. */
export function consent(letter, purpose, language = "da") {
  return entry({ kind: "consent_given", purpose, letter, language });
}

/** An entry that nobody can read: it is kept apart. */
export function junk(text = randomUUID()) {
  const body = `junk ${text}`;
  return { id: entryId(), sha256: createHash("sha256").update(body).digest("hex"), seal: null, body };
}

/** Sends entries and gives what became of each. */
export async function deliver(world, secret, entries) {
  const body = { device_id: randomUUID(), sent_at: new Date().toISOString(), entries };
  return (await ask(`${world.server.url}/api/v1/journal`, { method: "POST", secret, body })).json.results;
}

/** What there is to answer: the letter's edition and the intake's id. */
export async function intakeOf(world, person) {
  const { letter, occasions } = await bundle(world.server.url, person.secret);
  return { letter: letter.edition, occasion: occasions.find((o) => o.kind === "intake").id };
}

/** Says on another phone what the person wants: yes to all but reminders. */
export async function willing(world, person, language = "da") {
  const { letter } = await intakeOf(world, person);
  const yes = ["evaluation", "leader_sees_answers", "research"].map((purpose) => consent(letter, purpose, language));
  const no = entry({ kind: "consent_declined", purpose: "reminders", letter, language });
  await deliver(world, person.secret, [...yes, no]);
  return person;
}

/** Answers the first questionnaire so many times, with a yes to it and to being seen by the leader. */
export async function answered(world, person, times = 1) {
  const { letter, occasion } = await intakeOf(world, person);
  const yes = ["evaluation", "leader_sees_answers"].map((purpose) => consent(letter, purpose));
  const responses = Array.from({ length: times }, (_, n) => response(occasion, (i) => (i + n) % (5 - n)));
  return await deliver(world, person.secret, [...yes, ...responses]);
}

/** Answers without having said yes: kept apart. Gives the receipt. */
export async function keptApart(world, person) {
  const { occasion } = await intakeOf(world, person);
  const [result] = await deliver(world, person.secret, [response(occasion)]);
  if (result.outcome !== "quarantined") throw new Error(`not kept apart: ${JSON.stringify(result)}`);
  return result.receipt;
}

/** Says yes, and stop afterwards: nobody may ask the person again. */
export async function stopped(world, person) {
  const { letter } = await intakeOf(world, person);
  const results = await deliver(world, person.secret, [consent(letter, "evaluation")]);
  const stop = entry({ kind: "consent_withdrawn", scope: "stop_asking" });
  for (const { outcome } of [...results, ...(await deliver(world, person.secret, [stop]))]) {
    if (outcome !== "stored") throw new Error(`not stored: ${outcome}`);
  }
}
