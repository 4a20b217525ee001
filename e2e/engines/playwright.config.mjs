// The journey in real browsers, old ones too: `npx playwright test -c engines short` or `whole`.
import ours from "../playwright.config.mjs";

export default {
  ...ours,
  testDir: ".",
  outputDir: "../results/engines",
  globalSetup: "../support/check.mjs",
  // Each browser is a test of its own, so that they share the workers.
  fullyParallel: true,
  timeout: 180_000,
  // The browsers are opened by hand; what a failure shows is the screen's words, in its message.
  use: {},
  reporter: [["list"], ["./lines.mjs"]],
};
