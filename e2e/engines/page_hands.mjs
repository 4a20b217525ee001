// Hands on a browser whose library gives a page that can be asked and touched: Playwright for Chromium, Puppeteer for Firefox.

export class PageHands {
  constructor({ page, version, close }) {
    this.page = page;
    this.version = version;
    this.close = close;
    /** What must never happen on a page. */
    this.noise = [];
    page.on("pageerror", (error) => this.noise.push(String(error)));
    page.on("console", (message) => {
      if (/panicked|Content Security Policy/.test(message.text())) this.noise.push(message.text());
    });
  }

  async open(url) {
    await this.page.goto(url);
  }

  async reload() {
    await this.page.reload();
  }

  /** Runs a function in the page; its arguments and its answer are plain data. */
  ask(looking, ...args) {
    // One argument is what both libraries take.
    return this.page.evaluate(`(${looking})(...${JSON.stringify(args)})`);
  }

  /** A finger, at a place in the window. */
  async tap({ x, y }) {
    await this.page.touchscreen.tap(x, y);
  }
}
