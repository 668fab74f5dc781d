import { readFile } from "node:fs/promises";
import { decodeModel, encodeModel, loadModel, type ParameterData, saveModel } from "@downhill/models";
import type { Encoding, Samples } from "@downhill/datasets";
import { writeFileAtomically } from "./files-stub.js";
import type { Training } from "./recipe.js";

/** What a model's file says of data, besides the model: how rows become its input, and its output names. */
interface Preprocessing {
  readonly features: readonly string[];
  readonly target: string;
  readonly classes?: readonly string[];
  readonly encoding: Encoding;
}

/** Writes a trained model with all that prediction needs. */
export async function writeModel(path: string, { model, data }: Training, parameters: ParameterData): Promise<void> {
  await writeFileAtomically(path, encodeModel(saveModel(model, parameters, preprocessingOf(data))));
}

function preprocessingOf({ info: { target, classes, features }, encoding }: Samples) {
  return { features, target, ...(classes && { classes }), encoding } satisfies Preprocessing;
}

/** Reads such a file; throws for one that is cut off, foreign or altered. */
export async function readModel(path: string) {
  const { model, parameters, preprocessing } = loadModel(decodeModel(await readFile(path)));
  return { model, parameters, ...(preprocessing as unknown as Preprocessing) };
}
