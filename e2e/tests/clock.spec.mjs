// Phones with a wrong clock: in 1970, and 200 days ahead. What they say is taken in, and what they are asked goes by the server's day.
import { mine } from "../support/device.mjs";
import { expect, invite, scored, test } from "../support/world.mjs";

const DAY_MS = 86_400_000;

/** From the next page on the phone's clock is wrong by so many milliseconds, or shows the third minute of 1970. */
function shifted(context, ahead) {
  return context.addInitScript((ahead) => {
    const Real = Date;
    const by = ahead ?? 180_000 - Real.now();
    globalThis.Date = class extends Real {
      constructor(...parts) {
        super(...(parts.length ? parts : [Real.now() + by]));
      }
      static now() {
        return Real.now() + by;
      }
    };
  }, ahead);
}

const in1970 = (context) => shifted(context, null);

test("a phone in 1970 finishes without a network, and its answers count", async ({ world, phone, person, context }) => {
  await in1970(context);
  await phone.open(person.link);
  expect(await phone.page.evaluate(() => new Date().getUTCFullYear())).toBe(1970);
  await phone.agree();
  await phone.isInstalled();
  await context.setOffline(true);
  await phone.answer(phone.t.mhrm, 30, { to: 3 });
  await phone.open(person.link);
  await phone.seesQuestion(4, 30);
  await phone.answer(phone.t.mhrm, 30, { from: 4 });
  await phone.answer(phone.t.lsns, 9);
  await phone.finishes();
  await context.setOffline(false);
  await phone.receipts();

  const held = await mine(world.server.url, person.secret);
  expect(held.responses.map((r) => new Date(r.finished_at).getUTCFullYear())).toEqual([1970, 1970]);
  const detail = await scored(world, person, 2);
  expect(detail.scores.responses.map((r) => r.clock_suspect)).toEqual([true, true]);
  expect(detail.occasions.find((o) => o.kind === "intake").state).toBe("completed");
  const total = (instrument) => detail.scores.responses.flatMap((r) => r.scales).find((s) => s.instrument === instrument && s.role === "total").score;
  expect([total("mhrm-30"), total("lsns-9")]).toEqual([60, 18]);
});

test("a no from a phone whose clock fell back to 1970 is a no", async ({ world, phone, person, context }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 2 });
  await expect.poll(async () => (await mine(world.server.url, person.secret)).standing.ever_given).toBe(true);
  await in1970(context);
  await phone.open(person.link);
  await phone.seesQuestion(3, 30);
  expect(await phone.page.evaluate(() => new Date().getUTCFullYear())).toBe(1970);
  await phone.menu(phone.t.mine);
  await phone.tap(phone.t.withdraw);
  await phone.tap(phone.t.stopUsing.name);
  await phone.sees(phone.t.stopUsing.title);
  await phone.tap(phone.t.stopUsing.yes);
  await phone.sees(phone.t.withdrawn);
  await expect.poll(async () => (await mine(world.server.url, person.secret)).standing.withdrawn).toBe("stop_using");
  await phone.open(person.link);
  await phone.sees(phone.t.withdrawn);
});

test("a phone 200 days ahead is asked nothing before its day", async ({ world, phone, context }) => {
  const early = await invite(world, { start: world.server.day(90) });
  await shifted(context, 200 * DAY_MS);
  await phone.open(early.link);
  const { consent } = phone.t;
  for (const choice of ["evaluation", "reminders", "leader", "research"]) {
    await phone.sees(consent[choice].title);
    await phone.tap(choice === "reminders" ? consent[choice].no : consent[choice].yes);
  }
  await phone.sees(phone.t.notYet);
  // Also without a network, by what the server told before.
  await phone.isInstalled();
  await context.setOffline(true);
  await phone.open(early.link);
  await phone.sees(phone.t.notYet);
  await context.setOffline(false);
  // What is open by the server's day is asked all the same.
  const now = await invite(world);
  await phone.open(now.link);
  await phone.agree();
});
