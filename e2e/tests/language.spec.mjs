// The language: the browser's at first, the programme's where the browser asks for neither, and the person's own once they chose.
import { PHONE } from "../support/browser.mjs";
import { Phone } from "../support/phone.mjs";
import { DA, EN } from "../support/words.mjs";
import { expect, test } from "../support/world.mjs";

/** A new phone whose browser asks for that language. */
async function phoneOf(browser, locale) {
  const context = await browser.newContext({ ...PHONE, viewport: { width: 320, height: 568 }, locale });
  return { context, phone: new Phone(await context.newPage()) };
}

const shown = (phone) => phone.page.locator("html").getAttribute("lang");

for (const [locale, words] of [
  ["da-DK", DA],
  ["en-GB", EN],
  // The programme speaks Danish first.
  ["de-DE", DA],
]) {
  test(`a browser that asks for ${locale} sees the letter in "${words.lang}", and the other language is one tap away`, async ({ person, browser }) => {
    const { context, phone } = await phoneOf(browser, locale);
    await phone.open(person.link);
    await phone.sees(words.consent.evaluation.title);
    expect(await shown(phone)).toBe(words.lang);
    const other = words === DA ? EN : DA;
    await expect(phone.button(words.other)).toBeInViewport();
    const box = await phone.button(words.other).boundingBox();
    expect(box.height).toBeGreaterThanOrEqual(48);

    // Chosen once, it stays: after a reload, whatever the browser asks for.
    await phone.tap(words.other);
    await phone.sees(other.consent.evaluation.title);
    await phone.page.reload();
    await phone.sees(other.consent.evaluation.title);
    expect(await shown(phone)).toBe(other.lang);
    await context.close();
  });
}

test("an English browser is asked for the code in English", async ({ world, browser }) => {
  const { context, phone } = await phoneOf(browser, "en-US");
  await phone.open(`${world.url}/`);
  await phone.sees(EN.code.title);
  await expect(phone.button(EN.other)).toBeVisible();
  await context.close();
});

test("who answers in English on one phone finds English on the next, whatever that one's browser asks for", async ({ person, browser }) => {
  const first = await phoneOf(browser, "en-GB");
  first.phone.t = EN;
  await first.phone.open(person.link);
  await first.phone.agree();
  await first.phone.answerAll();
  // Received, so the server knows.
  await first.phone.receipts();
  await first.context.close();

  const { context, phone } = await phoneOf(browser, "da-DK");
  await phone.open(person.link);
  await expect.poll(() => shown(phone)).toBe("en");
  await context.close();
});
