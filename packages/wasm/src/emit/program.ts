import type { Step } from "@downhill/core/engine";
import type { Code } from "../encode/code.js";
import { call } from "../encode/instructions.js";
import { emitHost } from "./host.js";
import { emitFill, emitGather, emitScatter } from "./indexing.js";
import { emitLoops } from "./loops.js";
import { emitMatmul } from "./matmul.js";
import { emitScalars } from "./scalars.js";
import type { Target } from "./target.js";

/** The module's bytes: a function for each step, which V8 then optimizes apart, and `run`, which calls them in turn. */
export function emitProgram(target: Target): Uint8Array<ArrayBuffer> {
  const { writer, plan } = target;
  const host = plan.host.length > 0 ? [writer.func([], [], (code) => emitHost(target, code, plan.host))] : [];
  const steps = plan.steps.map((step) => writer.func([], [], (code) => emitStep(target, code, step)));
  const run = writer.func([], [], (code) => code.eval(...[...host, ...steps].map((step) => call(step))));
  writer.export("run", run);
  return writer.encode();
}

function emitStep(target: Target, code: Code, step: Step): void {
  switch (step.kind) {
    case "loops":
      return emitLoops(target, code, step);
    case "scalars":
      return emitScalars(target, code, step);
    case "matmul":
      return emitMatmul(target, code, step);
    case "gather":
      return emitGather(target, code, step);
    case "scatterAdd":
      return emitScatter(target, code, step);
    case "fill":
      return emitFill(target, code, step);
  }
}
