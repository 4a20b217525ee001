// In every `make test`: the short journey in every browser.
import { inEachBrowser } from "./test.mjs";

inEachBrowser("ten answers and a reload", (journey) => journey.short());
