// One count over both questionnaires, on every screen that tells where one is.
import { deliver, intakeOf, response, willing } from "../support/journal.mjs";
import { expect, invite, test } from "../support/world.mjs";

test("the second questionnaire goes on from 31 on the question, the pause, the list and the review", async ({ world, phone }) => {
  const person = await willing(world, await invite(world, { respondent_type: "participant" }));
  const { occasion } = await intakeOf(world, person);
  // The first thirty were answered on another phone.
  await deliver(world, person.secret, [response(occasion)]);
  await phone.open(person.link);
  await phone.seesQuestion(1, 9);
  await phone.choose(phone.t.lsns[0]);
  await phone.seesQuestion(2, 9);

  await phone.tap(phone.t.pause);
  await phone.sees(phone.t.pauseTitle);
  await expect(phone.text("Du er nået til spørgsmål 32 af 39.")).toBeVisible();
  await phone.tap(phone.t.pauseGoOn);
  await phone.seesQuestion(2, 9);

  await phone.menu(phone.t.list);
  const numbers = async (heads) => (await heads.allInnerTexts()).map((text) => Number(text.match(/^\d+/)[0]));
  const all = phone.page.locator("h2.question-text");
  await expect(all).toHaveCount(9);
  expect(await numbers(all)).toEqual([31, 32, 33, 34, 35, 36, 37, 38, 39]);
  await phone.tap(phone.t.listDone);
  await phone.sees(phone.t.review);
  expect(await numbers(phone.page.locator(".rows .row"))).toEqual([32, 33, 34, 35, 36, 37, 38, 39]);
});
