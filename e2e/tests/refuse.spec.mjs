// A no is an answer: nothing more is asked, nothing is held, and it is counted.
import { mine } from "../support/device.mjs";
import { expect, invite, test } from "../support/world.mjs";

test("a no ends the asking, erases the address and is only counted", async ({ world, phone, network }) => {
  const person = await invite(world, { name: "Anne Prøve", email: "anne@eksempel.dk" });
  const before = await world.leader.project(world.project.id);
  expect((await mine(world.server.url, person.secret)).email).toBe("anne@eksempel.dk");

  await phone.open(person.link);
  await phone.sees(phone.t.consent.evaluation.title);
  const yes = await phone.button(phone.t.consent.evaluation.yes).boundingBox();
  const no = await phone.button(phone.t.consent.evaluation.no).boundingBox();
  expect([no.width, no.height], "both answers are drawn alike").toEqual([yes.width, yes.height]);
  await phone.tap(phone.t.consent.evaluation.no);

  await phone.sees(phone.t.declined);
  await expect(phone.page.getByRole("radio")).toHaveCount(0);
  await expect.poll(() => network.deliveries().filter((d) => d.status === 202).length).toBeGreaterThan(0);
  await expect.poll(async () => (await world.leader.project(world.project.id)).refusals).toBe(before.refusals + 1);

  const held = await mine(world.server.url, person.secret);
  expect(held).toMatchObject({ email: null, name: null, responses: [] });
  expect(held.standing.refused).toBe(true);
  const seen = await world.leader.person(person.id);
  expect(seen.occasions.find((o) => o.kind === "intake").state).toBe("declined");
  expect(JSON.stringify(seen)).not.toContain("Anne");

  await phone.open(person.link);
  await phone.sees(phone.t.declined);
});

test("who changes their mind is asked the rest, and is no longer counted as a no", async ({ world, phone, person }) => {
  const before = await world.leader.project(world.project.id);
  await phone.open(person.link);
  await phone.tap(phone.t.consent.evaluation.no);
  await phone.sees(phone.t.declined);
  await expect.poll(async () => (await world.leader.project(world.project.id)).refusals).toBe(before.refusals + 1);

  await phone.tap(phone.t.changeMind);
  await phone.agree();
  await phone.answerAll();
  await phone.receipts();
  await expect.poll(async () => (await world.leader.project(world.project.id)).refusals).toBe(before.refusals);
  const history = (await mine(world.server.url, person.secret)).consents.filter((c) => c.purpose === "evaluation");
  expect(history.length, "both words stand in the ledger").toBe(2);
});

test("a no without a network is kept and arrives later", async ({ world, phone, person, context, network }) => {
  await phone.open(person.link);
  await phone.isInstalled();
  await context.setOffline(true);
  await phone.tap(phone.t.consent.evaluation.no);
  await phone.sees(phone.t.declined);
  expect(network.deliveries()).toEqual([]);
  await context.setOffline(false);
  await expect.poll(async () => (await mine(world.server.url, person.secret)).standing.refused).toBe(true);
});
