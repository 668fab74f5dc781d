import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { watchConsole } from "./printed.ts";

const root = join(import.meta.dirname, "../..");
const examples = join(root, "tools/dist/readmes");
const published = readdirSync(join(root, "packages"));

beforeEach(watchConsole);

test.each(readdirSync(examples))(
  "the README example %s runs and prints what it says",
  async (name) => {
    await import(join(examples, name));
  },
  60_000,
);

test.each(["root", ...published.map((name) => `packages-${name}`)])("%s has an example", (name) => {
  expect(readdirSync(examples)).toContain(`${name}-1.ts`);
});

test.each(published)("the README of %s says how to install it", (name) => {
  const readme = readFileSync(join(root, "packages", name, "README.md"), "utf8");
  expect(readme).toMatch(`# @downhill/${name}\n`);
  expect(readme).toMatch(new RegExp(`^npm install (--save-dev )?@downhill/${name}$`, "m"));
});
