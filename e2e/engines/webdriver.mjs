// Hands on a browser that is held by WebDriver: a small client of that protocol, for the two kinds of WebKit.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { PHONE } from "../support/browser.mjs";
import { freePort } from "../support/server.mjs";

/** Starts the driver, with a screen of its own where the browser needs one, and a browser through it. */
export async function openByWebDriver({ driver, options, folder, screen = false }) {
  const log = fs.openSync(path.join(folder, "driver.log"), "a");
  const children = [];
  try {
    const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CACHE_HOME: folder, LC_ALL: "C.UTF-8" };
    if (screen) env.DISPLAY = await openScreen(children, log);
    const port = await freePort();
    children.push(spawn(driver, [`--port=${port}`], { env, stdio: ["ignore", log, log] }));
    const hands = new WebDriverHands(`http://127.0.0.1:${port}`, () => end(children));
    await hands.begin(options);
    return hands;
  } catch (error) {
    await end(children);
    const said = fs.readFileSync(path.join(folder, "driver.log"), "utf8").slice(-2000);
    throw new Error(`${driver}: ${error.message}\n${said}`);
  } finally {
    fs.closeSync(log);
  }
}

/** A screen that nobody sees. Gives its name, which the server chooses. */
async function openScreen(children, log) {
  const size = `${PHONE.viewport.width * 2}x${PHONE.viewport.height * 2}x24`;
  const server = spawn("Xvfb", ["-displayfd", "3", "-nolisten", "tcp", "-screen", "0", size], { stdio: ["ignore", log, log, "pipe"] });
  children.push(server);
  const name = await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", () => reject(new Error("Xvfb ended")));
    server.stdio[3].once("data", (line) => resolve(String(line).trim()));
  });
  return `:${name}`;
}

async function end(children) {
  for (const child of children.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await Promise.race([ended, sleep(5000).then(() => child.kill("SIGKILL"))]);
  }
}

class WebDriverHands {
  constructor(base, end) {
    this.base = base;
    this.end = end;
    // WebDriver does not tell what a page writes to its console.
    this.noise = [];
  }

  async begin(options) {
    for (let i = 0; ; i++) {
      const up = await fetch(`${this.base}/status`).catch(() => null);
      if (up) break;
      if (i === 100) throw new Error("the driver does not answer");
      await sleep(50);
    }
    const { sessionId, capabilities } = await this.#send("POST", "/session", { capabilities: { alwaysMatch: options } });
    this.session = `/session/${sessionId}`;
    this.version = `WebKit/${capabilities.browserVersion}`;
    // As near to a phone's window as the browser goes.
    if (capabilities.setWindowRect) await this.resize(PHONE.viewport);
  }

  async resize(size) {
    await this.#send("POST", `${this.session}/window/rect`, size);
    // A window manager, or a browser on its own, may take a while, or not obey.
    for (let i = 0; i < 40 && (await this.ask(() => innerWidth)) !== size.width; i++) await sleep(50);
  }

  /** What is done meanwhile is done in another window. */
  async inOtherTab(go) {
    const window = `${this.session}/window`;
    const before = await this.#send("GET", window);
    const { handle } = await this.#send("POST", `${window}/new`, { type: "tab" });
    await this.#send("POST", window, { handle });
    try {
      await go();
    } finally {
      await this.#send("DELETE", window);
      await this.#send("POST", window, { handle: before });
    }
  }

  async open(url) {
    await this.#send("POST", `${this.session}/url`, { url });
  }

  async reload() {
    await this.#send("POST", `${this.session}/refresh`, {});
  }

  /** Runs a function in the page; its arguments and its answer are plain data. */
  ask(looking, ...args) {
    return this.#send("POST", `${this.session}/execute/sync`, { script: `return (${looking})(...arguments)`, args });
  }

  /** A press and a release, at a place in the window. */
  async tap({ x, y }) {
    const actions = [
      { type: "pointerMove", x: Math.round(x), y: Math.round(y), duration: 0 },
      { type: "pointerDown", button: 0 },
      { type: "pause", duration: 60 },
      { type: "pointerUp", button: 0 },
    ];
    const finger = { type: "pointer", id: "finger", parameters: { pointerType: "touch" }, actions };
    await this.#send("POST", `${this.session}/actions`, { actions: [finger] });
  }

  async close() {
    await this.#send("DELETE", this.session).catch(() => {});
    await this.end();
  }

  async #send(method, path, body) {
    const response = await fetch(this.base + path, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }
}
