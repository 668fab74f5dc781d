import {
  checkDefinition,
  chooseOptions,
  chooseSettings,
  type Make,
  type Settings,
} from "../optimizer/definition.js";
import type { Asking, Point, Vector } from "../optimizer/method.js";
import type { Hypers, Method, MethodStep } from "../optimizer/optimizer.js";
import { methodDescent } from "./method-descent.js";

/**
 * Defines a method that asks for evaluations: a generator that yields its requests (`yield* ask.value(y)`) and
 * returns where it arrived. Its state is plain data (numbers, strings, vectors, arrays and records of them), so
 * that it can be saved between steps.
 */
export function defineMethod<const H extends Hypers, S>(definition: {
  readonly name: string;
  readonly paper: string;
  readonly hyper: H;
  readonly start: (x: Vector) => S;
  readonly step: (
    context: { readonly x: Vector; readonly at: Point; readonly state: NoInfer<S> },
    hyper: { readonly [K in keyof NoInfer<H>]: number },
  ) => Asking<MethodStep<NoInfer<S>>>;
}): Make<H, {}, Method<H>> {
  const { name, paper, hyper, start, step } = definition;
  checkDefinition(name, hyper, {}, {});
  const make = (settings: Partial<Settings<H>> = {}): Method<H> => {
    chooseOptions(name, {}, hyper, settings);
    return {
      "~optimizer": 1,
      kind: "method",
      name,
      paper,
      hyper,
      settings: chooseSettings(name, hyper, settings),
      options: {},
      start,
      step: step as Method<H>["step"],
      descend: methodDescent,
    };
  };
  return Object.assign(make, { definition: { name, paper, hyper, options: {} } });
}
