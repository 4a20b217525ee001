// What lies on the phone, as the browser has it: how much, not what; the content is encrypted.

/** How many values each store of the app's database holds. */
export function stored(page) {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open("bedring");
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const db = open.result;
          const names = [...db.objectStoreNames];
          const counts = {};
          if (names.length === 0) return resolve(counts);
          const tx = db.transaction(names, "readonly");
          for (const name of names) tx.objectStore(name).count().onsuccess = (e) => (counts[name] = e.target.result);
          tx.oncomplete = () => {
            db.close();
            resolve(counts);
          };
        };
      }),
  );
}

/** Everything in the database as text: what somebody who finds the phone could read. */
export function readable(page) {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open("bedring");
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const db = open.result;
          const names = [...db.objectStoreNames];
          const texts = [];
          const tx = db.transaction(names, "readonly");
          const plain = (value) => {
            if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
              const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
              return new TextDecoder("latin1").decode(bytes);
            }
            if (value instanceof CryptoKey) return `key that can${value.extractable ? "" : "not"} be taken out`;
            if (value && typeof value === "object") return Object.values(value).map(plain).join(" ");
            return String(value);
          };
          for (const name of names) {
            tx.objectStore(name).getAll().onsuccess = (e) => texts.push(...e.target.result.map((v) => `${name}: ${plain(v)}`));
          }
          tx.oncomplete = () => {
            db.close();
            resolve(texts);
          };
        };
      }),
  );
}

/** Deletes the database, as a browser that clears up does. Call on a page of the origin where the app is not running. */
export function vanish(page) {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const gone = indexedDB.deleteDatabase("bedring");
        gone.onsuccess = () => resolve();
        gone.onerror = () => reject(gone.error);
        gone.onblocked = () => reject(new Error("blocked"));
      }),
  );
}
