// Every screen of a citizen's phone, one after the other: the one list, for whoever looks at all of them in whatever browser. A tour gets
// a person before a fresh browser, the world around, and `look`, which is called with the name of each screen once it is whole.
import { expect } from "@playwright/test";

import { faults } from "./proxy.mjs";
import { bundle } from "./staff.mjs";
import { stored } from "./storage.mjs";
import { invite } from "./world.mjs";

/** The screens that a person meets who is asked for the first time and answers: what a short round looks at. */
export const MAIN = ["start", "letter", "menu", "consent-reminders", "consent-address", "question", "question-answered", "list", "role", "end-received", "mine", "contacts"];

export const TOURS = {
  "from the code to the last question": async (tour) => {
    await meetsTrouble(tour);
    await chooses(tour);
    await asks(tour);
  },
  "from the end to what is mine": async (tour) => {
    await ends(tour);
    await mine(tour);
  },
  "after the last word": async (tour) => {
    await withdraws(tour);
    await comesTooEarly(tour);
  },
};

async function meetsTrouble({ person, world, invited, words, look }) {
  await person.opens(`${world.url}/`);
  await person.speaks();
  await person.sees(words.code.title);
  await look("start");
  await person.fills(words.code.field, "ABCDE");
  await person.presses(words.code.open);
  await person.seesText(words.code.length);
  await look("start-wrong-code");

  world.network.fault("/api/", faults.drop);
  await person.opens(invited.link);
  await person.sees(words.offline);
  await look("no-network");
  world.network.heal();
  world.network.fault("/api/", faults.portal);
  await person.presses(words.tryAgain);
  await person.sees(words.notOurs);
  await look("portal");
  world.network.heal();
  await person.opens(`${world.url}/s#${"x".repeat(22)}`);
  await person.sees(words.link);
  await look("link-unknown");
}

async function chooses({ person, invited, words, look }) {
  const { consent } = words;
  await person.opens(invited.link);
  await person.seesText(words.letterWhole);
  await look("letter");
  await person.presses(words.menu);
  await look("menu");
  await person.presses(words.menu);
  await person.presses(words.letterWhole);
  await person.seesText(/demo-\d/);
  await look("letter-whole");
  await person.presses(words.back);
  await person.sees(consent.evaluation.title);
  await person.presses(consent.evaluation.yes);
  await person.sees(consent.reminders.title);
  await look("consent-reminders");
  await person.presses(consent.reminders.yes);
  await person.fills(words.email, "anne@");
  await person.presses(words.emailSave);
  await person.seesText(words.emailWrong);
  await look("consent-address");
  await person.fills(words.email, "anne@eksempel.dk");
  await person.presses(words.emailSave);
  await person.sees(consent.leader.title);
  await look("consent-leader");
  await person.presses(consent.leader.yes);
  await person.sees(consent.research.title);
  await look("consent-research");
  await person.presses(consent.research.yes);
}

async function asks({ person, invited, words, look }) {
  await person.seesQuestion(1, 30);
  await look("question");
  await person.answers(words.mhrm, 30, { to: 8 });
  await person.seesQuestion(9, 30);
  await look("question-new-part");
  await person.presses(words.back);
  await person.seesQuestion(8, 30);
  await look("question-answered");
  await person.presses(words.pause);
  await person.sees(words.pauseTitle);
  await look("pause");
  await person.menu(words.list);
  await person.seesText(/^30\. /m);
  await look("list");
  await person.presses(words.listDone);
  await person.sees(words.review);
  await look("review");
  await person.presses(words.reviewFinish);
  await person.seesQuestion(1, 9);
  await look("second-questionnaire");
  await person.inOtherTab(async () => {
    await person.opens(invited.link);
    await person.sees(words.elsewhere);
    await look("elsewhere");
  });
}

async function ends({ person, world, invited, words, look }) {
  await person.opens(`${world.url}/`);
  await person.speaks();
  await person.opens(invited.link);
  await person.agrees({ email: "anne@eksempel.dk" });
  await person.answers(words.mhrm, 30);
  await person.isInstalled();
  await world.network.refuse();
  await person.answers(words.lsns, 9);
  await person.sees(words.alone.title);
  await person.chooses(words.alone.helped);
  await person.chooses(words.alone.volunteer);
  await look("alone");
  await person.presses(words.finish);
  await person.sees(words.role.title);
  await look("role");
  await person.presses(words.role.participant);
  await person.sees(words.end);
  await person.seesText(words.sendNow);
  await look("end-saved");
  await world.network.listen();
  await person.presses(words.receiptsShow);
  await person.seesLines("a receipt", /^KVIT-/, 2);
  await look("end-received");
}

async function mine({ person, world, words, look }) {
  const from = async (item, name) => {
    await person.presses(item);
    await person.sees(item);
    await look(name);
    await person.presses(words.back);
    await person.sees(words.mine);
  };
  await person.menu(words.contacts);
  await person.sees(words.contacts);
  await look("contacts");
  await person.menu(words.mine);
  await person.sees(words.mine);
  await look("mine");
  await from(words.answers, "answers");
  await from(words.choices, "choices");
  await person.presses(words.choices);
  await person.sees(words.choices);
  await person.presses(words.instead.choose);
  await person.hasFocusOn(words.instead.name);
  await person.presses(words.instead.save);
  await person.isWrong(words.instead.email);
  await look("instead");
  await person.fills(words.instead.name, "Naboen");
  await person.fills(words.instead.email, "en-nabo-med-et-langt-navn@et-laengere-eksempel.dk");
  await person.presses(words.instead.save);
  await person.seesText(words.instead.to);
  await look("instead-named");
  await person.presses(words.back);
  await person.sees(words.mine);
  await person.presses(words.letterAgain);
  await person.seesText(/demo-\d/);
  await look("letter-again");
  await person.goesBack();
  await person.sees(words.mine);
  await from(words.take, "take");
  await person.presses(words.withdraw);
  await person.sees(words.withdraw);
  await look("withdraw");
  await person.presses(words.erase.name);
  await person.sees(words.erase.title);
  await look("withdraw-confirm");
  await person.menu(words.forget);
  await person.sees(words.forgetTitle);
  await look("forget");

  const shy = await invite(world);
  await person.opens(shy.link);
  await person.presses(words.consent.evaluation.no);
  await person.sees(words.declined);
  await look("declined");
}

async function withdraws({ person, hands, world, invited, words, look }) {
  await person.opens(`${world.url}/`);
  await person.speaks();
  await person.opens(invited.link);
  await person.agrees();
  await person.answers(words.mhrm, 30);
  await person.answers(words.lsns, 9);
  await person.sees(words.alone.title);
  await person.presses(words.finishWithout);
  await person.sees(words.role.title);
  await person.presses(words.role.participant);
  await person.sees(words.end);
  const says = async (scope) => {
    await person.menu(words.mine);
    await person.presses(words.withdraw);
    await person.sees(words.withdraw);
    await person.presses(scope.name);
    await person.sees(scope.title);
    await person.presses(scope.yes);
  };
  await says(words.stopAsking);
  await person.sees(words.withdrawn);
  await look("withdrawn");
  await says(words.erase);
  await person.seesText(words.erase.done);
  const asked = () => bundle(world.server.url, invited.secret).then(() => null, (e) => e.code);
  await expect.poll(asked).toBe("person.erased");
  // The phone has heard of it, too, and forgotten everything.
  const phone = { evaluate: (looking) => hands.ask(looking) };
  await expect.poll(async () => (await stored(phone)).copies).toBe(0);
  await person.opens(invited.link);
  await person.sees(words.erasedTitle);
  await look("erased");
}

async function comesTooEarly({ person, world, words, look }) {
  const early = await invite(world, { start: world.server.day(90) });
  await person.opens(early.link);
  for (const purpose of ["evaluation", "reminders", "leader", "research"]) {
    await person.sees(words.consent[purpose].title);
    await person.presses(purpose === "reminders" ? words.consent[purpose].no : words.consent[purpose].yes);
  }
  await person.sees(words.notYet);
  await look("not-yet");
}
