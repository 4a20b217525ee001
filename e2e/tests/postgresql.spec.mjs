// The same binary on PostgreSQL, as a municipality with a database server runs it: keys from files, and a second server that takes over.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { startPostgres } from "../support/postgres.mjs";
import { expect, invite, makeWorld, scored, test } from "../support/world.mjs";

test("answers come in on PostgreSQL, and a server that takes over has them", async ({ phone }) => {
  test.setTimeout(240_000);
  const database = await startPostgres();
  const keys = fs.mkdtempSync(path.join(os.tmpdir(), "bedring-keys-"));
  const settings = {
    BEDRING__DATABASE__URL: database.url,
    BEDRING__KEYS__SEAL_FILE: path.join(keys, "seal.key"),
    BEDRING__KEYS__CONTACT_FILE: path.join(keys, "contact.key"),
  };
  const world = await makeWorld({ settings, prepare: (server) => server.command("keys", "create", keys) });
  try {
    const person = await invite(world, { email: "anne@eksempel.dk" });
    await phone.open(person.link);
    await phone.agree();
    await phone.answerAll();
    const [receipt] = await phone.receipts();
    const before = await scored(world, person, 2);

    await world.server.kill();
    // Another machine with the same keys: it shares nothing with the first but the database.
    world.server.env.BEDRING__DATA__DIR = path.join(world.server.folder, "another");
    await world.server.start();
    expect(await world.leader.person(person.id)).toEqual(before);
    expect(fs.existsSync(path.join(world.server.folder, "another", "bedring.sqlite"))).toBe(false);
    const detail = await world.leader.receipt(receipt);
    expect(JSON.stringify(detail)).toContain(person.code);
    expect(await world.server.command("doctor")).toContain("the database is reachable and up to date");
    expect(await world.server.command("migrate")).toContain("was up to date");
  } finally {
    await world.network.refuse();
    await world.server.dispose();
    await database.stop();
    fs.rmSync(keys, { recursive: true });
  }
});
