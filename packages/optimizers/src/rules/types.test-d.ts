// Compiled by `typecheck`: each line after a @ts-expect-error must stay an error.
import { bind, defineOptimizer, rate, zeros } from "@downhill/core";
import { adam, adamw, gradientDescent, lion, muon, scheduleFreeSgd, sgd } from "./index.js";

adam({ learningRate: 1, amsgrad: true, compat: "keras" });
adam({ beta1: (step) => 0.9 + step * 0 });
// @ts-expect-error misspelt hyper-parameter
adam({ learningrate: 1 });
// @ts-expect-error misspelt option
adam({ amsGrad: true });
// @ts-expect-error not one of the libraries
adam({ compat: "jax" });
// @ts-expect-error TensorFlow.js has no AdamW
adamw({ compat: "tfjs" });
// @ts-expect-error only six rules have conventions
lion({ compat: "torch" });
// @ts-expect-error an option is not a hyper-parameter
sgd({ nesterov: 1 });
// @ts-expect-error gradient descent has no momentum
gradientDescent({ momentum: 0.9 });

const start = { w: new Float64Array(4) };
const { hyper } = bind(scheduleFreeSgd(), start);
hyper.warmupSteps = hyper.r;
// @ts-expect-error no such hyper-parameter
hyper.beta1 = 0.9;

muon({ newtonSchulzSteps: 7, nesterov: false, adjustLr: "match-rms-adamw" });
// @ts-expect-error a count, which no schedule can change
muon({ newtonSchulzSteps: (step: number) => step });
const withAdamw = bind(muon({}, adamw()), start).hyper;
withAdamw["partner.beta2"] = withAdamw.momentum;
// @ts-expect-error AdamW has no momentum
withAdamw["partner.momentum"] = 0.9;
const withSgd = bind(muon({}, sgd()), start).hyper;
withSgd["partner.dampening"] = 0;

const shared = { name: "x", paper: "", hyper: { learningRate: rate(1) }, state: { m: zeros } } as const;
defineOptimizer({ ...shared, update: ({ gradient: g, m }) => ({ step: g, m }) });
defineOptimizer({
  ...shared,
  // @ts-expect-error hyper-parameter misspelt in the rule
  update: ({ gradient: g, m }, { learningrate }) => ({ step: g.mul(learningrate), m }),
});
defineOptimizer({
  ...shared,
  // @ts-expect-error state misspelt in the rule
  update: ({ gradient: g, n }) => ({ step: g, m: n }),
});
defineOptimizer({
  ...shared,
  // @ts-expect-error state not returned
  update: ({ gradient: g }) => ({ step: g }),
});
defineOptimizer({
  ...shared,
  // @ts-expect-error neither step nor parameter
  update: ({ m }) => ({ m }),
});
defineOptimizer({
  ...shared,
  options: { form: ["a", "b"] },
  // @ts-expect-error not one of the choices
  update: ({ gradient: g, m }, _, { form }) => ({ step: form === "c" ? g.neg() : g, m }),
});
