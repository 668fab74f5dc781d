import { reference } from "@downhill/core";
import { compileProgram, gradients, leaf } from "@downhill/core/engine";
import {
  agreement,
  engineTolerance,
  perceptronRun,
  type Run,
  randomRun,
  regressionRun,
  requireClose,
  requireSame,
  runProgram,
} from "@downhill/testing";
import { describe, expect, it } from "vitest";
import { sharing } from "./sharing.fixture.js";
import { splitPlan } from "./split-plan.js";

const PROGRAMS = Math.ceil(Number(process.env.DOWNHILL_FUZZ ?? 600) / 40);
const GRAIN = 200;
const both = ["float64", "float32"] as const;

/** Runs with 1, 2 and 3 threads, all of whose memory must be the same. */
async function requireSameBits(run: Run, dtype: (typeof both)[number], what: string) {
  const one = await runProgram(sharing(1, GRAIN), dtype, run);
  for (const threads of [2, 3]) {
    const several = await runProgram(sharing(threads, GRAIN), dtype, run);
    for (const arena of Object.keys(run.layout)) {
      requireSame(several[arena]!, one[arena]!, `${what}, ${dtype}, ${threads} threads, ${arena}`);
    }
  }
  return one;
}

const splits = ({ writes, layout, hostScalars = {} }: Run) =>
  splitPlan(
    compileProgram({ writes, hostScalars: Object.keys(hostScalars) }, layout, "float64"),
    GRAIN,
  ).jobs.filter(({ parts }) => parts > 1).length;

describe("whatever the number of threads", () => {
  it("random programs that update in place have the same bits, and those of the interpreter in float64", async () => {
    let split = 0;
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const run = seed % 2 === 0 ? randomRun(seed, 40) : randomRun(seed, 400, 6);
      split += splits(run);
      await requireSameBits(run, both[(seed >> 1) % 2]!, `seed ${seed}`);
      const actual = await runProgram(sharing(1, GRAIN), "float64", run);
      const expected = await runProgram(reference(), "float64", run);
      requireClose(actual.p!, expected.p!, engineTolerance.float64, `seed ${seed}`);
    }
    expect(split).toBeGreaterThan(PROGRAMS);
  }, 120_000);

  const runs = {
    perceptron: perceptronRun({ rows: 150, inputs: 77, hidden: 40 }),
    regression: regressionRun({ rows: 999 }),
  };
  it("rows of which a class is picked have the same bits, and are right", async () => {
    const [rows, classes] = [301, 70];
    const x = leaf("input", "x", [rows, classes]);
    const z = x.sub(x.max(1, { keepDims: true }).stopGradient());
    const own = leaf("input", "y", [rows]).oneHot(classes).where(z, 0).sum(1);
    const loss = z.exp().sum(1).log().sub(own).mean();
    const run: Run = {
      layout: { input: { x: x.shape, y: [rows] }, output: { loss: [], g: x.shape } },
      writes: [
        { arena: "output", name: "loss", value: loss },
        { arena: "output", name: "g", value: gradients(loss, [x])[0]! },
      ],
      given: {
        input: {
          x: Float64Array.from({ length: rows * classes }, (_, i) => 4 * Math.sin(i)),
          y: Float64Array.from({ length: rows }, (_, i) => (7 * i) % classes),
        },
      },
    };
    expect(splits(run)).toBeGreaterThan(0);
    for (const dtype of both) {
      const actual = await requireSameBits(run, dtype, "picked");
      const expected = await runProgram(reference(), dtype, run);
      requireClose(actual.output!, expected.output!, engineTolerance[dtype], `picked, ${dtype}`);
    }
  });

  it.each(Object.entries(runs))(
    "training steps of a %s have the same bits, and are right",
    async (name, run) => {
      expect(splits(run)).toBeGreaterThan(1);
      for (const dtype of both) await requireSameBits(run, dtype, name);
      await agreement(name, () => run).run(sharing(3, GRAIN));
    },
  );
});
