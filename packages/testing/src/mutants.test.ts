import {
  defineOptimizer,
  type Engine,
  ema,
  epsilon,
  js,
  type Program,
  rate,
  reference,
  type Session,
  scalar,
  type Tensor,
  zeros,
} from "@downhill/core";
import { apply, topologicalOrder } from "@downhill/core/engine";
import type { Event, Reporter } from "@downhill/core/train";
import { describe, expect, it } from "vitest";
import type { Check } from "./check.js";
import { engineSuite } from "./engine-suite.js";
import { type OptimizerSubject, optimizerSuite } from "./optimizer-suite.js";
import { type ReporterSubject, reporterSuite } from "./reporter-suite.js";

async function failures<S>(suite: readonly Check<S>[], subject: S): Promise<string[]> {
  const failed: string[] = [];
  for (const check of suite) {
    try {
      await check.run(subject);
    } catch {
      failed.push(check.title);
    }
  }
  return failed;
}

async function firstFailure<S>(suite: readonly Check<S>[], subject: S): Promise<string | undefined> {
  for (const check of suite) if ((await failures([check], subject)).length > 0) return check.title;
  return undefined;
}

/** js, but each program is changed before it is compiled. */
function mutateProgram(change: (program: Program) => Program): Engine<"sync"> {
  return {
    ...js(),
    open: (layout, dtype) => {
      const session = js().open(layout, dtype);
      return { ...session, load: (program) => session.load(change(program)) };
    },
  };
}

/** A program with every node of one kind replaced. */
function replace(
  program: Program,
  change: (node: Tensor, inputs: readonly Tensor[]) => Tensor | undefined,
): Program {
  const done = new Map<Tensor, Tensor>();
  for (const node of topologicalOrder(program.writes.map(({ value }) => value))) {
    const inputs = node.inputs.map((input) => done.get(input)!);
    done.set(
      node,
      change(node, inputs) ?? (inputs.length > 0 ? apply(node.op, inputs, node.attributes) : node),
    );
  }
  return {
    ...program,
    placements: [],
    writes: program.writes.map((w) => ({ ...w, value: done.get(w.value)! })),
  };
}

/** js, but a session does one thing wrong. */
function mutateSession(change: (session: Session<"sync">) => Partial<Session<"sync">>): Engine<"sync"> {
  return {
    ...js(),
    open: (layout, dtype) => {
      const session = js().open(layout, dtype);
      return { ...session, ...change(session) };
    },
  };
}

const engines: Record<string, Engine<"sync">> = {
  "takes tanh for the sigmoid": mutateProgram((p) =>
    replace(p, (node, [x]) => (node.op === "sigmoid" ? x!.tanh() : undefined)),
  ),
  "drops an axis of a broadcast sum": mutateProgram((p) =>
    replace(p, (node, [x]) => {
      const axes = node.attributes.axes as number[] | undefined;
      if (node.op !== "sum" || axes === undefined || axes.length < 2) return undefined;
      return x!
        .slice(
          x!.shape.map(() => 0),
          x!.shape.map((n, i) => (i === axes[0] ? Math.min(1, n) : n)),
        )
        .sum(axes);
    }),
  ),
  "loses NaN in maximum": mutateProgram((p) =>
    replace(p, (node, [a, b]) => (node.op === "maximum" ? a!.gt(b!).where(a!, b!) : undefined)),
  ),
  "writes one slot after another instead of at once": mutateSession((session) => ({
    load: (program) => {
      const kernels = program.writes.map((write) => session.load({ ...program, writes: [write] }));
      return { run: (scalars) => kernels.forEach((kernel) => kernel.run(scalars)) };
    },
  })),
  "bakes the first host scalars into the program": mutateSession((session) => ({
    load: (program) => {
      const kernel = session.load(program);
      let first: Float64Array | undefined;
      return { run: (scalars) => kernel.run((first ??= scalars.slice())) };
    },
  })),
  "gives memory away instead of a copy": mutateSession((session) => ({ read: session.view })),
  "computes in float32 when asked for float64": {
    ...js(),
    open: (layout) => ({ ...js().open(layout, "float32"), dtype: "float64" }),
  },
  "draws from another stream": mutateProgram((p) =>
    replace(p, (node, inputs) =>
      node.op === "uniform" ? apply("uniform", inputs, { ...node.attributes, stream: 0 }) : undefined,
    ),
  ),
};

describe("a mistake in an engine is found: it", () => {
  it.each(Object.entries(engines))("%s", async (_, engine) => {
    expect(await firstFailure(engineSuite, engine)).toBeDefined();
  });
});

const hyper = { learningRate: rate(1e-2), epsilon: epsilon(1e-8) };
const subject = (make: unknown): OptimizerSubject => ({
  make: make as OptimizerSubject["make"],
  elementwise: true,
  solves: { learningRate: 0.1 },
  solvesValley: { learningRate: 1e-3 },
});

const optimizers: Record<string, OptimizerSubject> = {
  "divides by a second moment that may be zero": subject(
    defineOptimizer({
      name: "mutant",
      paper: "none",
      hyper,
      state: { v: zeros },
      update({ gradient: g, v }, { learningRate }) {
        const next = ema(0.9, v, g.square());
        return { step: learningRate.mul(g).div(next.sqrt()), v: next };
      },
    }),
  ),
  climbs: subject(
    defineOptimizer({
      name: "mutant",
      paper: "none",
      hyper,
      update: ({ gradient: g }, { learningRate }) => ({ step: learningRate.mul(g).neg() }),
    }),
  ),
  "counts from 0, so that its bias correction divides by 0": subject(
    defineOptimizer({
      name: "mutant",
      paper: "none",
      hyper,
      state: { m: zeros },
      update({ gradient: g, t, m }, { learningRate }) {
        const next = ema(0.9, m, g);
        const beta = learningRate.mul(0).add(0.9);
        return { step: learningRate.mul(next).div(beta.pow(t.sub(1)).neg().add(1)), m: next };
      },
    }),
  ),
  "prefers one sign": subject(
    defineOptimizer({
      name: "mutant",
      paper: "none",
      hyper,
      update: ({ gradient: g }, { learningRate }) => ({ step: learningRate.mul(g.add(g.abs().mul(0.1))) }),
    }),
  ),
  "looks at its neighbours though it is called elementwise": subject(
    defineOptimizer({
      name: "mutant",
      paper: "none",
      hyper,
      update: ({ gradient: g }, { learningRate, epsilon }) => ({
        step: learningRate.mul(g).div(g.norm().add(epsilon)),
      }),
    }),
  ),
  "squares what is too large or too small to be squared": subject(
    defineOptimizer({
      name: "mutant",
      paper: "none",
      hyper,
      state: { v: zeros },
      update({ gradient: g, v }, { learningRate, epsilon }) {
        const next = v.add(g.square().square().square().square());
        return { step: learningRate.mul(g).div(next.add(epsilon)), v: next };
      },
    }),
  ),
  "keeps state outside of its slots": {
    make: (() => {
      let calls = 0;
      return (settings: Record<string, number>) =>
        defineOptimizer({
          name: "mutant",
          paper: "none",
          hyper,
          state: { count: scalar(0, "run") },
          update: ({ gradient: g, count }, { learningRate }) => ({
            step: learningRate.mul(g).mul(1 + calls++),
            count,
          }),
        })(settings);
    })() as unknown as OptimizerSubject["make"],
  },
};

describe("a mistake in an update rule is found: it", () => {
  it.each(Object.entries(optimizers))("%s", async (_, mutant) => {
    expect(await failures(optimizerSuite, mutant)).not.toEqual([]);
  });

  it("while a right one passes", async () => {
    const descent = defineOptimizer({
      name: "descent",
      paper: "Cauchy 1847",
      hyper: { learningRate: rate(1e-3) },
      update: ({ gradient: g }, { learningRate }) => ({ step: learningRate.mul(g) }),
    });
    expect(await failures(optimizerSuite, { ...subject(descent), engines: [js(), reference()] })).toEqual([]);
  });
});

type Make = () => ReporterSubject;

/** A plain reporter that writes every event as a line. */
function lines(
  on: (event: Event, write: (text: string) => void) => void,
  more: Partial<Reporter> = {},
): Make {
  return () => {
    let text = "";
    let isOver = false;
    const write = (line: string) => {
      text += `${line}\n`;
    };
    const reporter: Reporter = {
      name: "lines",
      on(event) {
        if (!isOver) on(event, write);
      },
      end: () => {
        isOver = true;
      },
      ...more,
    };
    return { reporter, written: () => text };
  };
}

const clean = (text: string) => text.replace(/[^ -;=?-~]/g, "?");
const right = lines((event, write) => write(clean(JSON.stringify(event))));

function busy(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

/** Variations of it, with one mistake each. */
const reporters: Record<string, Make> = {
  "writes names as they are": lines((event, write) =>
    write(event.type === "run-start" ? event.run : event.type),
  ),
  "writes a figure's title as it is": lines((event, write) =>
    write(event.type === "figure" && event.kind === "regions" ? event.title : event.type),
  ),
  "writes a figure's classes as they are": lines((event, write) =>
    write(event.type === "figure" && event.kind === "samples" ? String(event.labels!.classes) : event.type),
  ),
  "writes a metric's name as it is": lines((event, write) =>
    write(event.type === "evaluation" ? Object.keys(event.metrics).join() : event.type),
  ),
  "writes later than its end": lines((event, write) => {
    if (event.type === "run-end") setTimeout(() => write("done"), 50);
  }),
  "goes on after its end": lines((event, write) => write(event.type), { end: () => {} }),
  "throws where a number is none": lines((event) => {
    if (event.type === "step") (event.value as number).toFixed(3);
  }),
  "throws for a figure of a kind that it does not know": lines((event) => {
    if (event.type === "figure" && event.kind !== "landscape" && event.kind !== "confusion")
      throw new Error(`Unknown figure ${event.kind}.`);
  }),
  "throws for a figure without its data": lines((event, write) => {
    if (event.type === "figure" && event.kind === "fit") write(String(event.data.y!.shape));
  }),
  "throws in its end": lines(() => {}, { end: () => Promise.reject(new Error("The disk is full.")) }),
  "changes an event": lines((event) => {
    Object.assign(event, { seen: true });
  }),
  "changes an event's parts": lines((event) => {
    if (event.type === "figure") Object.assign(event.labels!, { seen: true });
  }),
  "holds the run up": lines(
    (event) => {
      if (event.type === "step") busy(3);
    },
    { steps: "always" },
  ),
  "wants what there is not": lines(() => {}, { wants: { temperature: "always" } as object }),
  "asks for more than it declares": () => {
    let asked = 0;
    const subject = right();
    const greedy = {
      ...subject.reporter,
      get steps() {
        return asked++ === 0 ? ({ every: 100 } as const) : "always";
      },
    };
    return { ...subject, reporter: greedy };
  },
};

describe("a mistake in a reporter is found: it", () => {
  it.each(Object.entries(reporters))("%s", async (_, make) => {
    expect(await firstFailure(reporterSuite, make)).toBeDefined();
  });

  it("never ends", async () => {
    const stuck = lines(() => {}, { end: () => new Promise(() => {}) });
    const inTime = reporterSuite.filter(({ title }) => title.startsWith("ends within the time"));
    expect(await failures(inTime, stuck)).toHaveLength(1);
  });

  it("while a right one passes, however often it asks", async () => {
    const often = lines(() => {}, {
      steps: "always",
      wants: { cosine: { every: 7 }, parameters: { everyMs: 5 } },
    });
    expect(await failures(reporterSuite, right)).toEqual([]);
    expect(await failures(reporterSuite, often)).toEqual([]);
  });
});
