import { type Access, accessesOf, extentOf, type Instruction, type LoopStep, type Step } from "./plan.js";

/**
 * Makes one loop of loops that do the same to neighbouring memory: the update of all parameters becomes one kernel, and
 * so does the sum of squares over all gradients. Arenas exist for this.
 */
export function mergeNeighbours(steps: readonly Step[]): Step[] {
  const result = [...steps];
  for (let at = result.length - 1; at > 0; at--) {
    for (let other = at - 1; other >= 0; other--) {
      const merged = merge(result[other]!, result[at]!);
      if (!merged || !mayMove(result, other, at)) continue;
      result[at] = merged;
      result.splice(other, 1);
      at = result.length;
      break;
    }
  }
  return result;
}

/** Whether the step at `from` may run at the place of the one at `to`. */
function mayMove(steps: readonly Step[], from: number, to: number): boolean {
  const moved = effects(steps[from]!);
  return steps.slice(from + 1, to + 1).every((step, i) => {
    const other = effects(step);
    // The two that merge may both add to one scalar.
    const shared = from + 1 + i === to;
    return !clash(moved, other, shared) && !clash(other, moved, shared);
  });
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

function merge(a: Step, b: Step): LoopStep | undefined {
  if (!isLine(a) || !isLine(b)) return undefined;
  return append(a, b) ?? append(b, a);
}

/** A loop over at most one axis. */
function isLine(step: Step): step is LoopStep {
  return (
    step.kind === "loops" &&
    step.rows.length === 0 &&
    step.segments.length === 1 &&
    step.segments[0]!.inner.length < 2
  );
}

/** One loop over the elements of `a`, then of `b`. */
function append(a: LoopStep, b: LoopStep): LoopStep | undefined {
  const [x] = a.segments;
  const [y] = b.segments;
  const [length, added] = [x!.inner[0] ?? 1, y!.inner[0] ?? 1];
  if (x!.body.length !== y!.body.length || x!.stores.length !== y!.stores.length) return undefined;
  if (JSON.stringify(x!.totals) !== JSON.stringify(y!.totals)) return undefined;
  /** An access through both; a single element may be the beginning of any stride. */
  const through = (p: Access, q: Access): Access | undefined => {
    const apart = q.offset - p.offset;
    const stride = p.strides[0] ?? q.strides[0] ?? apart;
    const fits = p.buffer === q.buffer && apart === length * stride && (q.strides[0] ?? stride) === stride;
    return fits && (stride === 0 || stride === 1) ? { ...p, strides: [stride] } : undefined;
  };
  const body: Instruction[] = [];
  for (const [i, p] of x!.body.entries()) {
    const q = y!.body[i]!;
    if (p.op === "load" && q.op === "load") {
      const access = through(p.access, q.access);
      if (!access) return undefined;
      body.push({ ...p, access });
    } else if (p.op === "reduce" && q.op === "reduce") {
      if (p.by !== q.by || p.inputs[0] !== q.inputs[0]) return undefined;
      body.push({ ...p, axes: [0] });
    } else {
      if (p.op === "index" || p.op === "uniform" || !equal(p, q)) return undefined;
      body.push(p);
    }
  }
  const stores: { value: number; access: Access }[] = [];
  for (const [i, p] of x!.stores.entries()) {
    const q = y!.stores[i]!;
    const access = through(p.access, q.access);
    if (!access || p.value !== q.value) return undefined;
    stores.push({ value: p.value, access });
  }
  return { ...a, segments: [{ inner: [length + added], body, stores, totals: x!.totals }] };
}

function equal(a: Instruction, b: Instruction): boolean {
  if (a.op === "constant" && b.op === "constant") return Object.is(a.value, b.value);
  return JSON.stringify(a) === JSON.stringify(b);
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
