import { expect, it } from "vitest";
import { leaf, type Tensor } from "../expr/tensor.js";
import { compileProgram } from "./compile.js";

/** Lengths of the loops that write `value`. */
function loops(value: Tensor): readonly number[] {
  const layout = { x: { x: [2, 3, 4], row: [4], block: [3, 4], first: [2, 1, 1], out: value.shape } };
  const program = { writes: [{ arena: "x", name: "out", value }], hostScalars: [] };
  const [step] = compileProgram(program, layout, "float32").steps;
  if (step?.kind !== "loops") throw new Error("The value is not computed in loops.");
  return [...step.rows, ...step.segments[0]!.inner];
}

const x = leaf("x", "x", [2, 3, 4]);

it.each([
  ["one loop over contiguous tensors", x.exp(), [24]],
  ["one loop more for a row stretched over others", x.add(leaf("x", "row", [4])), [6, 4]],
  ["one for the axes that a block shares", x.add(leaf("x", "block", [3, 4])), [2, 12]],
  ["one for the axes along which an operand is the same", x.add(leaf("x", "first", [2, 1, 1])), [2, 12]],
  ["all of them for a transpose", x.transpose([2, 1, 0]).add(1), [4, 3, 2]],
  ["one for axes that are reduced together", x.sum([1, 2]), [2, 12]],
  ["one for axes that are kept together", x.max(2), [6, 4]],
  ["three for a sum over the middle", x.sum(1), [2, 3, 4]],
])("needs %s", (_, value, expected) => {
  expect(loops(value)).toEqual(expected);
});
