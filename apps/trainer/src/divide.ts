import type { Samples } from "@downhill/datasets";

/** Rows to train on, and those kept apart. */
export interface Parts {
  readonly train: Samples;
  readonly validation?: Samples;
  readonly test?: Samples;
}

/** Shares of the rows to keep apart, in (0, 1). */
export interface Shares {
  readonly test?: number | undefined;
  readonly validation?: number | undefined;
}

/** Divides rows at random; classes keep their shares in each part. */
export function divide(samples: Samples, { test, validation }: Shares, seed: number): Parts {
  const options = { seed, stratify: samples.info.classes !== undefined };
  if (test !== undefined && validation !== undefined) return samples.split({ ...options, test, validation });
  if (test !== undefined) return samples.split({ ...options, test });
  if (validation !== undefined) return samples.split({ ...options, validation });
  return { train: samples };
}
