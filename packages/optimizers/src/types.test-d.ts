// Compiled by `typecheck`: each line after a @ts-expect-error must stay an error.
import { bind, chain, renameHyper } from "@downhill/core";
import { freeze, noDecay, partition } from "./groups/index.js";
import { adam } from "./rules/adam.js";
import { adamw } from "./rules/adamw.js";
import { gradientDescent } from "./rules/gradient-descent.js";
import { cosine, exponential, warmup } from "./schedules/index.js";
import { clipByGlobalNorm } from "./transforms/index.js";
import { accumulate, decoupledDecay, ema, lookahead } from "./wrappers/index.js";

const start = { w: new Float64Array(3) };

clipByGlobalNorm(1);
clipByGlobalNorm(cosine(1, { steps: "run" }), { convention: "optax" });
clipByGlobalNorm({ maxNorm: 1, convention: "optax" });
// @ts-expect-error misspelt hyper-parameter
clipByGlobalNorm({ maxnorm: 1 });
// @ts-expect-error not one of the choices
clipByGlobalNorm(1, { convention: "keras" });
// @ts-expect-error given twice
clipByGlobalNorm(1, { maxNorm: 2 });

accumulate(adam(), 4);
accumulate(adam(), { every: 4 });
// @ts-expect-error an option, which no schedule can change
accumulate(adam(), (step: number) => step);
// @ts-expect-error misspelt setting
lookahead(adam(), { evry: 4 });
// @ts-expect-error a wrapper wraps a rule
ema(clipByGlobalNorm(1));
// @ts-expect-error gradient descent has no weight decay to decouple
decoupledDecay(gradientDescent());
decoupledDecay(adam({ weightDecay: 0.1 }));

const { hyper } = bind(chain(clipByGlobalNorm(1), ema(lookahead(noDecay(freeze(adamw(), "w"))))), start);
hyper.maxNorm = hyper.decay = hyper.alpha = hyper.weightDecay = 0.5;
// @ts-expect-error no such hyper-parameter
hyper.every = 2;

const renamed = bind(renameHyper(adam(), { beta1: "momentum" }), start).hyper;
renamed.momentum = renamed.beta2;
// @ts-expect-error its name is momentum now
renamed.beta1 = 0.5;
// @ts-expect-error no such hyper-parameter to rename
renameHyper(adam(), { beta3: "x" });

const groups = bind(
  partition({
    "embed.*": adam(),
    matrices: [({ shape }) => shape.length === 2, gradientDescent()],
    rest: lookahead(adamw()),
  }),
  start,
).hyper;
groups["embed.*.beta1"] = groups["matrices.learningRate"] = groups["rest.alpha"] = 0.5;
// @ts-expect-error gradient descent has no beta1
groups["matrices.beta1"] = 0.5;
// @ts-expect-error no such group
groups["others.learningRate"] = 0.5;

warmup(100, cosine(1e-3, { steps: 100 }));
// @ts-expect-error steps are missing
cosine(1e-3, {});
// @ts-expect-error arguments are missing
exponential(1e-3);
// @ts-expect-error misspelt argument
cosine(1e-3, { steps: 100, endvalue: 0 });
// @ts-expect-error the number of steps first
warmup(cosine(1e-3, { steps: 100 }), 100);
