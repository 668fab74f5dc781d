import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode, readCsv, toSamples } from "@downhill/datasets";
import { expect, it } from "vitest";
import { explain } from "./errors.js";
import { loadTable } from "./load-data.js";

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return explain(error).message;
  }
  throw new Error("Nothing was thrown.");
}

const samples = (text: string, options: object = {}) => {
  const table = readCsv(text, { name: "a.csv" });
  return toSamples(table, { target: "y", ...options });
};

it.each([
  [
    "missing values",
    () => samples("x,y\n1,2\n,3\n"),
    "Fill it in, or set --missing drop to leave out such rows, or --missing mean or --missing median to fill in features.",
  ],
  [
    "classes in a regression",
    () => samples("x,y\n1,a\n2,b\n", { task: "regression" }),
    "or set --task classification.",
  ],
  ["text among the targets", () => samples("x,y\n1,2\n2,b\n3,4\n"), 'found "b". Correct it.'],
  ["text among a feature's numbers", () => samples("x,y\n1,2\nb,3\n3,4\n"), 'found "b". Correct it.'],
  ["a feature of text", () => samples("x,y\na,2\nb,3\n", { features: ["x"] }), "Set --one-hot to turn"],
  ["features of text alone", () => samples("x,y\na,2\nb,3\n"), "columns of text need --one-hot."],
  [
    "a name twice",
    () => samples("x,x,y\n1,2,3\n"),
    "Rename one; the first line must hold the columns' names.",
  ],
])("data errors advise flags: %s", (_, act, expected) => {
  const message = messageOf(act);
  expect(message).toContain(expected);
  expect(message).not.toMatch(/oneHot|set missing|set task|the type "text"|set header/);
});

it("data errors of rows to predict advise flags", () => {
  const predicting = (fitted: string, text: string) => () => {
    const { encoding } = samples(fitted, { oneHot: true });
    encode(readCsv(text, { name: "b.csv" }), encoding);
  };
  expect(messageOf(predicting("x,y\n1,2\n2,3\n", "x,z\n1,1\n,2\n"))).toContain(
    "or train with --missing mean or --missing median.",
  );
  expect(messageOf(predicting("x,y\na,2\nb,3\n", "x\n1\n2\n"))).toMatch(
    /expected categories\. Correct it\.$/,
  );
});

it("a folder is no data", async () => {
  const folder = mkdtempSync(join(tmpdir(), "downhill-"));
  await expect(loadTable(folder)).rejects.toThrow(
    `--data ${folder} is a folder; name a dataset or a CSV file.`,
  );
});
