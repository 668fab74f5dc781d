// Compiled by `typecheck`: each line after a @ts-expect-error must stay an error.
import {
  ask,
  bind,
  chain,
  defineMethod,
  defineOptimizer,
  defineTransform,
  type Engine,
  ema,
  minimize,
  rate,
  zeros,
} from "./index.js";

const lion = defineOptimizer({
  name: "lion",
  paper: "https://arxiv.org/abs/2302.06675",
  hyper: { learningRate: rate(1e-4), beta1: rate(0.9) },
  options: { nesterov: false, form: ["a", "b"] },
  state: { m: zeros },
  update({ gradient: g, m }, { learningRate, beta1 }, { nesterov, form }) {
    const flag: boolean = nesterov;
    const word: "a" | "b" = form;
    return { step: learningRate.mul(ema(beta1, m, g).sign()).mul(Number(flag && word === "a")), m };
  },
});
lion();
lion({ learningRate: 1, nesterov: true, form: "b" });
lion({ learningRate: (step: number) => 1 / step });
// @ts-expect-error misspelt hyper-parameter
lion({ learningrate: 1 });
// @ts-expect-error not one of the choices
lion({ form: "c" });

defineOptimizer({
  name: "bad",
  paper: "",
  hyper: { learningRate: rate(1) },
  state: { m: zeros },
  // @ts-expect-error misspelt hyper-parameter in the update
  update: ({ gradient: g, m }, { learningRte }) => ({ step: g.mul(learningRte), m }),
});
defineOptimizer({
  name: "bad",
  paper: "",
  hyper: { learningRate: rate(1) },
  state: { m: zeros },
  // @ts-expect-error the next m is missing
  update: ({ gradient: g }, { learningRate }) => ({ step: learningRate.mul(g) }),
});
defineOptimizer({
  name: "bad",
  paper: "",
  hyper: { learningRate: rate(1) },
  state: { m: zeros },
  // @ts-expect-error misspelt state
  update: ({ gradient: g, n }, { learningRate }) => ({ step: learningRate.mul(g), m: n }),
});
defineOptimizer({
  name: "bad",
  paper: "",
  hyper: { learningRate: rate(1) },
  state: { m: zeros },
  // @ts-expect-error a state that was not declared
  update: ({ gradient: g, m }, { learningRate }) => ({ step: learningRate.mul(g), m, v: g }),
});
defineTransform({
  name: "bad",
  hyper: {},
  state: { m: zeros },
  // @ts-expect-error a state that was not declared
  update: ({ gradient: g, m }) => ({ gradient: g.add(m), m, v: g }),
});

const result = minimize(({ x, y }) => x.add(y), { start: { x: -1.2, y: 1 }, optimizer: lion() });
const x: number = result.parameters.x;
// @ts-expect-error no such parameter in the result
result.parameters.z;
// @ts-expect-error no such parameter in the objective
minimize(({ x, z }) => x.add(z), { start: { x: -1.2, y: 1 }, optimizer: lion() });
minimize({ evaluate: ({ x }) => x * 2 + x }, { start: { x }, optimizer: lion() });
// @ts-expect-error no such parameter in plain code
minimize({ evaluate: ({ z }) => z }, { start: { x }, optimizer: lion() });

const arrays = minimize(({ w, b }) => w.mean().add(b), {
  start: { w: new Float64Array(3), b: 0 },
  optimizer: lion(),
});
arrays.parameters.w satisfies Float64Array;
arrays.parameters.b satisfies number;

declare const later: Engine<"async">;
const promise = minimize(({ x }) => x, { start: { x: 1 }, optimizer: lion(), engine: later });
promise.then(({ parameters }) => parameters.x + 1);
// @ts-expect-error a promise on an asynchronous engine
promise.parameters;

const clip = defineTransform({
  name: "clip",
  hyper: { maxNorm: rate(1) },
  update: ({ gradient: g }, { maxNorm }) => ({ gradient: g.mul(maxNorm) }),
});
const stepper = bind(chain(clip(), lion()), { w: new Float64Array(3) });
stepper.hyper.maxNorm = 2;
stepper.gradients.w[0] = 1;
// @ts-expect-error no such hyper-parameter
stepper.hyper.lr = 1;
// @ts-expect-error no such parameter
stepper.gradients.q;

const method = defineMethod({
  name: "method",
  paper: "",
  hyper: { c1: rate(1e-4) },
  start: () => ({ alpha: 1 }),
  *step({ x, at, state }, { c1 }) {
    const value: number = yield* ask.value(x);
    return { x, at, state: { alpha: state.alpha * c1 * value } };
  },
});
bind(method(), { w: new Float64Array(2) }, { evaluate: ({ w }) => ({ value: w[0]!, gradient: { w } }) });
// @ts-expect-error a method needs evaluate
bind(method(), { w: new Float64Array(2) });
// @ts-expect-error a method cannot stand in a chain
chain(clip(), method());
// @ts-expect-error a transform after the rule
chain(lion(), clip());
