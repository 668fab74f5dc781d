import { js, leaf, type Tensor } from "@downhill/core";

/** A traced function of two numbers as a plain one, for drawing. */
export function plainFunction(
  f: (point: { readonly x: Tensor; readonly y: Tensor }) => Tensor,
): (x: number, y: number) => number {
  const session = js().open({ point: { x: [], y: [] }, result: { value: [] } }, "float64");
  const value = f({ x: leaf("point", "x", []), y: leaf("point", "y", []) });
  const kernel = session.load({ writes: [{ arena: "result", name: "value", value }], hostScalars: [] });
  const point = session.view("point");
  const result = session.view("result");
  const none = new Float64Array(0);
  return (x, y) => {
    point[0] = x;
    point[1] = y;
    kernel.run(none);
    return result[0]!;
  };
}
