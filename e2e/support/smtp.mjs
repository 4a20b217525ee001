// A real mail server (STARTTLS, log-in) that keeps what it takes, and can be told to behave badly towards an address.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** A certificate for this machine that only who is told trusts, good for a day; `{ folder, keyFile, certFile, key, cert }`. */
export function certificate() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bedring-cert-"));
  const at = (name) => path.join(folder, name);
  const config = "[req]\ndistinguished_name=dn\nx509_extensions=own\nprompt=no\n[dn]\nCN=localhost\n[own]\nsubjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n";
  fs.writeFileSync(at("openssl.cnf"), config);
  const make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1".split(" ");
  execFileSync("openssl", [...make, "-config", at("openssl.cnf"), "-keyout", at("key.pem"), "-out", at("cert.pem")], { stdio: "pipe" });
  return { folder, certFile: at("cert.pem"), key: fs.readFileSync(at("key.pem")), cert: fs.readFileSync(at("cert.pem")) };
}

/** How it can behave towards the next mail to an address. */
export const manners = {
  /** "Try later" (451) before the mail is handed over. */
  later: "later",
  /** The connection breaks in the middle of the mail. */
  drop: "drop",
  /** The mail is kept, and the connection breaks before that is said. */
  keepAndCut: "keepAndCut",
  /** The mail is kept, that is said, and then the connection breaks. */
  sayAndCut: "sayAndCut",
};

export class MailServer {
  constructor({ key, cert, user = "bedring", password = "kun-til-proever" }) {
    this.user = user;
    this.password = password;
    /** Every mail that was kept, parsed: `{ to, encrypted, user, mail }`. */
    this.kept = [];
    /** Every mail that was begun: `{ to, manner }`. */
    this.tried = [];
    this.bad = new Map();
    this.server = new SMTPServer({
      key,
      cert,
      disableReverseLookup: true,
      authMethods: ["PLAIN", "LOGIN"],
      onAuth: (auth, session, done) => {
        const known = session.secure && auth.username === this.user && auth.password === this.password;
        done(known ? null : new Error("unknown"), known ? { user: auth.username } : undefined);
      },
      onRcptTo: (to, session, done) => {
        if (this.#next(to.address) !== manners.later) return done();
        this.tried.push({ to: to.address, manner: this.#take(to.address) });
        done(Object.assign(new Error("4.7.1 try again later"), { responseCode: 451 }));
      },
      onData: (stream, session, done) => this.#data(stream, session, done),
    });
    // A connection that we cut ourselves is no news.
    this.server.on("error", () => {});
  }

  listen(port) {
    this.port = port;
    return new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
  }

  close() {
    return new Promise((resolve) => this.server.close(resolve));
  }

  /** Towards the next mails to this address, in order; afterwards well. */
  behave(address, ...list) {
    this.bad.set(address, list);
  }

  /** What was kept for an address, in order. */
  to(address) {
    return this.kept.filter((k) => k.to === address);
  }

  #next(address) {
    return this.bad.get(address)?.[0];
  }

  #take(address) {
    return this.bad.get(address)?.shift() ?? "well";
  }

  #cut(session) {
    for (const connection of this.server.connections) if (connection.id === session.id) connection._socket.destroy();
  }

  #data(stream, session, done) {
    const to = session.envelope.rcptTo[0].address;
    const manner = this.#take(to);
    this.tried.push({ to, manner });
    const chunks = [];
    stream.on("error", () => {});
    stream.on("data", (chunk) => {
      chunks.push(chunk);
      if (manner === manners.drop) this.#cut(session);
    });
    stream.on("end", async () => {
      if (manner === manners.drop) return;
      const mail = await simpleParser(Buffer.concat(chunks));
      this.kept.push({ to, encrypted: session.secure, user: session.user, mail });
      if (manner === manners.keepAndCut) return this.#cut(session);
      done();
      // Late enough for a busy machine to have read the answer: what breaks is a connection at rest.
      if (manner === manners.sayAndCut) setTimeout(() => this.#cut(session), 2000);
    });
  }
}
