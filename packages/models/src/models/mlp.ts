import type { Tensor } from "@downhill/core";
import { requireChoice, requireCount, requireKnown, requireNumber } from "../check.js";
import { type Initializer, initializers } from "../initializers/initializers.js";
import { type Activation, activations } from "../layers/activations.js";
import { dense } from "../layers/dense.js";
import { dropout as dropOut } from "../layers/dropout.js";
import { completePenalties, type Penalties } from "../penalties/penalty.js";
import { categorical, classifier } from "./classifier.js";
import type { Classifier, Regressor } from "./model.js";
import type { Network } from "./network.js";
import { type RegressionLoss, regressor } from "./regressor.js";

interface CommonOptions<Hidden extends readonly number[]> {
  /** Widths of the hidden layers, from the features on: `[64]` is one. None makes a linear model. */
  readonly hidden: Hidden;
  /** After each hidden layer; default "relu". */
  readonly activation?: Activation;
  /** How weights start: by default "glorotUniform" for tanh, sigmoid and identity, else "heNormal". */
  readonly initializer?: Initializer;
  /** Part of each hidden layer's outputs that is dropped while training, in [0, 1); default 0. */
  readonly dropout?: number;
  readonly penalties?: Penalties;
}

/** Options of a net that tells classes apart, by softmax and the categorical cross-entropy. */
export interface MlpClassifierOptions<Hidden extends readonly number[] = readonly number[]>
  extends CommonOptions<Hidden> {
  /** At least 2. */
  readonly classes: number;
  readonly outputs?: never;
  readonly loss?: never;
}

/** Options of a net that predicts numbers. */
export interface MlpRegressorOptions<Hidden extends readonly number[] = readonly number[]>
  extends CommonOptions<Hidden> {
  /** Numbers in a row's target. */
  readonly outputs: number;
  /** Default "meanSquaredError". */
  readonly loss?: RegressionLoss;
  readonly classes?: never;
}

/** `hidden1.weight`, `hidden1.bias`, …, `output.weight`, `output.bias`. */
export type MlpNames<Hidden extends readonly number[]> =
  `${HiddenNames<Hidden> | "output"}.${"weight" | "bias"}`;
type HiddenNames<
  Hidden extends readonly number[],
  Count extends readonly unknown[] = readonly [unknown],
> = Hidden extends readonly []
  ? never
  : Hidden extends readonly [number, ...infer Rest extends readonly number[]]
    ? `hidden${Count["length"] & number}` | HiddenNames<Rest, readonly [...Count, unknown]>
    : `hidden${number}`;

/**
 * Multilayer perceptron: dense layers with an activation between them, for classes or for numbers. Parameters are
 * `hidden1.weight` [features, width], `hidden1.bias` [width], …, `output.weight`, `output.bias`; biases start at 0.
 */
export function mlp<const Hidden extends readonly number[]>(
  options: MlpClassifierOptions<Hidden>,
): Classifier<MlpNames<Hidden>>;
export function mlp<const Hidden extends readonly number[]>(
  options: MlpRegressorOptions<Hidden>,
): Regressor<MlpNames<Hidden>>;
export function mlp(options: MlpClassifierOptions | MlpRegressorOptions): Classifier | Regressor {
  const { hidden, classes, outputs, activation = "relu", dropout = 0 } = options;
  if ((classes === undefined) === (outputs === undefined)) {
    throw new RangeError("mlp: set either classes, to tell classes apart, or outputs, to predict numbers.");
  }
  const own = classes === undefined ? ["outputs", "loss"] : ["classes"];
  requireKnown("mlp", options, [...own, "hidden", "activation", "initializer", "dropout", "penalties"]);
  if (!Array.isArray(hidden)) throw new RangeError("mlp: hidden must be a list of widths, as in [64, 64].");
  hidden.forEach((width, i) => {
    requireCount("mlp", `hidden[${i}]`, width);
  });
  requireChoice("mlp", "activation", activation, Object.keys(activations));
  const { initializer = defaultInitializer(activation) } = options;
  requireChoice("mlp", "initializer", initializer, Object.keys(initializers));
  requireNumber("mlp", "dropout", dropout, { from: 0, below: 1 });
  const penalties = completePenalties("mlp", options.penalties);
  const common = { hidden: [...hidden], activation, initializer, dropout, penalties: { ...penalties } };
  const parts = (outputs: number) => ({
    name: "mlp",
    network: layers({ hidden, outputs, activation, initializer, dropout }),
    penalties,
  });
  if (classes !== undefined) {
    requireCount("mlp", "classes", classes, 2);
    return classifier({ ...parts(classes), options: { ...common, classes }, classes, link: categorical });
  }
  requireCount("mlp", "outputs", outputs);
  const { loss = "meanSquaredError" } = options;
  return regressor({ ...parts(outputs), options: { ...common, outputs, loss }, outputs, loss });
}

function defaultInitializer(activation: Activation): Initializer {
  return ["tanh", "sigmoid", "identity"].includes(activation) ? "glorotUniform" : "heNormal";
}

interface LayerOptions extends Required<Pick<CommonOptions<readonly number[]>, "hidden" | "dropout">> {
  readonly outputs: number;
  readonly activation: Activation;
  readonly initializer: Initializer;
}

function layers({ hidden, outputs, activation, initializer, dropout }: LayerOptions): Network<string> {
  const names = [...hidden.map((_, i) => `hidden${i + 1}`), "output"];
  const widths = [...hidden, outputs];
  return {
    initialize: initializers[initializer],
    shapes: (features) =>
      Object.fromEntries(
        names.flatMap((name, i) => [
          [`${name}.weight`, [widths[i - 1] ?? features, widths[i]!]],
          [`${name}.bias`, [widths[i]!]],
        ]),
      ),
    apply(parameters, x, key) {
      const layer = (input: Tensor, name: string) =>
        dense(input, parameters[`${name}.weight`]!, parameters[`${name}.bias`]!);
      const last = names.slice(0, -1).reduce((input, name, i) => {
        return dropOut(activations[activation](layer(input, name)), dropout, key, i);
      }, x);
      return layer(last, "output");
    },
  };
}
