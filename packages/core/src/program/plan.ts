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
   * one value per row, that is if `axes` are all of its segment's and none of the rows'.
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

/** An access with the number of elements from its offset to the last one it may touch. */
export interface Touch {
  readonly access: Access;
  readonly extent: number;
  readonly writes: boolean;
}

/** All memory that a step touches. */
export function accessesOf(step: Step): Touch[] {
  const touch = (access: Access, lengths: Shape, writes: boolean): Touch => {
    const last = lengths.reduce((sum, length, axis) => sum + (length - 1) * access.strides[axis]!, 0);
    return { access, extent: lengths.includes(0) ? 0 : last + 1, writes };
  };
  const run = (access: Access, extent: number, writes: boolean): Touch => ({ access, extent, writes });
  switch (step.kind) {
    case "loops":
      return step.segments.flatMap(({ inner, body, stores }) => [
        ...body.flatMap((x) => (x.op === "load" ? [touch(x.access, [...step.rows, ...inner], false)] : [])),
        ...stores.map(({ access }) => touch(access, [...step.rows, ...inner], true)),
      ]);
    case "scalars":
      return [
        ...step.body.flatMap(({ instruction: x }) => (x.op === "load" ? [run(x.access, 1, false)] : [])),
        ...step.stores.map(({ access }) => run(access, 1, true)),
      ];
    case "matmul":
      return [
        touch(step.a, [...step.batch, step.m, step.k], false),
        touch(step.b, [...step.batch, step.k, step.n], false),
        touch(step.out, [...step.batch, step.m, step.n], true),
      ];
    case "gather":
      return [
        run(step.source, step.before * step.length * step.after, false),
        run(step.indices, step.count, false),
        run(step.out, step.before * step.count * step.after, true),
      ];
    case "scatterAdd":
      return [
        run(step.source, step.before * step.count * step.after, false),
        run(step.indices, step.count, false),
        run(step.out, step.before * step.length * step.after, true),
      ];
    case "fill":
      return [run(step.access, step.count, true)];
  }
}

/** The step with other accesses. */
export function mapAccesses(step: Step, map: (access: Access) => Access): Step {
  const instruction = (x: Instruction): Instruction => (x.op === "load" ? { ...x, access: map(x.access) } : x);
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
