// Writes every ```ts block of the READMEs to tools/dist/readmes, one module each, to be type-checked and run as tests.
// A line `console.log(…); // → text` promises what it prints, and is held to it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const out = join(root, "tools/dist/readmes");
const promise = /^(\s*)(console\.log\(.*\);?)\s*\/\/ → (.*)$/gm;

const folders = [
  ".",
  ...["packages", "apps"].flatMap((top) => readdirSync(join(root, top)).map((name) => `${top}/${name}`)),
];
const readmes = folders
  .map((folder) => join(folder, "README.md"))
  .filter((path) => existsSync(join(root, path)));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const readme of readmes) {
  const blocks = readFileSync(join(root, readme), "utf8").matchAll(/^```ts\n(.*?)^```$/gms);
  for (const [number, [, code]] of [...blocks].entries()) {
    const name = `${readme.replace(/\/?README\.md$/, "").replaceAll("/", "-") || "root"}-${number + 1}.ts`;
    const checked = code.replace(
      promise,
      (_, indent, log, text) => `${indent}${log} printed(${JSON.stringify(text.trim())});`,
    );
    writeFileSync(
      join(out, name),
      `// From ${readme}.\nimport { printed } from "../../readmes/printed.ts";\nvoid printed;\n${checked}`,
    );
  }
}
