import { readCsv } from "../read-csv.js";
import type { Samples } from "../samples.js";
import type { Table } from "../table.js";
import { type SamplesOptions, toSamples } from "../to-samples.js";
import { irisCsv } from "./iris.data.js";

export type IrisColumn =
  | "sepal_length_cm"
  | "sepal_width_cm"
  | "petal_length_cm"
  | "petal_width_cm"
  | "species";

/**
 * Fisher's iris: 150 flowers, 50 of each of three species. Nothing is missing.
 *
 * Columns: sepal_length_cm, sepal_width_cm, petal_length_cm and petal_width_cm in centimetres, species (setosa,
 * versicolor, virginica).
 *
 * Default: species from the four measurements; x [150, 4].
 *
 * Source: R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7(2), 1936; from
 * the UCI Machine Learning Repository, https://doi.org/10.24432/C56C76, as scikit-learn has it: with the two rows
 * that differ there corrected after the paper. Licence: CC BY 4.0.
 */
export function iris(options: Partial<SamplesOptions<IrisColumn>> = {}): Samples {
  return toSamples(irisTable(), { target: "species", ...options });
}

/** All columns of `iris`. */
export function irisTable(): Table {
  return readCsv(irisCsv, { name: "iris" });
}
