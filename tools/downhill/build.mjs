// Brings the command line app's bundle up to date: when a file has changed since it was last made, and by one process
// at a time.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildSync } from "esbuild";

const root = join(import.meta.dirname, "../..");
const cache = join(root, "node_modules/.cache/downhill");
const stamp = join(cache, "built");
const lock = join(cache, "lock");
/** Inside the app's folder, so that what stays outside of the bundle is found. */
export const bundle = join(root, "apps/trainer/.bundle");

export async function bringUpToDate() {
  if (isFresh()) return;
  mkdirSync(cache, { recursive: true });
  await acquire();
  try {
    if (isFresh()) return;
    const sources = fingerprint();
    build();
    writeFileSync(stamp, sources);
  } finally {
    rmSync(lock, { force: true });
  }
}

function isFresh() {
  return read(stamp) === fingerprint() && existsSync(join(bundle, "cli.js"));
}

/** Names, sizes and times of all sources, in one hash. */
function fingerprint() {
  const hash = createHash("sha256");
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (/^(node_modules|dist|\.bundle|\.turbo|test-results)$|\.test\.ts$|\.md$/.test(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else {
        const { size, mtimeMs } = statSync(path);
        hash.update(`${path} ${size} ${mtimeMs}\n`);
      }
    }
  };
  for (const folder of ["packages", "apps/trainer"]) visit(join(root, folder));
  return hash.digest("hex");
}

/** Bundles the app with the packages' sources: a second's work, where building every package with types is a minute's. */
function build() {
  process.stderr.write("Building the app…\n");
  rmSync(bundle, { recursive: true, force: true });
  try {
    buildSync({
      absWorkingDir: root,
      entryPoints: ["apps/trainer/src/cli.ts"],
      outdir: bundle,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: true,
      conditions: ["@downhill/source"],
      // Native modules stay where they are installed.
      external: ["@resvg/resvg-js"],
      // Dependencies that are CommonJS ask for Node's own modules by require.
      banner: {
        js: 'import { createRequire as downhillRequire } from "node:module"; const require = downhillRequire(import.meta.url);',
      },
    });
  } catch {
    // esbuild has said what is wrong.
    rmSync(lock, { force: true });
    process.exit(1);
  }
}

/** Waits until no other living process holds the lock, then holds it. */
async function acquire() {
  for (;;) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: "wx" });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const holder = Number(read(lock));
      if (holder && !isAlive(holder)) rmSync(lock, { force: true });
      else await sleep(100);
    }
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
