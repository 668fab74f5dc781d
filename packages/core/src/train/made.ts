import type { Shapes } from "../optimizer/trace.js";
import { describeHyper } from "./announce.js";
import { CheckpointError } from "./checkpoint-store.js";
import type { Dataset } from "./dataset.js";
import type { Json } from "./events.js";
import type { Settings } from "./options.js";
import type { Training } from "./training.js";

/** What a run's bits depend on besides its state, as JSON. How long it lasts is not part of it. */
export function describeMaking(
  settings: Settings<any>,
  optimizer: Training["optimizer"],
  shapes: Shapes,
): Json {
  const { model, data, validation, engine, dtype, seed, rows, shuffle, last, accumulate } = settings;
  const { evaluateEvery, gradientTolerance, earlyStopping, target } = settings;
  const dataOf = ({ info, rows, fingerprint }: Dataset<any>): Json => ({
    name: info.name,
    rows,
    fingerprint,
  });
  const made = {
    model: { name: model.name, config: model.config, parameters: shapes },
    data: dataOf(data),
    validation: validation ? dataOf(validation) : "none",
    optimizer: { name: optimizer.name, ...describeHyper(optimizer), ...optimizer.options },
    engine: engine.name,
    dtype,
    seed,
    batchSize: rows,
    shuffle,
    last,
    accumulate,
    evaluateEvery,
    gradientTolerance,
    earlyStopping: earlyStopping ? { ...earlyStopping } : "none",
    target: target ? { ...target } : "none",
  };
  // As a file gives it back, so that the two can be compared.
  return JSON.parse(JSON.stringify(made)) as Json;
}

/** Throws where a run that goes on differs from the one that was saved, with what differs and both values. */
export function checkMaking(name: string, saved: Json, now: Json): void {
  const [before, here] = [leaves(saved), leaves(now)];
  const paths = [...new Set([...before.keys(), ...here.keys()])].filter(
    (path) => before.get(path) !== here.get(path),
  );
  if (paths.length === 0) return;
  const list = paths
    .slice(0, 5)
    .map(
      (path) => `${path} was ${before.get(path) ?? "not there"} and is now ${here.get(path) ?? "not there"}`,
    );
  const more = paths.length > 5 ? `; ${paths.length - 5} more differ` : "";
  throw new CheckpointError(
    `checkpoint ${name}: it belongs to another run: ${list.join("; ")}${more}. ` +
      "Resume with the settings it was made with, or begin a new run without resume.",
  );
}

/** Paths of what is no record, and what is there. */
function leaves(json: Json, path = "", found = new Map<string, string>()): Map<string, string> {
  if (json === null || typeof json !== "object" || Array.isArray(json))
    return found.set(path, JSON.stringify(json));
  for (const [key, value] of Object.entries(json)) leaves(value, path === "" ? key : `${path}.${key}`, found);
  return found;
}
