import { describe, expect, it } from "vitest";
import { minimize } from "../minimize/minimize.js";
import { defineOptimizer } from "../optimizer/define.js";
import { rate } from "../optimizer/hyper.js";
import { zeros } from "../optimizer/slot.js";
import type { FigureEvent, StepEvent } from "./events.js";
import { minimizationEvents } from "./minimization-events.js";
import { unpack } from "./packed.js";
import { backtracking, gradientDescent } from "./train.fixture.js";

const bowl = ({ x, y }: { x: any; y: any }) => x.square().add(y.square().mul(10));
const start = { x: 4, y: 1 };

/** Heavy ball: m ← 0.5·m + g, x ← x − 0.02·m. */
const heavyBall = defineOptimizer({
  name: "heavy ball",
  paper: "Polyak 1964",
  hyper: { learningRate: rate(0.02) },
  state: { m: zeros },
  update({ gradient: g, m }, { learningRate }) {
    const next = m.mul(0.5).add(g);
    return { step: learningRate.mul(next), m: next };
  },
});

function run(optimizer: any, more: object = {}) {
  const options = { start, optimizer, maxSteps: 5, history: true, ...more } as const;
  const result = minimize(bowl, options);
  const events = minimizationEvents(bowl, options, result, { problem: "bowl" });
  return { result, events, steps: events.filter((event): event is StepEvent => event.type === "step") };
}

const numbers = (events: readonly unknown[], key: string) => {
  const figure = events.find((event) => (event as FigureEvent).type === "figure") as FigureEvent;
  return figure.data[key] && Array.from(unpack(figure.data[key]));
};

describe("minimizationEvents", () => {
  it("tell each step at the point that it was made from", () => {
    const { events, steps, result } = run(gradientDescent({ learningRate: 0.01 }));
    expect(events.map(({ type }) => type)).toEqual([
      "run-start",
      ...Array(5).fill("step"),
      "figure",
      "run-end",
    ]);
    const [first, second] = steps as [StepEvent, StepEvent];
    // f = 16 + 10; ∇f = (8, 20); x ← x − 0.01·∇f.
    expect(first).toMatchObject({ step: 1, value: 26, evaluations: 1, hyper: { learningRate: 0.01 } });
    expect(first.probes!.gradientNorm).toBeCloseTo(Math.hypot(8, 20), 12);
    expect(first.probes!.stepNorm).toBeCloseTo(0.01 * Math.hypot(8, 20), 12);
    expect(first.probes!.cosine).toBeCloseTo(1, 12);
    expect(second.value).toBeCloseTo(3.92 ** 2 + 10 * 0.8 ** 2, 12);
    expect(events.at(-1)).toMatchObject({ status: { kind: "limit" }, value: result.value, steps: 5 });
    expect(steps.every(({ timeMs }, i) => i === 0 || timeMs >= steps[i - 1]!.timeMs)).toBe(true);
  });

  it("count what a method asked for", () => {
    const { steps, result } = run(backtracking());
    expect(steps[0]!.evaluations).toBe(1);
    expect(steps.at(-1)!.evaluations).toBeLessThan(result.evaluations);
    expect(
      steps.every(({ evaluations }, i) => i === 0 || evaluations! > steps[i - 1]!.evaluations! + 1),
    ).toBe(true);
  });

  it("hold the landscape, and along the path gradient, momentum and step", () => {
    const { events } = run(heavyBall());
    const [x, y, z] = ["x", "y", "z"].map((key) => numbers(events, key)!);
    expect(z![7 * x!.length + 3]).toBeCloseTo(x![3]! ** 2 + 10 * y![7]! ** 2, 10);
    const [path, gradient, momentum, step] = ["path", "gradient", "momentum", "step"].map(
      (key) => numbers(events, key)!,
    );
    expect(path!.slice(0, 2)).toEqual([4, 1]);
    expect(Math.min(...x!)).toBeLessThan(Math.min(...path!.filter((_, i) => i % 2 === 0)));
    let m = [0, 0];
    for (let k = 0; k < 5; k++) {
      const [px, py] = path!.slice(2 * k, 2 * k + 2) as [number, number];
      const g = [2 * px, 20 * py];
      m = m.map((old, i) => 0.5 * old + g[i]!);
      for (const i of [0, 1]) {
        expect(gradient![2 * k + i]).toBeCloseTo(g[i]!, 10);
        expect(momentum![2 * k + i]).toBeCloseTo(-m[i]!, 10);
        expect(step![2 * k + i]).toBeCloseTo(-0.02 * m[i]!, 10);
        expect(path![2 * k + 2 + i]! - path![2 * k + i]!).toBeCloseTo(step![2 * k + i]!, 10);
      }
    }
  });

  it("say nothing of a momentum that is not there", () => {
    expect(numbers(run(gradientDescent()).events, "momentum")).toBeUndefined();
    expect(numbers(run(backtracking()).events, "momentum")).toBeUndefined();
  });

  it("show the part of the landscape that is asked for", () => {
    const options = { start, optimizer: gradientDescent(), maxSteps: 2, history: true } as const;
    const view = [
      [-1, 1],
      [-2, 2],
    ] as const;
    const events = minimizationEvents(bowl, options, minimize(bowl, options), { view });
    const [x, y] = ["x", "y"].map((key) => numbers(events, key)!);
    expect([x![0], x!.at(-1), y![0], y!.at(-1)]).toEqual([-1, 1, -2, 2]);
  });

  it("take plain code, whose landscape is shown only where a view is asked for", () => {
    let calls = 0;
    const plain = {
      evaluate({ p }: { p: number[] }) {
        calls++;
        return p[0]! ** 2 + p[1]! ** 2;
      },
    };
    const options = {
      start: { p: [1, 2] },
      optimizer: gradientDescent(),
      maxSteps: 3,
      history: true,
    } as const;
    const result = minimize(plain as never, options);
    calls = 0;
    expect(minimizationEvents(plain as never, options, result).map(({ type }) => type)).not.toContain(
      "figure",
    );
    expect(calls).toBeLessThan(50);
    const view = [
      [-1, 1],
      [-1, 1],
    ] as const;
    expect(minimizationEvents(plain as never, options, result, { view }).at(-2)).toMatchObject({
      kind: "landscape",
      labels: { x: "p[0]", y: "p[1]" },
    });
  });

  it("have no landscape of more than two numbers, and need the history", () => {
    const options = { start: { x: [1, 2, 3] }, optimizer: gradientDescent(), maxSteps: 2 } as const;
    const f = ({ x }: any) => x.square().sum();
    const withHistory = { ...options, history: true } as const;
    const events = minimizationEvents(f, withHistory, minimize(f, withHistory));
    expect(events.map(({ type }) => type)).toEqual(["run-start", "step", "step", "run-end"]);
    expect(() => minimizationEvents(f, options, minimize(f, options))).toThrow("history: true");
  });
});
