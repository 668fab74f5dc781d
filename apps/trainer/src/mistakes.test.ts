import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine } from "./command-line.js";
import { exitCodes, explain } from "./errors.js";
import { downhill, emptyFolder } from "./testing/downhill.js";

/** What is said on stderr, by whom and with which exit code: in a line, without a stack trace. */
async function mistake(command: string, files: Readonly<Record<string, string>> = {}) {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { exitCode, stdout, stderr } = await downhill(folder, `${command}`);
  expect(stdout).toBe("");
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).toMatch(/^downhill: .*\n$/);
  return { exitCode, message: stderr.trimEnd() };
}

/** The same of wrong usage, which is found before anything is done: within this process, for speed. */
async function wrongUsage(command: string): Promise<string> {
  const error = await commandLine(command.split(" ")).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { exitCode, message } = explain(error);
  expect(exitCode).toBe(exitCodes.usage);
  expect(message).not.toContain("\n");
  return message;
}

describe("an unknown name exits with 2, lists the names and suggests the nearest", () => {
  it.each([
    ["trian linear", '"train"', "minimize"],
    ["train linaer --data penguins", '"linear"', "mlp"],
    ["train linear --data pengiuns", '"penguins"', "iris"],
    ["train linear --data penguins --target body_mas", '"body_mass_g"', "species"],
    ["train linear --data penguins --features bill_lenth_mm", '"bill_length_mm"', "flipper_length_mm"],
    ["train linear --data penguins --optimizer adm", '"adam"', "gradient-descent"],
    ["train linear --data penguins --engine jss", '"js"', "reference"],
    ["train linear --data penguins --schedule cosin", '"cosine"', "exponential"],
    ["train linear --data penguins --schedule cosine:end-valeu=1", '"end-value"', "steps"],
    ["train linear --data penguins --eppochs 3", '"--epochs"', "--batch-size"],
    ["train mlp --data digits --beta3 0.8", '"--beta1"', "--weight-decay"],
    ["train mlp --data digits --optimizer adam:beat1=0.8", '"beta1"', "epsilon"],
    ["train mlp --data digits --activation rellu", '"relu"', "tanh"],
    ["minimize rosenbrok", '"rosenbrock"', "himmelblau"],
    ["minimize bowl --optimizer adam,sdg", '"sgd"', "adagrad"],
    ["list optimizer", '"optimizers"', "datasets"],
    ["list optimizers adm", '"adam"', "sgd"],
  ])("%s", async (command, near, other) => {
    const message = await wrongUsage(command);
    expect(message).toContain(`Did you mean ${near}?`);
    expect(message).toContain(other);
  });
});

describe("a value that cannot be right exits with 2 and says what was expected", () => {
  it.each([
    ["train", "data"],
    ["train linear", "--data"],
    ["train mlp --data digits --epochs 1.5", '--epochs expects a whole number from 0, but found "1.5"'],
    ["train mlp --data digits --batch-size 0", "--batch-size expects a whole number from 1"],
    ["train mlp --data digits --split 2", "--split expects a share above 0 and below 1, or none"],
    ["train mlp --data digits --beta1 1.5", "beta1 = 1.5 is not allowed; expected a number in [0, 1)"],
    ["train mlp --data digits --lr fast", 'learning-rate is "fast"; expected a number in [0, ∞)'],
    ["train mlp --data digits --schedule step", "step needs step-size"],
    ["train mlp --data digits --schedule warmup,cosine", "warmup needs a whole number of steps"],
    ["train mlp --data digits --patience 3", "set --validation"],
    ["train mlp --data digits --resume", "--resume <file>"],
    ["train mlp --data digits --checkpoint .", "is a folder"],
    ["train linear --data penguins --hidden 8", "linear has no --hidden"],
    ["train linear --data penguins --momentum 0.9", "gradient-descent has no --momentum"],
    ["minimize bowl --start 1", "--start expects 2 numbers"],
  ])("%s", async (command, expected) => {
    expect(await wrongUsage(command)).toContain(expected);
  });

  it("asks for the target of a CSV file, with its columns", async () => {
    const { exitCode, message } = await mistake("train linear --data a.csv", { "a.csv": "x,y\n1,2\n" });
    expect(exitCode).toBe(2);
    expect(message).toContain("--target is missing: the column of a.csv to predict. Choose among: x, y.");
  });
});

describe("bad data exits with 1 and says where it is and what can be done", () => {
  it.each([
    [
      "ragged rows",
      "a,y\n1,2\n3\n",
      'a.csv, line 3, column "y": found 1 cell, expected 2. Add the missing cells',
    ],
    [
      "text among numbers",
      "a,y\n1,2\nx,3\n4,5\n6,7\n",
      'a.csv, line 3, column "a": expected a number, found "x". Correct it',
    ],
    ["no rows", "a,y\n", "a.csv has a header but no rows. Expected"],
    ["nothing", "", "a.csv is empty. Expected"],
    ["NaN", "a,y\n1,2\nNaN,3\n", 'a.csv, line 3, column "a": the value is missing or NaN. Fill it in'],
    [
      "infinity",
      "a,y\n1,2\n3,Infinity\n",
      'a.csv, line 3, column "y": found Infinity, expected a finite number',
    ],
  ])("%s", async (_, text, expected) => {
    const { exitCode, message } = await mistake("train linear --data a.csv --target y --quiet", {
      "a.csv": text,
    });
    expect(exitCode).toBe(1);
    expect(message).toContain(expected);
  });

  it("shows names from the data without obeying them", async () => {
    const { message } = await mistake("train linear --data a.csv --target z", {
      "a.csv": "\u001b[2Jx,y\n1,2\n",
    });
    expect(message).toContain("\\x1b[2Jx");
    expect(message).not.toContain("\u001b");
  });

  it("says what a model expects of the rows to predict", async () => {
    const folder = emptyFolder();
    await downhill(folder, "train mlp --data iris --epochs 1 --save iris.safetensors --quiet");
    const { exitCode, stderr } = await downhill(folder, "predict --model iris.safetensors --data digits");
    expect(exitCode).toBe(1);
    expect(stderr).toContain('digits has no column "sepal_length_cm"');
  });
});

describe("divergence", () => {
  it("exits with 3, says so, and saves no model", async () => {
    const folder = emptyFolder();
    const { exitCode, events, stderr } = await downhill(
      folder,
      "train linear --data penguins --lr 1e10 --json --quiet --save m.safetensors",
    );
    expect(exitCode).toBe(3);
    expect(events.at(-1).status).toMatchObject({
      kind: "diverged",
      why: expect.stringContaining("learning rate"),
    });
    expect(stderr).toContain("diverged");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of one optimizer among several exits with 3, too", async () => {
    const { exitCode, events } = await downhill(
      emptyFolder(),
      "minimize rosenbrock --optimizer gradient-descent:lr=1,backtracking --json",
    );
    expect(exitCode).toBe(3);
    expect(events.map(({ status }) => status.kind)).toEqual([
      "diverged",
      expect.not.stringMatching("diverged"),
    ]);
  });
});

describe("files", () => {
  it("a truncated, altered or foreign model is refused", async () => {
    const folder = emptyFolder();
    await downhill(folder, "train mlp --data iris --epochs 1 --save whole --quiet");
    const bytes = readFileSync(join(folder, "whole"));
    writeFileSync(join(folder, "truncated"), bytes.subarray(0, bytes.length - 5));
    const altered = Buffer.from(bytes);
    altered[bytes.length - 5]! ^= 1;
    writeFileSync(join(folder, "altered"), altered);
    writeFileSync(join(folder, "foreign"), "a,b\n1,2\n");
    for (const name of ["truncated", "altered", "foreign"]) {
      const { exitCode, stdout, stderr } = await downhill(folder, `predict --model ${name} --data iris`);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toMatch(new RegExp(`^downhill: ${name} cannot be used as a model: .*\n$`));
    }
  });

  it("a model that is missing is said to be so", async () => {
    expect(await mistake("predict --model nowhere --data iris")).toEqual({
      exitCode: 1,
      message: "downhill: nowhere: no such file or directory.",
    });
  });

  it.skipIf(process.platform !== "linux")("a full disk is told with the path", async () => {
    const { exitCode, message } = await mistake("train mlp --data iris --epochs 1 --quiet --save /dev/full");
    expect(exitCode).toBe(1);
    expect(message).toBe("downhill: /dev/full: no space left on device.");
  });

  it("a folder that is a file is found before training", async () => {
    const { exitCode, message } = await mistake("train mlp --data iris --quiet --save a.csv/model", {
      "a.csv": "",
    });
    expect(exitCode).toBe(1);
    expect(message).toContain("a.csv");
  });

  it("a model is written over the one before wholly, and leaves nothing beside it", async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, "runs"));
    writeFileSync(join(folder, "runs/m"), "before");
    await downhill(folder, "train mlp --data iris --epochs 1 --quiet --save runs/m");
    expect(readdirSync(join(folder, "runs"))).toEqual(["m"]);
    expect((await downhill(folder, "predict --model runs/m --data iris --json")).events).toHaveLength(150);
  });
});
