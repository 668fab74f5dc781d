import type { Case } from "./cases.js";
import type { Child } from "./child.js";

/** One engine of ours beside one peer. */
export interface Row {
  readonly case: string;
  readonly engine: string;
  readonly peer: string;
  readonly oursMs: number;
  readonly peerMs: number;
  /** peer / ours: the median of the rounds' ratios, and their quartiles. */
  readonly ratio: number;
  readonly spread: readonly [number, number];
  /** Whether both computed the same; of the machine itself, which computes nothing, always. */
  readonly correct: boolean;
}

const ROUNDS = 9;
const ROUND_MS = 40;
const WARM_MS = 400;

/** Prepares a case everywhere, compares the results of three runs, then times rounds in which all take turns. */
export async function measure(at: Case, ours: readonly Child[], peers: readonly Child[]): Promise<Row[]> {
  const results = new Map<Child, readonly number[] | undefined>();
  const times = new Map<Child, number[]>();
  const counts = new Map<Child, number>();
  for (const child of [...ours, ...peers]) {
    if (!(await child.prepare(at.spec)).ready) continue;
    await child.run(3);
    results.set(child, await child.result());
    counts.set(child, await warm(child));
    times.set(child, []);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [child, list] of times) list.push((await child.run(counts.get(child)!)) / counts.get(child)!);
  }
  const rows: Row[] = [];
  for (const engine of ours.filter((child) => times.has(child))) {
    const [mine, expected] = [times.get(engine)!, results.get(engine)];
    const others = peers.filter((child) => times.has(child));
    const base = { case: at.name, engine: engine.name, oursMs: median(mine) };
    if (others.length === 0)
      rows.push({ ...base, peer: "-", peerMs: Number.NaN, ratio: Number.NaN, spread: [0, 0], correct: true });
    for (const peer of others) {
      const theirs = times.get(peer)!;
      const ratios = theirs.map((ms, i) => ms / mine[i]!).sort((a, b) => a - b);
      rows.push({
        ...base,
        peer: peer.name,
        peerMs: median(theirs),
        ratio: median(ratios),
        spread: [ratios[Math.floor(ROUNDS / 4)]!, ratios[Math.ceil((3 * ROUNDS) / 4) - 1]!],
        correct: agree(expected, results.get(peer), at.tolerance),
      });
    }
  }
  return rows;
}

/** Runs until compilers have settled; the number of runs that fill a round. */
async function warm(child: Child): Promise<number> {
  let [count, spent] = [1, 0];
  for (;;) {
    const ms = await child.run(count);
    spent += ms;
    if (spent >= WARM_MS) return Math.max(1, Math.round((count * ROUND_MS) / ms));
    if (ms < ROUND_MS) count *= 2;
  }
}

function agree(
  a: readonly number[] | undefined,
  b: readonly number[] | undefined,
  tolerance: number,
): boolean {
  if (!a || !b) return true;
  const scale = Math.max(...b.map(Math.abs), 1e-3);
  return a.length === b.length && a.every((x, i) => Math.abs(x - b[i]!) <= tolerance * scale);
}

export function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
}
