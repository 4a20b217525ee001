// The release binary with a folder, a SQLite database and a port of its own.
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const BINARY = process.env.BEDRING_BIN || fileURLToPath(new URL("../../target/release/bedring", import.meta.url));

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Servers by where they are. */
const servers = new Map();

export class Server {
  static at(url) {
    return servers.get(url);
  }

  /** `publicUrl`: what links begin with. `settings`: environment on top of the tests' own. */
  constructor({ port, publicUrl, settings = {} }) {
    this.port = port;
    servers.set(`http://127.0.0.1:${port}`, this);
    this.url = `http://127.0.0.1:${port}`;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "bedring-server-"));
    this.password = "kun-til-proever-" + port;
    this.log = path.join(this.folder, "server.log");
    const outside = Object.entries(process.env).filter(([name]) => !name.startsWith("BEDRING_"));
    this.env = {
      ...Object.fromEntries(outside),
      BEDRING__DATA__DIR: path.join(this.folder, "data"),
      BEDRING__SERVER__BIND: `127.0.0.1:${port}`,
      BEDRING__SERVER__PUBLIC_URL: publicUrl ?? this.url,
      // Many people behind one address is what a test looks like to the server.
      BEDRING__LIMITS__LOGIN_PER_ADDRESS_PER_MINUTE: "10000",
      BEDRING__LIMITS__LOGIN_PER_ACCOUNT_PER_MINUTE: "10000",
      BEDRING__LIMITS__CODE_PER_ADDRESS_PER_MINUTE: "10000",
      BEDRING_DEMO_PASSWORD: this.password,
      ...settings,
    };
  }

  /** Starts it and waits until it can do its work. */
  async start() {
    const log = fs.openSync(this.log, "a");
    this.process = spawn(BINARY, ["serve", "--demo"], { cwd: this.folder, env: this.env, stdio: ["ignore", log, log] });
    fs.closeSync(log);
    this.ended = new Promise((resolve) => this.process.once("exit", (code, signal) => resolve({ code, signal })));
    let over = null;
    this.ended.then((how) => (over = how));
    for (let i = 0; i < 1200; i++) {
      if (over) throw new Error(`the server ended (${JSON.stringify(over)}):\n${this.tail()}`);
      const ready = await fetch(`${this.url}/health/ready`).catch(() => null);
      await ready?.arrayBuffer();
      if (ready?.ok) return this;
      await sleep(50);
    }
    throw new Error(`the server is not ready after a minute:\n${this.tail()}`);
  }

  /** Starts it again on a later day, at noon in Denmark: days pass only while it is down. Looks for what is due at once. */
  async skipTo(days, { minutes = 0 } = {}) {
    await this.stop();
    const wall = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Copenhagen", hour: "numeric", minute: "numeric", hourCycle: "h23" });
    const part = Object.fromEntries(wall.formatToParts(new Date()).map((p) => [p.type, Number(p.value)]));
    // From any time of today to noon tomorrow, and on from there.
    const noon = 36 * 60 - (part.hour * 60 + part.minute);
    this.env.BEDRING_DEMO_CLOCK_AHEAD_S = String((noon + days * 24 * 60 + minutes) * 60);
    return await this.start();
  }

  /** The day in Denmark by the server's clock, so many days on. */
  day(days = 0) {
    const ahead = Number(this.env.BEDRING_DEMO_CLOCK_AHEAD_S ?? 0) * 1000;
    return new Date(Date.now() + ahead + days * 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Europe/Copenhagen" });
  }

  get running() {
    return !!this.process && this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Ends it politely. */
  async stop() {
    if (!this.running) return;
    this.process.kill("SIGTERM");
    return await this.ended;
  }

  /** The database's files as they are; call while the server is down. */
  copyDatabase() {
    const files = this.#databaseFiles();
    return new Map(files.map((file) => [file, fs.readFileSync(file)]));
  }

  /** Puts an older copy back, as an operator does after an accident; call while the server is down. */
  putBack(copy) {
    for (const file of this.#databaseFiles()) fs.rmSync(file);
    for (const [file, bytes] of copy) fs.writeFileSync(file, bytes);
  }

  #databaseFiles() {
    const data = this.env.BEDRING__DATA__DIR;
    return fs.readdirSync(data).filter((name) => name.startsWith("bedring.sqlite")).map((name) => path.join(data, name));
  }

  /** Ends it without a word: `kill -9`. */
  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  /** The same binary's command line, with the same data. */
  command(...args) {
    return new Promise((resolve, reject) => {
      execFile(BINARY, args, { cwd: this.folder, env: this.env }, (error, stdout, stderr) => {
        if (error) reject(new Error(`bedring ${args.join(" ")}: ${stderr || error.message}`));
        else resolve(stdout);
      });
    });
  }

  /** Changes the SQLite database beside the running server: for what no request can do. */
  sql(statement) {
    const file = path.join(this.env.BEDRING__DATA__DIR, "bedring.sqlite");
    const script = "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1], timeout=20) as db: print(db.execute(sys.argv[2]).rowcount)";
    return new Promise((resolve, reject) => {
      execFile("python3", ["-c", script, file, statement], (error, stdout, stderr) => {
        if (error) reject(new Error(`sql: ${stderr || error.message}`));
        else resolve(Number(stdout));
      });
    });
  }

  /** The last lines of the log. */
  tail(lines = 20) {
    return fs.existsSync(this.log) ? fs.readFileSync(this.log, "utf8").trimEnd().split("\n").slice(-lines).join("\n") : "";
  }

  async dispose() {
    await this.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
