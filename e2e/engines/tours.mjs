// Axe and all else that is looked for, on the same screens as in Chromium (support/screens.mjs), in the other two engines.
import { judge } from "../support/axe.mjs";
import { NARROW } from "../support/browser.mjs";
import { TOURS } from "../support/screens.mjs";
import { BROWSERS } from "./browsers.mjs";
import { Eye } from "./eye.mjs";
import { Person } from "./person.mjs";
import { test } from "./test.mjs";

const ENGINES = BROWSERS.filter((browser) => ["Firefox ESR", "WebKitGTK"].includes(browser.name));

/** One test for each engine, language and tour; `only` names the screens that are looked at, and the tours that are made. */
export function inOtherEngines({ languages, tours = Object.keys(TOURS), only = null }) {
  for (const browser of ENGINES) {
    for (const words of languages) {
      for (const name of tours) {
        test(`${browser.name}: everybody's screens, ${words.lang}, ${name}`, async ({ world, person: invited, hold }) => {
          test.setTimeout(600_000);
          const hands = await hold(browser);
          await hands.resize(NARROW);
          const look = async (screen) => {
            if (only && !only.includes(screen)) return;
            await judge(new Eye(hands), `${screen} (${words.lang}, ${browser.name})`);
          };
          await TOURS[name]({ person: new Person(hands, words), hands, world, invited, words, look });
        });
      }
    }
  }
}
