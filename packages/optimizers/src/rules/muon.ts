import { beta, count, decay, defineOptimizer, ema, epsilon, type Rule, rate, zeros } from "@downhill/core";
import { adamw } from "./adamw.js";
import { newtonSchulz } from "./newton-schulz.js";
import { withPartner } from "./with-partner.js";

const matrices = defineOptimizer({
  name: "muon",
  paper: "https://kellerjordan.github.io/posts/muon/",
  hyper: {
    learningRate: rate(1e-3),
    momentum: beta(0.95, "Decay factor of the mean gradient."),
    weightDecay: decay(0.1),
    epsilon: epsilon(1e-7, "Lower bound of the norm that the momentum is divided by."),
    a: { default: 3.4445, about: "Coefficient of X in the iteration." },
    b: { default: -4.775, about: "Coefficient of A X in the iteration." },
    c: { default: 2.0315, about: "Coefficient of A² X in the iteration." },
  },
  options: {
    nesterov: true,
    adjustLr: ["original", "match-rms-adamw"],
    newtonSchulzSteps: count(5, "Iterations that orthogonalize."),
  },
  state: { B: zeros },
  update({ gradient: G, ...old }, { learningRate, momentum, weightDecay, epsilon, ...polynomial }, options) {
    const B = ema(momentum, old.B, G);
    const U = options.nesterov ? ema(momentum, B, G) : B;
    const O = newtonSchulz(U.div(U.norm().maximum(epsilon)), polynomial, options.newtonSchulzSteps);
    const [inputs, outputs] = G.shape as [number, number];
    const scale = {
      original: Math.max(1, outputs / inputs) ** 0.5,
      "match-rms-adamw": 0.2 * Math.max(...G.shape) ** 0.5,
    };
    return {
      step: learningRate.mul(scale[options.adjustLr]).mul(O),
      decay: learningRate.mul(weightDecay),
      B,
    };
  },
});

/**
 * Muon: momentum of a matrix, orthogonalized by Newton-Schulz iterations.
 *
 *     B ← μ B + (1 - μ) G
 *     U = μ B + (1 - μ) G    (U = B without `nesterov`)
 *     X = U / max(‖U‖, ε);   five times  A = X Xᵀ,  X ← a X + (b A + c A²) X
 *     p ← p (1 - η λ) - η √max(1, outputs / inputs) X
 *
 * with the rate 0.2 η √max(outputs, inputs) under `adjustLr: "match-rms-adamw"`, for rates that suit AdamW. Weights are
 * [inputs, outputs]. Parameters that are not matrices go to `partner`, whose hyper-parameters are then called
 * `partner.learningRate` and so on; embeddings and output layers do better with it as well (`partition`).
 *
 * Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024; "match-rms-adamw" is Liu et al.,
 * "Muon is scalable for LLM training", 2025. As in PyTorch, which iterates in bfloat16 where this has the parameters'
 * dtype. Keras has a sum for the mean B (the iteration does not see its scale), optax a bias correction.
 */
export const muon = Object.assign(
  <P = (typeof adamw)["definition"]["hyper"]>(
    settings?: Parameters<typeof matrices>[0],
    partner: Rule<P> = adamw() as unknown as Rule<P>,
  ) => withPartner(matrices(settings), partner, ({ shape }) => shape.length === 2),
  { definition: matrices.definition },
);
