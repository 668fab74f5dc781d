import { type Engine, js } from "@downhill/core";
import type { Reporter } from "@downhill/core/train";
import { wasm } from "@downhill/wasm";
import { median } from "../measure.js";
import { reporterCases } from "./cases.js";
import { type DigitsRun, type Spent, startDigitsRun } from "./digits-run.js";

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
}

/** Each a pair of trainings of its own, for where code and arrays happen to lie makes a difference, too. */
const ROUNDS = 9;
const TURNS = 4;
/** Long beside the moments between a reporter's steps, short beside what else the machine does. */
const TURN_MS = 80;
/** Turns in which programs are compiled and warm up: what that costs, once, is not in the figures. */
const WARM_TURNS = 3;

/** Milliseconds of a step of each. */
interface Round {
  readonly silent: number;
  readonly told: number;
}

const engines = { wasm: () => wasm({ fallback: false }), js } as const;

/**
 * Two trainings in turns, with a reporter and without. All that happens in a turn counts: evaluations, writing, and the
 * garbage that is collected in it.
 */
export async function* measureReporters(engine: keyof typeof engines): AsyncGenerator<Cost> {
  const open: () => Engine = engines[engine];
  const start = (reporters: readonly Reporter[]) => startDigitsRun(open(), reporters);
  for (const { name, goal, make } of reporterCases()) {
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const silent = start([]);
      const told = start(make());
      await takeTurns(silent, told, WARM_TURNS);
      rounds.push(await takeTurns(silent, told, TURNS));
      for (const run of [silent, told]) await run.end();
    }
    const shares = rounds.map(({ silent, told }) => told / silent - 1).sort((a, b) => a - b);
    yield {
      case: `digits net, ${name}`,
      engine,
      silentMs: median(rounds.map(({ silent }) => silent)),
      cost: median(shares),
      spread: [shares[Math.floor(ROUNDS / 4)]!, shares[Math.ceil((3 * ROUNDS) / 4) - 1]!],
      goal,
    };
  }
}

/** Now one goes first, now the other: what comes every few turns must not find the same one. */
async function takeTurns(silent: DigitsRun, told: DigitsRun, turns: number): Promise<Round> {
  const spent = { silent: [] as Spent[], told: [] as Spent[] };
  const take = async (name: keyof Round) =>
    spent[name].push(await (name === "silent" ? silent : told).take(TURN_MS));
  for (let turn = 0; turn < turns; turn++) {
    for (const name of turn % 2 === 0 ? (["silent", "told"] as const) : (["told", "silent"] as const))
      await take(name);
  }
  return { silent: stepMs(spent.silent), told: stepMs(spent.told) };
}

function stepMs(spent: readonly Spent[]): number {
  const sum = (of: keyof Spent) => spent.reduce((total, each) => total + each[of], 0);
  return sum("ms") / sum("steps");
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
