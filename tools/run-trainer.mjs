// Builds the command line app when it is stale, then runs it with the arguments given, from where the user is.
// stdout carries the app's data alone: what the build says goes to stderr.
import { spawn, spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..");
const build = spawnSync("turbo", ["run", "build", "--filter=downhill", "--output-logs=errors-only"], {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
  env: {
    ...process.env,
    PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}`,
    TURBO_TELEMETRY_DISABLED: "1",
  },
});
if (build.status !== 0) {
  process.stderr.write(build.stdout ?? String(build.error));
  process.exit(build.status ?? 1);
}

const cli = join(root, "apps/trainer/dist/cli.js");
const app = spawn(process.execPath, [cli, ...process.argv.slice(2)], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: "inherit",
});
// Ctrl-C reaches the app from the terminal; the app decides how to end, so this process waits for it.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => signal === "SIGTERM" && app.kill(signal));
app.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
