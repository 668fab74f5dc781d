import { minimize } from "@downhill/core";
import { adam } from "@downhill/optimizers";

const { parameters, value, status } = minimize(
  ({ x, y }) => x.sub(1).square().add(y.sub(x.square()).square().mul(100)),
  { start: { x: -1.2, y: 1 }, optimizer: adam({ learningRate: 0.02 }) },
);
console.log(parameters, value, status);
