import type { Engine, Program } from "@downhill/core";
import { apply, hostScalar, leaf, uniform32 } from "@downhill/core/engine";
import { type Check, require, requireClose, requireSame } from "./check.js";
import { runProgram } from "./run-program.js";

/** What must hold of sessions: slots, arenas, sharing, host scalars, what is written when. */
export const engineMemory: readonly Check<Engine>[] = [
  {
    title: "memory starts at zero, and slots lie in their arena in order without gaps",
    async run(engine) {
      for (const dtype of engine.dtypes) {
        const session = await engine.open({ a: { x: [2], y: [], z: [3] }, b: {} }, dtype);
        requireSame(await session.read("a"), [0, 0, 0, 0, 0, 0], "fresh memory");
        session.write("a", "y", [7]);
        session.write("a", "z", [1, 2]);
        requireSame(await session.read("a"), [0, 0, 7, 1, 2, 0], "after writing slots");
        session.write("a", undefined, [9, 8, 7, 6, 5, 4]);
        requireSame(await session.read("a", "z"), [6, 5, 4], "a slot after writing the arena");
        session.dispose();
      }
    },
  },
  {
    title: "what is read is a copy",
    async run(engine) {
      const session = await engine.open({ a: { x: [2] } }, engine.dtypes[0]!);
      const copy = await session.read("a", "x");
      session.write("a", "x", [1, 2]);
      requireSame(copy, [0, 0], "what was read before the write");
      copy[0] = 5;
      requireSame(await session.read("a", "x"), [1, 2], "memory after the copy changed");
      session.dispose();
    },
  },
  {
    title: "a synchronous engine's view shows what runs write, and writes through",
    async run(engine) {
      if (engine.mode === "async") return;
      const session = (engine as Engine<"sync">).open({ a: { x: [2] } }, engine.dtypes[0]!);
      const twice = {
        writes: [{ arena: "a", name: "x", value: leaf("a", "x", [2]).mul(2) }],
        hostScalars: [],
      };
      const kernel = session.load(twice);
      session.view("a", "x").set([1, 2]);
      kernel.run(new Float64Array(0));
      requireSame(session.view("a", "x"), [2, 4], "the view after a run");
      session.dispose();
    },
  },
  {
    title: "several programs share one memory, and a shorter leaf reads the beginning of its slot",
    async run(engine) {
      const session = await engine.open({ input: { x: [6] }, sum: { all: [], some: [] } }, engine.dtypes[0]!);
      session.write("input", "x", [1, 2, 4, 8, 16, 32]);
      const total = (name: string, rows: number): Program => ({
        writes: [{ arena: "sum", name, value: leaf("input", "x", [rows]).sum() }],
        hostScalars: [],
      });
      const all = await session.load(total("all", 6));
      const some = await session.load(total("some", 3));
      await all.run(new Float64Array(0));
      await some.run(new Float64Array(0));
      requireSame(await session.read("sum"), [63, 7], "both sums");
      session.dispose();
    },
  },
  {
    title: "host scalars change from run to run without a new program, in float64",
    async run(engine) {
      for (const dtype of engine.dtypes) {
        const session = await engine.open({ p: { w: [3] } }, dtype);
        session.write("p", "w", [1, 2, 3]);
        const t = hostScalar("t");
        // 1 - 0.999^t is off by 1e-5 when computed in float32.
        const correction = t.mul(0).add(0.999).pow(t).neg().add(1);
        const kernel = await session.load({
          writes: [
            {
              arena: "p",
              name: "w",
              value: leaf("p", "w", [3]).mul(0).add(hostScalar("rate").div(correction)),
            },
          ],
          hostScalars: ["rate", "t"],
        });
        for (const [rate, step] of [
          [1, 1],
          [2, 1],
          [1, 7],
        ] as const) {
          await kernel.run(Float64Array.of(rate, step));
          const expected = rate / (1 - 0.999 ** step);
          const tolerance = dtype === "float32" ? 1e-7 : 1e-12;
          requireClose(
            await session.read("p", "w"),
            [expected, expected, expected],
            tolerance,
            `rate ${rate}, t ${step}`,
          );
        }
        session.dispose();
      }
    },
  },
  {
    title: "all writes happen at once: slots swap",
    async run(engine) {
      const [a, b] = [leaf("p", "a", [5]), leaf("p", "b", [5])];
      const { p } = await runProgram(engine, engine.dtypes[0]!, {
        layout: { p: { a: [5], b: [5] } },
        writes: [
          { arena: "p", name: "a", value: b },
          { arena: "p", name: "b", value: a },
        ],
        given: { p: { a: [1, 2, 3, 4, 5], b: [6, 7, 8, 9, 10] } },
      });
      requireSame(p!, [6, 7, 8, 9, 10, 1, 2, 3, 4, 5], "swapped slots");
    },
  },
  {
    title: "an update reads old values at other places: a matrix becomes its transpose plus its row sums",
    async run(engine) {
      const m = leaf("p", "m", [3, 3]);
      const { p } = await runProgram(engine, engine.dtypes[0]!, {
        layout: { p: { m: [3, 3] } },
        writes: [{ arena: "p", name: "m", value: m.transpose().add(m.sum(1, { keepDims: true })) }],
        given: { p: { m: [1, 2, 3, 4, 5, 6, 7, 8, 9] } },
      });
      requireSame(p!, [7, 10, 13, 17, 20, 23, 27, 30, 33], "transposed and added");
    },
  },
  {
    title: "uniform numbers are those of the counter-based generator, bit for bit",
    async run(engine) {
      for (const dtype of engine.dtypes) {
        const key = 123456789012345;
        // Streams are words of 32 bits without sign: the upper half is where normals come from.
        for (const stream of [3, 2 ** 31 + 3]) {
          const y = apply("uniform", [hostScalar("key")], { shape: [4, 5], stream });
          const { output } = await runProgram(engine, dtype, {
            layout: { output: { y: [4, 5] } },
            writes: [{ arena: "output", name: "y", value: y }],
            hostScalars: { key },
            given: {},
          });
          const expected = Array.from({ length: 20 }, (_, i) => uniform32(key, stream, i));
          requireSame(output!, expected, `uniform numbers of stream ${stream} in ${dtype}`);
        }
      }
    },
  },
  {
    title: "an index that is no whole number, or outside, reads NaN and adds nothing",
    async run(engine) {
      // Half a row of 4 is a place too: without a check such an index reads across rows.
      const at = [1, 0.5, -1, 2, 1.5, Number.NaN, 0, -0.5];
      const [x, indices] = [leaf("input", "x", [2, 4]), leaf("input", "at", [8])];
      for (const dtype of engine.dtypes) {
        const { output } = await runProgram(engine, dtype, {
          layout: { input: { x: [2, 4], at: [8], y: [8, 4] }, output: { read: [8, 4], added: [2, 4] } },
          writes: [
            { arena: "output", name: "read", value: x.gather(indices) },
            { arena: "output", name: "added", value: leaf("input", "y", [8, 4]).scatterAdd(indices, 2) },
          ],
          given: {
            input: { x: [1, 2, 3, 4, 5, 6, 7, 8], at, y: Array.from({ length: 32 }, (_, i) => i + 1) },
          },
        });
        const none = new Array<number>(4).fill(Number.NaN);
        const read = [5, 6, 7, 8, ...none, ...none, ...none, ...none, ...none, 1, 2, 3, 4, ...none];
        requireSame(output!, [...read, 25, 26, 27, 28, 1, 2, 3, 4], `what was read and added in ${dtype}`);
      }
    },
  },
  {
    title: "a long float32 sum stays within 1e-6",
    async run(engine) {
      if (!engine.dtypes.includes("float32")) return;
      const n = 1 << 20;
      const x = Float32Array.from({ length: n }, (_, i) => 0.1 + (i % 7) * 0.01);
      const { output } = await runProgram(engine, "float32", {
        layout: { input: { x: [n] }, output: { y: [] } },
        writes: [{ arena: "output", name: "y", value: leaf("input", "x", [n]).sum() }],
        given: { input: { x } },
      });
      const expected = x.reduce((sum, value) => sum + value, 0);
      require(Math.abs(output![0]! / expected - 1) <
        1e-6, `a sum of ${n} terms is ${output![0]}, expected ${expected}.`);
    },
  },
  {
    title: "running twice from the same memory gives the same bits",
    async run(engine) {
      const w = leaf("p", "w", [37, 19]);
      const run = () =>
        runProgram(engine, engine.dtypes[0]!, {
          layout: { p: { w: [37, 19] }, output: { y: [] } },
          writes: [
            { arena: "output", name: "y", value: w.matmul(w.transpose()).softmax().square().sum() },
            { arena: "p", name: "w", value: w.sub(w.tanh().mul(0.1)) },
          ],
          given: { p: { w: Float64Array.from({ length: 37 * 19 }, (_, i) => Math.sin(i)) } },
          times: 3,
        });
      const [first, second] = [await run(), await run()];
      requireSame(second.p!, first.p!, "parameters of a second run");
      requireSame(second.output!, first.output!, "value of a second run");
    },
  },
];
