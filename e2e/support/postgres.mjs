// A PostgreSQL of its own for one test, started and stopped by it.
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { freePort } from "./server.mjs";

const SCRIPT = fs.readFileSync(fileURLToPath(new URL("../tools/postgres.sh", import.meta.url)), "utf8");

/** `{ url, stop }`: the address of an empty database, and the end of it all. */
export async function startPostgres() {
  const port = await freePort();
  // PostgreSQL refuses to run as root, and the user it has instead may not read this folder: hence the script as an argument.
  const shell = process.getuid() === 0 ? ["runuser", ["-u", "postgres", "--", "sh"]] : ["sh", []];
  const cluster = spawn(shell[0], [...shell[1], "-c", SCRIPT, "sh", String(port)], { cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => cluster.once("close", resolve));
  const said = [];
  for await (const line of createInterface({ input: cluster.stdout })) {
    if (line === "ready") {
      const stop = async () => {
        cluster.stdin.end();
        await ended;
      };
      return { url: `postgres://bedring@127.0.0.1:${port}/postgres`, stop };
    }
    said.push(line);
  }
  throw new Error(`PostgreSQL did not start (make tools installs it):\n${said.join("\n")}`);
}
