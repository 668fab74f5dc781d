import {
  type Access,
  accessesOf,
  extentOf,
  type Instruction,
  type LoopStep,
  type Segment,
  type Step,
} from "./plan.js";

/**
 * Makes one loop of loops that do the same to neighbouring memory: the update of all parameters becomes one kernel, and
 * so does the sum of squares over all gradients. Arenas exist for this.
 */
export function mergeNeighbours(steps: readonly Step[]): Step[] {
  const numbers = new Map<string, number>();
  const result = steps.map((step): Candidate => {
    const text = recipeOf(step);
    if (text !== undefined && !numbers.has(text)) numbers.set(text, numbers.size);
    return { step, recipe: text === undefined ? undefined : numbers.get(text), effects: effects(step) };
  });
  for (let at = result.length - 1; at > 0; at--) {
    const { step, recipe } = result[at]!;
    if (recipe === undefined) continue;
    for (let other = at - 1; other >= 0; other--) {
      if (result[other]!.recipe !== recipe) continue;
      const merged = merge(result[other]!.step as LoopStep, step as LoopStep);
      if (!merged || !mayMove(result, other, at)) continue;
      result[at] = { step: merged, recipe, effects: effects(merged) };
      result.splice(other, 1);
      // What is new to later steps is new to those alike only.
      at = result.map((each) => each.recipe).lastIndexOf(recipe) + 1;
      break;
    }
  }
  return result.map(({ step }) => step);
}

interface Candidate {
  readonly step: Step;
  /** The same number for loops that do the same, wherever their memory begins; undefined for what never merges. */
  readonly recipe: number | undefined;
  readonly effects: Effects;
}

/** What a loop over at most one axis does, but for offsets, strides and lengths. */
function recipeOf(step: Step): string | undefined {
  if (step.kind !== "loops" || step.rows.length > 0 || step.segments.length !== 1) return undefined;
  const [{ inner, body, stores, totals }] = step.segments as [Segment];
  if (inner.length > 1) return undefined;
  const parts: string[] = [];
  for (const x of body) {
    if (x.op === "index" || x.op === "uniform") return undefined;
    parts.push(instructionRecipe(x));
  }
  parts.push(
    ...stores.map(({ value, access }) => `store ${value} ${access.buffer}`),
    ...totals.map(({ value, scalar, add }) => `total ${value} ${scalar} ${add}`),
  );
  return parts.join(";");
}

function instructionRecipe(x: Exclude<Instruction, { op: "index" | "uniform" }>): string {
  if (x.op === "constant") return `constant ${Object.is(x.value, -0) ? "-0" : x.value}`;
  if (x.op === "load") return `load ${x.access.buffer}`;
  if (x.op === "reduce") return `reduce ${x.by} ${x.inputs}`;
  return x.op === "host" || x.op === "scalar" ? `${x.op} ${x.index}` : `${x.op} ${x.inputs}`;
}

/** Whether the step at `from` may run at the place of the one at `to`. */
function mayMove(steps: readonly Candidate[], from: number, to: number): boolean {
  const moved = steps[from]!.effects;
  for (let at = from + 1; at <= to; at++) {
    const other = steps[at]!.effects;
    // The two that merge may both add to one scalar.
    if (clash(moved, other, at === to) || clash(other, moved, at === to)) return false;
  }
  return true;
}

interface Effects {
  readonly memory: ReturnType<typeof accessesOf>;
  readonly sets: ReadonlySet<number>;
  readonly gets: ReadonlySet<number>;
}

function effects(step: Step): Effects {
  const sets = new Set<number>();
  const gets = new Set<number>();
  if (step.kind === "loops") {
    for (const { body, totals } of step.segments) {
      for (const x of body) if (x.op === "scalar") gets.add(x.index);
      for (const { scalar } of totals) sets.add(scalar);
    }
  } else if (step.kind === "scalars") {
    for (const { scalar, instruction } of step.body) {
      sets.add(scalar);
      if ("inputs" in instruction) for (const input of instruction.inputs) gets.add(input);
      if (instruction.op === "scalar") gets.add(instruction.index);
    }
    for (const { scalar } of step.stores) gets.add(scalar);
  }
  return { memory: accessesOf(step), sets, gets };
}

/** Whether `a` writes what `b` reads or writes. */
function clash(a: Effects, b: Effects, mayShareTotals: boolean): boolean {
  for (const scalar of a.sets) if (b.gets.has(scalar) || (b.sets.has(scalar) && !mayShareTotals)) return true;
  return a.memory.some(
    (x) =>
      x.writes &&
      b.memory.some(
        (y) =>
          x.access.buffer === y.access.buffer &&
          x.access.offset < y.access.offset + extentOf(y) &&
          y.access.offset < x.access.offset + extentOf(x),
      ),
  );
}

function merge(a: LoopStep, b: LoopStep): LoopStep | undefined {
  return append(a, b) ?? append(b, a);
}

/** One loop over the elements of `a`, then of `b`, which have one recipe. */
function append(a: LoopStep, b: LoopStep): LoopStep | undefined {
  const [x] = a.segments as [Segment];
  const [y] = b.segments as [Segment];
  const [length, added] = [x.inner[0] ?? 1, y.inner[0] ?? 1];
  /** An access through both; a single element may be the beginning of any stride. */
  const through = (p: Access, q: Access): Access | undefined => {
    const apart = q.offset - p.offset;
    const stride = p.strides[0] ?? q.strides[0] ?? apart;
    const fits = apart === length * stride && (q.strides[0] ?? stride) === stride;
    return fits && (stride === 0 || stride === 1) ? { ...p, strides: [stride] } : undefined;
  };
  const body: Instruction[] = [];
  for (const [i, p] of x.body.entries()) {
    const q = y.body[i]!;
    if (p.op === "load" && q.op === "load") {
      const access = through(p.access, q.access);
      if (!access) return undefined;
      body.push({ ...p, access });
    } else body.push(p.op === "reduce" ? { ...p, axes: [0] } : p);
  }
  const stores: { value: number; access: Access }[] = [];
  for (const [i, { value, access: p }] of x.stores.entries()) {
    const access = through(p, y.stores[i]!.access);
    if (!access) return undefined;
    stores.push({ value, access });
  }
  return { ...a, segments: [{ inner: [length + added], body, stores, totals: x.totals }] };
}

/** Of several steps that reduce to one scalar, the first sets it and the others add to it. */
export function chainTotals(steps: readonly Step[]): Step[] {
  const begun = new Set<number>();
  return steps.map((step) => {
    if (step.kind !== "loops") return step;
    const segments = step.segments.map((segment) => ({
      ...segment,
      totals: segment.totals.map((total) => {
        const add = begun.has(total.scalar);
        begun.add(total.scalar);
        return { ...total, add };
      }),
    }));
    return { ...step, segments };
  });
}
