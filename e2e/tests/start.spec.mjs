// Browsers in which the program cannot start, or in which it should not be where it is: what is missing is said within ten seconds, with
// the ways out, and nobody waits for ever.
import { PHONE } from "../support/browser.mjs";
import { Phone } from "../support/phone.mjs";
import { faults } from "../support/proxy.mjs";
import { expect, test } from "../support/world.mjs";

const WAIT = /Et øjeblik/;
const OLD = "Bedring kan ikke åbne i denne browser. Den er for gammel, eller en sikkerhedsindstilling spærrer for det.";
const AGENT = {
  chromeOnIos: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1",
  messengerOnIos:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21F79 [FBAN/MessengerForiOS;FBAV/463.0.0.38.108;FBDV/iPhone14,5]",
  webView: "Mozilla/5.0 (Linux; Android 13; SM-A536B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36",
  messenger:
    "Mozilla/5.0 (Linux; Android 13; SM-A536B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 [FB_IAB/Orca-Android;FBAV/463.0.0.38.108;]",
  firefox: "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0",
};

/** A phone of its own, without the watch for noise: these browsers are meant to complain. */
async function phoneWith(browser, options = {}, script) {
  const context = await browser.newContext({ ...PHONE, ...options });
  if (script) await context.addInitScript(script);
  return new Phone(await context.newPage());
}

/** Says why, and offers another browser, the code, paper and the programme's own telephone numbers. */
async function saysWhy(phone, why, { contacts = true } = {}) {
  const { page } = phone;
  await expect(page.getByText(why, { exact: true })).toBeVisible({ timeout: 13_000 });
  await expect(page.getByText(WAIT)).toBeHidden();
  await expect(page.locator(".start-failed p:visible").filter({ hasText: /^(Bedring kan ikke|Det tager længere|Siden kunne)/ })).toHaveCount(1);
  await expect(page.getByText(/åbne linket i en anden browser eller på en anden telefon/)).toBeVisible();
  await expect(page.getByText(/skrive din kode på en anden telefon/)).toContainText(new URL(page.url()).host);
  await expect(page.getByText(/få spørgsmålene på papir/)).toBeVisible();
  if (contacts) await expect(page.locator("a[href^='tel:']").first()).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, "nothing beside the screen").toBe(0);
}

test("no WebAssembly", async ({ person, browser }) => {
  const phone = await phoneWith(browser, { viewport: { width: 320, height: 568 } }, () => delete globalThis.WebAssembly);
  await phone.page.goto(person.link);
  await saysWhy(phone, OLD);
  await expect(phone.page.getByText(/Bedring cannot open in this browser/)).toBeVisible();
  // Trying again would show the same for ever.
  await expect(phone.page.locator("#again")).toBeHidden();
  await phone.page.context().close();
});

test("a policy that does not let programs run, as in browsers that do not know its word for them", async ({ person, browser, network }) => {
  network.fault(
    (request) => request.url === "/s",
    async (exchange) => {
      const answer = await exchange.forward({ "accept-encoding": "identity", "if-none-match": undefined });
      const policy = answer.headers["content-security-policy"].replace("'wasm-unsafe-eval'", "");
      exchange.send(answer.status, { ...answer.headers, "content-security-policy": policy }, answer.body);
    },
  );
  const phone = await phoneWith(browser);
  await phone.page.goto(person.link);
  await saysWhy(phone, OLD);
  await phone.page.context().close();
});

test("no module scripts", async ({ person, browser }) => {
  const phone = await phoneWith(browser, {}, () => delete HTMLScriptElement.prototype.noModule);
  await phone.page.goto(person.link);
  await saysWhy(phone, OLD);
  await phone.page.waitForTimeout(1000);
  await expect(phone.page.locator(".page"), "the program is not begun").toHaveCount(0);
  await phone.page.context().close();
});

test("no encryption, as on an address without https", async ({ person, browser }) => {
  const phone = await phoneWith(browser, {}, () => Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined }));
  await phone.page.goto(person.link);
  await saysWhy(phone, "Bedring kan ikke åbne her, for browseren kan ikke låse dine svar. Det sker, når adressen ikke begynder med https.");
  await phone.page.context().close();
});

test("storage that never answers", async ({ person, browser }) => {
  const phone = await phoneWith(browser, {}, () => {
    IDBFactory.prototype.open = () => new EventTarget();
  });
  const began = Date.now();
  await phone.page.goto(person.link);
  await expect(phone.page.getByText(WAIT)).toBeVisible();
  await saysWhy(phone, "Bedring kan ikke åbne, for browseren svarer ikke, når den skal gemme på telefonen. Luk andre faner med Bedring, eller genstart telefonen.");
  expect(Date.now() - began).toBeLessThan(14_000);
  await expect(phone.page.locator("#again")).toBeVisible();
  await phone.page.context().close();
});

test("a program that does not come: told, and another try opens it", async ({ person, browser, network }) => {
  network.fault((request) => request.url.endsWith(".wasm"), faults.drop);
  const phone = await phoneWith(browser);
  await phone.page.goto(person.link);
  await saysWhy(phone, "Siden kunne ikke åbne. Se, om der er net, og prøv igen. Det, du har svaret, bliver liggende på telefonen.");
  network.heal();
  await phone.page.getByRole("button", { name: /Prøv igen/ }).tap();
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
  await phone.page.context().close();
});

test("a slow network: told after ten seconds, and the page opens by itself", async ({ person, browser, network }) => {
  network.fault((request) => request.url.endsWith(".wasm"), faults.delay(13_000));
  const phone = await phoneWith(browser);
  await phone.page.goto(person.link);
  await expect(phone.page.getByText(WAIT)).toBeVisible();
  await saysWhy(phone, "Det tager længere tid, end det plejer. Nettet er måske langsomt. Siden åbner af sig selv, når den er hentet.", { contacts: false });
  await expect(phone.button(phone.t.letterWhole)).toBeVisible({ timeout: 20_000 });
  await expect(phone.page.locator("#start")).toBeHidden();
  await phone.page.context().close();
});

test("JavaScript switched off: paper, and no wait", async ({ person, browser }) => {
  const phone = await phoneWith(browser, { javaScriptEnabled: false });
  await phone.page.goto(person.link);
  await expect(phone.page.getByText(/Bedring skal bruge JavaScript/)).toBeVisible();
  await expect(phone.page.getByText(/få spørgsmålene på papir: sig det/)).toBeVisible();
  await expect(phone.page.getByText(WAIT)).toBeHidden();
  await phone.page.context().close();
});

test("a browser that does not save offers other ways, too", async ({ person, browser }) => {
  const phone = await phoneWith(browser, {}, () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("switched off", "SecurityError");
    };
  });
  await phone.page.goto(person.link);
  await phone.sees("Telefonen kan ikke gemme lige nu");
  await expect(phone.text(/åbn linket i en anden browser eller på en anden telefon. Du kan også få spørgsmålene på papir/)).toBeVisible();
  await expect(phone.text(phone.t.contacts).first()).toBeVisible();
  await phone.page.context().close();
});

for (const name of ["webView", "messenger", "messengerOnIos"]) {
  test(`inside another app the browser is recommended, and nobody is kept out: ${name}`, async ({ person, browser }) => {
    const phone = await phoneWith(browser, { userAgent: AGENT[name] });
    await phone.open(person.link);
    await expect(phone.text(phone.t.insideApp)).toBeVisible();
    await expect(phone.text(/Linket er det samme/)).toBeVisible();
    // No advice about Safari's buttons where there are none, and no note once the person has decided.
    await phone.agree();
    await expect(phone.text(phone.t.insideApp)).toHaveCount(0);
    await phone.page.context().close();
  });
}

test("an ordinary browser gets no such note", async ({ phone, person }) => {
  await phone.open(person.link);
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
  await expect(phone.text(phone.t.insideApp)).toHaveCount(0);
});

test("the home screen is offered by Safari alone: other browsers on an iPhone go from the letter to the first choice", async ({ person, browser }) => {
  const chrome = await phoneWith(browser, { userAgent: AGENT.chromeOnIos });
  await chrome.open(person.link);
  await expect(chrome.button(chrome.t.letterWhole)).toBeVisible();
  await expect(chrome.text(chrome.t.insideApp)).toHaveCount(0);
  await chrome.agree();
  await chrome.page.context().close();
});

test("a browser that asks before it keeps is asked by a button, after a sentence about it", async ({ person, browser }) => {
  const phone = await phoneWith(browser, { userAgent: AGENT.firefox }, () => {
    globalThis.asked = 0;
    StorageManager.prototype.persisted = async () => false;
    StorageManager.prototype.persist = async () => {
      globalThis.asked += 1;
      return true;
    };
  });
  const asked = () => phone.page.evaluate(() => globalThis.asked);
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 2 });
  await phone.hasWritten(2);
  expect(await asked()).toBe(0);
  await phone.tap(phone.t.pause);
  await expect(phone.text(phone.t.keep.body)).toBeVisible();
  await phone.tap(phone.t.keep.button);
  await expect(phone.text(phone.t.keep.yes)).toBeVisible();
  expect(await asked()).toBe(1);
  await phone.page.context().close();
});

test("other browsers are asked at the first answer, and say nothing", async ({ person, browser }) => {
  const phone = await phoneWith(browser, {}, () => {
    globalThis.asked = 0;
    StorageManager.prototype.persist = async () => {
      globalThis.asked += 1;
      return true;
    };
  });
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 1 });
  await expect.poll(() => phone.page.evaluate(() => globalThis.asked)).toBe(1);
  await phone.tap(phone.t.pause);
  await phone.sees(phone.t.pauseTitle);
  await expect(phone.text(phone.t.keep.body)).toHaveCount(0);
  await phone.page.context().close();
});
