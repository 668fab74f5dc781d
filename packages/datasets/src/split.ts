import { randomStream } from "@downhill/core";
import { DataError } from "./data-error.js";
import { counted, listed } from "./text.js";

export interface SplitOptions {
  /** Share of the rows in the test part, in (0, 1). */
  readonly test?: number;
  /** Share of the rows in the validation part, in (0, 1). */
  readonly validation?: number;
  /** Keep the classes' shares in each part. Default false. */
  readonly stratify?: boolean;
  /** A whole number from 0. Default 0. */
  readonly seed?: number;
}

/** Indices of the rows of each part, in a random order. Together they are all rows, once each. */
export interface SplitIndices {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
  readonly notices: readonly string[];
}

type Part = "train" | "validation" | "test";

/**
 * Divides rows at random. Each part gets its share of the rows, rounded, and at least one; the training part keeps
 * one too. When stratified, this holds for each class to within a row; classes that are absent from a part are named
 * in the notices.
 *
 * y: [rows] class indices, which only stratification looks at.
 *
 * Throws a DataError for shares outside (0, 1), for too few rows, and for stratifying without classes.
 */
export function splitIndices(
  y: ArrayLike<number>,
  classes: readonly string[] | undefined,
  { stratify = false, seed = 0, ...shares }: SplitOptions,
): SplitIndices {
  if (stratify && !classes) {
    throw new DataError("split: stratify needs classes, but the target is a number. Leave stratify out.");
  }
  const order = randomStream(seed).fork("split").permutation(y.length);
  const groups = stratify ? classes!.map((_, index) => order.filter((row) => y[row] === index)) : [order];
  const sizes = groups.map((group) => group.length);
  const partOf = new Array<Part>(y.length).fill("train");
  const notices: string[] = [];
  let left = groups;
  for (const [part, share] of requireShares(shares)) {
    const counts = apportion(
      sizes,
      left.map((group) => group.length),
      share,
    );
    left.forEach((group, g) => {
      for (const row of group.subarray(0, counts[g])) partOf[row] = part;
    });
    left = left.map((group, g) => group.subarray(counts[g]));
    if (sum(counts) === 0) {
      throw new DataError(`split: ${counted(y.length, "row")} are too few for a ${part} part of ${share}.`);
    }
    const absent = stratify ? classes!.filter((_, g) => sizes[g]! > 0 && counts[g] === 0) : [];
    if (absent.length > 0) notices.push(`Too few rows to be in the ${part} part: ${listed(absent)}.`);
  }
  const rowsOf = (part: Part) => order.filter((row) => partOf[row] === part);
  return { train: rowsOf("train"), validation: rowsOf("validation"), test: rowsOf("test"), notices };
}

/** The parts asked for, and their shares. */
function requireShares({ test, validation }: Pick<SplitOptions, "test" | "validation">) {
  const shares: (readonly [Exclude<Part, "train">, number])[] = [];
  if (test !== undefined) shares.push(["test", test]);
  if (validation !== undefined) shares.push(["validation", validation]);
  for (const [part, share] of shares) {
    if (!(share > 0 && share < 1)) {
      throw new DataError(`split: ${part} is ${share}, expected a share above 0 and below 1.`);
    }
  }
  if (shares.length === 0) {
    throw new DataError("split: expected a share for test, validation or both, such as { test: 0.2 }.");
  }
  if (sum(shares.map(([, share]) => share)) >= 1) {
    throw new DataError(`split: test ${test} and validation ${validation} leave no rows to train on.`);
  }
  return shares;
}

/**
 * Whole numbers near `share` of each size that sum to `share` of all (largest remainders, Hamilton 1792), each less
 * than what is available.
 */
function apportion(sizes: readonly number[], available: readonly number[], share: number): number[] {
  if (share === 0) return sizes.map(() => 0);
  const quotas = sizes.map((size) => share * size);
  const counts = quotas.map((quota, g) => Math.min(Math.floor(quota), Math.max(0, available[g]! - 1)));
  let left = Math.max(1, Math.round(share * sum(sizes))) - sum(counts);
  const byRemainder = counts
    .map((_, g) => g)
    .sort((a, b) => quotas[b]! - counts[b]! - (quotas[a]! - counts[a]!));
  for (const g of byRemainder) {
    if (left === 0 || counts[g]! + 1 >= available[g]!) continue;
    counts[g]!++;
    left--;
  }
  return counts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
