// "Forget me on this phone": what the browser's own files still hold afterwards, read as somebody does who copies them.
import { files, holding, keys, opens } from "../support/profile.mjs";
import { Phone } from "../support/phone.mjs";
import { faults } from "../support/proxy.mjs";
import { stored } from "../support/storage.mjs";
import { expect, invite, test } from "../support/world.mjs";

/** The browser's own records of the pages that were open. The page cannot reach them; the screen says so. */
const RECORDS = /^(Default\/(History|Sessions\/|Visited Links|Network Action Predictor|Shortcuts|Favicons)|segmentation_platform\/)/;

/** Every value in the app's database, as it lies there, and the bytes of the key. */
function raw(page) {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open("bedring");
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const db = open.result;
          const values = [];
          let key = null;
          const tx = db.transaction([...db.objectStoreNames], "readonly");
          for (const store of db.objectStoreNames) {
            tx.objectStore(store).openCursor().onsuccess = ({ target: { result: cursor } }) => {
              if (!cursor) return;
              if (cursor.key === "vault") key = cursor.value;
              else if (cursor.value instanceof Uint8Array) values.push({ place: `${store}/${cursor.key}`, bytes: [...cursor.value] });
              cursor.continue();
            };
          }
          tx.oncomplete = () => {
            db.close();
            const file = navigator.storage.getDirectory().then((all) => all.getFileHandle(key));
            const bytes = file.then((handle) => handle.getFile()).then((found) => found.arrayBuffer());
            bytes.then((key) => resolve({ values, key: [...new Uint8Array(key)] }), reject);
          };
        };
      }),
  );
}

const asBytes = ({ values, key }) => ({ values: values.map((v) => ({ place: Buffer.from(v.place), bytes: Buffer.from(v.bytes) })), key: Buffer.from(key) });

/** Of some values those that still stand in the files and that any key in the files opens. */
function readable(all, known) {
  const tried = keys(all);
  const there = known.filter(({ bytes }) => holding(all, bytes).length > 0);
  return there.filter((value) => tried.some((key) => opens(key, value))).map(({ place }) => String(place));
}

async function forgets(phone) {
  await phone.menu(phone.t.forget);
  await phone.sees(phone.t.forgetTitle);
  await expect(phone.text(/slet også siden i browserens historik/)).toBeVisible();
  await phone.tap(phone.t.forgetYes);
}

test("nothing of the vault can be read from the browser's files: no secret, no key, no value that any key opens", async ({ person, ownPhone }) => {
  test.setTimeout(180_000);
  const phone = new Phone(await ownPhone.open());
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 4 });
  await expect.poll(async () => (await stored(phone.page)).queue).toBe(0);
  await phone.hasWritten(4);
  const before = asBytes(await raw(phone.page));
  expect(before.values.length).toBeGreaterThan(6);
  await ownPhone.close();

  // What was there to be found: the reading itself works, and the files give everything to whoever copies them before.
  const had = files(ownPhone.folder);
  expect(holding(had, before.key).length, "the key lies in a file").toBeGreaterThan(0);
  expect(readable(had, before.values).length).toBeGreaterThan(6);
  expect(holding(had, person.secret).filter((name) => !RECORDS.test(name)), "the secret stands in the open only in the browser's own records").toEqual([]);

  const again = new Phone(await ownPhone.open());
  await again.open(`${new URL(person.link).origin}/s`);
  await again.seesQuestion(5, 30);
  await forgets(again);
  await again.sees(again.t.code.title);
  await ownPhone.close();

  const left = files(ownPhone.folder);
  expect(holding(left, person.secret).filter((name) => !RECORDS.test(name))).toEqual([]);
  expect(holding(left, before.key)).toEqual([]);
  expect(readable(left, before.values)).toEqual([]);
});

test("whoever else uses the browser keeps theirs, under a key that opens nothing of the one who was forgotten", async ({ world, person, ownPhone }) => {
  test.setTimeout(180_000);
  const friend = await invite(world);
  const phone = new Phone(await ownPhone.open());
  await phone.open(friend.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 3 });
  await phone.hasWritten(3);
  const friends = asBytes(await raw(phone.page)).values;
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 2 });
  await phone.hasWritten(2);
  await expect.poll(async () => (await stored(phone.page)).queue).toBe(0);
  const before = asBytes(await raw(phone.page));
  const own = before.values.filter(({ place }) => !friends.some((f) => f.place.equals(place)));
  expect(own.length).toBeGreaterThan(5);
  await forgets(phone);
  await phone.sees(phone.t.code.title);
  const after = asBytes(await raw(phone.page));
  expect(after.key.equals(before.key)).toBe(false);
  await phone.open(friend.link);
  await phone.seesQuestion(4, 30);
  await phone.answer(phone.t.mhrm, 30, { from: 4, to: 4 });
  await phone.hasWritten(4);
  await ownPhone.close();
  const left = files(ownPhone.folder);
  expect(holding(left, before.key)).toEqual([]);
  expect(holding(left, after.key).length).toBeGreaterThan(0);
  expect(readable(left, own)).toEqual([]);
  expect(readable(left, after.values).length).toBeGreaterThan(0);
});

test("a tab of somebody else goes on when a person is forgotten in another one", async ({ world, person, phone, context }) => {
  const friend = await invite(world);
  await phone.open(friend.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 2 });
  await phone.hasWritten(2);
  const second = new Phone(await context.newPage());
  await second.open(person.link);
  await second.agree();
  await forgets(second);
  await second.sees(second.t.code.title);
  await second.page.close();
  await phone.answer(phone.t.mhrm, 30, { from: 3, to: 5 });
  await phone.hasWritten(5);
  await phone.open(friend.link);
  await phone.seesQuestion(6, 30);
});

test("forgotten without a network: the secret that is needed to deliver goes as well, as soon as all has arrived", async ({ person, ownPhone, network }) => {
  test.setTimeout(180_000);
  const phone = new Phone(await ownPhone.open());
  await phone.open(person.link);
  await phone.isInstalled();
  await phone.sees(phone.t.consent.evaluation.title);
  await network.refuse();
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 1 });
  await phone.hasWritten(1);
  await forgets(phone);
  await phone.sees(phone.t.code.title);
  const waiting = asBytes(await raw(phone.page));
  await network.listen();
  await expect.poll(async () => (await stored(phone.page)).queue, { timeout: 60_000 }).toBe(0);
  await expect.poll(async () => (await stored(phone.page)).access).toBe(0);
  await ownPhone.close();
  const left = files(ownPhone.folder);
  expect(holding(left, waiting.key)).toEqual([]);
  expect(readable(left, waiting.values)).toEqual([]);
});

test("a page that is loaded again at the address without a secret goes on where it was, without a network, too", async ({ world, phone, person, context, network }) => {
  await phone.open(person.link);
  await phone.agree();
  await phone.answer(phone.t.mhrm, 30, { to: 3 });
  await phone.hasWritten(3);
  expect(phone.page.url()).toBe(`${world.url}/s`);
  await phone.page.reload();
  await phone.seesQuestion(4, 30);
  await phone.isInstalled();
  await network.refuse();
  await phone.page.reload();
  await phone.seesQuestion(4, 30);
  // A page of its own, as from a bookmark.
  const other = new Phone(await context.newPage());
  await other.page.goto(`${world.url}/s`);
  await other.sees(other.t.elsewhere);
  await network.listen();
});

test("a first visit whose questions did not come can try again, also by loading the page anew", async ({ world, phone, person, network }) => {
  network.fault("/api/v1/occasion", faults.drop);
  await phone.page.goto(person.link);
  await phone.sees(phone.t.offline);
  expect(phone.page.url()).toBe(`${world.url}/s`);
  await phone.page.reload();
  await phone.sees(phone.t.offline);
  network.heal();
  await phone.tap(phone.t.tryAgain);
  await phone.sees(phone.t.consent.evaluation.title);
  await phone.page.reload();
  await phone.sees(phone.t.consent.evaluation.title);
});
