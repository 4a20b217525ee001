// A phone that believes it is 1970: it is taken in, and marked.
import { mine } from "../support/staff.mjs";
import { expect, scored, test } from "../support/world.mjs";

/** From the next page on the phone believes that it is 1970. */
function in1970(context) {
  return context.addInitScript(() => {
    const Real = Date;
    const behind = Real.now() - 180_000;
    globalThis.Date = class extends Real {
      constructor(...parts) {
        super(...(parts.length ? parts : [Real.now() - behind]));
      }
      static now() {
        return Real.now() - behind;
      }
    };
  });
}

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
