// In every `make test`: the main screens, once in each engine.
import { expect } from "@playwright/test";

import { SHORT_WORD, cutWords } from "../support/looks.mjs";
import { MAIN } from "../support/screens.mjs";
import { DA } from "../support/words.mjs";
import { BROWSERS } from "./browsers.mjs";
import { test } from "./test.mjs";
import { inOtherEngines } from "./tours.mjs";

inOtherEngines({ languages: [DA], tours: ["from the code to the last question", "from the end to what is mine"], only: MAIN });

test("Firefox ESR: a short word with a hyphen is found, a long one is not", async ({ person, hold }) => {
  // Of the browsers here only Firefox knows where Danish words may be divided.
  const hands = await hold(BROWSERS.find((browser) => browser.name === "Firefox ESR"));
  await hands.open(person.link);
  await expect.poll(() => hands.ask(() => !!document.querySelector(".page h1"))).toBe(true);
  const cut = async (words) => {
    const write = (text) => {
      const heading = document.querySelector(".page h1");
      heading.style.cssText = "width: 4em; font-size: 40px; hyphens: auto; hyphenate-limit-chars: auto; overflow-wrap: anywhere";
      heading.lang = "da";
      heading.textContent = text;
    };
    await hands.ask(write, words);
    return await hands.ask(cutWords, SHORT_WORD);
  };
  expect(await cut("menneskene")).toEqual(["menneskene, short"]);
  expect(await cut("sammenhængende")).toEqual([]);
  await hands.ask(() => (document.querySelector(".page h1").style.hyphens = "none"));
  expect(await hands.ask(cutWords, SHORT_WORD)).toEqual(["sammenhængende, without a hyphen"]);
});
