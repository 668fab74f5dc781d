import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { csvReporter, ndjsonReporter } from "@downhill/core/node";
import type { Reporter } from "@downhill/core/train";
import { afterAll, describe, it } from "vitest";
import { reporterSuite } from "./reporter-suite.js";

const folder = mkdtempSync(join(tmpdir(), "file-reporters-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function toFile(make: (path: string) => Reporter) {
  const path = join(folder, String(files++));
  return { reporter: make(path), written: () => readFileSync(path, "utf8"), plainText: true };
}

function toStream() {
  let text = "";
  const stream = new PassThrough();
  stream.on("data", (chunk) => {
    text += chunk;
  });
  const written = async () => {
    await new Promise(setImmediate);
    return text;
  };
  return { reporter: ndjsonReporter(stream), written };
}

describe.each([
  ["events as lines of JSON in a file", () => toFile((path) => ndjsonReporter(path, { steps: "always" }))],
  ["events as lines of JSON in a stream", toStream],
  ["a table of epochs", () => toFile(csvReporter)],
])("the reporter of %s", (_, make) => {
  for (const { title, run } of reporterSuite) it(title, () => run(make));
});
