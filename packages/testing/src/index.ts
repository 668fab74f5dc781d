export * from "./check.js";
export { evaluateWith, type Operators } from "./evaluate.js";
export { operatorSamples, type Sample } from "./operator-samples.js";
export { operatorSuite } from "./operator-suite.js";
export { engineSuite, engineTolerance } from "./engine-suite.js";
export { randomRun } from "./random-run.js";
export { evaluation, type Run, runProgram } from "./run-program.js";
export { type OptimizerSubject, optimizerSuite } from "./optimizer-suite.js";
export { type ReporterSubject, reporterSuite } from "./reporter-suite.js";
