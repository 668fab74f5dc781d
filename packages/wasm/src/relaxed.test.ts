import { setFlagsFromString } from "node:v8";
import { compileProgram, leaf } from "@downhill/core/engine";
import { type Reporter, train } from "@downhill/core/train";
import { engineSuite } from "@downhill/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { gradientDescent, line, points } from "../../core/src/train/train.fixture.js";
import { emitProgram } from "./emit/program.js";
import { Target } from "./emit/target.js";
import { placeProgram } from "./placement.js";
import { supportsRelaxed } from "./support.js";
import { splitPlan } from "./threads/split-plan.js";
import { wasm } from "./wasm.js";

/** The engine that a run's first event names. */
async function announced(options: Parameters<typeof wasm>[0]) {
  let engine: unknown;
  const reporter: Reporter = {
    name: "first event",
    on(event) {
      if (event.type === "run-start") engine = event.engine;
    },
  };
  const optimizer = gradientDescent();
  await train(line, { data: points(20), optimizer, epochs: 1, engine: wasm(options), reporters: [reporter] });
  return engine;
}

const n = 64;
const layout = { p: { a: [n, n], y: [n, n] } };
const a = leaf("p", "a", [n, n]);
const square = { writes: [{ arena: "p", name: "y", value: a.matmul(a) }], hostScalars: [] };

/** The square of a matrix whose entries are no short fractions. */
function product(relaxed: boolean) {
  const session = wasm({ relaxed, fallback: false }).open(layout, "float32");
  session.write(
    "p",
    "a",
    Float32Array.from({ length: n * n }, (_, i) => Math.sin(i)),
  );
  session.load(square).run(new Float64Array(0));
  return session.read("p", "y");
}

function moduleOf(relaxed: boolean): Uint8Array {
  const plan = splitPlan(compileProgram(square, layout, "float32"));
  const place = placeProgram(plan, 0, 64, () => 64);
  return emitProgram(new Target(plan, place, { shared: false, relaxed, firstJob: 1 }));
}

/** Bytes of the instruction f32x4.relaxed_madd. */
const relaxedMadd = "253,133,2";

describe("relaxed SIMD", () => {
  it("where it is not to be had is said in a run's first event, and plain SIMD runs", async () => {
    const { validate } = WebAssembly;
    WebAssembly.validate = (bytes) => !String(bytes).includes(relaxedMadd) && validate(bytes);
    try {
      const notes = [expect.stringContaining("This runtime has no relaxed SIMD, so plain SIMD runs")];
      expect(await announced({ relaxed: true })).toMatchObject({ name: "wasm", notes });
      expect(product(true)).toEqual(product(false));
    } finally {
      WebAssembly.validate = validate;
    }
  });

  describe("where it is to be had", () => {
    beforeAll(() => {
      // Node 20 has it behind a flag, which later versions do not know.
      if (!supportsRelaxed()) setFlagsFromString("--experimental-wasm-relaxed-simd");
    });

    it("is said in a run's first event, and only if asked for", async () => {
      const note = "Relaxed SIMD is on: the last bits of matrix products depend on the processor.";
      expect(await announced({ relaxed: true })).toMatchObject({ name: "wasm", notes: [note] });
      expect(await announced({})).toMatchObject({ name: "wasm", notes: [] });
    });

    it("is what products of matrices are made of, which differ within their rounding", () => {
      expect(String(moduleOf(true))).toContain(relaxedMadd);
      expect(String(moduleOf(false))).not.toContain(relaxedMadd);
      const [plain, relaxed] = [product(false), product(true)];
      for (const [i, x] of plain.entries()) expect(Math.abs(relaxed[i]! - x)).toBeLessThan(1e-5);
    });

    const checks = engineSuite.filter(({ title }) => /product|training steps/.test(title));
    it.each(checks.map((check) => [check.title, check] as const))("%s", async (_, check) => {
      await check.run(wasm({ relaxed: true, fallback: false }));
    });
  });
});
