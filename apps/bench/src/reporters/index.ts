import { type Engine, js } from "@downhill/core";
import { wasm } from "@downhill/wasm";
import { median } from "../measure.js";
import { byDefault, everyStep, type ReporterCase, reporterCases } from "./cases.js";
import { epochTimes, stepsPerEpoch } from "./digits-run.js";

/** What a reporter costs, beside the same training without one. */
export interface Cost {
  readonly case: string;
  readonly engine: string;
  /** Of a step without reporters. */
  readonly silentMs: number;
  /** Share of that: the median of the rounds, and their quartiles. */
  readonly cost: number;
  readonly spread: readonly [number, number];
  readonly goal: number;
  /** Milliseconds once a run, for what is compiled at its beginning. */
  readonly onceMs: number;
}

/** Many short rounds for what each step costs; longer ones for what comes a few times a second. */
const plans = [
  { goal: everyStep, rounds: 13, roundMs: 150 },
  { goal: byDefault, rounds: 7, roundMs: 800 },
] as const;
/** In which programs are compiled and warm up. */
const WARM_MS = 200;

const engines = { wasm: () => wasm({ fallback: false }), js } as const;

/** Rounds in which all reporters take turns with none. */
export async function measureReporters(engine: keyof typeof engines): Promise<Cost[]> {
  const open: () => Engine = engines[engine];
  const { stepMs } = await timed(open(), 40);
  const costs: Cost[] = [];
  for (const { goal, rounds, roundMs } of plans) {
    const cases = reporterCases().filter((one) => one.goal === goal);
    const epochs = Math.ceil((WARM_MS + roundMs) / (stepMs * stepsPerEpoch));
    const silent: Timed[] = [];
    const told = new Map<ReporterCase, Timed[]>(cases.map((one) => [one, []]));
    for (let round = 0; round < rounds; round++) {
      silent.push(await timed(open(), epochs));
      for (const [one, list] of told) list.push(await timed(open(), epochs, one));
    }
    silent.push(await timed(open(), epochs));
    costs.push(...cases.map((one) => costOf(one, engine, told.get(one)!, silent)));
  }
  return costs;
}

function costOf(one: ReporterCase, engine: string, told: readonly Timed[], silent: readonly Timed[]): Cost {
  // Beside the silent trainings before and after its round.
  const shares = told
    .map(({ stepMs }, i) => (2 * stepMs) / (silent[i]!.stepMs + silent[i + 1]!.stepMs) - 1)
    .sort((a, b) => a - b);
  const quartile = (part: number) => shares[Math.round(part * (shares.length - 1))]!;
  return {
    case: `digits net, ${one.name}`,
    engine,
    silentMs: median(silent.map(({ stepMs }) => stepMs)),
    cost: median(shares),
    spread: [quartile(0.25), quartile(0.75)],
    goal: one.goal,
    onceMs: median(told.map(({ firstMs }, i) => firstMs - silent[i]!.firstMs)),
  };
}

interface Timed {
  readonly stepMs: number;
  readonly firstMs: number;
}

async function timed(engine: Engine, epochs: number, one?: ReporterCase): Promise<Timed> {
  const times = await epochTimes(engine, epochs, one ? [one.make()] : []);
  const begun = times[0]!;
  const late = times.findIndex((time) => time >= begun + WARM_MS);
  const warm = late > 0 ? late : times.length >> 1;
  const steps = (times.length - 1 - warm) * stepsPerEpoch;
  // What the first steps took beyond the pace of the others.
  const stepMs = (times.at(-1)! - times[warm]!) / steps;
  return { stepMs, firstMs: times[warm]! - begun - warm * stepsPerEpoch * stepMs };
}

export function costTable(costs: readonly Cost[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return costs
    .map(
      ({ case: name, engine, silentMs, cost, spread, goal, onceMs }) =>
        `${name.padEnd(44)} ${engine.padEnd(5)} ${`${(1e3 * silentMs).toPrecision(3)} µs`.padStart(9)}   ` +
        `${percent(cost).padStart(7)} (${spread.map(percent).join("–")})${cost > goal ? `  over ${percent(goal)}` : ""}, once ${onceMs.toFixed(1)} ms`,
    )
    .join("\n");
}
