import { cos } from "../math/cos.js";
import { log } from "../math/log.js";
import { forkKey, type Key } from "./key.js";
import { multiplyHigh } from "./multiply-high.js";
import { uniform53At } from "./uniform-at.js";
import { requireWhole } from "./whole-number.js";
import { wordAt } from "./word-at.js";

/**
 * A seeded stream of random numbers on the host: the same on every machine, continued from its state alone.
 */
export interface Random {
  /** A number in [0, 1) with 53 random bits. */
  uniform(): number;
  /** A standard normal number (Box and Muller 1958), at most 8.6 from 0. */
  normal(): number;
  /** A whole number from 0 to n - 1, each as likely; n from 1 to 2^32 - 1. */
  integer(n: number): number;
  /** The numbers 0 to n - 1 in random order, each order as likely; n from 0 to 2^32 - 1. */
  permutation(n: number): Uint32Array;
  /**
   * A stream of its own, named by a text and a whole number: `random(seed).fork("shuffle", epoch)`. It
   * depends on this stream's key and on its name, not on what was drawn before.
   */
  fork(name: string, index?: number): Random;
  /** All there is to know about the stream; `restoreRandom` continues it. */
  state(): RandomState;
}

export interface RandomState {
  readonly key: Key;
  /** How many 32-bit words were drawn. */
  readonly drawn: number;
}

/** The stream of a seed, a whole number from 0 to 2^53 - 1. Throws a RangeError for any other. */
export function random(seed: number): Random {
  requireWhole("random", "the seed", seed, 0, Number.MAX_SAFE_INTEGER);
  return stream(seed, 0);
}

/** The stream that `state()` described, at the same place. Throws a RangeError where that cannot be. */
export function restoreRandom(state: RandomState): Random {
  requireWhole("restoreRandom", "the key", state.key, 0, Number.MAX_SAFE_INTEGER);
  requireWhole("restoreRandom", "the number of words drawn", state.drawn, 0, Number.MAX_SAFE_INTEGER);
  return stream(state.key, state.drawn);
}

function stream(key: Key, start: number): Random {
  let drawn = start;

  function word(): number {
    return wordAt(key, drawn++);
  }

  function uniform(): number {
    const u = uniform53At(key, drawn);
    drawn += 2;
    return u;
  }

  // The upper word of n times a random word; its lower word tells which n-th has one value too many, and
  // those are drawn again (D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1),
  // 2019, algorithm 5).
  function below(n: number): number {
    let x = word();
    if (Math.imul(x, n) >>> 0 < n) {
      const excess = 0x100000000 % n;
      while (Math.imul(x, n) >>> 0 < excess) x = word();
    }
    return multiplyHigh(x, n);
  }

  return {
    uniform,
    normal: () => Math.sqrt(-2 * log(1 - uniform())) * cos(2 * Math.PI * uniform()),
    integer(n) {
      requireWhole("random.integer", "n", n, 1, 0xffffffff);
      return below(n);
    },
    permutation(n) {
      requireWhole("random.permutation", "n", n, 0, 0xffffffff);
      // Fisher and Yates, in the form of D. E. Knuth, "The Art of Computer Programming" 2, algorithm 3.4.2 P.
      const order = new Uint32Array(n);
      for (let i = 0; i < n; i++) order[i] = i;
      for (let i = n - 1; i > 0; i--) {
        const j = below(i + 1);
        const last = order[i]!;
        order[i] = order[j]!;
        order[j] = last;
      }
      return order;
    },
    fork(name, index = 0) {
      requireWhole("random.fork", `the number of "${name}"`, index, 0, Number.MAX_SAFE_INTEGER);
      return stream(forkKey(key, name, index), 0);
    },
    state: () => ({ key, drawn }),
  };
}
