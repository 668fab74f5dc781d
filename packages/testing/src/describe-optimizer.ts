import { type OptimizerSubject, optimizerSuite } from "./optimizer-suite.js";

/** What Vitest, Jest, Mocha and `node:test` have. */
export interface TestRunner {
  describe(title: string, body: () => void): unknown;
  it(title: string, body: () => void | Promise<void>): unknown;
}

/** The whole `optimizerSuite` as tests of one rule, under its name: `describeOptimizer({ make: lion }, { describe, it })`. */
export function describeOptimizer(subject: OptimizerSubject, { describe, it }: TestRunner): void {
  describe(subject.make().name, () => {
    for (const { title, run } of optimizerSuite) it(title, () => run(subject));
  });
}
