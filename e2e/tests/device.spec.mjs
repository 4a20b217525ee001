// What the app asks of the phone itself: a voice to read aloud with, and storage that is kept when the phone gets full.
import { PHONE } from "../support/browser.mjs";
import { stored } from "../support/storage.mjs";
import { expect, test } from "../support/world.mjs";

test.use({ ...PHONE, locale: "da-DK" });

/** A phone with these voices; what it says is kept in `window.said`. */
const voices = (list) => {
  window.said = [];
  window.SpeechSynthesisUtterance = class {
    constructor(text) {
      this.text = text;
    }
  };
  const speech = {
    speaking: false,
    pending: false,
    getVoices: () => list,
    cancel: () => window.said.push("silence"),
    speak: ({ text, lang, voice }) => window.said.push({ text, lang, voice: voice.name }),
  };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
};

test("a question is read aloud by a voice of the phone's own", async ({ phone, person }) => {
  const list = [
    { name: "a voice in the cloud", lang: "da-DK", localService: false },
    { name: "another language", lang: "en-GB", localService: true },
    { name: "Ida", lang: "da-DK", localService: true },
  ];
  await phone.page.addInitScript(voices, list);
  await phone.open(person.link);
  await phone.agree();
  await phone.seesQuestion(1, 30);
  const question = await phone.question();
  await phone.button("Læs op").click();
  const said = await phone.page.evaluate(() => window.said);
  expect(said).toHaveLength(2);
  const [before, words] = said;
  expect(before, "whatever was being read stops").toBe("silence");
  expect(words).toMatchObject({ lang: "da", voice: "Ida" });
  expect(words.text).toContain(question);
  for (const answer of phone.t.mhrm) expect(words.text).toContain(answer);
});

test("without a voice of its own the phone offers none: nothing is sent away to be read", async ({ phone, person }) => {
  await phone.page.addInitScript(voices, [{ name: "a voice in the cloud", lang: "da-DK", localService: false }]);
  await phone.open(person.link);
  await phone.agree();
  await phone.seesQuestion(1, 30);
  // Voices are looked for once the question is there; an answer later they would have been found.
  await phone.answer(phone.t.mhrm, 30, { to: 2 });
  await phone.seesQuestion(3, 30);
  await expect(phone.button("Læs op")).toHaveCount(0);
});

test("after the first answer the browser is asked to keep the storage, and its answer is noted", async ({ phone, person }) => {
  await phone.page.addInitScript(() => {
    window.asked = 0;
    // The empty page before ours has none.
    if (!navigator.storage) return;
    navigator.storage.persist = async () => {
      window.asked += 1;
      return false;
    };
  });
  const asked = () => phone.page.evaluate(() => window.asked);
  await phone.open(person.link);
  await phone.agree();
  await phone.seesQuestion(1, 30);
  expect(await asked(), "not before there is something to keep").toBe(0);
  const before = (await stored(phone.page)).settings;
  await phone.answer(phone.t.mhrm, 30, { to: 2 });
  await phone.seesQuestion(3, 30);
  await expect.poll(asked).toBe(1);
  await expect.poll(async () => (await stored(phone.page)).settings).toBe(before + 1);
});
