import type { Instruction, LoopStep, Segment } from "@downhill/core/engine";
import { extentIn, overlap } from "./extent.js";

/** Rows at least so long that a place apart pays. */
const LONG = 64;
const nothing: Instruction = { op: "constant", value: 0 };

/** The one place of a row where its one-hot values are 1: where the index from `offset` on is the number `instruction`. */
export interface Place {
  readonly instruction: number;
  readonly offset: number;
  readonly length: number;
}

/** A segment as one that takes one-hot values for 0 and one that computes their place anew. */
export interface Spotted {
  readonly rest: Segment;
  /** Runs after the rest, over the one place. */
  readonly spot: Segment;
  readonly place: Place;
}

/** Where instruction `i` is 1, if that compares the index along a row with one number of that row. */
export function oneHotOf(
  step: LoopStep,
  { inner }: Segment,
  body: readonly Instruction[],
  i: number,
): Place | undefined {
  const x = body[i]!;
  const axis = step.rows.length;
  if (x.op !== "eq" || axis === 0 || inner.length !== 1) return undefined;
  for (const [p, q] of [x.inputs, [...x.inputs].reverse()] as [number, number][]) {
    const [index, number] = [body[p]!, body[q]!];
    if (index.op !== "index" || number.op !== "load") continue;
    const along =
      index.strides[axis] === 1 && index.strides.every((stride, at) => at === axis || stride === 0);
    const read = extentIn(number.access, [...step.rows, ...inner]);
    const isWritten = step.segments.some((segment) =>
      segment.stores.some(({ access }) => overlap(read, extentIn(access, [...step.rows, ...segment.inner]))),
    );
    if (along && !isWritten && number.access.strides[axis] === 0)
      return { instruction: q, offset: index.offset, length: inner[0]! };
  }
  return undefined;
}

/**
 * Splits a segment whose one-hot values are 1 at one place of the row, that of a class or a word: its loop need not
 * compare in each iteration. `first` is the number of the segment's first instruction in `body`, that of the step.
 */
export function splitSpot(
  step: LoopStep,
  segment: Segment,
  first: number,
  body: readonly Instruction[],
): Spotted | undefined {
  const own = segment.body.map((_, i) => first + i);
  const places = new Map(own.map((i) => [i, oneHotOf(step, segment, body, i)]));
  const place = [...places.values()].find((each) => each !== undefined);
  if (!place || place.length < LONG) return undefined;
  const keyOf = ({ instruction, offset }: Place) => JSON.stringify([body[instruction], offset]);
  const isOneHot = (i: number) => {
    const other = places.get(i);
    return other !== undefined && keyOf(other) === keyOf(place);
  };

  const apart = new Set<number>();
  for (const i of own) {
    const x = body[i]!;
    if (isOneHot(i) || ("inputs" in x && x.inputs.some((input) => apart.has(input)))) apart.add(i);
  }
  const reduces = own.filter((i) => apart.has(i) && body[i]!.op === "reduce");
  const stores = segment.stores.filter(({ value }) => apart.has(value));
  /** A sum of what is 0 everywhere else. */
  const isPick = (i: number) => {
    const sum = body[i]!;
    if (sum.op !== "reduce" || sum.by !== "sum" || String(sum.axes) !== String([step.rows.length]))
      return false;
    const chosen = body[sum.inputs[0]]!;
    if (chosen.op !== "where") return false;
    const [condition, yes, no] = chosen.inputs.map((input) => ({ input, x: body[input]! }));
    const zero = no!.x.op === "constant" && no!.x.value === 0;
    return isOneHot(condition!.input) && !apart.has(yes!.input) && zero;
  };
  if (!reduces.every(isPick)) return undefined;

  // What the rest has stored must not be what the place is computed from.
  const lengths = [...step.rows, ...segment.inner];
  const isOverwritten = segment.body.some(
    (x) =>
      x.op === "load" &&
      segment.stores.some(({ access }) => overlap(extentIn(access, lengths), extentIn(x.access, lengths))),
  );
  if (isOverwritten) return undefined;

  const without = new Map<number, number>();
  const at = (i: number): number => without.get(i) ?? i;
  const simpler = body.map((x, i): Instruction => {
    if (isOneHot(i) || reduces.includes(i)) return nothing;
    if (!("inputs" in x)) return x;
    if (x.op === "where" && isOneHot(x.inputs[0]!)) without.set(i, at(x.inputs[2]!));
    return { ...x, inputs: x.inputs.map(at) } as Instruction;
  });
  const kept = own.filter((i) => body[i]!.op === "reduce" && !apart.has(i));
  const storesOfRest = segment.stores
    .filter(({ value }) => !reduces.includes(value))
    .map((store) => ({ ...store, value: at(store.value) }));
  return {
    rest: {
      ...segment,
      body: living(simpler, own, [...kept, ...storesOfRest.map(({ value }) => value)]),
      stores: storesOfRest,
    },
    spot: {
      inner: [1],
      body: living(body, own, [...reduces, ...stores.map(({ value }) => value), place.instruction]),
      stores: stores,
      totals: [],
    },
    place,
  };
}

/** The segment's own instructions, those that none of `roots` needs made nothing. */
function living(
  body: readonly Instruction[],
  own: readonly number[],
  roots: readonly number[],
): Instruction[] {
  const needed = new Set(roots);
  for (const i of [...own].reverse()) {
    const x = body[i]!;
    if (needed.has(i) && "inputs" in x) for (const input of x.inputs) needed.add(input);
  }
  return own.map((i) => (needed.has(i) ? body[i]! : nothing));
}
