import { type Engine, js } from "@downhill/core";
import type { Reporter } from "@downhill/core/train";
import { wasm } from "@downhill/wasm";
import { median } from "../measure.js";
import { reporterCases } from "./cases.js";
import { stepsPerEpoch, stepTimes } from "./digits-run.js";

/** What a reporter costs, beside the same training without one. */
export interface Cost {
  readonly case: string;
  readonly engine: string;
  /** Of a step without reporters. */
  readonly silentMs: number;
  /** Share of that: the median of the rounds, the least and the largest of them. */
  readonly cost: number;
  readonly spread: readonly [number, number];
  readonly goal: number;
}

const ROUNDS = 5;
const ROUND_MS = 400;
/** In which programs are compiled and warm up: what that costs, once, is not in the figures. */
const WARM_MS = 300;
/** A step that takes longer has waited for the other training. */
const TURN_MS = 4;

const engines = { wasm: () => wasm({ fallback: false }), js } as const;

/**
 * Two trainings at once, with a reporter and without: they take turns of a few milliseconds, so that whatever else the machine does
 * comes to both.
 */
export async function* measureReporters(engine: keyof typeof engines): AsyncGenerator<Cost> {
  const open: () => Engine = engines[engine];
  const stepMs = paceOf(await stepTimes(open(), 300, []));
  const epochs = Math.ceil((WARM_MS + ROUND_MS) / (stepMs * stepsPerEpoch));
  const run = async (reporters: readonly Reporter[]) => paceOf(await stepTimes(open(), epochs, reporters));
  for (const { name, goal, make } of reporterCases()) {
    const rounds: { readonly silent: number; readonly told: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const silentFirst = round % 2 === 0;
      const [first, second] = await Promise.all(
        silentFirst ? [run([]), run([make()])] : [run([make()]), run([])],
      );
      rounds.push(silentFirst ? { silent: first, told: second } : { silent: second, told: first });
    }
    const shares = rounds.map(({ silent, told }) => told / silent - 1);
    yield {
      case: `digits net, ${name}`,
      engine,
      silentMs: median(rounds.map(({ silent }) => silent)),
      cost: median(shares),
      spread: [Math.min(...shares), Math.max(...shares)],
      goal,
    };
  }
}

/** Milliseconds of a step, from when the steps began. */
function paceOf(begun: readonly number[]): number {
  const from = begun[0]! + WARM_MS;
  let spent = 0;
  let count = 0;
  for (let i = 1; i < begun.length; i++) {
    const ms = begun[i]! - begun[i - 1]!;
    if (begun[i - 1]! < from || ms > TURN_MS) continue;
    spent += ms;
    count++;
  }
  return spent / count;
}

export function costTable(costs: readonly Cost[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return costs
    .map(
      ({ case: name, engine, silentMs, cost, spread, goal }) =>
        `${name.padEnd(44)} ${engine.padEnd(5)} ${`${(1e3 * silentMs).toPrecision(3)} µs`.padStart(9)}   ` +
        `${percent(cost).padStart(7)} (${spread.map(percent).join(" to ")})${cost > goal ? `  over ${percent(goal)}` : ""}`,
    )
    .join("\n");
}
