import { digits, digitsTable } from "./embedded/digits.js";
import { iris, irisTable } from "./embedded/iris.js";
import { penguins, penguinsTable } from "./embedded/penguins.js";
import { blobsTable } from "./make/make-blobs.js";
import { circlesTable } from "./make/make-circles.js";
import { moonsTable } from "./make/make-moons.js";
import { drawRegression } from "./make/make-regression.js";
import { spiralTable } from "./make/make-spiral.js";
import type { Samples } from "./samples.js";
import type { Table } from "./table.js";
import type { Task } from "./target.js";
import { type SamplesOptions, toSamples } from "./to-samples.js";

/** What people should know of a dataset before they choose it. */
export interface About {
  /** A line on what the rows are. */
  readonly title: string;
  readonly rows: number;
  /** Default target for each task the data are good for. */
  readonly targets: { readonly [T in Task]?: string };
  /** The task of the default target. */
  readonly task: Task;
  readonly licence: string;
  readonly source: string;
}

export interface DatasetEntry {
  readonly about: About;
  /** All columns. */
  table(): Table;
  /** Samples by the dataset's defaults, or as asked. Throws a DataError for columns that are not there. */
  load(options?: Partial<SamplesOptions>): Samples;
}

/**
 * Every dataset by name, for programs that let people choose. Who needs one imports its function instead, and bundles
 * that one alone.
 */
export const datasets: Readonly<Record<string, DatasetEntry>> = {
  penguins: {
    about: {
      title: "Sizes of three species of penguins",
      rows: 344,
      targets: { regression: "body_mass_g", classification: "species" },
      task: "regression",
      licence: "CC0-1.0",
      source: "https://allisonhorst.github.io/palmerpenguins/",
    },
    table: penguinsTable,
    load: penguins as DatasetEntry["load"],
  },
  iris: {
    about: {
      title: "Sizes of flowers of three species of iris",
      rows: 150,
      targets: { classification: "species", regression: "petal_width_cm" },
      task: "classification",
      licence: "CC-BY-4.0",
      source: "https://doi.org/10.24432/C56C76",
    },
    table: irisTable,
    load: iris as DatasetEntry["load"],
  },
  digits: {
    about: {
      title: "Handwritten digits, images of 8 × 8 pixels",
      rows: 1797,
      targets: { classification: "digit" },
      task: "classification",
      licence: "CC-BY-4.0",
      source: "https://doi.org/10.24432/C50P49",
    },
    table: digitsTable,
    load: digits as DatasetEntry["load"],
  },
  regression: made("Points around a line", "regression", () => drawRegression().table),
  blobs: made("Two clouds of points", "classification", blobsTable),
  moons: made("Two interleaved half circles", "classification", moonsTable),
  circles: made("A circle within a circle", "classification", circlesTable),
  spiral: made("Two arms of a spiral", "classification", spiralTable),
};

function made(title: string, task: Task, makeTable: () => Table): DatasetEntry {
  const target = task === "regression" ? "y" : "class";
  return {
    about: {
      title,
      rows: task === "regression" ? 100 : 200,
      targets: { [task]: target },
      task,
      licence: "MIT",
      source: "made with seed 0",
    },
    table: () => makeTable(),
    load: (options = {}) => {
      const chosen = options.target ?? target;
      return toSamples(makeTable(), { ...(chosen === target && { task }), ...options, target: chosen });
    },
  };
}
