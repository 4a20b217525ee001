// A member of staff at the API, and a person's own questions to it.

/** Asks for JSON and fails with what the server said. */
export async function ask(url, { method = "GET", secret, token, cookie, body } = {}) {
  const headers = { accept: "application/json" };
  if (secret) headers.authorization = `Bearer ${secret}`;
  if (token) headers["bedring-device"] = token;
  if (cookie) headers.cookie = cookie;
  if (body !== undefined) headers["content-type"] = "application/json";
  const response = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await response.text();
  const json = text ? JSON.parse(text) : null;
  if (!response.ok) {
    const error = new Error(`${method} ${new URL(url).pathname}: ${response.status} ${text}`);
    error.status = response.status;
    error.code = json?.code;
    throw error;
  }
  return { json, headers: response.headers, status: response.status };
}

export class Staff {
  constructor(base) {
    this.base = base;
  }

  async logIn(email, password) {
    this.account = await this.#ask("/api/v1/session", { method: "POST", body: { email, password } });
    return this;
  }

  get(path) {
    return this.#ask(path);
  }

  post(path, body = {}) {
    return this.#ask(path, { method: "POST", body });
  }

  /** The server replaces the session's cookie now and then. */
  async #ask(path, options = {}) {
    const { json, headers } = await ask(this.base + path, { ...options, cookie: this.cookie });
    const cookies = headers.getSetCookie().map((c) => c.split(";")[0]);
    if (cookies.length > 0) this.cookie = cookies.join("; ");
    return json;
  }

  programmes() {
    return this.get("/api/v1/staff/programmes");
  }

  async project(id) {
    return (await this.programmes()).flatMap((p) => p.projects).find((p) => p.id === id);
  }

  newPerson(project, person = {}) {
    return this.post(`/api/v1/staff/projects/${project}/persons`, person);
  }

  /** `how`: a query, such as `?keep_earlier=true`. */
  invite(person, how = "") {
    return this.post(`/api/v1/staff/persons/${person}/invitation${how}`);
  }

  person(id) {
    return this.get(`/api/v1/staff/persons/${id}`);
  }

  receipt(code) {
    return this.get(`/api/v1/staff/receipts/${code}`);
  }

  quarantine() {
    return this.get("/api/v1/staff/quarantine");
  }
}

/** What a person's phone is given. */
export async function bundle(base, secret) {
  return (await ask(`${base}/api/v1/occasion`, { secret })).json;
}
