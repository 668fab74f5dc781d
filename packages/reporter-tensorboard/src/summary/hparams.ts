import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { Json, RunEnd, RunStart } from "@downhill/core/train";
import type { Value } from "../format/event-record.js";
import {
  encodeMessage,
  type Fields,
  writeDouble,
  writeMessage,
  writeString,
  writeWhole,
} from "../format/message.js";
import { jsonText } from "../json-text.js";
import { safeText } from "../safe-text.js";

/** What TensorBoard compares runs by: numbers, texts and truth values by name. */
export type HyperParameters = Readonly<Record<string, number | string | boolean>>;

/** Begins a session of the HParams dashboard. `group` tells trials apart; `startSeconds` is since 1970. */
export function sessionStart(hyperParameters: HyperParameters, group: string, startSeconds: number): Value {
  return sessionValue("_hparams_/session_start_info", 3, (writer) => {
    for (const [name, value] of Object.entries(hyperParameters)) {
      writeMessage(writer, 1, () => {
        writeString(writer, 1, safeText(name));
        writeMessage(writer, 2, () => writeHyperParameter(writer, value));
      });
    }
    writeString(writer, 4, safeText(group));
    writeDouble(writer, 5, startSeconds);
  });
}

/** A `google.protobuf.Value`. */
function writeHyperParameter(writer: BinaryWriter, value: number | string | boolean): void {
  if (typeof value === "number") writeDouble(writer, 2, value);
  else if (typeof value === "string") writeString(writer, 3, safeText(value));
  else writeWhole(writer, 4, Number(value));
}

/** Ends a session: failed where the run diverged. */
export function sessionEnd({ status }: RunEnd, endSeconds: number): Value {
  const [success, failure] = [1, 2];
  return sessionValue("_hparams_/session_end_info", 4, (writer) => {
    writeWhole(writer, 1, status.kind === "diverged" ? failure : success);
    writeDouble(writer, 2, endSeconds);
  });
}

/** The plugin reads all from the tag's metadata; the tensor is there because a value must have one. */
function sessionValue(tag: string, number: number, fields: Fields): Value {
  const content = encodeMessage((writer) => writeMessage(writer, number, fields));
  return { tag, plugin: "hparams", content, tensor: { dtype: "float", shape: [0], data: [] } };
}

/** What distinguishes a run from others: the optimizer with its settings, the model's configuration, and how it trains. */
export function hyperParametersOf({ optimizer, model, data, plan, engine, seed }: RunStart): HyperParameters {
  return {
    model: model.name,
    ...named("model.", configurationOf(model)),
    data: data.name,
    batchSize: plan.batchSize,
    seed,
    engine: `${engine.name} ${engine.dtype}`,
    optimizer: optimizer.name,
    ...named("", optimizer.options),
    ...named("", optimizer.hyper),
  };
}

function named(prefix: string, values: Readonly<Record<string, Json>>): HyperParameters {
  const entries = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [[prefix + name, simple(value)]],
  );
  return Object.fromEntries(entries) as HyperParameters;
}

/** Schedules and lists become text, and so do infinities, which the dashboard's JSON cannot carry. */
function simple(value: Json): number | string | boolean {
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))
    ? value
    : jsonText(value);
}

function configurationOf({ name, config }: RunStart["model"]): Readonly<Record<string, Json>> {
  if (typeof config !== "object" || config === null || Array.isArray(config)) return { config };
  // Models that can be saved say their name in their configuration, too.
  return Object.fromEntries(
    Object.entries(config).filter(([key, value]) => key !== "model" || value !== name),
  );
}
