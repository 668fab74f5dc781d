import { checkHyper, checkNames } from "./hyper.js";
import type { Hypers, Method } from "./optimizer.js";
import { type Setting, valueAt } from "./schedule.js";

/** Values of a method's hyper-parameters for the step counted from 0. */
export function methodHyper(
  method: Method<any>,
  step: number,
  settings = method.settings as Readonly<Record<string, Setting>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(method.hyper as Hypers).map(([name, schema]) => [
      name,
      checkHyper(method.name, name, schema, valueAt(settings[name]!, step), ` at step ${step}`),
    ]),
  );
}

/** Throws where saved hyper-parameters are unknown to the owner or out of range. */
export function checkSavedHyper(owner: string, hyper: Hypers, saved: Readonly<Record<string, number>>): void {
  checkNames(owner, "saved hyper-parameter", Object.keys(saved), Object.keys(hyper));
  for (const [name, value] of Object.entries(saved)) checkHyper(owner, name, hyper[name]!, value);
}
