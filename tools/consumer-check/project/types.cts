import { minimize } from "@downhill/core";
import { adam } from "@downhill/optimizers";

const { parameters } = minimize(({ x, w }) => x.sub(w.sum()).square(), {
  start: { x: 0, w: new Float64Array(3) },
  optimizer: adam({ learningRate: 0.1 }),
});
const x: number = parameters.x;
const w: Float64Array = parameters.w;
// @ts-expect-error no such parameter
parameters.y;
// @ts-expect-error no such hyper-parameter
adam({ learningrate: 0.1 });

export { w, x };
