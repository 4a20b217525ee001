// In every `make test`: the main screens, once in each engine.
import { MAIN } from "../support/screens.mjs";
import { DA } from "../support/words.mjs";
import { inOtherEngines } from "./tours.mjs";

inOtherEngines({ languages: [DA], tours: ["from the code to the last question", "from the end to what is mine"], only: MAIN });
