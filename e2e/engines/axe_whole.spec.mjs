// `make test-engines`: every screen of the phone in both languages.
import { DA, EN } from "../support/words.mjs";
import { inOtherEngines } from "./tours.mjs";

inOtherEngines({ languages: [DA, EN] });
