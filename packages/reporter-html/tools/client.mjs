// Bundles what runs in the page (src/client) and its style into src/generated/client.ts, a module that holds both as
// text: a report carries them, and so tests, type checks and builds need no step of their own. `npm run build` does it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const target = join(root, "src/generated/client.ts");

/** The generated module's text. */
export async function clientModule() {
  const bundle = async (entry, options) => {
    const { outputFiles } = await build({
      entryPoints: [join(root, "src/client", entry)],
      bundle: true,
      minify: true,
      write: false,
      charset: "utf8",
      target: ["chrome105", "firefox113", "safari16.4"],
      legalComments: "none",
      logLevel: "error",
      conditions: ["@downhill/source"],
      ...options,
    });
    // What would end the element that the text stands in.
    return JSON.stringify(outputFiles[0].text.trimEnd().replaceAll("</", "<\\/"));
  };
  const script = await bundle("main.ts", { format: "iife" });
  const style = await bundle("style.css");
  return `// biome-ignore-all lint: made by a machine
// biome-ignore-all format: made by a machine
// Made by tools/client.mjs from src/client. Do not edit.
export const script =
  ${script};
export const style =
  ${style};
`;
}

if (process.argv[1] === import.meta.filename) {
  const text = await clientModule();
  let before = "";
  try {
    before = readFileSync(target, "utf8");
  } catch {
    // Made for the first time.
  }
  if (text !== before) writeFileSync(target, text);
}
