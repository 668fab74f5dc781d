import { type Data, tensor } from "@downhill/core";
import { FormatError, type Json } from "@downhill/core/train";
import { type Classifier, fromConfig, type Regressor } from "../models/index.js";
import { checkParameters, type ParameterData } from "../use/evaluator.js";
import type { Scaling } from "../use/index.js";

/** What turns a user's rows into the model's, and its outputs into names: plain JSON, and more if an app needs it. */
export interface Preprocessing {
  /** Names of the features, in their order. */
  readonly features?: readonly string[];
  readonly target?: string;
  /** Names of the classes, in the order of their indices. */
  readonly classes?: readonly string[];
  readonly scaling?: Scaling;
  readonly [other: string]: unknown;
}

/** A trained model as plain data: what a file, a worker or a page gets. */
export interface SavedModel {
  /** The model's `config`. */
  readonly config: Json;
  readonly parameters: Readonly<Record<string, Data>>;
  readonly preprocessing: Preprocessing;
}

/** A model with its parameters as plain data; the numbers are copied. Throws for parameters of another model. */
export function saveModel<Names extends string>(
  model: Regressor<Names> | Classifier<Names>,
  parameters: ParameterData<NoInfer<Names>>,
  preprocessing: Preprocessing = {},
): SavedModel {
  const names = checkFit(model, parameters);
  const copies = names.map((name) => {
    const { data, shape } = (parameters as ParameterData)[name]!;
    return [name, tensor(data.slice(), [...shape])] as const;
  });
  return { config: model.config, parameters: Object.fromEntries(copies), preprocessing };
}

/** The model again, to predict, evaluate or train on. Throws for a configuration or parameters that do not fit. */
export function loadModel({ config, parameters, preprocessing }: SavedModel): {
  readonly model: Regressor | Classifier;
  readonly parameters: ParameterData;
  readonly preprocessing: Preprocessing;
} {
  const model = fromConfig(config);
  const names = checkFit(model, parameters);
  const unknown = Object.keys(parameters).find((name) => !names.includes(name));
  if (unknown === undefined) return { model, parameters, preprocessing };
  throw new FormatError(
    `loadModel: ${model.name} has no parameter "${unknown}"; it has ${names.join(", ")}. ` +
      "Do configuration and parameters belong together?",
  );
}

/** Throws unless the parameters are the model's, for the features that its first weight tells; their names. */
function checkFit(model: Regressor | Classifier, parameters: ParameterData): string[] {
  const names = Object.keys(model.shapes(1));
  checkParameters(model, parameters, parameters[names[0]!]?.shape[0] ?? 1);
  return names;
}
