import { readFile } from "node:fs/promises";
import { FormatError } from "@downhill/core/train";
import type { Encoding, Samples } from "@downhill/datasets";
import { decodeModel, encodeModel, loadModel, type ParameterData, saveModel } from "@downhill/models";
import type { Training } from "./recipe.js";
import { writeWholeFile } from "./write-file.js";

/** What a model's file says of data, besides the model: how rows become its input, and its output names. */
interface Preprocessing {
  readonly features: readonly string[];
  readonly target: string;
  readonly classes?: readonly string[];
  readonly encoding: Encoding;
}

/** Writes a trained model with all that prediction needs. */
export async function writeModel(
  path: string,
  { model, data }: Training,
  parameters: ParameterData,
): Promise<void> {
  await writeWholeFile(path, encodeModel(saveModel(model, parameters, preprocessingOf(data))));
}

function preprocessingOf({ info: { target, classes, features }, encoding }: Samples) {
  return { features, target, ...(classes && { classes }), encoding } satisfies Preprocessing;
}

/** Reads such a file; throws with its path for one that is cut off, foreign or altered. */
export async function readModel(path: string) {
  const bytes = await readFile(path);
  try {
    const { model, parameters, preprocessing } = loadModel(decodeModel(bytes));
    const { target, encoding, ...rest } = preprocessing as unknown as Preprocessing;
    if (target === undefined || encoding === undefined) {
      throw new FormatError(
        "it does not say how rows become the model's input. Was it saved by another program?",
      );
    }
    return { model, parameters, target, encoding, ...rest };
  } catch (error) {
    const reason = (error as Error).message.replace(/^\w+: /, "");
    throw new FormatError(`${path} cannot be used as a model: ${reason}`, { cause: error });
  }
}
