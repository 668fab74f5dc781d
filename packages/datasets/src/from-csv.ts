import { type CsvOptions, readCsv } from "./read-csv.js";
import type { Samples } from "./samples.js";
import { type SamplesOptions, toSamples } from "./to-samples.js";

/**
 * Samples from a CSV text: `readCsv`, then `toSamples`.
 *
 *     fromCsv(text, { target: "price", missing: "median" }).standardize().split({ test: 0.2 })
 */
export function fromCsv(text: string, options: CsvOptions & SamplesOptions): Samples {
  return toSamples(readCsv(text, options), options);
}
