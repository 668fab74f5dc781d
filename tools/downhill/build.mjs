// Brings the command line app's build up to date. Turbo knows what is stale but takes a second to say so and puts
// files from its cache back in place while another run may be reading them; so it is asked only when a file has changed
// since it was last asked, and by one process at a time.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = join(import.meta.dirname, "../..");
const cache = join(root, "node_modules/.cache/downhill");
const stamp = join(cache, "built");
const lock = join(cache, "lock");

export async function bringUpToDate() {
  if (isFresh()) return;
  mkdirSync(cache, { recursive: true });
  await acquire();
  try {
    if (isFresh()) return;
    const sources = fingerprint("sources");
    build();
    writeFileSync(stamp, sources + fingerprint("outputs"));
  } finally {
    rmSync(lock, { force: true });
  }
}

function isFresh() {
  return read(stamp) === fingerprint("sources") + fingerprint("outputs");
}

/** Names, sizes and times of what the build reads ("sources") or writes ("outputs"), in one hash. */
function fingerprint(kind) {
  const hash = createHash("sha256");
  const visit = (folder, inOutputs) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (/^(node_modules|\.turbo|test-results)$|\.test\.ts$|\.md$/.test(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path, inOutputs || entry.name === "dist");
      else if (inOutputs === (kind === "outputs")) {
        const { size, mtimeMs } = statSync(path);
        hash.update(`${path} ${size} ${mtimeMs}\n`);
      }
    }
  };
  for (const folder of ["packages", "apps/trainer"]) visit(join(root, folder), false);
  return hash.digest("hex");
}

function build() {
  process.stderr.write("Building the app and its packages…\n");
  const { status, stdout, error } = spawnSync(
    "turbo",
    ["run", "build", "--filter=downhill", "--output-logs=errors-only"],
    {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}`,
        TURBO_TELEMETRY_DISABLED: "1",
      },
    },
  );
  if (status === 0) return;
  process.stderr.write(error ? `The build could not start: ${error.message}\n` : stdout);
  rmSync(lock, { force: true });
  process.exit(1);
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
