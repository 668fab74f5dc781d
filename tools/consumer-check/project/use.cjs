const assert = require("node:assert/strict");
const { minimize } = require("@downhill/core");
const { adam } = require("@downhill/optimizers");

const { parameters } = minimize(({ x, y }) => x.sub(1).square().add(y.add(2).square()), {
  start: { x: 0, y: 0 },
  optimizer: adam({ learningRate: 0.1 }),
  maxSteps: 2000,
});
assert.ok(Math.hypot(parameters.x - 1, parameters.y + 2) < 1e-3, JSON.stringify(parameters));
