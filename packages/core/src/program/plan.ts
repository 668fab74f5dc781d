import type { Shape } from "../expr/shape.js";
import type { ElementwisePrimitive } from "../operators/index.js";
import type { DType } from "./program.js";

/**
 * A program made ready for an engine: buffers, scalars, and steps in their order. It is plain data; engines differ only
 * in how they spell it. A step reads and writes what the steps before it left.
 */
export interface Plan {
  readonly dtype: DType;
  /** The layout's arenas in their order, then what a run needs besides. */
  readonly buffers: readonly Buffer[];
  /** What the host computes in float64 at the beginning of a run. Values refer to earlier ones by their index. */
  readonly host: readonly HostValue[];
  /** Number of device scalars: registers that outlive a step. In float64 where the device has it. */
  readonly scalars: number;
  readonly steps: readonly Step[];
}

export type Buffer =
  | { readonly kind: "arena"; readonly name: string; readonly size: number }
  /** Holds nothing of use before or after a run. */
  | { readonly kind: "scratch"; readonly size: number }
  /** Numbers written into the program. */
  | { readonly kind: "data"; readonly values: Float64Array };

export type HostValue =
  | { readonly op: "constant"; readonly value: number }
  /** A number that `run` is given. */
  | { readonly op: "given"; readonly index: number }
  | { readonly op: ElementwisePrimitive; readonly inputs: readonly number[] };

/** Where a loop finds its elements: buffer[offset + Σ strides[axis]·index[axis]], an axis being one of the loop's. */
export interface Access {
  readonly buffer: number;
  readonly offset: number;
  readonly strides: readonly number[];
  /** The memory holds one row, written anew by each: strides along the rows are 0, yet the value is the row's own. */
  readonly perRow?: true;
}

export type Step = LoopStep | ScalarStep | MatmulStep | GatherStep | ScatterStep | FillStep;

/**
 * A value of one iteration. Instructions are numbered through the step; inputs are such numbers. Strides are those of
 * an access: the axes of the rows, then of the segment.
 */
export type Instruction =
  | { readonly op: "constant"; readonly value: number }
  /** A value of `Plan.host`. */
  | { readonly op: "host"; readonly index: number }
  /** A device scalar. */
  | { readonly op: "scalar"; readonly index: number }
  | { readonly op: "load"; readonly access: Access }
  /** The number offset + Σ strides·index itself. */
  | { readonly op: "index"; readonly offset: number; readonly strides: readonly number[] }
  /** `uniform32(key, stream, offset + Σ strides·index)`. */
  | {
      readonly op: "uniform";
      readonly inputs: readonly [key: number];
      readonly stream: number;
      readonly offset: number;
      readonly strides: readonly number[];
    }
  | { readonly op: ElementwisePrimitive; readonly inputs: readonly number[] }
  /**
   * One value for all iterations along `axes`; known when those loops have ended. Later segments may use it if it is
   * one value per row, that is if `axes` are all of its segment's and none of the rows'. Without axes it is its input.
   */
  | {
      readonly op: "reduce";
      readonly by: "sum" | "max" | "min" | "prod";
      readonly inputs: readonly [number];
      readonly axes: readonly number[];
    };

/**
 * Loops over `rows`; for each row, the segments one after another, each a nest of loops over its own `inner` shape.
 * A plain elementwise kernel has no rows and one segment; a row program (softmax, layer normalisation) has several.
 * Within one iteration all loads come before all stores.
 */
export interface LoopStep {
  readonly kind: "loops";
  readonly rows: Shape;
  readonly segments: readonly Segment[];
}

export interface Segment {
  readonly inner: Shape;
  readonly body: readonly Instruction[];
  /** A reduced value's strides are 0 along the axes it lost. */
  readonly stores: readonly { readonly value: number; readonly access: Access }[];
  /** Values reduced over all axes, given to a device scalar or, where `add` is set, added to it. */
  readonly totals: readonly { readonly value: number; readonly scalar: number; readonly add: boolean }[];
}

/** Scalar arithmetic between kernels: each instruction (no loops: all strides empty) sets a device scalar. */
export interface ScalarStep {
  readonly kind: "scalars";
  readonly body: readonly { readonly scalar: number; readonly instruction: Instruction }[];
  /** After all of the body. */
  readonly stores: readonly { readonly scalar: number; readonly access: Access }[];
}

/** out[batch, i, j] = Σ_l a[batch, i, l]·b[batch, l, j]. Strides: the batch axes, then the two of the matrix. */
export interface MatmulStep {
  readonly kind: "matmul";
  readonly batch: Shape;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Access;
  readonly b: Access;
  readonly out: Access;
}

/** out[i, j, :] = source[i, indices[j], :], NaN where the index is outside [0, length). All are contiguous. */
export interface GatherStep {
  readonly kind: "gather";
  readonly before: number;
  readonly length: number;
  readonly after: number;
  readonly count: number;
  readonly source: Access;
  readonly indices: Access;
  readonly out: Access;
}

/** out = 0, then out[i, indices[j], :] += source[i, j, :] where the index is in [0, length). All are contiguous. */
export interface ScatterStep {
  readonly kind: "scatterAdd";
  readonly before: number;
  readonly length: number;
  readonly after: number;
  readonly count: number;
  readonly source: Access;
  readonly indices: Access;
  readonly out: Access;
}

/** Sets `count` elements from `access.offset` on. */
export interface FillStep {
  readonly kind: "fill";
  readonly value: number;
  readonly count: number;
  readonly access: Access;
}

/** An access together with the loops around it. */
export interface Touch {
  readonly access: Access;
  readonly lengths: Shape;
  readonly writes: boolean;
}

/** Number of elements from an access' offset to the last one it touches. */
export function extentOf({ access, lengths }: Touch): number {
  if (lengths.includes(0)) return 0;
  return lengths.reduce((last, length, axis) => last + (length - 1) * access.strides[axis]!, 1);
}

/** All memory that a step touches. */
export function accessesOf(step: Step): Touch[] {
  const reads = (access: Access, ...lengths: number[]): Touch => ({ access, lengths, writes: false });
  const writes = (access: Access, ...lengths: number[]): Touch => ({ access, lengths, writes: true });
  /** A contiguous run. */
  const run = (access: Access): Access => ({ ...access, strides: [1] });
  switch (step.kind) {
    case "loops":
      return step.segments.flatMap(({ inner, body, stores }) => [
        ...body.flatMap((x) => (x.op === "load" ? [reads(x.access, ...step.rows, ...inner)] : [])),
        ...stores.map(({ access }) => writes(access, ...step.rows, ...inner)),
      ]);
    case "scalars":
      return [
        ...step.body.flatMap(({ instruction: x }) => (x.op === "load" ? [reads(x.access)] : [])),
        ...step.stores.map(({ access }) => writes(access)),
      ];
    case "matmul": {
      const { batch, m, n, k, a, b, out } = step;
      return [reads(a, ...batch, m, k), reads(b, ...batch, k, n), writes(out, ...batch, m, n)];
    }
    case "gather":
    case "scatterAdd": {
      const { kind, before, length, after, count, source, indices, out } = step;
      const [whole, part] = [before * length * after, before * count * after];
      return [
        reads(run(source), kind === "gather" ? whole : part),
        reads(run(indices), count),
        writes(run(out), kind === "gather" ? part : whole),
      ];
    }
    case "fill":
      return [writes(run(step.access), step.count)];
  }
}

/** The step with other accesses. */
export function mapAccesses(step: Step, map: (access: Access) => Access): Step {
  const instruction = (x: Instruction): Instruction =>
    x.op === "load" ? { ...x, access: map(x.access) } : x;
  const store = <S extends { readonly access: Access }>(x: S): S => ({ ...x, access: map(x.access) });
  switch (step.kind) {
    case "loops": {
      const segments = step.segments.map((segment) => ({
        ...segment,
        body: segment.body.map(instruction),
        stores: segment.stores.map(store),
      }));
      return { ...step, segments };
    }
    case "scalars": {
      const body = step.body.map((x) => ({ ...x, instruction: instruction(x.instruction) }));
      return { ...step, body, stores: step.stores.map(store) };
    }
    case "matmul":
      return { ...step, a: map(step.a), b: map(step.b), out: map(step.out) };
    case "gather":
    case "scatterAdd":
      return { ...step, source: map(step.source), indices: map(step.indices), out: map(step.out) };
    case "fill":
      return { ...step, access: map(step.access) };
  }
}
