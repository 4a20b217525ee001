// A browser's profile as somebody reads it who copies its folder: every file, the keys that may lie in them, and what those keys open.
import { createDecipheriv } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** Every file of a folder, by its name inside it. */
export function files(folder) {
  const found = new Map();
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    found.set(path.relative(folder, file), fs.readFileSync(file));
  }
  return found;
}

/** The files in which some bytes or a text stand, as they are or in UTF-16. */
export function holding(all, wanted) {
  const forms = typeof wanted === "string" ? [Buffer.from(wanted), Buffer.from(wanted, "utf16le")] : [wanted];
  return [...all].filter(([, bytes]) => forms.some((form) => bytes.includes(form))).map(([name]) => name);
}

/** What may be a key of 256 bits: a file of that size, and what stands in a stored CryptoKey of AES. */
export function keys(all) {
  const found = [];
  for (const [name, bytes] of all) {
    if (bytes.length === 32) found.push(bytes);
    if (!name.includes("IndexedDB")) continue;
    // A stored CryptoKey: `K`, a tag, algorithm AES-GCM, 32 bytes long, what it may do, how many bytes follow, and they. The tags between
    // are numbers of one or two bytes, so every place behind a length of 32 is tried.
    for (let at = bytes.indexOf(32); at >= 0; at = bytes.indexOf(32, at + 1)) {
      const before = bytes.subarray(Math.max(0, at - 8), at);
      if (before.includes(0x4b) && bytes.length >= at + 33) found.push(bytes.subarray(at + 1, at + 33));
    }
  }
  return found;
}

/** Whether a key opens a value of the app's database: 12 random bytes, then the ciphertext, to which the place is bound. */
export function opens(key, { bytes, place }) {
  try {
    const open = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
    open.setAAD(place);
    open.setAuthTag(bytes.subarray(-16));
    open.update(bytes.subarray(12, -16));
    open.final();
    return true;
  } catch {
    return false;
  }
}
