/** Invocations that share memory and barriers. */
export const GROUP = 256;

/** A run of numbers in a buffer. */
export interface Range {
  readonly buffer: number;
  readonly begin: number;
  readonly end: number;
  readonly writes: boolean;
}

/** What a task's code calls things: tasks of the same code share a pipeline, whatever their buffers and sizes are. */
export interface Names {
  /** The element of a buffer at an index, a u32. */
  element(buffer: number, index: string): string;
  /** Four elements of a buffer, by the number of the four; for tasks with `vectors`. */
  vector(buffer: number, index: string): string;
  /** A number that the code is told when it runs, a u32. */
  parameter(value: number): string;
  /** A value of the host, an f32. */
  host(index: number): string;
  /** A value of the host that is a key of random numbers: its lower and upper 32 bits. */
  key(index: number): readonly [string, string];
}

/**
 * Work for a number of groups of invocations. Its code is the body of a function of `group` and `lane`, the numbers of
 * the group and of the invocation in it.
 */
export interface Task {
  readonly groups: number;
  readonly ranges: readonly Range[];
  /** Whether it takes its buffers as vectors of four. */
  readonly vectors?: boolean;
  code(names: Names): string;
}

/** Whether `b` must wait until `a` has ended. */
export function clash(a: readonly Range[], b: readonly Range[]): boolean {
  return a.some((x) =>
    b.some((y) => (x.writes || y.writes) && x.buffer === y.buffer && x.begin < y.end && y.begin < x.end),
  );
}
