// The short code from a card: mistakes are told before anything is sent, and it opens the questions once.
import { Phone } from "../support/phone.mjs";
import { PHONE } from "../support/browser.mjs";
import { expect, test } from "../support/world.mjs";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY";

async function type(phone, code) {
  await phone.page.getByLabel(phone.t.code.field).fill(code);
  await phone.tap(phone.t.code.open);
}

test("a slip of the finger is told without a network", async ({ world, phone, person, context, network }) => {
  await phone.open(`${world.url}/`);
  await phone.sees(phone.t.code.title);
  await phone.isInstalled();
  await context.setOffline(true);
  const last = person.shortCode.at(-1);
  const wrong = ALPHABET[(ALPHABET.indexOf(last) + 1) % ALPHABET.length];
  await type(phone, person.shortCode.slice(0, -1) + wrong);
  await expect(phone.text(phone.t.code.check)).toBeVisible();
  await expect(phone.page.getByLabel(phone.t.code.field)).toBeFocused();
  await type(phone, person.shortCode.slice(0, 6));
  await expect(phone.text(phone.t.code.length)).toBeVisible();
  await type(phone, person.shortCode);
  await expect(phone.text(/Første gang skal telefonen hente spørgsmålene/)).toBeVisible();
  expect(network.seen.filter((s) => s.path === "/api/v1/exchange")).toEqual([]);
  await context.setOffline(false);
  await phone.tap(phone.t.code.open);
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
});

test("it works once, however it is typed; the second use is refused kindly", async ({ world, phone, person, browser }) => {
  await phone.open(`${world.url}/`);
  await type(phone, ` ${person.shortCode.toLowerCase().replace("-", " ")} `);
  await expect(phone.button(phone.t.letterWhole)).toBeVisible();
  // The address is that of every person's page now, and leads back on this phone without a code.
  expect(phone.page.url()).toBe(`${world.url}/s`);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 1 });
  // The next question comes when the answer is written down.
  await phone.seesQuestion(2, 30);
  await phone.open(phone.page.url());
  await phone.seesQuestion(2, 30);

  const other = await browser.newContext(PHONE);
  const second = new Phone(await other.newPage());
  await second.open(`${world.url}/`);
  await type(second, person.shortCode);
  await expect(second.text(second.t.code.unknown)).toBeVisible();
  await second.sees(second.t.code.title);
  await other.close();
});

test("a code nobody has gets the same answer as a used one", async ({ world, phone, network }) => {
  // 000000000 weighs nothing, so its check character is 0.
  await phone.open(`${world.url}/`);
  await type(phone, "00000-00000");
  await expect(phone.text(phone.t.code.unknown)).toBeVisible();
  expect(network.seen.filter((s) => s.path === "/api/v1/exchange").map((s) => s.status)).toEqual([404]);
});
