import { bind, js, reference, tensor } from "@downhill/core";
import { expect, it } from "vitest";
import recorded from "../../fixtures/adam.json";
import { gradients, parameters } from "../../fixtures/gradients.json";
import { adam } from "./adam.js";

const names = ["w", "b", "s"] as const;

it.each([js(), reference()])("takes PyTorch's steps in a browser too, on $name", (engine) => {
  const { hyper, steps, trajectory } = recorded.cases.find(({ name }) => name === "all")!;
  const of = ({ data, shape }: { data: number[]; shape: number[] }) => tensor(new Float64Array(data), shape);
  const start = { w: of(parameters.w), b: of(parameters.b), s: of(parameters.s) };
  const stepper = bind(adam({ ...hyper, amsgrad: true }), start, { engine });
  for (const [t, gradient] of gradients.entries()) {
    for (const name of names) stepper.gradients[name].data.set(gradient[name]);
    stepper.step();
    const row = steps.indexOf(t + 1);
    if (row < 0) continue;
    for (const name of names) {
      const largest = Math.max(...trajectory[name].flat().map(Math.abs));
      for (const [i, expected] of trajectory[name][row]!.entries()) {
        expect(Math.abs(stepper.parameters[name].data[i]! - expected)).toBeLessThanOrEqual(1e-12 * largest);
      }
    }
  }
  expect.assertions(17 * steps.length);
});
