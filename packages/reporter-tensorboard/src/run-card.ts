import type { Json, RunEnd, RunStart } from "@downhill/core/train";
import { jsonText } from "./json-text.js";
import { markdownTable, markdownText } from "./safe-text.js";

/** What a run is, as a table in Markdown. */
export function runCard(run: RunStart): string {
  const { model, data, optimizer, engine, plan, versions } = run;
  const shapes = Object.entries(model.parameters);
  const count = shapes.reduce((sum, [, shape]) => sum + shape.reduce((size, n) => size * n, 1), 0);
  return table([
    ["run", run.run],
    ["begun", run.time],
    ...(run.from > 0 ? [["goes on from step", run.from] as const] : []),
    ["model", model.name],
    ["configuration", model.config],
    [
      "parameters",
      `${count} in ${shapes.map(([name, shape]) => `${name} [${shape.join(", ")}]`).join(", ")}`,
    ],
    ["data", `${data.name}, ${data.rows} rows`],
    ["features", data.features.join(", ")],
    ["target", data.target],
    ...(data.classes ? [["classes", data.classes.join(", ")] as const] : []),
    ["optimizer", optimizer.name],
    ...Object.entries(optimizer.hyper),
    ...Object.entries(optimizer.options),
    ["batch size", plan.batchSize],
    ["steps per epoch", plan.stepsPerEpoch],
    ["epochs", plan.epochs ?? "without limit"],
    ["steps", plan.steps ?? "without limit"],
    ["seed", run.seed],
    ["engine", [engine.name, engine.dtype, ...engine.notes].join(", ")],
    ...Object.entries(versions),
  ]);
}

/** How a run ended, as Markdown. */
export function runResult({ status, value, steps, epochs, timeMs, coefficients = {} }: RunEnd): string {
  return table([
    ["status", status.kind],
    ["why", status.why],
    ["achieved", status.achieved],
    ["loss", value],
    ["steps", steps],
    ["epochs", epochs],
    ["time in ms", timeMs],
    ...Object.entries(coefficients).map(([name, x]) => [`coefficient of ${name}`, x] as const),
  ]);
}

const table = (rows: readonly (readonly [string, Json])[]) =>
  markdownTable(
    ["", ""],
    rows.map(([name, value]) => [markdownText(name), markdownText(jsonText(value))]),
  );
