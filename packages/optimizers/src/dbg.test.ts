import { bind, chain, tensor, reference, js } from "@downhill/core";
import { it } from "vitest";
import { gradientDescent } from "./rules/gradient-descent.js";
import { clipByGlobalNorm } from "./transforms/index.js";
it("x", () => {
  for (const shapes of [[[2,3],[3],[]],[[2,3],[3],[1]],[[6],[3],[1]],[[6],[3],[2]],[[6],[3],[6]],[[2],[3],[4]], [[2],[],[4]], [[1],[3],[1]]] as const)
  for (const engine of [js(), reference()]) {
    const n = (x: readonly number[]) => x.reduce((a,b)=>a*b,1);
    const s = bind(chain(clipByGlobalNorm(1), gradientDescent({ learningRate: 1 })), { w: tensor(new Float64Array(n(shapes[0])), shapes[0]), b: tensor(new Float64Array(n(shapes[1])),shapes[1]), s: tensor(new Float64Array(n(shapes[2])), shapes[2]) }, {engine});
    s.freeze("b");
    s.gradients.w.data[0] = 1;
    s.gradients.s.data[0] = -100; s.gradients.b.data[0]=7
    s.step();
    console.log(engine.name, JSON.stringify(shapes), s.parameters.s.data[0], s.parameters.w.data[0]);
  }
});
