/** One thing that must hold of a subject. Suites are lists of these, for any test runner. */
export interface Check<S> {
  /** What holds, as a sentence. */
  readonly title: string;
  /** Throws a ConformanceError when it does not hold. */
  run(subject: S): void | Promise<void>;
}

/** A subject does not conform; the message says where and by how much. */
export class ConformanceError extends Error {
  override readonly name = "ConformanceError";
}

export function require(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ConformanceError(message);
}

/**
 * Requires numbers to agree within `tolerance` of the larger of 1 and the largest finite magnitude expected; NaN and
 * infinities must be where they are expected.
 */
export function requireClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  require(actual.length ===
    expected.length, `${what}: got ${actual.length} numbers, expected ${expected.length}.`);
  let scale = 1;
  for (let i = 0; i < expected.length; i++) {
    if (Number.isFinite(expected[i]!)) scale = Math.max(scale, Math.abs(expected[i]!));
  }
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    const agrees = Number.isFinite(e) ? Math.abs(a - e) <= tolerance * scale : Object.is(a, e);
    require(agrees, `${what}: element ${i} is ${a}, expected ${e} (within ${tolerance} of ${scale}).`);
  }
}

/** Requires the same numbers, bit for bit. */
export function requireSame(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  require(actual.length ===
    expected.length, `${what}: got ${actual.length} numbers, expected ${expected.length}.`);
  for (let i = 0; i < expected.length; i++) {
    require(Object.is(
      actual[i],
      expected[i],
    ), `${what}: element ${i} is ${actual[i]}, expected exactly ${expected[i]}.`);
  }
}

/** Requires an error whose message contains every text. */
export async function requireError(
  run: () => unknown,
  texts: readonly string[],
  what: string,
): Promise<void> {
  let message: string | undefined;
  try {
    await run();
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  require(message !== undefined, `${what}: expected an error, got none.`);
  for (const text of texts) {
    require(message.includes(text), `${what}: expected an error that says "${text}", got "${message}".`);
  }
}
