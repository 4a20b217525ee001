// A new version of the app waits until no questionnaire is open.
import { Phone } from "../support/phone.mjs";
import { faults } from "../support/proxy.mjs";
import { expect, test } from "../support/world.mjs";

/** From now on the server offers another version. */
function publish(network, version) {
  return network.fault("/sw.js", faults.rewrite((text) => {
    const changed = text.replace(/const VERSION = [^;]*;/, `const VERSION = ${JSON.stringify(version)};`);
    if (changed === text) throw new Error("sw.js names no version");
    return changed;
  }));
}

/** The version of the worker that serves the page. */
function version(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = (e) => resolve(e.data.version);
        navigator.serviceWorker.controller.postMessage({ type: "version" }, [port2]);
      }),
  );
}

/** The page asks for a new version, as it does at the start and every few hours, and it gets ready. */
async function findUpdate(page) {
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).waiting?.state)).toBe("installed");
}

/** The phone is put in a pocket, or taken out of it. */
function pocket(page, hidden) {
  return page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden ? "hidden" : "visible");
}

async function begun(phone, person) {
  await phone.open(person.link);
  await phone.agree();
  await phone.isInstalled();
  await phone.answer(phone.t.mhrm, 30, { to: 4 });
  await phone.seesQuestion(5, 30);
  await phone.hasWritten(4);
}

test("not under an open questionnaire; after it, when the person says so", async ({ phone, person, network }) => {
  await begun(phone, person);
  const old = await version(phone.page);
  publish(network, "next");
  await findUpdate(phone.page);

  // Nothing happens: no banner, no reload, not even in the pocket.
  await pocket(phone.page, true);
  await phone.page.waitForTimeout(1500);
  await pocket(phone.page, false);
  await phone.seesQuestion(5, 30);
  await expect(phone.text(phone.t.newVersion)).toHaveCount(0);
  expect(await version(phone.page)).toBe(old);

  // Nor when the page is loaded again with the draft under way.
  await phone.page.reload();
  await phone.seesQuestion(5, 30);
  await phone.page.waitForTimeout(1500);
  expect(await version(phone.page)).toBe(old);

  await phone.answer(phone.t.mhrm, 30, { from: 5 });
  await phone.answer(phone.t.lsns, 9);
  await phone.finishes();
  await phone.receipts();
  await expect(phone.text(phone.t.newVersion)).toBeVisible();
  expect(await version(phone.page)).toBe(old);
  await Promise.all([phone.page.waitForEvent("load"), phone.tap(phone.t.newVersionTake)]);
  await phone.sees(phone.t.end);
  await expect.poll(() => version(phone.page)).toBe("next");
  await phone.receipts();
  await expect(phone.text(phone.t.newVersion)).toHaveCount(0);
});

test("by itself when the app is put away with nothing open", async ({ phone, person, network }) => {
  await phone.open(person.link);
  await phone.isInstalled();
  const old = await version(phone.page);
  publish(network, "next");
  await findUpdate(phone.page);
  expect(await version(phone.page)).toBe(old);
  await Promise.all([phone.page.waitForEvent("load"), pocket(phone.page, true)]);
  await expect.poll(() => version(phone.page)).toBe("next");
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
});

test("when every tab is closed the new version comes, and the draft is still there, also without a network", async ({ phone, person, network, context }) => {
  await begun(phone, person);
  publish(network, "next");
  await findUpdate(phone.page);
  await context.newPage();
  await phone.page.close();

  const next = new Phone(await context.newPage());
  await expect(async () => {
    await next.open(person.link);
    expect(await version(next.page)).toBe("next");
  }).toPass();
  await next.seesQuestion(5, 30);
  await context.setOffline(true);
  await next.open(person.link);
  await next.seesQuestion(5, 30);
  await next.tap(next.t.back);
  await next.seesQuestion(4, 30);
  expect(await next.chosen()).toEqual([next.t.mhrm[3]]);
});

test("a version that cannot be fetched whole is not taken", async ({ phone, person, network, context }) => {
  await begun(phone, person);
  const old = await version(phone.page);
  publish(network, "broken");
  // The captive portal answers the app's files, too: half an app must not replace a whole one.
  network.fault((request) => request.url === "/" || request.url.startsWith("/icons"), faults.portal);
  await phone.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update().catch(() => null));
  await phone.page.waitForTimeout(2000);
  expect(await phone.page.evaluate(async () => !!(await navigator.serviceWorker.getRegistration()).waiting)).toBe(false);
  expect(await version(phone.page)).toBe(old);
  await context.setOffline(true);
  await phone.open(person.link);
  await phone.seesQuestion(5, 30);
});
