// Debian's Chromium as a small Android phone; and a phone whose browser can be killed.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { chromium } from "@playwright/test";

export const CHROMIUM = process.env.BEDRING_CHROMIUM || "/usr/bin/chromium";

export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** A small phone in Denmark. */
export const PHONE = {
  viewport: { width: 360, height: 640 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  locale: "da-DK",
  timezoneId: "Europe/Copenhagen",
};

/** The narrowest that WCAG asks for, in which nobody has to scroll sideways. */
export const NARROW = { width: 320, height: 640 };

/**
 * A person presses what they have seen: not before it has been on the screen for the half second that the app waits, too. Every locator of
 * the page's kind waits so from now on; tests of presses that nobody meant use the mouse itself.
 */
export function patient(page) {
  const locator = Object.getPrototypeOf(page.locator("html"));
  if (locator.isPatient) return page;
  locator.isPatient = true;
  for (const name of ["tap", "click", "check", "press"]) {
    const act = locator[name];
    locator[name] = async function (...args) {
      await this.first().waitFor();
      await this.page().waitForFunction(() => !document.documentElement.hasAttribute("data-new"));
      return act.apply(this, args);
    };
  }
  return page;
}

/** A browser with a profile on the disk, so that what it keeps outlives it. */
export class OwnPhone {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "bedring-phone-"));
  }

  /** Opens the browser and answers a page. */
  async open(options = {}) {
    this.context = await chromium.launchPersistentContext(this.folder, {
      executablePath: CHROMIUM,
      args: FLAGS,
      ...PHONE,
      ...options,
    });
    return patient(this.context.pages()[0] ?? (await this.context.newPage()));
  }

  /** The battery falls out: every process of this browser ends at once, nothing is closed or saved. */
  async kill() {
    const gone = new Promise((resolve) => this.context.once("close", resolve));
    const pids = this.#pids();
    if (pids.length === 0) throw new Error("the browser to be killed is not running");
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch (error) {
        // Children end with their parent.
        if (error.code !== "ESRCH") throw error;
      }
    }
    await gone;
    for (let i = 0; this.#pids().length > 0 && i < 100; i++) await sleep(50);
  }

  /** Closes the browser as a person would. */
  async close() {
    await this.context?.close();
  }

  async dispose() {
    await this.close().catch(() => {});
    for (let i = 0; this.#pids().length > 0 && i < 100; i++) await sleep(50);
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Only processes whose profile is this very folder. */
  #pids() {
    const ours = `--user-data-dir=${this.folder}`;
    return fs
      .readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(ours);
        } catch {
          return false;
        }
      })
      .map(Number);
  }
}
