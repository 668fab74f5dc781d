import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { downhill, emptyFolder, start } from "./testing/downhill.js";

const penguins =
  "train linear --data penguins --target body_mass_g --features bill_length_mm,bill_depth_mm,flipper_length_mm";

describe("train linear", () => {
  it("reaches the least-squares solution on the penguins", async () => {
    const { exitCode, events } = await downhill(
      emptyFolder(),
      `${penguins} --split none --optimizer gradient-descent --json`,
    );
    const end = events.at(-1);
    expect(exitCode).toBe(0);
    expect(end).toMatchObject({ type: "run-end", status: { kind: "converged", criterion: "gradient" } });
    // By ordinary least squares on the 342 complete rows, from NumPy.
    expect(Math.abs(end.metrics.train.r2 - 0.7614704841272493)).toBeLessThan(1e-9);
    const known = {
      bill_length_mm: 4.16182047,
      bill_depth_mm: 20.0495331,
      flipper_length_mm: 50.2692216,
      intercept: -6424.7647,
    };
    for (const [name, value] of Object.entries(known)) {
      expect(Math.abs(end.coefficients[name] / value - 1), name).toBeLessThan(1e-6);
    }
    expect(Object.keys(end.coefficients)).toEqual(Object.keys(known));
  });

  it("finds the same solution by another optimizer", async () => {
    const { events } = await downhill(
      emptyFolder(),
      `${penguins} --split none --optimizer lbfgs --json --quiet`,
    );
    expect(events.at(-1).metrics.train.r2).toBeCloseTo(0.7614704841272493, 9);
  });

  it("keeps a fifth of the rows for testing, and reports errors in the data's own units", async () => {
    const { events } = await downhill(emptyFolder(), `${penguins} --json --quiet`);
    const { metrics } = events.at(-1);
    expect(events[0].data.rows).toBe(274);
    expect(metrics.test.rmse).toBeGreaterThan(200);
    expect(metrics.test.rmse).toBeLessThan(600);
    expect(metrics.train.rmse ** 2 / (1 - metrics.train.r2)).toBeGreaterThan(400 ** 2);
  });
});

describe("train logistic", () => {
  it("tells two classes apart", async () => {
    const { exitCode, events } = await downhill(
      emptyFolder(),
      "train logistic --data penguins --target sex --missing drop --json --quiet",
    );
    expect(exitCode).toBe(0);
    expect(events.at(-1).status.kind).toBe("converged");
    expect(events.at(-1).metrics.test.accuracy).toBeGreaterThan(0.8);
    expect(events.at(-1).coefficients.intercept).toBeTypeOf("number");
  });

  it("names the coefficients of more classes by class", async () => {
    const { events } = await downhill(emptyFolder(), "train logistic --data iris --l2 0.01 --json --quiet");
    expect(events.at(-1).status.kind).toBe("converged");
    expect(Object.keys(events.at(-1).coefficients)).toContain("virginica.petal_width_cm");
  });
});

describe("train mlp", () => {
  it("reads digits by its defaults", async () => {
    const { exitCode, events } = await downhill(
      emptyFolder(),
      "train mlp --data digits --seed 1 --json --quiet",
    );
    expect(exitCode).toBe(0);
    expect(events[0]).toMatchObject({ type: "run-start", seed: 1, engine: { name: "js", dtype: "float32" } });
    expect(events.at(-1).metrics.test.accuracy).toBeGreaterThanOrEqual(0.97);
    expect(events.at(-1).timeMs).toBeLessThan(20_000);
  });

  it("has the same figures for the same seed, and others for another", async () => {
    const run = (seed: number) =>
      downhill(emptyFolder(), `train mlp --data moons --epochs 3 --json --quiet --seed ${seed}`);
    const [one, same, other] = await Promise.all([run(1), run(1), run(2)]);
    expect(same.events.at(-1).metrics).toEqual(one.events.at(-1).metrics);
    expect(other.events.at(-1).metrics).not.toEqual(one.events.at(-1).metrics);
  });

  it("takes its shape, its optimizer and the optimizer's hyper-parameters from flags", async () => {
    const { events } = await downhill(
      emptyFolder(),
      "train mlp --data iris --hidden 8,4 --activation tanh --optimizer adam --beta1 0.8 --lr 0.01 --schedule warmup:3,cosine:end-value=1e-4 --epochs 2 --json --quiet",
    );
    const { model, optimizer } = events[0];
    expect(model.parameters).toMatchObject({
      "hidden1.weight": [4, 8],
      "hidden2.weight": [8, 4],
      "output.weight": [4, 3],
    });
    expect(optimizer).toMatchObject({
      name: "adam",
      hyper: { beta1: 0.8, learningRate: { schedule: "warmup", steps: 3 } },
    });
    expect(optimizer.hyper.learningRate.next).toMatchObject({
      schedule: "cosine",
      value: 0.01,
      endValue: 1e-4,
    });
  });

  it("ends early, at the best, when validation gets no better", async () => {
    const { events } = await downhill(
      emptyFolder(),
      "train mlp --data iris --validation 0.2 --patience 2 --lr 0.1 --schedule constant --epochs 500 --json --quiet",
    );
    const { status, epochs } = events.at(-1);
    expect(status).toMatchObject({ kind: "stopped", why: expect.stringContaining("validation.loss") });
    expect(epochs).toBeLessThan(500);
  });
});

describe("output", () => {
  it("is nothing on stdout that was not asked for", async () => {
    const { exitCode, stdout, stderr } = await downhill(emptyFolder(), `${penguins}`);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("2 of 344 rows dropped");
    expect(stderr).toContain("✔ converged");
    expect(stderr).toMatch(/flipper_length_mm {2}\s*\d+\.\d+/);
  });

  it("is JSON on every line of stdout, run-end last, and nothing on stderr when quiet", async () => {
    const { events, stderr } = await downhill(
      emptyFolder(),
      "train mlp --data iris --epochs 2 --json --quiet",
    );
    expect(events[0].type).toBe("run-start");
    expect(events.filter(({ type }) => type === "run-end")).toEqual([events.at(-1)]);
    expect(stderr).toBe("");
  });

  it("goes to files that were asked for, and no others", async () => {
    const folder = emptyFolder();
    await downhill(
      folder,
      "train mlp --data iris --epochs 3 --quiet --events out/run.ndjson --csv run.csv --save m.safetensors",
    );
    expect(readdirSync(folder).sort()).toEqual(["m.safetensors", "out", "run.csv"]);
    const lines = readFileSync(join(folder, "out/run.ndjson"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).type).filter((type) => type === "step")).toHaveLength(12);
    expect(readFileSync(join(folder, "run.csv"), "utf8").split("\n")[0]).toBe("epoch,step,timeMs,train.loss");
  });

  it("ends quietly where its reader has seen enough", async () => {
    const folder = emptyFolder();
    const { child, ended } = start(folder, "train mlp --data digits --epochs 200 --json --quiet");
    child.stdout.once("data", () => child.stdout.destroy());
    const { exitCode, stderr } = await ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});

describe("a CSV file", () => {
  it("trains a model that predicts its rows, and new ones", async () => {
    const folder = emptyFolder();
    const rows = Array.from({ length: 40 }, (_, i) => `${i},${i % 7},${3 * i - 2 * (i % 7) + 5}`);
    writeFileSync(join(folder, "plane.csv"), `a,b,y\n${rows.join("\n")}\n`);
    const trained = await downhill(
      folder,
      "train linear --data plane.csv --target y --save plane.safetensors --json --quiet",
    );
    const { coefficients } = trained.events.at(-1);
    expect(coefficients.a).toBeCloseTo(3, 7);
    expect(coefficients.b).toBeCloseTo(-2, 7);
    expect(coefficients.intercept).toBeCloseTo(5, 6);

    writeFileSync(join(folder, "new.csv"), "b,a\n1,100\n2,-1\n");
    const csv = await downhill(folder, "predict --model plane.safetensors --data new.csv");
    const [header, ...values] = csv.stdout.trimEnd().split("\n");
    expect(header).toBe("y");
    expect(Number(values[0])).toBeCloseTo(303, 5);
    expect(Number(values[1])).toBeCloseTo(-2, 5);
  });

  it("of classes gets names and probabilities", async () => {
    const folder = emptyFolder();
    const rows = Array.from({ length: 30 }, (_, i) => `${i},${i < 15 ? '"low, or so"' : "high"}`);
    writeFileSync(join(folder, "level.csv"), `x,level\n${rows.join("\n")}\n`);
    await downhill(
      folder,
      "train logistic --data level.csv --target level --l2 0.1 --save level.safetensors --quiet",
    );
    const json = await downhill(folder, "predict --model level.safetensors --data level.csv --json");
    expect(json.events[0].level).toBe("low, or so");
    expect(json.events[29].level).toBe("high");
    expect(json.events[29].probabilities.high + json.events[29].probabilities["low, or so"]).toBeCloseTo(
      1,
      9,
    );
    const csv = await downhill(folder, "predict --model level.safetensors --data level.csv");
    expect(csv.stdout.split("\n")[0]).toBe('level,p(high),"p(low, or so)"');
    expect(csv.stdout.split("\n")[1]).toMatch(/^"low, or so",0\.\d+,0\.\d+$/);
  });
});

describe("demo", () => {
  it("trains both models, draws their curves and says where they are", async () => {
    const folder = emptyFolder();
    const { exitCode, stdout, stderr } = await downhill(folder, "demo");
    expect(exitCode).toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("linear on penguins");
    expect(stderr).toContain("mlp on digits");
    expect(stderr.match(/[\u2801-\u28ff]{10}/g)!.length).toBeGreaterThan(4);
    for (const file of ["runs/penguins.safetensors", "runs/digits.safetensors"]) {
      expect(stderr).toContain(file);
      expect(existsSync(join(folder, file))).toBe(true);
    }
    expect(stderr).toContain("runs/report.html");
    const page = readFileSync(join(folder, "runs/report.html"), "utf8");
    for (const run of ["linear on penguins", "mlp on digits"]) expect(page).toContain(run);
    const { events } = await downhill(folder, "predict --model runs/digits.safetensors --data digits --json");
    expect(events).toHaveLength(1797);
  });
});
