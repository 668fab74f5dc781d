import {
  type Data,
  formatShape,
  randomStream,
  type Shape,
  ShapeError,
  sizeOf,
  type Tensor,
  tensor,
} from "@downhill/core";
import type { Initialize } from "../initializers/initializers.js";
import { type Penalties, penalty } from "../penalties/penalty.js";

type Parameters<Names extends string> = Readonly<Record<Names, Tensor>>;

/** What comes between features and outputs. Parameters named `weight` or `….weight` are [in, out]. */
export interface Network<Names extends string> {
  shapes(features: number): Readonly<Record<Names, Shape>>;
  /** How weights start; all else starts at 0. */
  readonly initialize: Initialize;
  /** [rows, features] to [rows, outputs]; `key` is there while training. */
  apply(parameters: Parameters<Names>, x: Tensor, key?: Tensor): Tensor;
}

/** The parameters at the start; each is drawn from a stream of its own, so it does not depend on the others. */
export function initialParameters<Names extends string>(
  network: Network<Names>,
  seed: number,
  x: Shape,
): Readonly<Record<Names, Data<Float64Array>>> {
  const draws = randomStream(seed).fork("init");
  const shapes: Readonly<Record<string, Shape>> = network.shapes(sizeOf(x));
  const parameters = Object.entries(shapes).map(([name, shape]) => {
    const values = isWeight(name)
      ? network.initialize(shape as [number, number], draws.fork(name))
      : new Float64Array(sizeOf(shape));
    return [name, tensor(values, shape)];
  });
  return Object.fromEntries(parameters) as Readonly<Record<Names, Data<Float64Array>>>;
}

/** Raw outputs, [rows, outputs], for rows of any shape. */
export function applyToRows<Names extends string>(
  network: Network<Names>,
  parameters: Parameters<Names>,
  x: Tensor,
  key: Tensor | undefined,
): Tensor {
  const [rows, ...features] = x.shape;
  if (rows === undefined) {
    throw new ShapeError(`x has shape ${formatShape(x.shape)}; expected [rows, …features].`);
  }
  return network.apply(parameters, x.reshape([rows, sizeOf(features)]), key);
}

/** A mean loss with the penalties on the weights; biases are free. */
export function penalized<Names extends string>(
  loss: Tensor,
  parameters: Parameters<Names>,
  penalties: Required<Penalties>,
): Tensor {
  if (penalties.l1 === 0 && penalties.l2 === 0) return loss;
  const weights = Object.entries<Tensor>(parameters).filter(([name]) => isWeight(name));
  return loss.add(
    penalty(
      weights.map(([, weight]) => weight),
      penalties,
    ),
  );
}

function isWeight(name: string): boolean {
  return name === "weight" || name.endsWith(".weight");
}
