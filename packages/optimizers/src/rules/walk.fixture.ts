import { bind, type Rule, type Shape, tensor } from "@downhill/core";
import { expect } from "vitest";

type Numbers = number | readonly number[];

/** The points of a rule from `start` under the given gradients, one after each, in float64. Numbers are scalars. */
export function walk(
  rule: Rule<any>,
  start: Numbers,
  gradients: readonly Numbers[],
  { shape, values = [] }: { readonly shape?: Shape; readonly values?: readonly number[] } = {},
): { readonly parameters: readonly Numbers[]; readonly views: readonly Numbers[] } {
  const data = (x: Numbers) => Float64Array.from(typeof x === "number" ? [x] : x);
  const given = data(start);
  const stepper = bind(rule, {
    p: tensor(given, shape ?? (typeof start === "number" ? [] : [given.length])),
  });
  const numbers = (x: ArrayLike<number>): Numbers => (typeof start === "number" ? x[0]! : Array.from(x));
  const parameters: Numbers[] = [];
  const views: Numbers[] = [];
  gradients.forEach((gradient, i) => {
    stepper.gradients.p.data.set(data(gradient));
    stepper.step({ value: values[i] ?? Number.NaN });
    parameters.push(numbers(stepper.parameters.p.data));
    views.push(numbers(stepper.view().p.data));
  });
  return { parameters, views };
}

expect.extend({
  /** Equal to 14 digits, number by number: the digits that the tests write. */
  toBeNear(received: readonly Numbers[], expected: readonly Numbers[]) {
    const [got, want] = [received.flat(), expected.flat()];
    const pass =
      got.length === want.length &&
      got.every((x, i) => Math.abs(x - want[i]!) <= 1e-14 * Math.max(1, Math.abs(want[i]!)));
    return {
      pass,
      message: () => `expected ${JSON.stringify(received)}\nto be   ${JSON.stringify(expected)}`,
    };
  },
});

declare module "vitest" {
  interface Matchers<T> {
    toBeNear(expected: readonly Numbers[]): void;
  }
}
