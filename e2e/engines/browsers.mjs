// The browsers that the journey is made in: which ones, where they come from, and how each is opened. Whatever is missing is an error
// that says how to mend it.
import fs from "node:fs";
import path from "node:path";

import { chromium } from "@playwright/test";

import { CHROMIUM, FLAGS, PHONE } from "../support/browser.mjs";
import { OLD_BUILDS, binaryOf } from "./builds.mjs";
import { PageHands } from "./page_hands.mjs";
import { openByWebDriver } from "./webdriver.mjs";

const FIREFOX = process.env.BEDRING_FIREFOX || "/usr/bin/firefox-esr";
const WEBKIT_DRIVER = "/usr/bin/WebKitWebDriver";
const WPE_DRIVER = "/usr/bin/WPEWebDriver";

/** Each opens with an empty profile in `folder` and gives the hands that hold it. */
export const BROWSERS = [
  { name: "Chromium of Debian", needs: () => [CHROMIUM], open: (folder) => openChromium(CHROMIUM, folder) },
  ...OLD_BUILDS.map((build) => ({
    name: `Chromium ${build.major}`,
    needs: () => [binaryOf(build)],
    open: (folder) => openChromium(binaryOf(build), folder),
  })),
  { name: "Firefox ESR", needs: () => [FIREFOX], open: openFirefox },
  { name: "WebKitGTK", needs: () => [WEBKIT_DRIVER, miniBrowser(), "/usr/bin/Xvfb"], open: openWebKit },
  { name: "WPE WebKit", needs: () => [WPE_DRIVER, "/usr/bin/cog"], open: openWpe },
];

/** Fails with the command that mends it when something of a browser is not on this machine. */
export function mustBeHere(browser) {
  for (const file of browser.needs()) {
    if (!fs.existsSync(file)) throw new Error(`${browser.name}: there is no ${file}. Type: make tools-engines`);
  }
}

async function openChromium(executablePath, folder) {
  const context = await chromium.launchPersistentContext(folder, { executablePath, args: FLAGS, ...PHONE });
  const [page] = context.pages();
  const cdp = await context.newCDPSession(page);
  const { product } = await cdp.send("Browser.getVersion");
  await cdp.detach();
  return new PageHands({ page, version: product, close: () => context.close(), newPage: () => context.newPage() });
}

/** By WebDriver BiDi, which Firefox speaks itself. */
async function openFirefox(folder) {
  const { default: puppeteer } = await import("puppeteer-core");
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: FIREFOX,
    headless: true,
    userDataDir: folder,
    extraPrefsFirefox: { "intl.accept_languages": "da, en" },
  });
  const [page] = await browser.pages();
  await page.setViewport(PHONE.viewport);
  const newPage = async () => {
    const other = await browser.newPage();
    await other.setViewport(page.viewport());
    return other;
  };
  return new PageHands({ page, version: await browser.version(), close: () => browser.close(), newPage });
}

function openWebKit(folder) {
  // Its tool bar keeps a window wider than a phone; a window that fills the screen has none.
  const options = { binary: miniBrowser(), args: ["--automation", "--full-screen"] };
  return openByWebDriver({ driver: WEBKIT_DRIVER, options: { "webkitgtk:browserOptions": options }, folder, screen: true });
}

function openWpe(folder) {
  const options = { binary: "/usr/bin/cog", args: ["--automation", "--platform=headless"] };
  return openByWebDriver({ driver: WPE_DRIVER, options: { "wpe:browserOptions": options }, folder });
}

/** WebKitGTK's own small browser lies in a folder named after the processor and the library's version. */
function miniBrowser() {
  const parents = fs.existsSync("/usr/lib") ? fs.readdirSync("/usr/lib").filter((name) => name.endsWith("-linux-gnu")) : [];
  for (const parent of parents) {
    const kinds = fs.readdirSync(path.join("/usr/lib", parent)).filter((name) => name.startsWith("webkit"));
    for (const kind of kinds.sort().reverse()) {
      const file = path.join("/usr/lib", parent, kind, "MiniBrowser");
      if (fs.existsSync(file)) return file;
    }
  }
  return "/usr/lib/*/webkit2gtk-*/MiniBrowser";
}
