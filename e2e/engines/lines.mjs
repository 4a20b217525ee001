// At the end one line for each browser: what it says of itself, how it went, and how long it took.

export default class Lines {
  #lines = [];

  onTestEnd(test, result) {
    const version = result.annotations.find((note) => note.type === "version")?.description ?? "did not open";
    const name = test.title.split(":")[0];
    this.#lines.push(`${name.padEnd(20)} ${version.padEnd(32)} ${result.status.padEnd(9)} ${(result.duration / 1000).toFixed(1).padStart(6)} s`);
  }

  onEnd() {
    console.log(this.#lines.sort().join("\n"));
  }

  printsToStdio() {
    return false;
  }
}
