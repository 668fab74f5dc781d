import type { ConfusionMatrix } from "./confusion-matrix.js";

export interface ClassScores {
  /** Of the rows taken for the class, the part that is of it; 0 where none was. */
  readonly precision: number;
  /** Of the rows of the class, the part that was found; 0 where there are none. */
  readonly recall: number;
  /** Harmonic mean of precision and recall; 0 where both are. */
  readonly f1: number;
  /** Rows of the class (their weights' sum). */
  readonly support: number;
}

export interface ClassificationReport {
  readonly accuracy: number;
  /** By class index. */
  readonly classes: readonly ClassScores[];
  /** Mean over classes, each counting the same. */
  readonly macro: ClassScores;
  /** Mean over classes by support. */
  readonly weighted: ClassScores;
}

/** Precision, recall and F1 of each class and their means, as scikit-learn's classification_report. */
export function classificationReport(matrix: ConfusionMatrix): ClassificationReport {
  const classes = matrix.map((row, i): ClassScores => {
    const hits = row[i]!;
    const support = sum(row);
    const found = sum(matrix.map((other) => other[i]!));
    return {
      precision: ratio(hits, found),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + found),
      support,
    };
  });
  const support = sum(classes.map((scores) => scores.support));
  const mean = (weightOf: (scores: ClassScores) => number): ClassScores => {
    const weights = classes.map(weightOf);
    const of = (score: keyof ClassScores) =>
      ratio(sum(classes.map((scores, i) => weights[i]! * scores[score])), sum(weights));
    return { precision: of("precision"), recall: of("recall"), f1: of("f1"), support };
  };
  return {
    accuracy: ratio(sum(matrix.map((row, i) => row[i]!)), support),
    classes,
    macro: mean(() => 1),
    weighted: mean((scores) => scores.support),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b);
