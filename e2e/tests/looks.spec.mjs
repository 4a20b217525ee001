// The looks that every screen gets must be able to find something: here a good screen is spoilt in one way at a time.
import { foreign } from "../support/axe.mjs";
import { NARROW, PHONE } from "../support/browser.mjs";
import { SHORT_WORD, TARGET, cutWords, offTheScreen, smallTargets, spokenWords } from "../support/looks.mjs";
import { expect, test } from "../support/world.mjs";

test.use({ ...PHONE, viewport: NARROW });

/** How the screen is spoilt, and which look must find it. */
const SPOILT = [
  { how: "a small button", spoil: () => (document.querySelector(".page .choice-bar > button").style.cssText = "min-height: 0; height: 40px"), look: smallTargets, args: [TARGET], finds: /Ja, jeg vil være med" \d+x40$/ },
  { how: "something off the left edge", spoil: () => (document.querySelector(".page .summary").style.marginLeft = "-40px"), look: offTheScreen, args: [], finds: /^div\.summary from -24 to / },
  { how: "something off the right edge", spoil: () => (document.querySelector(".page .summary").style.width = "400px"), look: offTheScreen, args: [], finds: /^div\.summary from 16 to 416/ },
  { how: "a word without room", spoil: () => (document.querySelector(".page h1").style.cssText = "width: 40px; overflow-wrap: anywhere"), look: cutWords, args: [0], finds: /^være, without a hyphen$/ },
  { how: "a role in English on a Danish page", spoil: () => document.querySelector("main").setAttribute("aria-roledescription", "These questions come from"), look: spokenWords, args: [], finds: /^da: These questions come from$/ },
  { how: "a name in Danish on a part said to be English", spoil: () => (document.querySelector("main").lang = "en"), look: spokenWords, args: [], finds: /^en: Spørgsmålene kommer fra$/ },
];

for (const { how, spoil, look, args, finds } of SPOILT) {
  test(`${how} is found`, async ({ phone, person }) => {
    await phone.open(person.link);
    // Not the words that the page itself shows first: those go when the program is there.
    await expect(phone.page.locator("html:not([data-new]) .page h1")).toBeVisible();
    // In one breath with the look, because the app may draw the screen anew when it hears from the server.
    const found = async (first) => {
      const all = await phone.page.evaluate(`(${first})(), (${look})(...${JSON.stringify(args)})`);
      return look === spokenWords ? foreign(all) : all;
    };
    expect(await found(() => {}), "on the good screen").toEqual([]);
    expect(await found(spoil)).toContainEqual(expect.stringMatching(finds));
  });
}

test("a long word may stand on two lines at its soft hyphen, and nowhere else", async ({ phone, person }) => {
  await phone.open(person.link);
  await expect(phone.page.locator("html:not([data-new]) .page h1")).toBeVisible();
  const write = (words) => {
    const heading = document.querySelector(".page h1");
    heading.style.width = "230px";
    heading.textContent = words;
  };
  const cut = (words) => phone.page.evaluate(`(${write})(${JSON.stringify(words)}), (${cutWords})(${SHORT_WORD})`);
  expect(await cut("data\u00adbeskyttelse")).toEqual([]);
  expect(await cut("databeskyttelsesloven")).toEqual(["databeskyttelsesloven, without a hyphen"]);
});
