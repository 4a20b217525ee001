// Before the first test: is there anything to test, and anything to test it with?
import fs from "node:fs";

import { CHROMIUM } from "./browser.mjs";
import { BINARY } from "./server.mjs";

export default function check() {
  if (!fs.existsSync(BINARY)) throw new Error(`there is no ${BINARY}: type make server, or set BEDRING_BIN`);
  if (!fs.existsSync(CHROMIUM)) throw new Error(`there is no ${CHROMIUM}: type make tools, or set BEDRING_CHROMIUM`);
}
