import { join } from "node:path";
import type { TestProject } from "vitest/node";
// @ts-expect-error: a script, without types.
import { bringUpToDate, bundle } from "../../../../tools/downhill/build.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the command line app, made of the sources as they are. */
    readonly cli: string;
  }
}

/** Bundles the app as `npx pnpm downhill` does, once for all tests. */
export default async function setup(project: TestProject): Promise<void> {
  await bringUpToDate();
  project.provide("cli", join(bundle, "cli.js"));
}
