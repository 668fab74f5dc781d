import {
  defineOptimizer,
  type Engine,
  js,
  minimize,
  type Optimizer,
  rate,
  type Tensor,
} from "@downhill/core";
import { gradients, leaf } from "@downhill/core/engine";
import { categoricalCrossEntropy } from "@downhill/models";
import { adam, adamw, lion, sgd } from "@downhill/optimizers";
import { wasm } from "@downhill/wasm";
import { compileCase } from "../ours/compile-case.js";
import {
  type Compiled,
  descentStep,
  evaluation,
  type Shapes,
  trainingStep,
  updateStep,
} from "../ours/kernel-case.js";
import { type Prepared, serve } from "../participant.js";
import { type Net, netShapes, numbers, rates, type Spec, sampled, sizeOf } from "../spec.js";

const [, , name, threads = "1"] = process.argv;
const engine: Engine<"sync"> = name === "js" ? js() : wasm({ threads: Number(threads), fallback: false });
const rules = {
  adam: () => adam({ learningRate: rates.adam }),
  adamw: () => adamw({ learningRate: rates.adamw }),
  lion: () => lion({ learningRate: rates.lion }),
  momentum: () => sgd({ learningRate: rates.momentum, momentum: 0.9 }),
};
const descent = defineOptimizer({
  name: "descent",
  paper: "Cauchy 1847",
  hyper: { learningRate: rate(rates.descent) },
  update: ({ gradient: g }, { learningRate }) => ({ step: learningRate.mul(g) }),
});

const rosenbrock = ({ x, y }: Readonly<Record<string, Tensor>>): Tensor =>
  x!.sub(1).square().add(y!.sub(x!.square()).square().mul(100));

function netLoss(sizes: readonly number[], classes: boolean) {
  return (p: Readonly<Record<string, Tensor>>, batch: Readonly<Record<string, Tensor>>): Tensor => {
    let h = batch.x!;
    for (let i = 0; i + 1 < sizes.length; i++) {
      h = h.matmul(p[`w${i}`]!).add(p[`b${i}`]!);
      if (i + 2 < sizes.length) h = h.relu();
    }
    if (!classes) return h.sub(batch.y!).square().mean();
    return categoricalCrossEntropy(h, batch.y!);
  };
}

/** The step of a net on batches that have `more` beside their rows. */
function netStep({ sizes, classes, batch }: Net, more: Shapes = {}): Compiled {
  const [first, last] = [sizes[0]!, sizes.at(-1)!];
  const rows = { x: [batch, first], y: classes ? [batch] : [batch, last], ...more };
  const optimizer = rules.adam() as Optimizer;
  return trainingStep(engine, "float32", netShapes(sizes), rows, netLoss(sizes, classes), optimizer);
}

function training(compiled: Compiled, shapes: Readonly<Record<string, readonly number[]>>): Prepared {
  Object.entries(shapes).forEach(([name, shape], i) => {
    compiled.session.write("parameter", name, numbers(10 + i, sizeOf(shape), 0.2));
  });
  const first = Object.keys(shapes)[0]!;
  return {
    run: compiled.step,
    result: () => [...compiled.read("output", "value"), ...sampled(compiled.read("parameter", first))],
    dispose: () => compiled.session.dispose(),
  };
}

function prepare(spec: Spec): Prepared | undefined {
  switch (spec.kind) {
    case "compile":
      return compileCase((variant) => netStep(spec, { variant: [variant] }));
    case "step": {
      const { sizes, classes, batch } = spec;
      const shapes = netShapes(sizes);
      const [first, last] = [sizes[0]!, sizes.at(-1)!];
      const compiled = netStep(spec);
      compiled.session.write("batch", "x", numbers(1, batch * first));
      const y = classes ? Float64Array.from({ length: batch }, (_, i) => i % last) : numbers(2, batch * last);
      compiled.session.write("batch", "y", y);
      return training(compiled, shapes);
    }
    case "update": {
      const { rule, tensors, length } = spec;
      const shapes = Object.fromEntries(Array.from({ length: tensors }, (_, i) => [`w${i}`, [length]]));
      const compiled = updateStep(engine, "float32", shapes, rules[rule]() as Optimizer);
      Object.keys(shapes).forEach((name, i) => {
        compiled.session.write("parameter", name, numbers(10 + i, length, 0.2));
        compiled.session.write("gradient", name, numbers(50 + i, length));
      });
      return {
        run: compiled.step,
        result: () => sampled(compiled.read("parameter", "w0")),
        dispose: () => compiled.session.dispose(),
      };
    }
    case "linear": {
      const { rows, columns } = spec;
      const shapes = { w0: [columns, 1], b0: [1] };
      const loss = netLoss([columns, 1], false);
      const compiled = trainingStep(
        engine,
        "float32",
        shapes,
        { x: [rows, columns], y: [rows, 1] },
        loss,
        descent() as Optimizer,
      );
      compiled.session.write("batch", "x", numbers(1, rows * columns));
      compiled.session.write("batch", "y", numbers(2, rows));
      return training(compiled, shapes);
    }
    case "softmax": {
      const { rows, classes } = spec;
      const [x, y] = [leaf("input", "x", [rows, classes]), leaf("input", "y", [rows])];
      const loss = categoricalCrossEntropy(x, y);
      const compiled = evaluation(
        engine,
        "float32",
        { x: x.shape, y: y.shape },
        { loss, g: gradients(loss, [x])[0]! },
      );
      compiled.session.write("input", "x", numbers(1, rows * classes));
      compiled.session.write(
        "input",
        "y",
        Float64Array.from({ length: rows }, (_, i) => i % classes),
      );
      const result = () => [...compiled.read("output", "loss"), ...sampled(compiled.read("output", "g"))];
      return { run: compiled.step, result, dispose: () => compiled.session.dispose() };
    }
    case "matmul": {
      const { n, dtype } = spec;
      const [a, b] = [leaf("input", "a", [n, n]), leaf("input", "b", [n, n])];
      const compiled = evaluation(engine, dtype, { a: a.shape, b: b.shape }, { y: a.matmul(b) });
      compiled.session.write("input", "a", numbers(1, n * n));
      compiled.session.write("input", "b", numbers(2, n * n));
      return {
        run: compiled.step,
        result: () => sampled(compiled.read("output", "y")),
        dispose: () => compiled.session.dispose(),
      };
    }
    case "descent": {
      const compiled = descentStep(engine, { x: [], y: [] }, rosenbrock, rules.adam() as Optimizer);
      compiled.session.write("parameter", undefined, [-1.2, 1]);
      return {
        run: compiled.step,
        result: () => compiled.read("parameter"),
        dispose: () => compiled.session.dispose(),
      };
    }
    case "minimize": {
      let end: readonly number[] = [];
      const run = () => {
        const { parameters } = minimize(rosenbrock, {
          start: { x: -1.2, y: 1 },
          optimizer: adam({ learningRate: 0.02 }),
          maxSteps: 1000,
          gradientTolerance: 0,
          engine,
        });
        end = [parameters.x, parameters.y];
      };
      return { run, result: () => end };
    }
  }
}

await serve(prepare);
