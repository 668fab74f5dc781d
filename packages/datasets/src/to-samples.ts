import type { DatasetInfo } from "@downhill/core/train";
import { DataError, requireChoice, type Source } from "./data-error.js";
import { encodedNames, encodeFeatures, encodingOf, type FeatureEncoding, originsOf } from "./encoding.js";
import { type Missing, type Origins, requireFinite, resolveMissing } from "./missing.js";
import { type Rows, takeRows } from "./rows.js";
import { createSamples, type Samples } from "./samples.js";
import { type Column, findColumn, numbersOf, type Table } from "./table.js";
import { encodeTarget, type Task } from "./target.js";
import { listed, printable, quoted } from "./text.js";

export interface SamplesOptions<Name extends string = string> {
  /** Column to predict. */
  readonly target: Name;
  /** Columns to predict from. Default: every column of numbers but the target and the weights; all with `oneHot`. */
  readonly features?: readonly Name[];
  /** Turn columns of text into a column of 0 and 1 per category, `species=Adelie`. Default false: an error. */
  readonly oneHot?: boolean;
  /** Default: classification for a target of texts, regression for one of numbers. */
  readonly task?: Task;
  /** Default "error". */
  readonly missing?: Missing;
  /** Column of the rows' weights, numbers from 0. */
  readonly weight?: Name;
}

/**
 * Takes features and a target out of a table. Classes are the target's distinct values, numbers in rising order and
 * texts in the order of their UTF-16 units; y holds their indices.
 *
 * Throws a DataError for an unknown column, texts where numbers are needed, infinite values, negative weights, and
 * missing values unless `missing` says what to do with them.
 */
export function toSamples(table: Table, options: SamplesOptions): Samples {
  const { target, oneHot = false, task, missing = "error", weight } = options;
  const targetColumn = findColumn(table, target);
  const weightColumn = weight === undefined ? undefined : findColumn(table, weight);
  const { columns, notices } = chooseFeatures(table, options);
  const features = columns.map((column) => encodingOf(table, column, oneHot));
  const { y, classes } = encodeTarget(table, targetColumn, task);
  const names = encodedNames(features);
  const rows: Rows = {
    count: table.rows,
    width: names.length,
    x: encodeFeatures(table, features),
    y,
    weight: weightColumn && numbersOf(table, weightColumn, "Weights are numbers from 0."),
  };
  return samplesOf({
    source: table,
    rows,
    features,
    origins: { features: originsOf(features), target, weight },
    info: { name: table.name, features: names, target, ...(classes && { classes }) },
    shape: [names.length],
    missing,
    notices: [...table.notices, ...notices],
  });
}

interface Unchecked {
  readonly source: Source;
  readonly rows: Rows;
  readonly features: readonly FeatureEncoding[];
  readonly origins: Origins;
  readonly info: DatasetInfo;
  readonly shape: readonly number[];
  readonly missing: Missing;
  readonly notices: readonly string[];
}

/** Checks the rows' values, resolves missing ones, and makes samples of what remains. */
export function samplesOf({ source, rows, origins, missing, notices, ...rest }: Unchecked): Samples {
  requireChoice("missing", missing, ["error", "drop", "mean", "median"]);
  requireFinite(source, origins.features, rows.x);
  if (rows.weight) requireWeights(source, origins.weight!, rows.weight);
  const resolved = resolveMissing(source, rows, origins, missing);
  const complete = resolved.kept.length === rows.count ? rows : takeRows(rows, resolved.kept);
  return createSamples({
    ...rest,
    rows: complete,
    basis: complete,
    notices: [...notices, ...resolved.notices],
    impute: missing === "mean" || missing === "median" ? missing : undefined,
    standardize: undefined,
  });
}

function requireWeights(source: Source, column: string, weight: Float64Array): void {
  requireFinite(source, [column], weight);
  const row = weight.findIndex((value) => value < 0);
  if (row >= 0) {
    throw new DataError(`found ${weight[row]}, expected a weight from 0.`, { source, row, column });
  }
  if (!weight.some((value) => value > 0)) {
    throw new DataError("every weight is 0; at least one row must count.", { source, column });
  }
}

function chooseFeatures(
  table: Table,
  { target, features, oneHot = false, weight }: SamplesOptions,
): { readonly columns: readonly Column[]; readonly notices: readonly string[] } {
  if (features) {
    const columns = features.map((name) => findColumn(table, name));
    const wrong = features.find(
      (name, i) => name === target || name === weight || features.indexOf(name) < i,
    );
    if (wrong !== undefined) {
      const role = wrong === target ? "the target" : wrong === weight ? "the weight" : "named twice";
      throw new DataError(
        `${printable(table.name)}: the feature ${quoted(wrong)} is ${role}. Leave it out of the features.`,
      );
    }
    if (columns.length > 0) return { columns, notices: [] };
  }
  const others = table.columns.filter(({ name }) => name !== target && name !== weight);
  const columns = oneHot ? others : others.filter(({ type }) => type === "number");
  if (features || columns.length === 0) {
    throw new DataError(
      `${printable(table.name)}: there is no feature to predict ${quoted(target)} from. Choose among: ` +
        `${listed(others.map(({ name }) => name))}; columns of text need oneHot.`,
    );
  }
  const texts = others.filter((column) => !columns.includes(column)).map(({ name }) => name);
  const notices =
    texts.length === 0
      ? []
      : [`Columns of text left out of the features: ${listed(texts)}. Set oneHot to use them.`];
  return { columns, notices };
}
