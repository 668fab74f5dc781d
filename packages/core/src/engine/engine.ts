import type { DType, Floats, Layout, Program } from "../program/program.js";

export type Mode = "sync" | "async";
type Result<M extends Mode, T> = M extends "sync" ? T : Promise<T>;

/** Runs programs. Recognised by the brand `~engine`. */
export interface Engine<M extends Mode = Mode> {
  readonly "~engine": 1;
  readonly name: string;
  readonly mode: M;
  readonly dtypes: readonly DType[];
  /** Takes memory for the layout, all zeros. */
  open(layout: Layout, dtype: DType): Result<M, Session<M>>;
}

/** Memory that several programs share. */
export interface Session<M extends Mode = Mode> {
  readonly layout: Layout;
  readonly dtype: DType;
  /** What a user should know: a fallback taken, an option that changes bits. Sentences; empty when all is plain. */
  readonly notes: readonly string[];
  /** Compiles a program for this memory. */
  load(program: Program): Result<M, Kernel<M>>;
  /** A copy of a slot's numbers, or of a whole arena's. */
  read(arena: string, name?: string): Result<M, Floats>;
  /** Writes the first `values.length` numbers of a slot, or of a whole arena. */
  write(arena: string, name: string | undefined, values: ArrayLike<number>): void;
  /**
   * The numbers themselves: a view that later runs change. Only synchronous engines have one; it holds until the
   * next `load`.
   */
  readonly view: M extends "sync" ? (arena: string, name?: string) => Floats : undefined;
  /** Frees the memory; the session is of no use afterwards. */
  dispose(): void;
}

/** A program ready to run. */
export interface Kernel<M extends Mode = Mode> {
  /** Runs once. `scalars` holds the program's host scalars in their order. Allocates nothing on synchronous engines. */
  run(scalars: Float64Array): Result<M, void>;
}
