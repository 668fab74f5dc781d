// One process often holds two copies of a package, one loaded by `import`, one by `require`. Objects of one must be
// recognised by the other, and give the same numbers.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import * as core from "@downhill/core";
import * as optimizers from "@downhill/optimizers";

const require = createRequire(import.meta.url);
const coreCjs = require("@downhill/core");
const optimizersCjs = require("@downhill/optimizers");
assert.notEqual(core.minimize, coreCjs.minimize, "there is one copy only, so this shows nothing");

const paths = [core, coreCjs].flatMap((driver) =>
  [optimizers, optimizersCjs].flatMap(({ adam, clipByGlobalNorm }) =>
    [core, coreCjs].map(({ chain, js }) => {
      const { parameters } = driver.minimize(({ x }) => x.sub(1).square().sum(), {
        start: { x: new Float64Array([3, -4]) },
        optimizer: chain(clipByGlobalNorm(1), adam({ learningRate: 0.1 })),
        engine: js(),
        maxSteps: 20,
      });
      return [...parameters.x];
    }),
  ),
);
for (const path of paths) assert.deepEqual(path, paths[0]);
