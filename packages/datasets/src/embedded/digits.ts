import type { Samples } from "../samples.js";
import { type Table, tableOf } from "../table.js";
import { type SamplesOptions, toSamples } from "../to-samples.js";
import { digitLabels, digitPairs, digitPixels } from "./digits.data.js";

type Octal = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
export type DigitsColumn = `pixel_${Octal}_${Octal}` | "digit";

/**
 * Handwritten digits: 1797 images of 8 × 8 pixels by 13 people, 174 to 183 of each digit. Nothing is missing.
 *
 * Columns: pixel_0_0 to pixel_7_7 (row, column), each the number from 0 to 16 of inked pixels in a 4 × 4 block of a
 * larger bitmap, and digit (0 to 9).
 *
 * Default: the digit's class from all pixels; x [1797, 64], row-major images.
 *
 * Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
 * 1998, https://doi.org/10.24432/C50P49, its test part. Licence: CC BY 4.0.
 */
export function digits(options: Partial<SamplesOptions<DigitsColumn>> = {}): Samples {
  const { target = "digit" } = options;
  return toSamples(digitsTable(), {
    ...(target === "digit" && { task: "classification" }),
    ...options,
    target,
  });
}

/** All columns of `digits`, as numbers. */
export function digitsTable(): Table {
  const pixels = decode();
  const columns: Record<string, Float64Array> = {};
  for (let j = 0; j < 64; j++) {
    columns[`pixel_${j >> 3}_${j & 7}`] = Float64Array.from(digitLabels, (_, row) =>
      Number.parseInt(pixels[row * 64 + j]!, 17),
    );
  }
  columns.digit = Float64Array.from(digitLabels, Number);
  return tableOf("digits", columns);
}

/** Undoes byte pair encoding: the last pair introduced is the first to be written out. */
function decode(): string {
  let text = digitPixels.replaceAll("\n", "");
  for (const pair of digitPairs.split(" ").reverse()) text = text.replaceAll(pair[0]!, pair.slice(1));
  return text;
}
