// Browser tests against the release binary: BEDRING_BIN, or target/release/bedring. Each worker has a server, a database and a
// network of its own (support/world.mjs); nothing is shared, nothing is mocked.
import { defineConfig } from "@playwright/test";

import { CHROMIUM, FLAGS, PHONE } from "./support/browser.mjs";

export default defineConfig({
  testDir: "tests",
  outputDir: "results/failures",
  globalSetup: "./support/check.mjs",
  // Two cores: one browser and one server on each.
  workers: Number(process.env.BEDRING_E2E_WORKERS || 2),
  fullyParallel: false,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: "results/report.json" }]],
  use: {
    ...PHONE,
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: { executablePath: CHROMIUM, args: FLAGS },
  },
});
