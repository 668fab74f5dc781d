import type { Code, Expr } from "../encode/code.js";
import { atomic, call, i32, i64 } from "../encode/instructions.js";
import type { FunctionRef } from "../encode/module.js";
import { control } from "../threads/control.js";
import type { Target } from "./target.js";

/** A job's functions. */
export interface JobRef {
  /** Runs parts [begin, end); without parameters where there is but one. */
  readonly run: FunctionRef;
  readonly parts: number;
  /** One more part. */
  readonly rest?: FunctionRef;
  /** How many of the smallest parts make one of these. */
  readonly worth: number;
}

/** Looks for work before a helper goes to sleep, or the caller does while others end: some 100 µs. */
const SPINS = 50_000;
const NAP = 50_000n;
/**
 * To wake others takes the caller some 30 µs. That has paid when since then, between two of its own parts, others were
 * taken that are worth so many of the smallest: who takes many in one go has the caller's own processor, for another
 * process has the others.
 */
const PAYS = 6;
/** Where it has not, the caller runs as much as so many of the smallest parts before it tries again. */
const PAUSE = { first: 64, longest: 8192 };
const zero = i32.const(0);

/**
 * Functions by which threads share jobs. Whoever is free takes the next part, so that nobody waits for a thread that is
 * late: the caller would do all of a job by itself. Exports `help`, which takes parts until none has come for a while.
 *
 * Returns the function that runs the job of a number, its number of parts and what one is worth, and returns when all
 * parts have ended.
 */
export function emitShare(target: Target, jobs: readonly JobRef[]): FunctionRef {
  const { writer, firstJob } = target;
  const runPart = writer.func(["i32", "i32"], [], (code, job, part) => {
    jobs.forEach(({ run, parts, rest }, number) => {
      code.when(i32.eq(job!.get, i32.const(number)), (c) => {
        const whole = call(run, part!.get, i32.add(part!.get, i32.const(1)));
        if (!rest) return void c.eval(whole);
        c.when(
          i32.eq(part!.get, i32.const(parts)),
          () => c.eval(call(rest)),
          () => c.eval(whole),
        );
      });
    });
  });

  /** Takes a part of this program's job, if there is one left; whether there was. */
  const take = writer.func([], ["i32"], (code) => {
    const ticket = code.keep("i64", atomic.load64(zero, control.ticket)).get;
    const left = code.keep("i32", i32.wrapI64(ticket)).get;
    const job = code.keep(
      "i32",
      i32.sub(i32.wrapI64(i64.shrU(ticket, i64.const(32n))), i32.const(firstJob)),
    ).get;
    const found = code.keep("i32", i32.and(i32.ltU(job, i32.const(jobs.length)), i32.ltU(zero, left))).get;
    code.when(found, () => {
      const less = i64.sub(ticket, i64.const(1n));
      code.when(i64.eq(atomic.compareExchange64(zero, control.ticket, ticket, less), ticket), () => {
        code.eval(call(runPart, job, i32.sub(left, i32.const(1))));
        code.drop(atomic.add(zero, control.done, i32.const(1)));
      });
    });
    code.eval(found);
  });

  const help = writer.func([], [], (code) => {
    const left = code.keep("i32", i32.const(SPINS));
    code.loop(() => {
      code.when(
        call(take),
        () => code.set(left, i32.const(SPINS)),
        () => code.set(left, i32.sub(left.get, i32.const(1))),
      );
      code.eval(left.get);
    });
  });
  writer.export("help", help);

  return writer.func(["i32", "i32", "i32"], [], (code, job, parts, worth) => {
    const number = i64.extendI32U(i32.add(job!.get, i32.const(firstJob)));
    const ticket = i64.or(i64.shl(number, i64.const(32n)), i64.extendI32U(parts!.get));
    code.eval(atomic.store(zero, control.done, zero), atomic.store64(zero, control.ticket, ticket));
    code.drop(atomic.add(zero, control.news, i32.const(1)));
    code.when(atomic.load(zero, control.sleepers), () => wake(code, i32.mul(parts!.get, worth!.get)));
    const expected = code.keep("i32", parts!.get);
    const beside = code.keep("i32", i32.load(zero, control.beside));
    code.loop(() => {
      // The lower half: how many parts are left.
      const left = code.keep("i32", atomic.load(zero, control.ticket)).get;
      const surprise = i32.eqz(i32.eq(left, expected.get));
      code.set(beside, i32.add(beside.get, i32.mul(surprise, worth!.get)));
      code.set(expected, i32.sub(left, i32.const(1)));
      code.eval(call(take));
    });
    code.eval(i32.store(zero, control.beside, beside.get));
    const spins = code.keep("i32", i32.const(SPINS));
    const missing = code.locals.local("i32");
    code.loop(() => {
      const done = code.keep("i32", atomic.load(zero, control.done)).get;
      code.set(missing, i32.sub(parts!.get, done));
      code.when(
        spins.get,
        () => code.set(spins, i32.sub(spins.get, i32.const(1))),
        // Whoever is not done may need this processor. Nobody wakes the caller: a nap is short.
        () => code.when(missing.get, () => code.drop(atomic.wait(zero, control.done, done, i64.const(NAP)))),
      );
      code.eval(missing.get);
    });
  });
}

/** Wakes those who sleep, if that has paid before, or not been tried for long. */
function wake(code: Code, work: Expr): void {
  const { beside, patience, pause } = control;
  const left = code.keep("i32", i32.load(zero, patience)).get;
  const paid = code.keep("i32", i32.ltS(i32.const(PAYS - 1), i32.load(zero, beside))).get;
  code.when(
    i32.and(i32.eqz(paid), i32.ltS(zero, left)),
    () => code.eval(i32.store(zero, patience, i32.sub(left, work))),
    () => {
      code.drop(atomic.notify(zero, control.news, i32.const(-1)));
      const next = code.keep("i32", i32.shl(i32.load(zero, pause), i32.const(1)));
      const [first, longest] = [i32.const(PAUSE.first), i32.const(PAUSE.longest)];
      code.when(i32.ltS(next.get, first), () => code.set(next, first));
      code.when(i32.ltS(longest, next.get), () => code.set(next, longest));
      code.when(paid, () => code.set(next, zero));
      code.eval(i32.store(zero, pause, next.get), i32.store(zero, patience, next.get));
      code.eval(i32.store(zero, beside, zero));
    },
  );
}
