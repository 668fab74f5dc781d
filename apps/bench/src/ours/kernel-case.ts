import type {
  DType,
  Engine,
  Floats,
  Kernel,
  Layout,
  Optimizer,
  Program,
  Session,
  Shape,
  Tensor,
} from "@downhill/core";
import { arenas, createUpdater, gradients, leaf, type Updater } from "@downhill/core/engine";

/** A compiled program with the memory it works on. */
export interface Compiled {
  readonly session: Session<"sync">;
  readonly kernel: Kernel<"sync">;
  /** One more run, with the host scalars of the next step. */
  step(): void;
  read(arena: string, name?: string): Floats;
}

export type Shapes = Readonly<Record<string, Shape>>;
export type Arrays = Readonly<Record<string, ArrayLike<number>>>;

/** Forward, backward and update of a loss over a batch. */
export function trainingStep(
  engine: Engine<"sync">,
  dtype: DType,
  shapes: Shapes,
  batch: Shapes,
  loss: (parameters: Readonly<Record<string, Tensor>>, batch: Readonly<Record<string, Tensor>>) => Tensor,
  optimizer: Optimizer,
): Compiled {
  const updater = createUpdater(optimizer as never, shapes);
  const parameters = mapValues(shapes, (shape, name) => leaf(arenas.parameter, name, shape));
  const value = loss(
    parameters,
    mapValues(batch, (shape, name) => leaf("batch", name, shape)),
  );
  const list = gradients(value, Object.values(parameters));
  const gradient = Object.fromEntries(Object.keys(parameters).map((name, i) => [name, list[i]!]));
  const traced = mapValues(parameters, (parameter, name) => ({ parameter, gradient: gradient[name]! }));
  return compile(
    engine,
    dtype,
    { batch, parameter: shapes, gradient: shapes, ...updater.layout, output: { value: [] } },
    {
      writes: [{ arena: "output", name: "value", value }, ...updater.update(traced, value)],
      placements: Object.entries(gradient).map(([name, g]) => ({ arena: arenas.gradient, name, value: g })),
      hostScalars: updater.hostScalars,
    },
    updater,
  );
}

/** Value, gradient norm and update of a function of parameters alone, in float64. */
export function descentStep(
  engine: Engine<"sync">,
  shapes: Shapes,
  f: (parameters: Readonly<Record<string, Tensor>>) => Tensor,
  optimizer: Optimizer,
): Compiled {
  const updater = createUpdater(optimizer as never, shapes);
  const parameters = mapValues(shapes, (shape, name) => leaf(arenas.parameter, name, shape));
  const value = f(parameters);
  const list = gradients(value, Object.values(parameters));
  const norm = list
    .map((g) => g.square().sum())
    .reduce((sum, part) => sum.add(part))
    .sqrt();
  const traced = Object.fromEntries(
    Object.entries(parameters).map(([name, parameter], i) => [name, { parameter, gradient: list[i]! }]),
  );
  return compile(
    engine,
    "float64",
    { parameter: shapes, ...updater.layout, output: { value: [], gradientNorm: [] } },
    {
      writes: [
        { arena: "output", name: "value", value },
        { arena: "output", name: "gradientNorm", value: norm },
        ...updater.update(traced, value),
      ],
      hostScalars: updater.hostScalars,
    },
    updater,
  );
}

/** The update alone, of gradients that are in memory. */
export function updateStep(
  engine: Engine<"sync">,
  dtype: DType,
  shapes: Shapes,
  optimizer: Optimizer,
): Compiled {
  const updater = createUpdater(optimizer as never, shapes);
  const traced = mapValues(shapes, (shape, name) => ({
    parameter: leaf(arenas.parameter, name, shape),
    gradient: leaf(arenas.gradient, name, shape),
  }));
  const layout = { parameter: shapes, gradient: shapes, ...updater.layout, output: { value: [] } };
  const writes = updater.update(traced, leaf("output", "value", []));
  return compile(engine, dtype, layout, { writes, hostScalars: updater.hostScalars }, updater);
}

/** One expression of the slots of `input`, written to `output:y`. */
export function evaluation(
  engine: Engine<"sync">,
  dtype: DType,
  inputs: Shapes,
  y: Readonly<Record<string, Tensor>>,
): Compiled {
  const output = mapValues(y, ({ shape }) => shape);
  const writes = Object.entries(y).map(([name, value]) => ({ arena: "output", name, value }));
  return compile(engine, dtype, { input: inputs, output }, { writes, hostScalars: [] });
}

function compile(
  engine: Engine<"sync">,
  dtype: DType,
  layout: Layout,
  program: Program,
  updater?: Updater,
): Compiled {
  const session = engine.open(layout, dtype);
  if (updater && updater.start.length > 0) {
    session.load({ writes: updater.start, hostScalars: updater.hostScalars }).run(updater.prepare(1));
  }
  const kernel = session.load(program);
  const none = new Float64Array(0);
  let t = 0;
  return {
    session,
    kernel,
    step() {
      t++;
      kernel.run(updater ? updater.prepare(t) : none);
      updater?.advance();
    },
    read: (arena, name) => session.read(arena, name),
  };
}

export function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  map: (value: V, name: string) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}
