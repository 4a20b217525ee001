// Builds target/styles/{respond,staff}.css: Sass over the national design system and app/styles,
// then drops every rule whose class no page or view names. Trunk runs this before each build.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const out = join(root, "target", "styles");

// Class names the code puts together at run time (`state-` + state) cannot be found by reading it.
// A rule for any focus names no class at all, and would be dropped as if nobody used it.
const safelist = { standard: [/^state-/, "failed", ":focus-visible"] };

const sheets = [
  {
    name: "respond",
    source: "bedring.scss",
    content: ["app/index.html", "app/*.js", "app/src/**/*.rs"],
    without: ["app/src/staff/**", "app/src/bin/staff.rs"],
  },
  { name: "staff", source: "staff.scss", content: ["app/staff.html", "app/src/**/*.rs"], without: [] },
];

async function build({ name, source, content, without }) {
  const { css } = sass.compile(join(root, "app/styles", source), {
    style: "compressed",
    loadPaths: [join(root, "e2e/node_modules")],
    quietDeps: true,
    // No byte order mark: Trunk's reader stops at it, and the pages are UTF-8 anyway.
    charset: false,
  });
  const [purged] = await new PurgeCSS().purge({
    content: content.map((glob) => join(root, glob)),
    css: [{ raw: css }],
    skippedContentGlobs: without.map((glob) => join(root, glob)),
    safelist,
    keyframes: true,
    // A class is any run of letters, digits, - and _ : Rust and HTML need no finer reading.
    defaultExtractor: (text) => text.match(/[A-Za-z][\w-]*/g) ?? [],
  });
  const file = join(out, `${name}.css`);
  // Trunk watches this file: leave it alone when nothing changed.
  const before = await readFile(file, "utf8").catch(() => null);
  if (before !== purged.css) await writeFile(file, purged.css);
  const small = brotliCompressSync(purged.css).length;
  console.log(`styles: ${name}.css ${css.length} -> ${purged.css.length} bytes, ${small} in brotli`);
}

await mkdir(out, { recursive: true });
for (const sheet of sheets) await build(sheet);
