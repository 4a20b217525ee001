#!/usr/bin/env node
// What a slow phone feels: time until the first question is visible and takes a tap, cold and from the service worker without a network,
// and the time from a tap until the answer is durable. Headless Chromium, CPU 4x slower, 1.6 Mbit/s, 150 ms.
//
// The person has said yes before, so that the link leads to the first question at once. Times are the page's own, from the start of the
// navigation. The emulation delays requests, not connections: real networks are slower. Writes target/bench/phone.json.
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
/** How long a person at least looks at a question; only the very first tap comes at once. */
const READS_MS = 300;
const LIMITS = { cold_ms: 2000, offline_ms: 700, tap_p95_ms: 50 };

/**
 * Notes when a question is visible and asks for a real tap on its first answer at once, so that no time of this program's own is
 * counted; then the time from the tap until its answer is durable, as the app says at `<html data-answered>`.
 */
const watch = () => {
  const seen = { visible: null, accepted: null, taps: [] };
  let shown = null;
  let tapped = null;
  let before;
  addEventListener("click", (e) => e.target.closest?.(".answer") && (tapped ??= e.timeStamp), true);
  const look = () => {
    const row = document.querySelector(".answer");
    if (row && row !== shown && row.getBoundingClientRect().height > 0) {
      shown = row;
      requestAnimationFrame(() => {
        seen.visible ??= performance.now();
        const box = row.getBoundingClientRect();
        window.__tap({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
      });
    }
    const answered = document.documentElement.dataset.answered;
    if (answered !== before) {
      before = answered;
      if (Number(before) > 0 && tapped !== null) {
        seen.accepted ??= performance.now();
        seen.taps.push(performance.now() - tapped);
        tapped = null;
        window.__accepted(seen);
      }
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
  look();
};

/** Somebody who said yes before, as far as the server knows. */
async function invitedAndWilling(server, leader, project) {
  const person = await leader.newPerson(project, { respondent_type: "participant" });
  const { link } = await leader.invite(person.id);
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

/** Opens the link and answers so many questions. */
async function visit(page, link, network, answers) {
  const cdp = await page.context().newCDPSession(page);
  let bytes = 0;
  await cdp.send("Network.enable");
  cdp.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await cdp.send("Network.emulateNetworkConditions", network);
  let taps = 0;
  await page.exposeFunction("__tap", async ({ x, y }) => {
    if (taps++ >= answers) return;
    if (taps > 1) await sleep(READS_MS);
    await page.mouse.click(x, y);
  });
  // The page tells when it is done: asking it again and again would slow down what is measured.
  const done = new Promise((resolve) => page.exposeFunction("__accepted", (seen) => seen.taps.length >= answers && resolve(seen)));
  await page.goto(link, { waitUntil: "commit", timeout: 60_000 });
  const seen = await Promise.race([done, sleep(60_000)]);
  if (!seen) throw new Error(`fewer than ${answers} taps were taken in a minute`);
  return { ...seen, kb: bytes / 1024 };
}

async function run(link) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "bedring-bench-"));
  const options = { executablePath: CHROMIUM, headless: true, viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, isMobile: true, hasTouch: false, locale: "da-DK", args: FLAGS };
  const context = await chromium.launchPersistentContext(profile, options);
  try {
    await context.addInitScript(watch);
    const first = await context.newPage();
    const cold = await visit(first, link, SLOW, 20);
    await first.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await sleep(4000);
    await first.close();
    const second = await context.newPage();
    await context.setOffline(true);
    const warm = await visit(second, link, { ...SLOW, offline: true }, 1);
    return { cold: cold.accepted, coldVisible: cold.visible, warm: warm.accepted, warmVisible: warm.visible, taps: cold.taps.slice(1), kb: cold.kb };
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}

const median = (xs) => [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)];
const quantile = (xs, p) => [...xs].sort((a, b) => a - b)[Math.min(xs.length - 1, Math.floor(p * xs.length))];

const server = await new Server({ port: await freePort() }).start();
try {
  const leader = await new Staff(server.url).logIn("leader@example.org", server.password);
  const projects = (await leader.programmes()).flatMap((p) => p.projects);
  const project = projects.find((p) => p.code === "HAVN").id;
  const runs = [];
  for (let i = 0; i < RUNS; i++) runs.push(await run(await invitedAndWilling(server, leader, project)));
  const taps = runs.flatMap((r) => r.taps);
  const report = {
    runs: RUNS,
    cold_visible_ms: median(runs.map((r) => r.coldVisible)),
    cold_ms: median(runs.map((r) => r.cold)),
    offline_visible_ms: median(runs.map((r) => r.warmVisible)),
    offline_ms: median(runs.map((r) => r.warm)),
    tap_p50_ms: quantile(taps, 0.5),
    tap_p95_ms: quantile(taps, 0.95),
    taps: taps.length,
    fetched_kb: median(runs.map((r) => r.kb)),
    limits: LIMITS,
  };
  console.log("Phone: CPU 4x slower, 1.6 Mbit/s, 150 ms; medians of", RUNS, "runs");
  for (const [name, value] of Object.entries(report)) {
    if (typeof value !== "number") continue;
    const limit = LIMITS[name];
    console.log(`  ${name.padEnd(20)} ${value.toFixed(1).padStart(9)}${limit ? `   at most ${limit}${value <= limit ? "" : "   TOO SLOW"}` : ""}`);
  }
  const folder = fileURLToPath(new URL("../../target/bench/", import.meta.url));
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "phone.json"), JSON.stringify(report, null, 2));
} finally {
  await server.dispose();
}
