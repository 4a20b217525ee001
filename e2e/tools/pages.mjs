// The last touch on a built page, before Trunk puts it in its place: the glue between the program and the browser is written shorter
// (Trunk's own minifier does not know its last line), app/start.js becomes the first script of the phone's page and is told the address of
// the program (Trunk's minifier would write it in words that old browsers do not know), and the staff's page asks for its program first.
// Trunk runs this after each build and says where at TRUNK_STAGING_DIR.
import { createHash } from "node:crypto";
import { readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { transform } from "esbuild";

const folder = process.env.TRUNK_STAGING_DIR;
const page = join(folder, "index.html");
let html = await readFile(page, "utf8");

const hash = (algorithm, encoding, bytes) => createHash(algorithm).update(bytes).digest(encoding);
const integrity = (bytes) => `sha384-${hash("sha384", "base64", bytes)}`;

// A name says what is in the file, for phones keep a file of a name for a year. Trunk names both files by what the compiler made, but
// later tools change the bytes, too. First the program, whose name stands in the glue.
const named = /^(respond|staff)-[0-9a-f]+(_bg\.wasm|\.js)$/;
const names = (await readdir(folder)).filter((name) => named.test(name)).sort((a, b) => b.endsWith(".wasm") - a.endsWith(".wasm"));
if (names.length !== 2) throw new Error(`${folder}: a program and its glue, not ${names.join(" ") || "nothing"}`);
let program;
for (const name of names) {
  const before = await readFile(join(folder, name));
  let bytes = before;
  if (name.endsWith(".js")) {
    const code = before.toString().replaceAll(program.before, program.after);
    const short = await transform(code, { minify: true, format: "esm", target: "es2020", legalComments: "none" });
    bytes = Buffer.from(short.code);
    console.log(`pages: ${name} ${before.length} -> ${bytes.length} bytes`);
  }
  const [, app, ending] = named.exec(name);
  const better = `${app}-${hash("sha256", "hex", bytes).slice(0, 16)}${ending}`;
  if (!html.includes(integrity(before)) || !html.includes(name)) throw new Error(`${page} does not name ${name} and its hash`);
  html = html.replaceAll(integrity(before), integrity(bytes)).replaceAll(name, better);
  await writeFile(join(folder, name), bytes);
  await rename(join(folder, name), join(folder, better));
  program ??= { before: name, after: better };
}

// Scripts of the citizen's page itself, which any browser must be able to read.
async function inline(name) {
  if (!isPhone) return "";
  const code = (await readFile(new URL(`../../app/${name}`, import.meta.url), "utf8")).replace("/program.wasm", `/${program.after}`);
  const short = await transform(code, { minify: true, target: "es5", legalComments: "none" });
  const script = `<script>${short.code.trim()}</script>`;
  console.log(`pages: ${name} ${code.length} -> ${script.length} bytes`);
  return script;
}
const isPhone = program.before.startsWith("respond-");
const [start, firstWords] = [await inline("start.js"), await inline("first_words.js")];
// Before what shows while the program is on its way, never behind it: the style sheet hides that as soon as something follows it.
const waiting = /<div\b(?=[^>]*\bid=["']?start\b)/;
if (!waiting.test(html)) throw new Error(`${page} shows nothing while the program is on its way`);
html = html.replace(waiting, (div) => firstWords + div);

const hint = (kind) => {
  const link = new RegExp(`<link\\b(?=[^>]*\\b${kind})[^>]*>`).exec(html)?.[0];
  if (!link) throw new Error(`${page} has no hint ${kind}`);
  html = html.replace(link, "");
  return link;
};
const preload = hint(`as=["']?fetch`);
// On the phone's page the first script asks for the program, after what it asks for first, and the glue is asked for by the script that
// needs it, which is long before the program is here. A hint would have both stand in the way of the first words.
if (isPhone) hint(`rel=["']?modulepreload`);
const charset = /<meta charset=["']?utf-8["']?\s*\/?>/i;
if (!charset.test(html)) throw new Error(`${page} does not begin with its character set`);
if (isPhone && !start.includes(program.after)) throw new Error("app/start.js does not ask for the program");
html = html.replace(charset, (first) => first + (isPhone ? start : preload));
await writeFile(page, html);
