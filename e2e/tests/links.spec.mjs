// Links as mail programs, messengers and people change them. The list is the one that the program's own rule is tested on.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import vm from "node:vm";

import { PHONE } from "../support/browser.mjs";
import { Phone } from "../support/phone.mjs";
import { expect, invite, test } from "../support/world.mjs";

const cases = JSON.parse(readFileSync(new URL("../../app/domain/src/link_cases.json", import.meta.url), "utf8"));

/** A pattern with a secret in it. */
function filled(pattern, secret) {
  return pattern
    .replaceAll("{CUT}", secret.slice(0, -1))
    .replaceAll("{S1}", secret.slice(0, 11))
    .replaceAll("{S2}", secret.slice(11))
    .replaceAll("{S}", secret);
}

/** What the page's first script does at an address: what it does first, the address it makes of it, and the secret it asks the server with. */
function begin(script, address, tab = new Map()) {
  const { pathname, search, hash } = new URL(address, "http://127.0.0.1");
  const did = { first: null, address: null, secret: null };
  const window = {
    location: { pathname, search, hash },
    history: {
      state: null,
      replaceState: (_state, _title, to) => {
        did.first ??= "address";
        did.address = to;
      },
    },
    sessionStorage: { getItem: (key) => tab.get(key) ?? null, setItem: (key, value) => tab.set(key, value) },
    document: { documentElement: {}, createElement: () => ({ noModule: false }), querySelector: () => null },
    crypto: { subtle: {} },
    fetch: async (_path, { headers }) => {
      did.first ??= "request";
      if (headers) did.secret = headers.Authorization;
    },
    indexedDB: {
      open: () => {
        did.first ??= "storage";
        return {};
      },
    },
    WebAssembly,
    setTimeout: () => 0,
    addEventListener: () => {},
  };
  window.window = window;
  vm.runInNewContext(script, window);
  return { ...did, handedOver: window.__bedringSecret };
}

test("the page's first script reads an address by the same rule as the program", async ({ world }) => {
  const page = await (await fetch(`${world.url}/`)).text();
  const script = /<script>([^]*?)<\/script>/.exec(page)[1];
  for (const secret of cases.secrets) {
    for (const pattern of cases.opens) {
      const address = filled(pattern, secret);
      const did = begin(script, address);
      // Out of the address before anything is asked for; the program gets it in the page's memory.
      expect(did, address).toEqual({ first: "address", address: "/s", secret: `Bearer ${secret}`, handedOver: secret });
    }
    for (const pattern of [...cases.damaged, ...cases.elsewhere]) {
      const address = filled(pattern, secret);
      // An address is looked up in the page that it opens: without a slash in front it opens no other.
      if (!address.startsWith("/")) continue;
      const did = begin(script, address);
      expect([did.address, did.secret, did.handedOver], address).toEqual([null, null, null]);
    }
  }
});

test("a page that is loaded again before the program has kept the link opens it once more, and no other page does", async ({ world }) => {
  const page = await (await fetch(`${world.url}/`)).text();
  const script = /<script>([^]*?)<\/script>/.exec(page)[1];
  const [secret] = cases.secrets;
  const tab = new Map();
  begin(script, `/s#${secret}`, tab);
  expect(begin(script, "/s", tab).handedOver).toBe(secret);
  expect(begin(script, "/", tab).handedOver).toBe(null);
  expect(begin(script, `/s#${secret.slice(1)}`, tab).handedOver).toBe(null);
  expect(begin(script, "/s").handedOver).toBe(null);
});

test("every changed link opens the questionnaire, and its secret is out of the address at once", async ({ world, phone, person }) => {
  test.setTimeout(300_000);
  for (const pattern of cases.opens) {
    const address = filled(pattern, person.secret);
    await phone.open(world.url + address);
    await expect(phone.button(phone.t.letterWhole), address).toBeVisible();
    expect(phone.page.url(), address).toBe(`${world.url}/s`);
  }
});

test("a phone that has never seen the link opens it, too, and what is answered there is kept", async ({ world, browser }) => {
  for (const pattern of ["/s%23{S}.", "/s/#_{S}_", "/s#{S1}%0D%0A{S2}"]) {
    const person = await invite(world);
    const context = await browser.newContext(PHONE);
    const phone = new Phone(await context.newPage());
    await phone.open(world.url + filled(pattern, person.secret));
    await phone.agree();
    await phone.answer(phone.t.mhrm, 30, { to: 2 });
    await phone.open(person.link);
    await phone.seesQuestion(3, 30);
    await context.close();
  }
});

test("a link that has lost its secret is called damaged, and the code opens instead", async ({ world, phone, person, browser }) => {
  test.setTimeout(180_000);
  for (const pattern of cases.damaged) {
    const address = filled(pattern, person.secret);
    await phone.open(world.url + address);
    await expect(phone.heading, address).toHaveText(phone.t.damaged.title);
    await expect(phone.page.getByLabel(phone.t.code.field), address).toBeVisible();
    // Nobody's questions lie on this phone.
    await expect(phone.button(phone.t.damaged.goOn), address).toHaveCount(0);
  }
  await phone.page.getByLabel(phone.t.code.field).fill(person.shortCode);
  await phone.tap(phone.t.code.open);
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
  expect(phone.page.url()).toBe(`${world.url}/s`);

  // English people are told in English.
  const context = await browser.newContext({ ...PHONE, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${world.url}/s`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Something is missing in the link");
  await context.close();
});

test("on a phone with somebody's answers a damaged link opens them only if the person says so", async ({ world, phone, person }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 2 });
  await phone.seesQuestion(3, 30);
  await phone.hasWritten(2);
  await phone.open(`${world.url}/s#${person.secret.slice(0, -1)}`);
  await phone.sees(phone.t.damaged.title);
  await phone.tap(phone.t.damaged.goOn);
  await phone.seesQuestion(3, 30);
  // Nothing of a secret, as in a bookmark: nothing of another person either.
  await phone.open(`${world.url}/s`);
  await phone.seesQuestion(3, 30);
});

test("a link that is pasted into the open page is read the same way", async ({ world, phone, person }) => {
  await phone.open(person.link);
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
  await phone.page.evaluate((secret) => (location.hash = `${secret})`), person.secret);
  await expect.poll(() => phone.page.url()).toBe(`${world.url}/s`);
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
  await phone.page.evaluate((cut) => (location.hash = cut), person.secret.slice(0, -1));
  await phone.sees(phone.t.damaged.title);
  await phone.page.evaluate((secret) => (location.hash = `${secret}%20`), person.secret);
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
  expect(phone.page.url()).toBe(`${world.url}/s`);
});

test("without a network, too; and no secret comes into the server's log", async ({ world, phone, person, network }) => {
  await phone.open(world.url + filled("/s%23{S}", person.secret));
  await phone.isInstalled();
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
  await network.refuse();
  for (const pattern of ["/s%23{S}", "/s%2523{S}.", "/s/#{S}", "/S#{S}", "/s/"]) {
    await phone.open(world.url + filled(pattern, person.secret));
    if (pattern.includes("{S}")) await expect(phone.button(phone.t.letterWhole)).toBeVisible();
    else await phone.sees(phone.t.damaged.title);
  }
  await network.listen();
  // The log is written as the requests come; a moment more than that.
  await sleep(500);
  const log = readFileSync(world.server.log, "utf8");
  expect(log.length).toBeGreaterThan(0);
  expect(log).not.toContain(person.secret);
});
