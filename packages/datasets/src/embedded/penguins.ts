import { readCsv } from "../read-csv.js";
import type { Samples } from "../samples.js";
import type { Table } from "../table.js";
import { type SamplesOptions, toSamples } from "../to-samples.js";
import { penguinsCsv } from "./penguins.data.js";

export type PenguinsColumn =
  | "species"
  | "island"
  | "bill_length_mm"
  | "bill_depth_mm"
  | "flipper_length_mm"
  | "body_mass_g"
  | "sex"
  | "year";

const measurements = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"] as const;

/**
 * Palmer penguins: 344 penguins of three species on three islands of the Palmer Archipelago, Antarctica, 2007 to
 * 2009. Two lack all four measurements and eleven their sex.
 *
 * Columns: species (Adelie, Chinstrap, Gentoo), island (Biscoe, Dream, Torgersen), bill_length_mm, bill_depth_mm and
 * flipper_length_mm in millimetres, body_mass_g in grams, sex (female, male), year.
 *
 * Default: body_mass_g from the other measurements; x [342, 3]. Classes with `target: "species"`, x [342, 4]. Rows
 * with missing values are dropped unless `missing` says otherwise.
 *
 * Source: K. B. Gorman, T. D. Williams and W. R. Fraser, "Ecological sexual dimorphism and environmental variability
 * within a community of Antarctic penguins (genus Pygoscelis)", PLoS ONE 9(3), e90081, 2014; A. M. Horst, A. P. Hill
 * and K. B. Gorman, palmerpenguins, 2020, https://allisonhorst.github.io/palmerpenguins/. Licence: CC0 1.0.
 */
export function penguins(options: Partial<SamplesOptions<PenguinsColumn>> = {}): Samples {
  const { target = "body_mass_g" } = options;
  const features = measurements.filter((name) => name !== target && name !== options.weight);
  return toSamples(penguinsTable(), { features, missing: "drop", ...options, target });
}

/** All columns of `penguins`, as published. */
export function penguinsTable(): Table {
  return readCsv(penguinsCsv, { name: "penguins" });
}
