"""Gradient transforms, each before SGD with momentum and before Adam with coupled decay (which comes after it)."""

import numpy as np
import optax
import torch
from harness import BASES, optax_run, rule, torch_run, transformed
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from rules.adam import adam
from rules.sgd import sgd

BASES["sgd"] = {
    "rule": "sgd",
    "hyper": {"learningRate": 0.05, "momentum": 0.9, "dampening": 0.0, "weightDecay": 0.0},
    "options": {"nesterov": False},
}
BASES["adam"] = {
    "rule": "adam",
    "hyper": {"learningRate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.1},
    "options": {"amsgrad": False},
}


def torch_base(h):
    """The base as a constructor of a PyTorch optimizer."""
    if h.base == "sgd":
        return lambda p: torch.optim.SGD(p, 0.05, momentum=0.9)
    return lambda p: torch.optim.Adam(p, 0.05, weight_decay=0.1)


def optax_base(h):
    if h.base == "sgd":
        return optax.sgd(0.05, momentum=0.9)
    return optax.chain(optax.add_decayed_weights(0.1), optax.adam(0.05))


def paper_base(transform, h):
    if h.base == "sgd":
        return transformed(transform, sgd, lr=0.05, momentum=0.9)
    return transformed(transform, adam, alpha=0.05, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.1, amsgrad=False)


norm = np.linalg.norm
each = lambda f, *trees: {k: f(*(t[k] for t in trees)) for k in trees[0]}

# ---------- clipping ----------

rule(
    "clip-by-value",
    "torch.nn.utils.clip_grad_value_ 2.14.1, then torch.optim",
    hyper={"clipValue": 1.0},
    options={"base": "sgd"},
    cases={"clip value 0.001, adam": {"clipValue": 1e-3, "base": "adam"}},
    oracle=lambda h: torch_run(torch_base(h), before=lambda p: clip_grad_value_(p.values(), h.clipValue)),
    checks=[
        lambda h: paper_base(lambda g, x: each(lambda g: np.clip(g, -h.clipValue, h.clipValue), g), h),
        lambda h: optax_run(optax.chain(optax.clip(h.clipValue), optax_base(h))),
    ],
)


def coefficient(length, h):
    """PyTorch's clipping coefficient, or the exact one of Pascanu, Mikolov, Bengio 2013, as optax and TensorFlow."""
    if h.convention == "torch":
        return min(1, h.maxNorm / (length + 1e-6))
    return min(1, h.maxNorm / length) if length else 1


def each_clipped(parameters, h):
    for p in parameters.values():
        clip_grad_norm_([p], h.maxNorm)


def optax_clip_by_norm(h):
    """Each tensor's gradient through optax.clip_by_global_norm by itself."""
    one = optax.clip_by_global_norm(h.maxNorm)
    return optax.stateless(lambda updates, _: each(lambda g: one.update(g, one.init(g))[0], updates))


rule(
    "clip-by-norm",
    "torch.nn.utils.clip_grad_norm_ 2.14.1 on each tensor by itself, then torch.optim: coefficient min(1, c / (norm + "
    "1e-6)); the case of convention optax is exact, without the 1e-6 (optax.clip_by_global_norm 0.2.8 per tensor)",
    hyper={"maxNorm": 1.0},
    options={"convention": "torch", "base": "sgd"},
    cases={
        "max norm 50, adam": {"maxNorm": 50.0, "base": "adam"},
        "max norm 0.001": {"maxNorm": 1e-3},
        "optax convention": {"convention": "optax"},
    },
    oracle=lambda h: (
        torch_run(torch_base(h), before=lambda p: each_clipped(p, h))
        if h.convention == "torch"
        else optax_run(optax.chain(optax_clip_by_norm(h), optax_base(h)))
    ),
    checks=[lambda h: paper_base(lambda g, x: each(lambda g: g * coefficient(norm(np.ravel(g)), h), g), h)],
)


def clipped_together(g, h):
    length = np.sqrt(sum(norm(np.ravel(x)) ** 2 for x in g.values()))
    return each(lambda g: g * coefficient(length, h), g)


rule(
    "clip-by-global-norm",
    "torch.nn.utils.clip_grad_norm_ 2.14.1, then torch.optim: coefficient min(1, c / (norm + 1e-6)); the case of "
    "convention optax is exact, without the 1e-6 (optax.clip_by_global_norm 0.2.8)",
    hyper={"maxNorm": 1.0},
    options={"convention": "torch", "base": "sgd"},
    cases={
        "max norm 50, adam": {"maxNorm": 50.0, "base": "adam"},
        "max norm 0.001": {"maxNorm": 1e-3},
        "optax convention": {"convention": "optax"},
    },
    oracle=lambda h: (
        torch_run(torch_base(h), before=lambda p: clip_grad_norm_(p.values(), h.maxNorm))
        if h.convention == "torch"
        else optax_run(optax.chain(optax.clip_by_global_norm(h.maxNorm), optax_base(h)))
    ),
    checks=[lambda h: paper_base(lambda g, x: clipped_together(g, h), h)],
)


def unit_norm(x):
    """Norms over a unit's inputs: axis 0 of a weight [in, out], the whole of a vector or scalar."""
    return norm(x, axis=0, keepdims=True) if x.ndim > 1 else norm(np.ravel(x))


def adaptively_clipped(g, x, h):
    """Brock et al. 2021, equation 3."""
    largest = h.clipping * np.maximum(unit_norm(x), h.epsilon)
    length = unit_norm(g)
    return np.where(length > largest, largest / np.maximum(length, 1e-6) * g, g)


rule(
    "adaptive-clip",
    "optax.adaptive_grad_clip 0.2.8, then optax (norms over axis 0 of a weight [in, out]; whole vectors and scalars)",
    hyper={"clipping": 0.01, "epsilon": 1e-3},
    options={"base": "sgd"},
    cases={
        "clipping 0.5, adam": {"clipping": 0.5, "base": "adam"},
        "epsilon": {"clipping": 0.1, "epsilon": 5.0},
    },
    oracle=lambda h: optax_run(optax.chain(optax.adaptive_grad_clip(h.clipping, h.epsilon), optax_base(h))),
    checks=[lambda h: paper_base(lambda g, x: each(lambda g, x: adaptively_clipped(g, x, h), g, x), h)],
)

# ---------- centralization ----------

turned = optax.stateless(lambda updates, _: updates | {"w": updates["w"].T})
rule(
    "centralize",
    "optax.centralize 0.2.8 on w transposed, then optax: the mean of a weight [in, out] over its inputs, axis 0 (Yong "
    "et al. 2020, equation 1); optax itself takes the axes after the first, right for [out, in]; vectors untouched",
    hyper={},
    options={"base": "sgd"},
    cases={"adam": {"base": "adam"}},
    oracle=lambda h: optax_run(optax.chain(turned, optax.centralize(), turned, optax_base(h))),
    checks=[lambda h: paper_base(lambda g, x: each(lambda g: g - g.mean(axis=0) if g.ndim > 1 else g, g), h)],
)

# ---------- L1 ----------


def add_l1(parameters, h):
    for p in parameters.values():
        p.grad.add_(torch.sign(p.detach()), alpha=h.l1)


rule(
    "l1",
    "g + l1 sign(p), by hand in PyTorch 2.14.1, then torch.optim; nothing is added where p is 0",
    hyper={"l1": 0.01},
    options={"base": "sgd"},
    cases={"l1 0.5, adam": {"l1": 0.5, "base": "adam"}},
    oracle=lambda h: torch_run(torch_base(h), before=lambda p: add_l1(p, h)),
    checks=[lambda h: paper_base(lambda g, x: each(lambda g, x: g + h.l1 * np.sign(x), g, x), h)],
)
