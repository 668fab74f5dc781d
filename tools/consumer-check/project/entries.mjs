// Loads every entry of every installed Downhill package twice and compares what it exports.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const names = readdirSync("node_modules/@downhill");
assert.ok(names.length > 1, "no packages are installed");
for (const name of names) {
  const { exports, sideEffects } = JSON.parse(
    readFileSync(`node_modules/@downhill/${name}/package.json`, "utf8"),
  );
  for (const entry of Object.keys(exports).filter((path) => !path.endsWith(".json"))) {
    const specifier = `@downhill/${name}${entry.slice(1)}`;
    const esm = Object.keys(await import(specifier)).sort();
    // An entry that is imported for what it registers need not export anything.
    const registers = sideEffects?.includes?.(exports[entry].import.default);
    assert.ok(registers || esm.length > 0, `${specifier} exports nothing`);
    assert.deepEqual(Object.keys(require(specifier)).sort(), esm, `${specifier} as CJS and as ESM`);
  }
}
