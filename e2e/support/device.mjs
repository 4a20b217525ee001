// A device of a person, without a browser: it registers its key and reads back what is locked for it.
import { randomUUID } from "node:crypto";

import { keyPair, open } from "./sealed.mjs";
import { Server } from "./server.mjs";
import { ask } from "./staff.mjs";

const devices = new Map();

/** A device that has come in with a link. */
export class Device {
  constructor(base, secret) {
    Object.assign(this, { base, secret, id: randomUUID(), keys: keyPair() });
  }

  /** Asks as this device. */
  async ask(path, options = {}) {
    return (await ask(`${this.base}/api/v1/${path}`, { ...options, secret: this.secret, token: this.token })).json;
  }

  /** Tells the server of its key, and takes the token. */
  async register() {
    const body = { id: this.id, public_key: this.keys.publicKey.toString("base64") };
    const answer = await this.ask("device", { method: "PUT", body });
    this.token = open(answer.sealed_token, this.keys);
    this.known = answer.known;
    return this;
  }

  /** What the server holds about the person. */
  async mine() {
    return JSON.parse(open((await this.ask("mine")).sealed, this.keys));
  }
}

/**
 * What the server holds about a person: read on a device that stands beside the ones of the test. Nothing vouches for it but the test itself, in the
 * database, for it must not be the person's first.
 */
export async function mine(base, secret) {
  const name = `${base} ${secret}`;
  if (!devices.has(name)) {
    const device = await new Device(base, secret).register();
    if (!device.known) await Server.at(base).sql(`UPDATE devices SET known_at = registered_at WHERE hex(id) = '${device.id.replaceAll("-", "").toUpperCase()}'`);
    devices.set(name, device);
  }
  try {
    return await devices.get(name).mine();
  } catch (error) {
    // The server may have been put back to a time when it did not know this device.
    devices.delete(name);
    throw error;
  }
}
