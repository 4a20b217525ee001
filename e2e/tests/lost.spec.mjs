// A server that was put back from an older backup has lost answers that the phone got receipts for: the phone sends them again.
import { mine } from "../support/device.mjs";
import { LEADER, expect, test } from "../support/world.mjs";

test("an older backup is put back: the answers come again when the app is opened", async ({ world, phone, person, network }) => {
  await phone.open(person.link);
  await phone.agree();
  await expect.poll(async () => (await mine(world.server.url, person.secret)).consents.length).toBe(4);
  await world.server.stop();
  const backup = world.server.copyDatabase();
  expect(backup.size).toBeGreaterThan(0);
  await world.server.start();

  await phone.answerAll();
  const receipts = await phone.receipts();
  await world.server.stop();
  world.server.putBack(backup);
  await world.server.start();
  // Sessions of after the backup are gone with it.
  await world.leader.logIn(LEADER, world.server.password);
  expect((await mine(world.server.url, person.secret)).responses).toEqual([]);

  network.seen = [];
  await phone.open(person.link);
  await expect.poll(async () => (await mine(world.server.url, person.secret)).responses.length, { timeout: 20_000 }).toBe(2);
  const held = await mine(world.server.url, person.secret);
  expect(held.responses.map((r) => r.receipt).sort()).toEqual([...receipts].sort());
  expect((await world.leader.quarantine()).entries.filter((e) => e.person === person.id)).toEqual([]);

  // What is there is not sent again, neither now nor at the next start.
  await phone.page.waitForTimeout(3000);
  network.seen = [];
  await phone.open(person.link);
  await phone.sees(phone.t.end);
  await phone.page.waitForTimeout(4000);
  expect(network.deliveries()).toEqual([]);
});
