// node tools/count-tests.mjs [failed check …]: adds up what the packages' tests left in test-results, and the checks
// that failed beside them. Prints "N passed, N failed" last; exits with 1 if anything failed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const failedChecks = process.argv.slice(2);
const failures = [];
let passed = 0;
const skipped = [];

const packages = [
  ...["packages", "apps"].flatMap((top) => readdirSync(join(root, top)).map((name) => `${top}/${name}`)),
  "tools",
];
for (const folder of packages) {
  const path = join(root, folder, "test-results/vitest.json");
  if (!existsSync(path)) {
    failures.push(`${folder}: left no test results`);
    continue;
  }
  const { testResults } = JSON.parse(readFileSync(path, "utf8"));
  for (const { name, status, assertionResults: tests } of testResults) {
    const file = name.slice(root.length + 1);
    for (const { status, fullName } of tests) {
      if (status === "passed") passed++;
      else (status === "failed" ? failures : skipped).push(`${file}: ${fullName}`);
    }
    // A file that fails outside its tests: it does not load, or a hook throws.
    if (status === "failed" && !tests.some((test) => test.status === "failed"))
      failures.push(`${file}: the file itself`);
  }
}

// "npm test" counts by its tests, and by itself only when they do not say why it failed.
const told = failures.length > 0;
failures.push(
  ...failedChecks.filter((check) => !(check === "npm test" && told)).map((check) => `check: ${check}`),
);

for (const line of skipped) console.log(`skipped  ${line}`);
for (const line of failures) console.log(`FAILED   ${line}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length || passed === 0 ? 1 : 0);
