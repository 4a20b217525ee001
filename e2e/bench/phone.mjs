#!/usr/bin/env node
// What a slow phone feels: time until the first words can be read and until the first question takes a tap, cold and from the service worker
// without a network, and the time from a tap until the answer is durable. Headless Chromium, CPU 4x slower, 1.6 Mbit/s, 150 ms.
//
// Two people come: one who was never here, whose first words are the summary of the letter, and one who has said yes before, so that the
// link leads to the first question at once. Times are the page's own, from the start of the navigation. What is too new takes no press
// (app/src/ui/meant.rs), so nothing is tapped while `<html data-new>` says so. The emulation delays requests, not connections: real
// networks are slower. Writes target/bench/phone.json.
//
//   node e2e/bench/phone.mjs [--runs 5]
import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { chromium } from "@playwright/test";

import { CHROMIUM, FLAGS } from "../support/browser.mjs";
import { Server, freePort } from "../support/server.mjs";
import { Staff } from "../support/staff.mjs";

const RUNS = Number(process.argv[process.argv.indexOf("--runs") + 1] || 5) || 5;
const SLOW = { offline: false, latency: 150, downloadThroughput: 1.6 * 125_000, uploadThroughput: 0.75 * 125_000 };
const LIMITS = { cold_summary_ms: 900, cold_words_ms: 900, cold_tap_ms: 1400, offline_words_ms: 700, tap_p95_ms: 50, taps_lost: 0 };
/** How long nothing may happen after a tap before it counts as lost. */
const LOST_MS = 1500;

/**
 * Notes in the page: when the first words are painted, be it by the page itself or by the program; when the first tap is taken, which is
 * when its answer is painted as chosen; when that is durable, as the app says at `<html data-answered>`; and for each later tap the time until
 * then. A question is tapped by a real mouse as soon as the page takes presses on it, so that no time of this program's own is counted.
 */
const watch = () => {
  const seen = { words: null, tapped: null, taken: null, durable: null, taps: [] };
  const visible = (selector) => [...document.querySelectorAll(selector)].find((e) => e.getBoundingClientRect().height > 0);
  // A task after the next frame runs when that frame has been drawn.
  const painted = (then) => requestAnimationFrame(() => setTimeout(() => then(performance.now())));
  let [reading, taking, asked, tapped, before] = [false, false, null, null, undefined];
  const began = (e) => {
    if (!e.target.closest?.(".answer")) return;
    tapped ??= e.timeStamp;
    seen.tapped ??= e.timeStamp;
  };
  const look = () => {
    const root = document.documentElement;
    const heading = visible("main h1, .first-words h1");
    if (heading && !reading) {
      reading = true;
      painted((now) => window.__read((seen.words = now)));
    }
    const row = visible(".answer");
    if (heading && row && heading.textContent !== asked && !root.hasAttribute("data-new")) {
      asked = heading.textContent;
      const box = row.getBoundingClientRect();
      window.__tap({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    }
    if (seen.tapped !== null && !taking && visible(".answer")?.querySelector("input:checked")) {
      taking = true;
      painted((now) => (seen.taken = now));
    }
    const answered = root.dataset.answered;
    if (answered === before) return;
    before = answered;
    if (Number(answered) === 0 || tapped === null) return;
    seen.durable ??= performance.now();
    seen.taps.push(performance.now() - tapped);
    tapped = null;
    painted(() => window.__durable(seen));
  };
  addEventListener("pointerdown", began, true);
  // A radio that is chosen changes no attribute: after each press the page is looked at, too.
  addEventListener("click", () => setTimeout(look), true);
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
};

/** The link of somebody who was never here. */
async function invited(leader, project) {
  const person = await leader.newPerson(project, { respondent_type: "participant" });
  return (await leader.invite(person.id)).link;
}

/** Has the person of the link say yes, as far as the server knows. */
async function willing(server, link) {
  const secret = new URL(link).hash.slice(1);
  const authorised = { Authorization: `Bearer ${secret}` };
  const { letter } = await (await fetch(`${server.url}/api/v1/occasion`, { headers: authorised })).json();
  const yes = (purpose, given) => {
    const id = [...randomBytes(16)];
    const now = Date.now();
    for (let i = 0; i < 6; i++) id[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256;
    [id[6], id[8]] = [0x70 | (id[6] & 15), 0x80 | (id[8] & 63)];
    const hex = Buffer.from(id).toString("hex");
    const body = JSON.stringify({ recorded_at: new Date().toISOString(), app_version: "bench", kind: given ? "consent_given" : "consent_declined", purpose, letter: letter.edition, language: "da" });
    return {
      id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
      sha256: createHash("sha256").update(body).digest("hex"),
      seal: null,
      body,
    };
  };
  const entries = [yes("evaluation", true), ...["reminders", "leader_sees_answers", "research"].map((p) => yes(p, false))];
  const answer = await fetch(`${server.url}/api/v1/journal`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...authorised },
    body: JSON.stringify({ device_id: "00000000-0000-4000-8000-000000000001", sent_at: new Date().toISOString(), entries }),
  });
  if (answer.status !== 202) throw new Error(`the journal says ${answer.status}: ${await answer.text()}`);
  return link;
}

/** Opens the link and answers so many questions; with none it is enough that the first words can be read. */
async function visit(page, link, network, answers) {
  const cdp = await page.context().newCDPSession(page);
  let bytes = 0;
  await cdp.send("Network.enable");
  cdp.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await cdp.send("Network.emulateNetworkConditions", network);
  let [asked, durable, lost] = [0, 0, 0];
  // The page tells when it is done: asking it again and again would slow down what is measured.
  const done = new Promise((resolve) => {
    page.exposeFunction("__read", (words) => answers === 0 && resolve({ words, taps: [] }));
    page.exposeFunction("__durable", (seen) => (durable = seen.taps.length) >= answers && resolve(seen));
  });
  await page.exposeFunction("__tap", async ({ x, y }) => {
    if (answers === 0 || asked++ >= answers) return;
    const before = durable;
    await page.mouse.click(x, y);
    // Whoever sees that nothing happens presses again. It is counted, for it should never be so.
    for (await sleep(LOST_MS); durable === before && lost < 20; await sleep(LOST_MS)) {
      lost += 1;
      await page.mouse.click(x, y).catch(() => {});
    }
  });
  await page.goto(link, { waitUntil: "commit", timeout: 60_000 });
  const seen = await Promise.race([done, sleep(60_000)]);
  if (!seen) throw new Error(`fewer than ${answers} taps were taken in a minute`);
  return { ...seen, lost, kb: bytes / 1024 };
}

/** A phone that was never here, and what is done with it. */
async function onNewPhone(use) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "bedring-bench-"));
  const options = { executablePath: CHROMIUM, headless: true, viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, isMobile: true, hasTouch: false, locale: "da-DK", args: FLAGS };
  const context = await chromium.launchPersistentContext(profile, options);
  try {
    await context.addInitScript(watch);
    return await use(context);
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}

/** A cold visit, and one more without a network. */
async function run(link) {
  return await onNewPhone(async (context) => {
    const first = await context.newPage();
    const cold = await visit(first, link, SLOW, 20);
    await first.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await sleep(4000);
    await first.close();
    const second = await context.newPage();
    await context.setOffline(true);
    const warm = await visit(second, link, { ...SLOW, offline: true }, 1);
    return { cold, warm, taps: cold.taps.slice(1), lost: cold.lost + warm.lost };
  });
}

const median = (xs) => [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)];
const quantile = (xs, p) => [...xs].sort((a, b) => a - b)[Math.min(xs.length - 1, Math.floor(p * xs.length))];

const server = await new Server({ port: await freePort() }).start();
try {
  const leader = await new Staff(server.url).logIn("leader@example.org", server.password);
  const projects = (await leader.programmes()).flatMap((p) => p.projects);
  const project = projects.find((p) => p.code === "HAVN").id;
  const runs = [];
  const summaries = [];
  for (let i = 0; i < RUNS; i++) {
    const stranger = await invited(leader, project);
    summaries.push(await onNewPhone(async (context) => await visit(await context.newPage(), stranger, SLOW, 0)));
    runs.push(await run(await willing(server, await invited(leader, project))));
  }
  const taps = runs.flatMap((r) => r.taps);
  const middle = (pick) => median(runs.map(pick));
  const report = {
    runs: RUNS,
    cold_summary_ms: median(summaries.map((s) => s.words)),
    cold_words_ms: middle((r) => r.cold.words),
    cold_tap_ms: middle((r) => r.cold.taken),
    cold_durable_ms: middle((r) => r.cold.durable),
    offline_words_ms: middle((r) => r.warm.words),
    offline_tap_ms: middle((r) => r.warm.taken),
    offline_durable_ms: middle((r) => r.warm.durable),
    tap_p50_ms: quantile(taps, 0.5),
    tap_p95_ms: quantile(taps, 0.95),
    taps: taps.length,
    taps_lost: runs.reduce((sum, r) => sum + r.lost, 0),
    fetched_kb: middle((r) => r.cold.kb),
    limits: LIMITS,
  };
  console.log("Phone: CPU 4x slower, 1.6 Mbit/s, 150 ms; medians of", RUNS, "runs");
  for (const [name, value] of Object.entries(report)) {
    if (typeof value !== "number") continue;
    const limit = LIMITS[name];
    console.log(`  ${name.padEnd(20)} ${value.toFixed(1).padStart(9)}${limit !== undefined ? `   at most ${limit}${value <= limit ? "" : "   TOO SLOW"}` : ""}`);
  }
  const folder = fileURLToPath(new URL("../../target/bench/", import.meta.url));
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "phone.json"), JSON.stringify(report, null, 2));
} finally {
  await server.dispose();
}
