// Looks through the hands of any browser. Firefox and WebKit cannot be told from outside, while they run, that somebody wants dark colours
// or large text; so the style sheets are told: their conditions, which is all that the browser's own settings would change in them, and
// the size from which all others come.

export class Eye {
  constructor(hands) {
    this.hands = hands;
    this.wish = { scheme: "light", times: 1 };
  }

  ask(looking, ...args) {
    return this.hands.ask(looking, ...args);
  }

  async scheme(scheme) {
    await this.#wishes({ scheme });
  }

  async text(times) {
    await this.#wishes({ times });
  }

  /** A wish that changed nothing on the page would be no test at all. */
  async #wishes(change) {
    const before = await this.ask(wear, this.wish);
    const after = await this.ask(wear, { ...this.wish, ...change });
    const [from, to] = [before, after].map(({ page, size }) => `${page} ${size}`);
    const differs = JSON.stringify({ ...this.wish, ...change }) !== JSON.stringify(this.wish);
    if (differs !== (from !== to)) throw new Error(`${JSON.stringify(change)}: the page was ${from} and is ${to}`);
    this.wish = { ...this.wish, ...change };
  }
}

/** Runs in the page. Gives the colour of the page and the size of its text as they are then. */
function wear({ scheme, times }) {
  const root = document.documentElement;
  const conditions = (rules) =>
    [...rules].flatMap((rule) => [...(rule.media ? [[rule, rule.media.mediaText]] : []), ...(rule.cssRules ? conditions(rule.cssRules) : [])]);
  // Kept, so that each wish begins with the conditions as they were written.
  window.asWritten ??= [...document.styleSheets].flatMap((sheet) => conditions(sheet.cssRules));
  for (const [rule, written] of window.asWritten) {
    rule.media.mediaText = written
      .replace(/\(prefers-color-scheme: ?(dark|light)\)/g, (_, which) => (which === scheme ? "(min-width: 0px)" : "(max-width: 0px)"))
      // What moves is in no colour yet that could be judged.
      .replace(/\(prefers-reduced-motion: ?no-preference\)/g, "(max-width: 0px)")
      .replace(/([\d.]+)em\b/g, (_, number) => `${number * 16 * times}px`);
  }
  root.style.colorScheme = scheme;
  root.style.fontSize = times === 1 ? "" : `${62.5 * times}%`;
  return { page: getComputedStyle(document.body).backgroundColor, size: getComputedStyle(document.body).fontSize };
}
