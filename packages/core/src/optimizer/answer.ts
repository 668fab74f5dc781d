import type { Work } from "../engine/run.js";
import type { Ask, Asking } from "./method.js";
import type { MethodStep } from "./optimizer.js";

/** Runs one step of a method to its end, answering each of its requests. */
export function* answerAll<S>(
  steps: Asking<MethodStep<S>>,
  answer: (ask: Ask) => Work<unknown>,
): Work<MethodStep<S>> {
  let next = steps.next();
  while (!next.done) next = steps.next(yield* answer(next.value));
  return next.value;
}
