import { formatShape, ShapeError } from "../expr/shape.js";
import { hostScalar, isTensor, type Tensor } from "../expr/tensor.js";
import type { Shapes } from "../optimizer/trace.js";
import { topologicalOrder } from "../program/graph.js";
import type { Write } from "../program/program.js";
import { describeValue } from "../text/describe-value.js";
import { type Columns, traceRows } from "./columns.js";
import type { Model } from "./model.js";

/** A model's loss over rows in memory, at parameters in memory. */
export interface TracedLoss {
  readonly shapes: Shapes;
  /** With noise: as training sees it. Without: as an evaluation does. */
  at(parameters: Readonly<Record<string, Tensor>>, arena: string, rows: number, noise: boolean): Tensor;
  /** The model's output for rows, where it has one. */
  predictAt(parameters: Readonly<Record<string, Tensor>>, arena: string, rows: number): Tensor | undefined;
}

/** Host scalar that changes with each batch, for noise in a loss. */
export const noiseKey = "noise";

/** `columns` by the arena that the rows are in. */
export function traceLoss(
  model: Model<any>,
  shapes: Shapes,
  columns: Readonly<Record<string, Columns>>,
): TracedLoss {
  return {
    shapes,
    at(parameters, arena, rows, noise) {
      const batch = traceRows(arena, columns[arena]!, rows);
      const loss = model.loss(parameters, noise ? { ...batch, key: hostScalar(noiseKey) } : batch);
      requireTensor(`${model.name}: the loss`, loss);
      if (loss.shape.length === 0) return loss;
      throw new ShapeError(
        `${model.name}: the loss has shape ${formatShape(loss.shape)}; expected a scalar. Reduce it with mean().`,
      );
    },
    predictAt(parameters, arena, rows) {
      const { y, ...seen } = traceRows(arena, columns[arena]!, rows) as Record<string, Tensor>;
      const prediction = model.predict?.(parameters, seen as never);
      if (model.predict === undefined) return undefined;
      requireTensor(`${model.name}: the prediction`, prediction);
      if (prediction.shape[0] === rows) return prediction;
      throw new ShapeError(
        `${model.name}: the prediction for ${rows} rows has shape ${formatShape(prediction.shape)}; ` +
          `expected [${rows}, …].`,
      );
    },
  };
}

/** Plain JavaScript may return anything: a number found by Math, a promise. */
function requireTensor(what: string, x: unknown): asserts x is Tensor {
  if (isTensor(x)) return;
  throw new TypeError(
    `${what} is ${describeValue(x)}; expected a traced tensor, made of the parameters and columns by their operators.`,
  );
}

/** Whether what is written depends on noise. */
export function isNoisy(writes: readonly Write[]): boolean {
  return topologicalOrder(writes.map((write) => write.value)).some(
    (node) => node.op === "hostScalar" && node.attributes.name === noiseKey,
  );
}
