// A package's `check:pkg`: packs it as it would be published and looks at what is in the tarball.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "downhill-package-"));
const run = (command, args) => execFileSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
try {
  execFileSync("pnpm", ["pack", "--pack-destination", folder], { stdio: ["ignore", "ignore", "inherit"] });
  const tarball = join(folder, readdirSync(folder)[0]);
  run("publint", ["run", tarball, "--strict"]);

  const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
  // node16: `moduleResolution: node10` knows no subpaths. A package that is only a command has no types to check.
  if (exports) run("attw", [tarball, "--profile", "node16", "--no-emoji"]);

  const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).split("\n");
  const missing = ["README.md", "LICENSE"].filter((name) => !files.includes(`package/${name}`));
  const manifest = execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" });
  const leaked = ["@downhill/source", "workspace:"].filter((text) => manifest.includes(text));
  const wrong = [
    ...missing.map((name) => `${name} is not in the tarball`),
    ...leaked.map((text) => `the packed package.json speaks of "${text}"`),
    ...files
      .filter((path) => /\.test\.|\/src\//.test(path))
      .map((path) => `${path} should not be in the tarball`),
  ];
  for (const line of wrong) console.error(line);
  if (wrong.length) process.exitCode = 1;
} catch (error) {
  // publint and attw have said what is wrong.
  process.exitCode = error.status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
