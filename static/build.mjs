// Builds every asset of the site into the folder given as the first argument.
// Called by `python -m civic.frontend_build`, which decides whether a build is needed at all.
//
// The result is a set of files with a content hash in their names, a Brotli and a gzip copy of each that gains
// by it, and manifest.json (logical name -> hashed name), written last so that a reader never sees half a build.
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as sass from "sass";
import subsetFont from "subset-font";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const modules = path.join(root, "node_modules");
const out = path.resolve(process.argv[2]);

const STYLES = { "app.css": "app.scss", "map.css": "map.scss" };
// Phones of four and five years ago included.
const TARGET = ["chrome90", "firefox90", "safari15"];
const SCRIPTS = ["app.js", "map.js"];
const IMAGES = path.join(here, "img");
const FONT_FILES = path.join(modules, "@fontsource-variable/source-sans-3/files");

// Romanian and Hungarian need these letters besides Latin-1. A file of their own (4 KB) spares every reader the
// full extended set (60 KB), which the browser fetches only when some other letter is on the page.
const NEAR_LETTERS = "ĂăȘșȚțŞşŢţŐőŰű";
const LATIN_RANGES = [[0x20, 0x7e], [0xa0, 0xff], [0x131, 0x131], [0x152, 0x153], [0x2bb, 0x2bc], [0x2c6, 0x2c6],
  [0x2da, 0x2da], [0x2dc, 0x2dc], [0x2000, 0x206f], [0x20ac, 0x20ac], [0x2122, 0x2122], [0x2191, 0x2191],
  [0x2193, 0x2193], [0x2212, 0x2212], [0x2215, 0x2215]];

/** Logical name -> hashed name of everything emitted so far. */
const manifest = {};

/** Write one asset under a name that carries its hash, with its compressed copies. */
function emit(logical, content) {
  const bytes = Buffer.from(content);
  const hash = crypto.createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const { dir, name, ext } = path.parse(logical);
  const hashed = path.posix.join(dir, `${name}.${hash}${ext}`);
  const target = path.join(out, hashed);
  manifest[logical] = hashed;
  if (fs.existsSync(target)) return hashed;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  writeWhole(target, bytes);
  if (![".woff2", ".png"].includes(ext)) {
    writeWhole(`${target}.br`, zlib.brotliCompressSync(bytes, {
      params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }));
    writeWhole(`${target}.gz`, zlib.gzipSync(bytes, { level: 9 }));
  }
  return hashed;
}

/** A file appears whole or not at all, even to a server that reads while we write. */
function writeWhole(target, bytes) {
  const half = `${target}.half`;
  fs.writeFileSync(half, bytes);
  fs.renameSync(half, target);
}

function charactersIn(ranges) {
  let text = "";
  for (const [first, last] of ranges) for (let code = first; code <= last; code++) text += String.fromCodePoint(code);
  return text;
}

async function buildFonts() {
  const latin = fs.readFileSync(path.join(FONT_FILES, "source-sans-3-latin-wght-normal.woff2"));
  const extended = fs.readFileSync(path.join(FONT_FILES, "source-sans-3-latin-ext-wght-normal.woff2"));
  const woff2 = { targetFormat: "woff2" };
  emit("fonts/text-latin.woff2", await subsetFont(latin, charactersIn(LATIN_RANGES), woff2));
  emit("fonts/text-near.woff2", await subsetFont(extended, NEAR_LETTERS, woff2));
  emit("fonts/text-extended.woff2", extended);
}

function buildImages() {
  for (const name of fs.readdirSync(IMAGES).sort()) emit(`img/${name}`, fs.readFileSync(path.join(IMAGES, name)));
}

async function buildStyles() {
  for (const [logical, source] of Object.entries(STYLES)) {
    const { css } = sass.compile(path.join(here, "scss", source), {
      loadPaths: [path.join(here, "scss"), modules],
      style: "expanded",
      quietDeps: true,
    });
    // esbuild removes the repetition that Sass leaves behind; asset(name) stands for a built file's address.
    const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: TARGET });
    // Leaflet's rules point at pictures of controls that we do not use.
    const clean = code.replace(/url\(["']?(images\/|#default)[^)]*\)/g, "none");
    emit(logical, clean.replace(/asset\(["']?([^"')]+)["']?\)/g, (_, name) => {
      if (!manifest[name]) throw new Error(`${source} asks for asset ${name}, which is not built`);
      return `url(${path.posix.relative(path.posix.dirname(logical), manifest[name])})`;
    }));
  }
}

async function buildScripts() {
  for (const logical of SCRIPTS) {
    const { outputFiles } = await esbuild.build({
      entryPoints: [path.join(here, "js", logical)],
      bundle: true,
      minify: true,
      write: false,
      format: "iife",
      target: TARGET,
      legalComments: "none",
      nodePaths: [modules],
    });
    emit(logical, outputFiles[0].contents);
  }
}

/** Remove what an earlier build left, so that the folder holds one build and no more. */
function sweep() {
  const kept = new Set(Object.values(manifest).flatMap((name) => [name, `${name}.br`, `${name}.gz`]));
  for (const entry of fs.readdirSync(out, { recursive: true, withFileTypes: true })) {
    const name = path.relative(out, path.join(entry.parentPath, entry.name)).split(path.sep).join("/");
    if (entry.isFile() && name.includes(".") && !name.startsWith(".") && name !== "manifest.json" && !kept.has(name)) {
      fs.rmSync(path.join(out, name));
    }
  }
}

fs.mkdirSync(out, { recursive: true });
await buildFonts();
buildImages();
await buildStyles();
await buildScripts();
const ordered = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
writeWhole(path.join(out, "manifest.json"), `${JSON.stringify(ordered, null, 2)}\n`);
sweep();
