// Adds a package to the workspace: node tools/new-package.mjs <name> "<what it is, in a sentence>"
// Files that are already there stay as they are.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [name, sentence] = process.argv.slice(2);
if (!/^[a-z][a-z0-9-]*$/.test(name ?? "") || !sentence) {
  console.error('usage: node tools/new-package.mjs <name> "<what it is, in a sentence>"');
  process.exit(2);
}

const folder = join(import.meta.dirname, "..", "packages", name);
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const published = {
  import: { types: "./dist/index.d.ts", default: "./dist/index.js" },
  require: { types: "./dist/index.d.cts", default: "./dist/index.cjs" },
};

const files = {
  "package.json": json({
    name: `@downhill/${name}`,
    version: "0.0.0",
    description: sentence,
    license: "MIT",
    author: "Downhill contributors",
    type: "module",
    sideEffects: false,
    files: ["dist"],
    engines: { node: ">=20.19" },
    main: "./dist/index.cjs",
    module: "./dist/index.js",
    types: "./dist/index.d.cts",
    exports: {
      ".": { "@downhill/source": "./src/index.ts", ...published },
      "./package.json": "./package.json",
    },
    publishConfig: {
      access: "public",
      exports: { ".": published, "./package.json": "./package.json" },
    },
    scripts: {
      build: "tsup",
      test: "vitest run",
      typecheck: "tsc --noEmit",
      "check:pkg": "node ../../tools/check-package.mjs",
    },
    dependencies: { "@downhill/core": "workspace:^" },
  }),
  "tsconfig.json": json({ extends: "../../tsconfig.base.json", include: ["src", "*.config.ts"] }),
  "tsup.config.ts": 'import { library } from "../../tsup.shared.ts";\n\nexport default library();\n',
  "vitest.config.ts": 'import { tests } from "../../vitest.shared.ts";\n\nexport default tests();\n',
  "README.md": `# @downhill/${name}\n\n${sentence}\n\n\`\`\`sh\nnpm install @downhill/${name}\n\`\`\`\n`,
  "src/index.ts": "export {};\n",
};

for (const [path, text] of Object.entries(files)) {
  const target = join(folder, path);
  if (existsSync(target)) continue;
  mkdirSync(join(target, ".."), { recursive: true });
  writeFileSync(target, text);
}
console.log(`packages/${name} is there. Next:
- npx pnpm install && npx pnpm format
- a line in tools/package.json, for the examples of its README
- a changeset: npx pnpm changeset`);
