import { bindRule } from "../bind/bind-rule.js";
import { js } from "../engine/js/index.js";
import type { Optimizer, Rule } from "../optimizer/optimizer.js";
import type { Data } from "../program/data.js";
import type { FigureEvent, Packed } from "./events.js";
import type { Slope } from "./slope.js";

/** [least, most] of the first parameter and of the second. */
export type View = readonly [
  x: readonly [least: number, most: number],
  y: readonly [least: number, most: number],
];

/** A way down: its points, each all parameters in one row, and the gradients there. */
export interface Way {
  readonly rows: readonly Float64Array[];
  readonly gradients: readonly Float64Array[];
  readonly seed: number;
}

const cells = 140;

/**
 * An objective of two numbers from above, with the way over it; undefined for any other. Plain code, which may take long,
 * is evaluated only where a view is asked for.
 */
export function landscapeFigure(
  slope: Slope,
  optimizer: Optimizer<any>,
  way: Way,
  { title, view }: { readonly title: string; readonly view?: View },
): FigureEvent | undefined {
  const { rows, gradients } = way;
  const [first] = rows;
  if (first?.length !== 2 || !(slope.isTraced || view)) return undefined;
  const [x, y] = (view ?? viewOf(rows)).map(([least, most]) => evenly(least, most)) as [
    Float64Array,
    Float64Array,
  ];
  const z = Float64Array.from({ length: cells ** 2 }, (_, i) =>
    slope.value(Float64Array.of(x[i % cells]!, y[Math.floor(i / cells)]!)),
  );
  const steps = rows.slice(1).map((row, k) => row.map((value, i) => value - rows[k]![i]!));
  const momenta = optimizer.kind === "rule" ? momentaOf(slope, optimizer, way) : undefined;
  const [xName = "x", yName = "y"] = slope.names;
  return {
    type: "figure",
    step: rows.length - 1,
    kind: "landscape",
    title,
    data: {
      x: packed(x, [cells]),
      y: packed(y, [cells]),
      z: packed(z, [cells, cells]),
      path: pairs(rows),
      gradient: pairs(gradients),
      // From the last point no step was made.
      step: pairs([...steps, Float64Array.of(0, 0)]),
      ...(momenta && { momentum: pairs([...momenta, Float64Array.of(0, 0)]) }),
    },
    labels: {
      x: slope.names.length === 2 ? xName : `${xName}[0]`,
      y: slope.names.length === 2 ? yName : `${xName}[1]`,
    },
  };
}

const packed = (data: Float64Array, shape: readonly number[]): Packed => ({ dtype: "float64", shape, data });
const pairs = (list: readonly Float64Array[]): Packed =>
  packed(Float64Array.from(list.flatMap(([a, b]) => [a!, b!])), [list.length, 2]);

const evenly = (least: number, most: number): Float64Array =>
  Float64Array.from({ length: cells }, (_, i) => least + ((most - least) * i) / (cells - 1));

/** Around the way, a fifth of its size further out. */
function viewOf(rows: readonly Float64Array[]): View {
  const ranges = [0, 1].map((axis): readonly [number, number] => {
    const values = rows.map((row) => row[axis]!);
    return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  });
  const widest = Math.max(...ranges.map(([least, most]) => most - least)) || 1;
  return ranges.map(([least, most]) => {
    const margin = Math.max((most - least) / 5, widest / 20);
    return [least - margin, most + margin] as const;
  }) as unknown as View;
}

/** State in which rules sum gradients up, by its slot's name in their papers. */
const sums = /(?:^|[./])(?:m|m1|b|B)$/;

/**
 * The direction in which the sum of earlier gradients drives each step, by making the steps again; undefined for a rule
 * that keeps no such sum, and where the way is not that of the parameters themselves.
 */
function momentaOf(
  slope: Slope,
  rule: Rule<any>,
  { rows, gradients, seed }: Way,
): readonly Float64Array[] | undefined {
  const stepper = bindRule(rule, slope.parametersOf(rows[0]!), js(), seed);
  try {
    const momenta: Float64Array[] = [];
    const size = Math.max(...rows.map((row) => Math.hypot(...row)));
    for (let k = 0; k + 1 < rows.length; k++) {
      const here = slope.parametersOf(gradients[k]!);
      for (const name of slope.names) (stepper.gradients[name] as Data).data.set(here[name]!.data);
      stepper.step({ value: slope.value(rows[k]!) });
      const { state, parameters } = stepper.save();
      const slot = Object.keys(state).find((name) => sums.test(name));
      if (slot === undefined) return undefined;
      momenta.push(slope.rowOf(state[slot]!).map((sum) => -sum));
      const reached = slope.rowOf(parameters);
      if (!(Math.hypot(...reached.map((x, i) => x - rows[k + 1]![i]!)) <= 1e-9 * size)) return undefined;
    }
    return momenta;
  } finally {
    stepper.dispose();
  }
}
