// Every way in that was ever opened on a phone works there without a network: earlier links, other people's links, and codes.
import { faults } from "../support/proxy.mjs";
import { anotherLink, invite, test } from "../support/world.mjs";

/** Opens a link and answers so many questions, so that one sees whose questionnaire it is. */
async function begins(phone, link, answers) {
  await phone.open(link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: answers });
  await phone.hasWritten(answers);
}

test("links of two people and an earlier link of one of them, in airplane mode", async ({ world, phone, person, context }) => {
  const friend = await invite(world);
  await begins(phone, person.link, 2);
  await begins(phone, friend.link, 4);
  const second = await anotherLink(world, person);
  await phone.open(second.link);
  await phone.seesQuestion(3, 30);
  await phone.isInstalled();
  await context.setOffline(true);
  for (const [link, next] of [
    [friend.link, 5],
    [person.link, 3],
    [second.link, 3],
    [friend.link, 5],
  ]) {
    await phone.open(link);
    await phone.seesQuestion(next, 30);
  }
  // A link that was never opened here cannot work, and says so.
  const stranger = await anotherLink(world, friend);
  await phone.open(stranger.link);
  await phone.sees(phone.t.offline);
  await context.setOffline(false);
});

for (const [name, fault] of [
  ["a captive portal", faults.portal],
  ["a server that answers 503", faults.busy(1)],
]) {
  test(`another person's known link, behind ${name}`, async ({ world, phone, person, network }) => {
    const friend = await invite(world);
    await begins(phone, friend.link, 3);
    await begins(phone, person.link, 1);
    network.fault("/api/", fault);
    await phone.open(friend.link);
    await phone.seesQuestion(4, 30);
    await phone.open(person.link);
    await phone.seesQuestion(2, 30);
  });
}

test("a code that was typed here before leads back without a network", async ({ world, phone, person, context }) => {
  await phone.open(`${world.url}/`);
  await phone.page.getByLabel(phone.t.code.field).fill(person.shortCode);
  await phone.tap(phone.t.code.open);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 2 });
  await phone.hasWritten(2);
  // A link that is damaged beyond repair offers the field for the code.
  await phone.isInstalled();
  await context.setOffline(true);
  await phone.page.goto("about:blank");
  await phone.page.goto(`${world.url}/s#damaged`);
  await phone.page.getByLabel(phone.t.code.field).fill(person.shortCode.toLowerCase());
  await phone.tap(phone.t.code.open);
  await phone.seesQuestion(3, 30);
  await context.setOffline(false);
});
