// Bedring's service worker: keeps the app itself on the phone, so that it opens at once and without a network.
//
// It never sees answers, letters or questionnaires: those live, encrypted, in IndexedDB and belong to the page.
// It never takes over by itself: a new version waits until the page says that no questionnaire is open.
//
// The server fills in the two values below when it is built.
"use strict";

const VERSION = /*BEDRING_VERSION*/"dev"/**/;
const FILES = /*BEDRING_FILES*/[]/**/;

const PREFIX = "bedring-";
const CACHE = PREFIX + VERSION;
const INDEX = "/";

// Addresses of the citizen's app, links with a `#` that became `%23` among them. All are the same page; it reads the address itself.
const PAGES = /^\/(m?$|[sS](?![\w-]))/;

// Never ours: data, health and figures, and the staff's app, which needs a network anyway.
const NEVER = /^\/(api|api-docs|health|metrics|staff)(\/|$)/;

// A name that carries the hash of its content: what has been fetched once can be trusted to be the same.
const HASHED = /-[0-9a-f]{12,}(_bg)?\.\w+$/;

self.addEventListener("install", (event) => {
  // No skipWaiting: code is not exchanged under an open questionnaire.
  event.waitUntil(store());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || NEVER.test(url.pathname)) return;
  // A range of a file cannot be answered from the whole.
  if (request.headers.has("range")) return;
  if (request.mode === "navigate") {
    if (PAGES.test(url.pathname)) event.respondWith(page(request));
    return;
  }
  if (FILES.includes(url.pathname)) event.respondWith(file(request, url.pathname));
});

self.addEventListener("message", (event) => {
  const type = event.data && event.data.type;
  if (type === "activate") {
    event.waitUntil(self.skipWaiting());
  } else if (type === "version") {
    const to = event.ports[0] || event.source;
    if (to) to.postMessage({ type: "version", version: VERSION });
  }
});

/** Fetches the whole app and only then keeps it: all of it, or nothing. */
async function store() {
  const paths = [...new Set([INDEX, ...FILES])];
  const answers = await Promise.all(paths.map(fetched));
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(paths.map((path, i) => cache.put(path, answers[i])));
  } catch (problem) {
    // Out of room: half an app is worse than none.
    await caches.delete(CACHE);
    throw problem;
  }
}

/**
 * One file of the app, checked. A hotel's log-in page may answer anything with a friendly 200, so
 * the status alone proves nothing. Files with a hash in their name may come from the browser's own
 * cache: the page has just loaded them, and the person pays for data.
 */
async function fetched(path) {
  const response = await fetch(path, {
    cache: HASHED.test(path) ? "default" : "reload",
    credentials: "same-origin",
  });
  const type = response.headers.get("content-type") || "";
  const isPage = type.startsWith("text/html");
  if (!response.ok || response.redirected || isPage !== (path === INDEX)) {
    throw new Error(`not ours: ${path}`);
  }
  if (path === INDEX) {
    const text = await response.clone().text();
    if (!/<meta[^>]*\bapplication-name\b/.test(text)) throw new Error("not ours: the page");
  }
  return response;
}

/** Removes what earlier versions kept. */
async function tidy() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The app's page: from the phone at once, from the network only if the phone has lost it. */
async function page(request) {
  const cached = await kept(INDEX);
  if (cached) return cached;
  try {
    return await fetch(request);
  } catch {
    return offline();
  }
}

/** A file of the app: from the phone, or from the network when the cache was emptied. */
async function file(request, path) {
  return (await kept(path)) || fetch(request);
}

/** What this version has kept; a broken or vanished cache counts as nothing. */
async function kept(path) {
  try {
    const cache = await caches.open(CACHE);
    return await cache.match(path);
  } catch {
    return undefined;
  }
}

/** The last resort, when neither cache nor network has the page. */
function offline() {
  const body =
    '<!doctype html><html lang="da"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    "<title>Bedring</title><h1>Bedring</h1>" +
    "<p>Der er ikke net lige nu, og appen ligger ikke på telefonen. Det, du har svaret, bliver liggende. Prøv igen, når der er net.</p>" +
    '<p lang="en">There is no network right now, and the app is not on the phone. What you have answered stays here. Try again when there is a network.</p></html>';
  return new Response(body, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
}
