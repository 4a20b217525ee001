// What a test finds: a running server with demonstration data, a network to it, a project leader, people with links, and a phone.
import { test as base, expect } from "@playwright/test";

import { OwnPhone } from "./browser.mjs";
import { Phone } from "./phone.mjs";
import { Proxy } from "./proxy.mjs";
import { Server, freePort } from "./server.mjs";
import { Staff, bundle } from "./staff.mjs";

/** The project leader of the demonstration data. */
export const LEADER = "leader@example.org";
/** A project of theirs, in which nobody has answered yet. */
const PROJECT = "HAVN";

/**
 * A server with a network before it and a leader who is logged in. With `tls` (`{ key, cert }`) the network speaks https. `prepare` runs
 * before the server starts.
 */
export async function makeWorld({ settings, tls, prepare } = {}) {
  const [serverPort, port] = [await freePort(), await freePort()];
  const network = new Proxy({ port, tls });
  const server = new Server({ port: serverPort, publicUrl: network.url, settings });
  network.server = server;
  await prepare?.(server);
  await server.start();
  await network.listen();
  const leader = await new Staff(server.url).logIn(LEADER, server.password);
  const programmes = await leader.programmes();
  const project = programmes.flatMap((p) => p.projects).find((p) => p.code === PROJECT);
  return { server, network, leader, project, url: network.url };
}

/** A new person of the project, with a link and a short code. */
export async function invite(world, person = {}) {
  const line = await world.leader.newPerson(world.project.id, person);
  const invitation = await world.leader.invite(line.id);
  const secret = new URL(invitation.link).hash.slice(1);
  return { id: line.id, code: line.code, link: invitation.link, shortCode: invitation.short_code, secret };
}

export const test = base.extend({
  world: [
    async ({}, use) => {
      const world = await makeWorld();
      await use(world);
      await world.network.refuse();
      await world.server.dispose();
    },
    { scope: "worker", timeout: 120_000 },
  ],

  baseURL: async ({ world }, use) => use(world.url),

  /** The network, whole again before each test. */
  network: [
    async ({ world }, use) => {
      world.network.heal();
      world.network.seen = [];
      if (!world.server.running) await world.server.start();
      if (!world.network.listener.listening) await world.network.listen();
      await use(world.network);
    },
    { auto: true },
  ],

  server: async ({ world }, use) => use(world.server),
  leader: async ({ world }, use) => use(world.leader),

  /** A person nobody has asked anything yet. */
  person: async ({ world }, use) => use(await invite(world)),

  /** What breaks on any page without anybody seeing it: panics, uncaught errors, forbidden content. */
  silence: [
    async ({ context }, use) => {
      const noise = listen(context);
      await use(noise);
      expect(noise, "errors on the page").toEqual([]);
    },
    { auto: true },
  ],

  phone: async ({ page }, use) => use(new Phone(page)),

  /** A phone whose browser can be killed. */
  ownPhone: async ({}, use) => {
    const own = new OwnPhone();
    await use(own);
    await own.dispose();
  },
});

/** Collects what must never happen on a page. */
export function listen(context, noise = []) {
  context.on("weberror", (e) => noise.push(String(e.error())));
  context.on("console", (message) => {
    const text = message.text();
    if (/panicked|Content Security Policy/.test(text)) noise.push(text);
  });
  return noise;
}

/** What the leader sees of a person once every response is scored. */
export async function scored(world, person, responses) {
  let detail;
  await expect
    .poll(
      async () => {
        detail = await world.leader.person(person.id);
        const list = detail.scores.responses ?? [];
        return list.length >= responses && list.every((r) => !r.pending);
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  return detail;
}

/** A second link for the same person; the first goes on. */
export async function anotherLink(world, person) {
  const invitation = await world.leader.invite(person.id, "?keep_earlier=true");
  return { link: invitation.link, shortCode: invitation.short_code, secret: new URL(invitation.link).hash.slice(1) };
}

export { bundle, expect };
