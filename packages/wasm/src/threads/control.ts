/**
 * Addresses of the words through which threads find work, at the beginning of a shared memory; what is written often
 * has a cache line of its own. All have 32 bits but for `ticket`, whose lower half says how many parts nobody has taken,
 * and whose upper half says of which job.
 */
export const control = {
  ticket: 64,
  /** How many parts have ended. */
  done: 128,
  /** Changes whenever there is news, for those who sleep. */
  news: 192,
  sleepers: 196,
  /** Helpers that have begun. */
  helpers: 200,
  /** Messages posted to each helper: one who has had fewer looks for them. */
  posted: 204,
  /** The caller's own, in parts of the smallest size: what others took between two of its parts since it last woke them; */
  beside: 256,
  /** what it runs before it wakes them again if that was too little; */
  patience: 260,
  /** and how much that was the last time. */
  pause: 264,
  end: 320,
} as const;
