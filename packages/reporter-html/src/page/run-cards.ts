import { fromNum, type Json, type RunStart } from "@downhill/core/train";
import { type Markup, markup } from "../draw/markup.js";
import { formatNumber } from "../draw/numbers.js";
import type { ShownRun } from "./shown-run.js";

/** What each run was: configuration, seed, engine, versions, and what it told besides. */
export function runCards(runs: readonly ShownRun[]): Markup {
  return markup`${runs.map(runCard)}`;
}

function runCard({ record, name, index }: ShownRun): Markup {
  const { start, end, notices, checkpoints, resumed } = record;
  const facts: [string, Part][] = start
    ? [
        ["started", start.time],
        ["from step", start.from > 0 && `${start.from}; what came before is not in this report`],
        ["resumed at step", resumed.length > 0 && resumed.join(", ")],
        ["seed", String(start.seed)],
        ["engine", `${start.engine.name}, ${start.engine.dtype}`],
        ["engine's notes", start.engine.notes.length > 0 && start.engine.notes.join("; ")],
        ["versions", list(start.versions)],
        ["optimizer", start.optimizer.name],
        ["hyper-parameters", list(start.optimizer.hyper)],
        ["options", list(start.optimizer.options)],
        ["model", start.model.name],
        ["configuration", start.model.config !== null && list(start.model.config)],
        ["parameters", parameters(start.model.parameters)],
        ["data", start.data.rows > 0 && `${start.data.name}, ${start.data.rows} rows`],
        ["features", firstOf(start.data.features)],
        ["target", start.data.target],
        ["classes", start.data.classes && firstOf(start.data.classes)],
        ["plan", list(planOf(start.plan))],
      ]
    : [];
  const shown = facts.filter((fact): fact is [string, string | Markup] => Boolean(fact[1]));
  const coefficients = Object.entries(end?.coefficients ?? {});
  return markup`<section class="card run"><h2><i class="swatch" style="background:var(--series-${index % 8})"></i>Run: ${name}</h2><dl>${shown.map(([term, what]) => markup`<div><dt>${term}</dt><dd>${what}</dd></div>`)}</dl>${
    coefficients.length > 0 &&
    markup`<h3>Coefficients</h3><div class="scroll"><table><tbody>${coefficients.map(([of, number]) => markup`<tr><th scope="row">${of}</th><td class="n">${formatNumber(fromNum(number), 6)}</td></tr>`)}</tbody></table></div>`
  }${
    notices.length > 0 &&
    markup`<h3>What it said</h3><ul>${notices.map(({ step, level, message }) => markup`<li class="${level}"><span class="at">step ${step}</span> ${message}</li>`)}</ul>`
  }${
    checkpoints.length > 0 &&
    markup`<h3>Checkpoints</h3><ul>${checkpoints.slice(-10).map(({ step, path }) => markup`<li><span class="at">step ${step}</span> <code>${path}</code></li>`)}</ul>`
  }<p class="downloads" data-run="${index}"></p></section>`;
}

/** Batches and epochs are of data: a plan without has the rest. */
function planOf({ batchSize, stepsPerEpoch, ...plan }: RunStart["plan"]): Readonly<Record<string, number>> {
  return stepsPerEpoch > 0 ? { batchSize, stepsPerEpoch, ...plan } : plan;
}

type Part = string | Markup | false | undefined;

function parameters(shapes: Readonly<Record<string, readonly number[]>>): Part {
  const entries = Object.entries(shapes);
  const numbers = entries.reduce((sum, [, shape]) => sum + shape.reduce((size, n) => size * n, 1), 0);
  return (
    entries.length > 0 &&
    `${numbers} in ${entries.length}: ${entries.map(([name, shape]) => `${name} [${shape.join(", ")}]`).join(", ")}`
  );
}

/** The first of many, and how many there are. */
function firstOf(all: readonly string[]): string {
  const most = 12;
  return all.length <= most ? all.join(", ") : `${all.slice(0, most).join(", ")}, … ${all.length} in all`;
}

/** JSON as `name: value` pairs for people. */
function list(json: Json | Readonly<Record<string, unknown>>): Part {
  if (json === null || typeof json !== "object" || Array.isArray(json)) return JSON.stringify(json);
  const entries = Object.entries(json);
  return (
    entries.length > 0 &&
    entries
      .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
      .join(" · ")
  );
}
