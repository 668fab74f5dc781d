import { describe, expect, it } from "vitest";
import { plainFunction } from "./plain-function.js";
import { problems } from "./problems.js";
import { downhill, emptyFolder } from "./testing/downhill.js";

describe("problems", () => {
  it.each(Object.entries(problems))(
    "%s has its least value at its minima, and they are in the picture",
    (_, problem) => {
      const f = plainFunction(problem.f);
      const [[left, right], [bottom, top]] = problem.view;
      for (const [x, y] of problem.minima) {
        expect(f(x, y)).toBeCloseTo(problem.minimum, 12);
        const h = 1e-4;
        for (const [dx, dy] of [
          [h, 0],
          [-h, 0],
          [0, h],
          [0, -h],
        ] as const) {
          expect(f(x + dx, y + dy)).toBeGreaterThan(problem.minimum);
        }
        expect(x > left && x < right && y > bottom && y < top).toBe(true);
      }
      const [x, y] = problem.start;
      expect(f(x, y)).toBeGreaterThan(problem.minimum);
    },
  );

  it("have the values of their papers", () => {
    const at = (name: string, x: number, y: number) => plainFunction(problems[name]!.f)(x, y);
    expect(at("rosenbrock", -1.2, 1)).toBeCloseTo(24.2, 12);
    expect(at("beale", 1, 1)).toBeCloseTo(14.203125, 12);
    expect(at("himmelblau", 0, 0)).toBe(170);
    expect(at("booth", 0, 0)).toBe(74);
    expect(at("rastrigin", 1, 0)).toBeCloseTo(1, 12);
  });
});

describe("minimize", () => {
  it("compares optimizers, each with settings of its own and with common ones", async () => {
    const { exitCode, events } = await downhill(
      emptyFolder(),
      "minimize booth --optimizer adam:lr=0.5,sgd,lbfgs --lr 0.05 --momentum 0.5 --start 0,0 --json",
    );
    expect(exitCode).toBe(0);
    expect(events.map(({ optimizer }) => [optimizer.name, optimizer.hyper.learningRate])).toEqual([
      ["adam", 0.5],
      ["sgd", 0.05],
      ["lbfgs", 0.05],
    ]);
    expect(events[1].optimizer.hyper.momentum).toBe(0.5);
    for (const { status, parameters, gradientNorm } of events) {
      expect(status.kind).toBe("converged");
      expect(gradientNorm).toBeLessThanOrEqual(1e-6);
      expect(parameters.x).toBeCloseTo(1, 5);
      expect(parameters.y).toBeCloseTo(3, 5);
    }
  });

  it("lets schedules run over the steps that there are", async () => {
    const run = (schedule: string) =>
      downhill(
        emptyFolder(),
        `minimize bowl --optimizer gradient-descent --lr 0.05 --steps 50 --schedule ${schedule} --json`,
      );
    const [cosine, explicit] = await Promise.all([run("cosine"), run("cosine:steps=50")]);
    expect(cosine.events[0].parameters).toEqual(explicit.events[0].parameters);
    expect(cosine.events[0].steps).toBe(50);
  });

  it.each([60, 80, 120])("draws the ways, the curves and a table, %d columns wide", async (columns) => {
    const { exitCode, stdout } = await downhill(
      emptyFolder(),
      "minimize bowl --optimizer gradient-descent:lr=0.05,adam:lr=0.1",
      { COLUMNS: String(columns) },
    );
    expect(exitCode).toBe(0);
    const lines = stdout.split("\n");
    expect(stdout).toMatch(/[\u2801-\u28ff]/);
    expect(stdout).toContain("✔ converged");
    expect(stdout).toContain("gradient-descent:lr=0.05: The gradient norm");
    expect(
      Math.max(...lines.filter((line) => !line.includes("The gradient norm")).map((line) => line.length)),
    ).toBeLessThanOrEqual(columns);
  });
});

describe("list", () => {
  it("shows optimizers with the range and default of each hyper-parameter", async () => {
    const { stdout } = await downhill(emptyFolder(), "list optimizers adam");
    expect(stdout).toMatch(/^adam .*1412\.6980/);
    expect(stdout).toMatch(/--beta2 +0\.999 +\[0, 1\) +\S/);
  });

  it.each(["optimizers", "datasets", "problems", "engines", "schedules"])(
    "has %s, as text and as JSON",
    async (what) => {
      const [text, json] = await Promise.all([
        downhill(emptyFolder(), `list ${what}`),
        downhill(emptyFolder(), `list ${what} --json`),
      ]);
      expect(json.events.length).toBeGreaterThan(1);
      for (const { name } of json.events) expect(text.stdout).toContain(name);
    },
  );
});

describe("help", () => {
  it.each([
    "--help",
    "train --help",
    "help train",
    "minimize --help",
    "list --help",
    "predict --help",
    "--version",
  ])("%s is on stdout, and exits with 0", async (command) => {
    const { exitCode, stdout, stderr } = await downhill(emptyFolder(), command);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).not.toBe("");
    if (command.includes("train")) expect(stdout).toContain("--optimizer");
  });
});
