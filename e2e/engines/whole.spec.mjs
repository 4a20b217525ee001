// `make test-engines`: the whole journey in every browser.
import { inEachBrowser } from "./test.mjs";

inEachBrowser("from the link to what the server holds", (journey) => journey.whole());
