// What someone who installs the packages sees: each is packed, all are installed with npm into an empty folder outside
// the workspace, and used there as ESM, as CJS, as both at once, from TypeScript, and by the template of an optimizer plugin.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const project = mkdtempSync(join(tmpdir(), "downhill-consumer-"));
process.on("exit", () => rmSync(project, { recursive: true, force: true }));

const node = (...args) => [process.execPath, ...args];
const tsc = (...args) => node(join(root, "node_modules/typescript/bin/tsc"), "--project", ...args);

const checks = [
  ["every entry loads as ESM and as CJS, with the same names", node("entries.mjs")],
  ["an ESM program minimizes", node("use.mjs")],
  ["a CJS program minimizes", node("use.cjs")],
  ["ESM and CJS copies in one process take each other's objects", node("both.mjs")],
  ["TypeScript with moduleResolution node16, ESM and CJS", tsc("tsconfig.node16.json")],
  ["TypeScript with moduleResolution bundler", tsc("tsconfig.bundler.json")],
  ["an optimizer plugin compiles, declarations too", tsc("tsconfig.plugin.json")],
  ["an optimizer plugin passes the conformance suite", node("optimizer-example/conformance.mjs")],
  [
    "the command installed by `downhill` says what it can do",
    [join(project, "node_modules/.bin/downhill"), "--help"],
  ],
];

install();
const failed = checks.filter(([title, command]) => !passes(title, command));
console.log(`consumer check: ${checks.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length ? 1 : 0);

/** Packs every publishable package and installs the tarballs, and nothing else, into the project. */
function install() {
  const folders = ["packages", "apps"].flatMap((top) =>
    readdirSync(join(root, top)).map((name) => join(root, top, name)),
  );
  const manifests = folders.map((folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  for (const [i, folder] of folders.entries()) {
    if (manifests[i].private) continue;
    execFileSync(join(root, "node_modules/.bin/pnpm"), ["pack", "--pack-destination", project], {
      cwd: folder,
      stdio: "ignore",
    });
  }
  const tarballs = readdirSync(project).filter((name) => name.endsWith(".tgz"));
  cpSync(join(import.meta.dirname, "project"), project, { recursive: true });
  for (const part of ["package.json", "src"]) {
    cpSync(join(root, "packages/optimizer-example", part), join(project, "optimizer-example", part), {
      recursive: true,
    });
  }
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true }));
  const npm = spawnSync(
    "npm",
    ["install", "--no-audit", "--no-fund", ...tarballs.map((name) => `./${name}`)],
    {
      cwd: project,
      encoding: "utf8",
      env: outside(),
    },
  );
  if (npm.status !== 0) {
    console.error(`npm could not install the packed packages:\n${npm.stdout}${npm.stderr}`);
    process.exit(1);
  }
}

function passes(title, [command, ...args]) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: project,
    encoding: "utf8",
    env: outside(),
    timeout: 120_000,
  });
  console.log(`${status === 0 ? "✓" : "✗"} ${title}`);
  if (status !== 0)
    console.log([stdout, stderr, error?.message].filter(Boolean).join("\n").replace(/^/gm, "    "));
  return status === 0;
}

/** The environment without what npm, pnpm and the workspace add to it. */
function outside() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_PATH$|NODE_OPTIONS$)/i.test(name)),
  );
}
