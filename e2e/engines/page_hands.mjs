// Hands on a browser whose library gives a page that can be asked and touched: Playwright for Chromium, Puppeteer for Firefox.

export class PageHands {
  /** `newPage`: opens another tab of the same browser. `asksForLanguage`: the browser was told which language its person wants. */
  constructor({ page, version, close, newPage, asksForLanguage = false }) {
    this.page = page;
    this.version = version;
    this.close = close;
    this.newPage = newPage;
    this.asksForLanguage = asksForLanguage;
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

  /** Makes the window another one's, in pixels of the page. */
  async resize(size) {
    await (this.page.setViewportSize ?? this.page.setViewport).call(this.page, size);
  }

  /** What is done meanwhile is done in another tab. */
  async inOtherTab(go) {
    const before = this.page;
    this.page = await this.newPage();
    try {
      await go();
    } finally {
      await this.page.close();
      this.page = before;
    }
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
