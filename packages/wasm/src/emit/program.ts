import type { Step } from "@downhill/core/engine";
import { costOf } from "../cost.js";
import type { Code } from "../encode/code.js";
import { atomic, call, i32 } from "../encode/instructions.js";
import { control } from "../threads/control.js";
import { GRAIN } from "../threads/parts.js";
import type { Job } from "../threads/split-plan.js";
import { emitHost } from "./host.js";
import { emitFill, emitGather, emitScatter } from "./indexing.js";
import { emitLoops } from "./loops.js";
import { emitMatmul } from "./matmul.js";
import type { Range } from "./nest.js";
import { emitScalars } from "./scalars.js";
import { emitShare, type JobRef } from "./share.js";
import type { Target } from "./target.js";

/** The module's bytes: a function for each step, which V8 then optimizes apart, and `run`, which calls them in turn. */
export function emitProgram(target: Target): Uint8Array<ArrayBuffer> {
  const { writer, plan, shared } = target;
  const host =
    plan.host.length > 0 ? writer.func([], [], (code) => emitHost(target, code, plan.host)) : undefined;
  const jobs = plan.jobs.map((job) => emitJob(target, job));
  const large = jobs.filter(({ parts }) => parts > 1);
  const share = shared && large.length > 0 ? emitShare(target, large) : undefined;
  const run = writer.func([], [], (code) => {
    if (host) code.eval(call(host));
    const helpers = share && code.keep("i32", atomic.load(i32.const(0), control.helpers)).get;
    for (const job of jobs) {
      const alone = () => runAlone(code, job);
      if (!share || job.parts === 1) alone();
      else {
        const parts = i32.const(job.parts + (job.rest ? 1 : 0));
        const together = call(share, i32.const(large.indexOf(job)), parts, i32.const(job.worth));
        code.when(helpers!, () => code.eval(together), alone);
      }
    }
  });
  writer.export("run", run);
  return writer.encode();
}

function emitJob(target: Target, { step, parts, rest }: Job): JobRef {
  const { writer } = target;
  if (parts === 1)
    return { run: writer.func([], [], (code) => emitStep(target, code, step)), parts, worth: 1 };
  const run = writer.func(["i32", "i32"], [], (code, begin, end) =>
    emitStep(target, code, step, { begin: begin!.get, end: end!.get }),
  );
  const cost = step.kind === "loops" || step.kind === "matmul" ? costOf(step) : 0;
  const worth = Math.max(1, Math.round(cost / parts / GRAIN));
  if (!rest) return { run, parts, worth };
  return { run, parts, worth, rest: writer.func([], [], (code) => emitStep(target, code, rest)) };
}

/** Part by part: a function that is called again and again is soon replaced by its optimized code, also in the first run. */
function runAlone(code: Code, { run, parts, rest }: JobRef): void {
  if (parts === 1) code.eval(call(run));
  else {
    const part = code.keep("i32", i32.const(0));
    code.loop(() => {
      const begin = code.keep("i32", part.get).get;
      code.set(part, i32.add(begin, i32.const(1)));
      code.eval(call(run, begin, part.get), i32.ltS(part.get, i32.const(parts)));
    });
  }
  if (rest) code.eval(call(rest));
}

/** A step whose first axis may run over a range. */
function emitStep(target: Target, code: Code, step: Step, range?: Range): void {
  switch (step.kind) {
    case "loops":
      return emitLoops(target, code, step, range);
    case "scalars":
      return emitScalars(target, code, step);
    case "matmul":
      return emitMatmul(target, code, step, range);
    case "gather":
      return emitGather(target, code, step);
    case "scatterAdd":
      return emitScatter(target, code, step);
    case "fill":
      return emitFill(target, code, step);
  }
}
