import { didYouMean, type Rule } from "@downhill/core";

/** What PyTorch calls the things that a rule has. */
export interface TorchOptimizer {
  /** Its class in torch.optim. */
  readonly kind: string;
  /** Fields of a parameter group: each is one of the rule's hyper-parameters or options, or several in a row. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
  /** Fields that change the update, and the one value that the rule knows. */
  readonly fixed: Readonly<Record<string, boolean>>;
  /** The rule's states. One that `needs` a hyper-parameter is there unless that is 0. */
  readonly slots: Readonly<Record<string, { readonly name: string; readonly needs?: string }>>;
  /** Whether each parameter's updates are counted, in the slot `step`. */
  readonly counts: boolean;
}

const common = { lr: "learningRate", weight_decay: "weightDecay" };
const adaptive = { ...common, betas: ["beta1", "beta2"], eps: "epsilon" };
const minimizes = { maximize: false };
const coupled = { ...minimizes, decoupled_weight_decay: false };
const decoupled = { ...minimizes, decoupled_weight_decay: true };
const moments = { m: { name: "exp_avg" }, v: { name: "exp_avg_sq" } };
const momentsAndMax = { ...moments, vMax: { name: "max_exp_avg_sq" } };
const nadam = {
  kind: "NAdam",
  fields: { ...adaptive, momentum_decay: "momentumDecay" },
  slots: { ...moments, product: { name: "mu_product" } },
  counts: true,
};

/** By rule. ASGD is not among them: PyTorch keeps the rates of its next step too. */
const torchOptimizers: Readonly<Record<string, TorchOptimizer>> = {
  sgd: {
    kind: "SGD",
    fields: { ...common, momentum: "momentum", dampening: "dampening", nesterov: "nesterov" },
    fixed: minimizes,
    slots: { b: { name: "momentum_buffer", needs: "momentum" } },
    counts: false,
  },
  adam: {
    kind: "Adam",
    fields: { ...adaptive, amsgrad: "amsgrad" },
    fixed: coupled,
    slots: momentsAndMax,
    counts: true,
  },
  adamw: {
    kind: "AdamW",
    fields: { ...adaptive, amsgrad: "amsgrad" },
    fixed: decoupled,
    slots: momentsAndMax,
    counts: true,
  },
  rmsprop: {
    kind: "RMSprop",
    fields: { ...common, alpha: "alpha", eps: "epsilon", momentum: "momentum", centered: "centered" },
    fixed: minimizes,
    slots: {
      v: { name: "square_avg" },
      b: { name: "momentum_buffer", needs: "momentum" },
      a: { name: "grad_avg" },
    },
    counts: true,
  },
  adagrad: {
    kind: "Adagrad",
    fields: {
      ...common,
      lr_decay: "lrDecay",
      eps: "epsilon",
      initial_accumulator_value: "initialAccumulatorValue",
    },
    fixed: minimizes,
    slots: { s: { name: "sum" } },
    counts: true,
  },
  adadelta: {
    kind: "Adadelta",
    fields: { ...common, rho: "rho", eps: "epsilon" },
    fixed: minimizes,
    slots: { a: { name: "square_avg" }, u: { name: "acc_delta" } },
    counts: true,
  },
  adamax: {
    kind: "Adamax",
    fields: adaptive,
    fixed: minimizes,
    slots: { m: { name: "exp_avg" }, u: { name: "exp_inf" } },
    counts: true,
  },
  nadam: { ...nadam, fixed: coupled },
  nadamw: { ...nadam, fixed: decoupled },
  radam: {
    kind: "RAdam",
    fields: { ...adaptive, decoupled_weight_decay: "decoupled" },
    fixed: minimizes,
    slots: moments,
    counts: true,
  },
  rprop: {
    kind: "Rprop",
    fields: {
      lr: "learningRate",
      etas: ["etaMinus", "etaPlus"],
      step_sizes: ["stepSizeMin", "stepSizeMax"],
    },
    fixed: minimizes,
    slots: { eta: { name: "step_size" }, before: { name: "prev" } },
    counts: true,
  },
};

/** PyTorch's side of a rule. Throws for a rule that PyTorch does not have in this form. */
export function torchOptimizerOf(owner: string, rule: Rule<any>): TorchOptimizer {
  const found = Object.hasOwn(torchOptimizers, rule.name) ? torchOptimizers[rule.name]! : undefined;
  const names = Object.keys(torchOptimizers);
  if (found === undefined) {
    throw new Error(
      `${owner}: the state of "${rule.name}" has no form in PyTorch that is known here.${didYouMean(rule.name, names)} ` +
        `The rules are ${names.join(", ")}, by themselves: without transforms, wrappers and groups.`,
    );
  }
  const { compat = "torch" } = rule.options;
  if (compat === "torch") return found;
  throw new Error(
    `${owner}: ${rule.name} has compat "${compat}", so its state is not PyTorch's. Leave compat out.`,
  );
}
