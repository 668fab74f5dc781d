/** Numbers in a row: an array or a typed array. */
export type Numbers = ArrayLike<number>;

export interface MetricOptions {
  /** One for each row, at least 0; every row counts the same when absent. */
  readonly weight?: Numbers;
}

/** Throws unless there are rows, `perRow` predictions for each, and as many weights as rows. */
export function checkRows(
  metric: string,
  prediction: Numbers,
  target: Numbers,
  { weight }: MetricOptions,
  perRow = 1,
): void {
  if (target.length === 0) throw new RangeError(`${metric}: there are no rows to measure.`);
  if (prediction.length !== target.length * perRow) {
    throw new RangeError(
      `${metric}: ${prediction.length} predictions do not fit ${target.length} targets; ` +
        `expected ${perRow === 1 ? "as many" : `${perRow} for each`}.`,
    );
  }
  if (weight !== undefined && weight.length * perRow !== prediction.length) {
    throw new RangeError(`${metric}: ${weight.length} weights do not fit ${target.length} rows.`);
  }
}
