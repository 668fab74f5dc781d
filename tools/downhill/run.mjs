#!/usr/bin/env node
// `npx pnpm downhill …` in the repository: the command line app, built first when it is stale.
// stdout is the app's alone; what a failing build says goes to stderr.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bringUpToDate, bundle } from "./build.mjs";

await bringUpToDate();

// Run in this process: signals, exit codes and the terminal are the app's own.
const cli = join(bundle, "cli.js");
process.chdir(process.env.INIT_CWD ?? process.cwd());
process.argv[1] = cli;
await import(pathToFileURL(cli).href);
