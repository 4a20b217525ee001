// The network between phone and server: passes everything on, unless a fault says otherwise.
import http from "node:http";
import https from "node:https";

/** A page as a hotel's network shows it, for whatever was asked. */
const PORTAL = "<!doctype html><html><title>Gratis wi-fi</title><h1>Velkommen</h1><p>Log ind for at komme på nettet.</p></html>";

/** Faults. Each takes the network's exchange and answers it, or not. */
export const faults = {
  /** The connection breaks before anything arrives. */
  drop: (exchange) => exchange.response.socket.destroy(),
  /** The server gets the request and answers; the answer breaks in the middle. */
  cut: async (exchange) => {
    const answer = await exchange.forward();
    exchange.response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
    exchange.response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => exchange.response.socket.destroy());
  },
  /** The server gets the request; nothing of its answer comes back. */
  swallow: async (exchange) => {
    await exchange.forward();
    exchange.response.socket.destroy();
  },
  /** Someone else's page, with a friendly 200. */
  portal: (exchange) => exchange.send(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }, PORTAL),
  /** What comes before `mark` at once, and the rest later. */
  pauseAt: (mark, ms) => async (exchange) => {
    const { status, headers, body } = await exchange.forward({ "accept-encoding": "identity", "if-none-match": undefined });
    const at = body.indexOf(mark);
    if (at < 0) throw new Error(`"${mark}" stands nowhere`);
    exchange.response.writeHead(status, { ...headers, "content-length": body.length });
    exchange.response.write(body.subarray(0, at));
    await new Promise((resolve) => setTimeout(resolve, ms));
    exchange.response.end(body.subarray(at));
  },
  /** Later. */
  delay: (ms) => async (exchange) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    await exchange.pass();
  },
  /** A problem of ours, as a server that is busy tells it. */
  busy: (seconds) => (exchange) => {
    const problem = { type: "/problems/unavailable", code: "unavailable", title: "The server is busy", status: 503 };
    exchange.send(503, { "content-type": "application/problem+json", "retry-after": String(seconds) }, JSON.stringify(problem));
  },
  /** As a proxy says it that takes only so much. */
  tooLarge: (exchange) => exchange.send(413, { "content-type": "text/html" }, "<html><title>413 Request Entity Too Large</title></html>"),
  /** The answer with its text changed. */
  rewrite: (change) => async (exchange) => {
    // Asked for unpacked, and never answered with "not modified".
    const answer = await exchange.forward({ "accept-encoding": "identity", "if-none-match": undefined });
    const body = Buffer.from(change(answer.body.toString("utf8")));
    exchange.send(answer.status, { ...answer.headers, etag: undefined }, body);
  },
};

export class Proxy {
  constructor({ port, server, tls }) {
    this.port = port;
    this.tls = tls;
    this.url = `${tls ? "https" : "http"}://127.0.0.1:${port}`;
    this.server = server;
    this.rules = [];
    /** Every request that came by: `{ method, path, status, bytes, entries, results }`. */
    this.seen = [];
    this.agent = new http.Agent({ keepAlive: false });
  }

  /** Opens the network. */
  listen() {
    const exchange = (request, response) => this.#exchange(request, response);
    this.listener = this.tls ? https.createServer(this.tls, exchange) : http.createServer(exchange);
    this.listener.on("clientError", (_, socket) => socket.destroy());
    return new Promise((resolve, reject) => {
      this.listener.once("error", reject);
      this.listener.listen(this.port, "127.0.0.1", resolve);
    });
  }

  /** Closes it: connections are refused. */
  async refuse() {
    const closed = new Promise((resolve) => this.listener.close(resolve));
    this.listener.closeAllConnections();
    await closed;
  }

  /** From now on `act` answers what goes to `path` (a beginning, or a function of the request), at most so many times. */
  fault(path, act, times = Infinity) {
    const fits = typeof path === "function" ? path : (request) => request.url.startsWith(path);
    const rule = { fits, act, left: times, used: 0 };
    this.rules.push(rule);
    return rule;
  }

  /** Everything is passed on again. */
  heal() {
    this.rules = [];
  }

  /** Deliveries that came by. */
  deliveries() {
    return this.seen.filter((s) => s.method === "POST" && s.path === "/api/v1/journal");
  }

  async #exchange(request, response) {
    const chunks = [];
    request.on("error", () => {});
    response.on("error", () => {});
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const line = { method: request.method, path: request.url.split("?")[0], status: 0, bytes: body.length };
    if (line.path === "/api/v1/journal") line.entries = idsOf(body);
    this.seen.push(line);
    const send = (status, headers, content) => {
      const known = Object.fromEntries(Object.entries(headers).filter(([, v]) => v !== undefined));
      response.writeHead(status, { ...known, "content-length": Buffer.byteLength(content) });
      response.end(request.method === "HEAD" ? undefined : content);
    };
    const forward = async (changed) => {
      const answer = await this.#ask(request, body, changed);
      line.status = answer.status;
      if (line.entries && answer.status === 202) line.results = JSON.parse(answer.body.toString("utf8")).results;
      return answer;
    };
    const pass = async () => {
      const answer = await forward();
      send(answer.status, answer.headers, answer.body);
    };
    const rule = this.rules.find((r) => r.left > 0 && r.fits(request));
    try {
      if (!rule) return await pass();
      rule.left -= 1;
      rule.used += 1;
      await rule.act({ request, response, send, forward, pass });
    } catch {
      // No server behind: as a network without one behaves.
      response.socket?.destroy();
    }
  }

  #ask(request, body, changed = {}) {
    const headers = { ...request.headers, ...changed };
    for (const name of Object.keys(headers)) if (headers[name] === undefined) delete headers[name];
    delete headers["transfer-encoding"];
    if (body.length > 0) headers["content-length"] = body.length;
    const options = { host: "127.0.0.1", port: this.server.port, method: request.method, path: request.url, headers, agent: this.agent };
    return new Promise((resolve, reject) => {
      const asked = http.request(options, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const { "transfer-encoding": _, connection: __, "content-length": ___, ...kept } = answer.headers;
          resolve({ status: answer.statusCode, headers: kept, body: Buffer.concat(chunks) });
        });
      });
      asked.on("error", reject);
      asked.end(body);
    });
  }
}

function idsOf(body) {
  try {
    return JSON.parse(body.toString("utf8")).entries.map((e) => e.id);
  } catch {
    return [];
  }
}
