// Adds up, in brotli, everything a phone must have to answer without a network, and fails above the
// limit in budget.json. Icons are left out: they are not needed to answer.
import { readdir, readFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "..", "target", "app", "respond");
const { limitBytes } = JSON.parse(await readFile(join(here, "budget.json"), "utf8"));
const counted = new Set([".html", ".js", ".wasm", ".css", ".json", ".webmanifest"]);

function brotli(bytes) {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length;
}

const entries = await readdir(dist, { recursive: true, withFileTypes: true }).catch(() => []);
const rows = [];
for (const entry of entries) {
  if (!entry.isFile() || !counted.has(extname(entry.name))) continue;
  const bytes = await readFile(join(entry.parentPath ?? entry.path, entry.name));
  rows.push({ name: entry.name, plain: bytes.length, small: brotli(bytes) });
}
const found = (end) => rows.some((row) => row.name.endsWith(end));
for (const end of [".html", ".js", ".wasm", ".css", ".webmanifest", "sw.js"]) {
  if (!found(end)) {
    console.error(`budget: target/app/respond has no ${end}; build it with: make app`);
    process.exit(1);
  }
}

rows.sort((a, b) => b.small - a.small);
const total = rows.reduce((sum, row) => sum + row.small, 0);
const number = (n) => String(n).padStart(10);
console.log("What a phone needs to answer offline, in bytes");
console.log(`${"file".padEnd(44)}${"plain".padStart(10)}${"brotli".padStart(10)}`);
for (const { name, plain, small } of rows) console.log(name.padEnd(44) + number(plain) + number(small));
console.log("total".padEnd(54) + number(total));
console.log("limit".padEnd(54) + number(limitBytes));
if (total > limitBytes) {
  console.error(`budget: ${total - limitBytes} bytes too many`);
  process.exit(1);
}
