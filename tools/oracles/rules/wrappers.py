"""Wrappers around a rule: Lookahead, EMA and SWA of the parameters, cautious steps, absolute and cautious decay."""

import numpy as np
import optax
import timm.optim
import torch
from harness import BASES, load, optax_run, per_tensor, rule, torch_run
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from rules.adam import adam
from rules.sgd import sgd
from rules.sign import lion

BASES["adamw"] = {
    "rule": "adamw",
    "hyper": {"learningRate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.1},
    "options": {"amsgrad": False},
}
BASES["lion"] = {
    "rule": "lion",
    "hyper": {"learningRate": 0.05, "beta1": 0.9, "beta2": 0.99, "weightDecay": 0.1},
    "options": {},
}
ADAM = {"alpha": 0.05, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0, "amsgrad": False}


def directions(h):
    """What the base subtracts at each step, by tensor, without its decay: the recorded gradients fix it."""
    if h.base == "lion":
        run = per_tensor(lion, eta=0.05, beta1=0.9, beta2=0.99, decay=0.0)
    elif h.base == "adamw":
        run = per_tensor(adam, **ADAM)
    else:
        run = per_tensor(sgd, lr=0.05, momentum=0.9)
    before = [load().start, *run[:-1]]
    return [{k: x[k] - y[k] for k in x} for x, y in zip(before, run)]


DECAY = {"sgd": 0.0, "adamw": 0.05 * 0.1, "lion": 0.05 * 0.1}


def wrapped(step, h):
    """Runs step(x, u, decay, t) on every tensor, from x and what the base subtracts to the next x."""
    x, run = load().start, []
    for t, u in enumerate(directions(h), 1):
        x = {k: step(x[k], u[k], DECAY[h.base], t) for k in x}
        run.append(x)
    return run


def torch_base(h):
    if h.base == "adamw":
        return lambda p: torch.optim.AdamW(p, 0.05, weight_decay=0.1)
    return lambda p: torch.optim.SGD(p, 0.05, momentum=0.9)


# ---------- Lookahead ----------


def optax_lookahead(h):
    base = optax.adamw(0.05, weight_decay=0.1) if h.base == "adamw" else optax.sgd(0.05, momentum=0.9)
    transform = optax.lookahead(base, sync_period=h.every, slow_step_size=h.alpha)
    data = load()
    parameters = optax.LookaheadParams.init_synced(data.start)
    state = transform.init(parameters)
    fast, slow = [], []
    for gradient in data.gradients:
        updates, state = transform.update(gradient, state, parameters)
        parameters = optax.apply_updates(parameters, updates)
        fast.append({k: np.array(x) for k, x in parameters.fast.items()})
        slow.append({k: np.array(x) for k, x in parameters.slow.items()})
    return fast, slow


def lookahead(h):
    """Zhang et al. 2019, algorithm 1: phi starts at theta's start; the inner optimizer's state is kept."""
    phi = theta = load().start
    fast, slow = [], []
    for t, u in enumerate(directions(h), 1):
        theta = {k: theta[k] - DECAY[h.base] * theta[k] - u[k] for k in theta}
        if t % h.every == 0:
            phi = {k: phi[k] + h.alpha * (theta[k] - phi[k]) for k in phi}
            theta = phi
        fast.append(theta)
        slow.append(phi)
    return fast, slow


rule(
    "lookahead",
    "optax.lookahead 0.2.8 (view: the slow weights, which start at the parameters' start, where timm's start "
    "at the first synchronisation)",
    hyper={"alpha": 0.5, "every": 6},
    options={"base": "sgd"},
    cases={"every 5, alpha 0.8, adamw": {"every": 5, "alpha": 0.8, "base": "adamw"}},
    oracle=optax_lookahead,
    checks=[lookahead],
)

# ---------- averages of the parameters ----------


def torch_average(h, averaging, due):
    """The base with an AveragedModel, updated after the steps that are due."""
    torch.set_default_dtype(torch.float64)
    state = {}

    def view(optimizer, parameters):
        if not state:
            state["t"] = 0
            state["average"] = AveragedModel(torch.nn.ParameterDict(parameters), **averaging)
        state["t"] += 1
        if due(state["t"]):
            state["average"].update_parameters(torch.nn.ParameterDict(parameters))
        started = state["average"].n_averaged > 0
        source = state["average"].module if started else parameters
        return {k: source[k].detach().numpy().copy() for k in parameters}

    return torch_run(torch_base(h), view=view)


def ema(h):
    run = wrapped(lambda x, u, decay, t: x - decay * x - u, h)
    view = [run[0]]
    for x in run[1:]:
        view.append({k: h.decay * view[-1][k] + (1 - h.decay) * x[k] for k in x})
    return run, view


rule(
    "ema",
    "torch.optim.swa_utils.AveragedModel 2.14.1 with get_ema_multi_avg_fn, updated after every step (the view is the "
    "average; the first one is a copy of the parameters after step 1, so there is no bias to correct)",
    hyper={"decay": 0.999},
    options={"base": "sgd"},
    cases={"decay 0.9, adamw": {"decay": 0.9, "base": "adamw"}},
    oracle=lambda h: torch_average(h, {"multi_avg_fn": get_ema_multi_avg_fn(h.decay)}, lambda t: True),
    checks=[ema],
)


def due(h):
    return lambda t: t >= h.start and (t - h.start) % h.every == 0


def swa(h):
    """Izmailov et al. 2018, algorithm 1: the mean of the parameters after steps start, start + every, ..."""
    run = wrapped(lambda x, u, decay, t: x - decay * x - u, h)
    taken, view = [], []
    for t, x in enumerate(run, 1):
        taken += [x] if due(h)(t) else []
        view.append({k: np.mean([y[k] for y in taken], axis=0) for k in x} if taken else x)
    return run, view


rule(
    "swa",
    "torch.optim.swa_utils.AveragedModel 2.14.1, updated after steps start, start + every, ... (the view is the "
    "average; before step start it is the parameters)",
    hyper={"start": 1, "every": 1},
    options={"base": "sgd"},
    cases={"start 10, every 5, adamw": {"start": 10, "every": 5, "base": "adamw"}},
    oracle=lambda h: torch_average(h, {}, due(h)),
    checks=[swa],
)

# ---------- cautious ----------


def timm_cautious(h):
    if h.base == "adamw":
        return lambda p: timm.optim.AdamWLegacy(p, 0.05, weight_decay=0.1, caution=True)
    if h.base == "lion":
        return lambda p: timm.optim.Lion(p, 0.05, weight_decay=0.1, caution=True)
    return lambda p: timm.optim.SGDW(p, 0.05, momentum=0.9, caution=True)


def cautious(h):
    """Liang et al. 2024, algorithm 1, with the scale of the authors' code, 1 / max(mean of the mask, 1e-3)."""
    gradients = load().gradients
    x, run = load().start, []
    for u, g in zip(directions(h), gradients):
        mask = {k: (u[k] * g[k] > 0) * 1.0 for k in x}
        x = {k: (1 - DECAY[h.base]) * x[k] - u[k] * mask[k] / max(mask[k].mean(), 1e-3) for k in x}
        run.append(x)
    return run


rule(
    "cautious",
    "timm.optim.SGDW, AdamWLegacy and Lion 1.0.31 with caution (mask step * gradient > 0, over max(its mean per "
    "tensor, 1e-3), as the authors' code; the paper's scale is n / (count + 1). The base's decay is not masked)",
    hyper={},
    options={"base": "sgd"},
    cases={"adamw": {"base": "adamw"}, "lion": {"base": "lion"}},
    oracle=lambda h: torch_run(timm_cautious(h)),
    checks=[cautious],
)


def cautious_decay(h):
    """Chen et al. 2025, algorithm 1: decay where the update and the parameter agree in sign, or either is zero."""
    return wrapped(lambda x, u, decay, t: x - u - decay * (u * x >= 0) * x, h)


def torch_cautious_decay(h):
    """The base without decay in PyTorch, then the decay of where its step went, from the parameters before it."""
    bare = {
        "adamw": lambda p: torch.optim.Adam(p, 0.05),
        "lion": lambda p: timm.optim.Lion(p, 0.05),
    }[h.base]

    def make(parameters):
        optimizer = bare(parameters)
        inner = optimizer.step

        def step():
            x = [p.detach().clone() for p in parameters]
            for p in parameters:
                p.data.zero_()  # from zero the parameter shows the step alone, unrounded
            inner()
            for p, x_p in zip(parameters, x):
                u = -p.data
                p.data.copy_(x_p - u - torch.where(u * x_p >= 0, DECAY[h.base] * x_p, 0.0))

        optimizer.step = step
        return optimizer

    return torch_run(make)


rule(
    "cautious-decay",
    "transcribed from Chen et al. 2025, algorithm 1, p - lr (u + weightDecay 1(u p >= 0) p), around torch.optim.Adam "
    "2.14.1 and timm.optim.Lion 1.0.31; the base's weightDecay is the one that is masked",
    hyper={},
    options={"base": "adamw"},
    cases={"lion": {"base": "lion"}},
    oracle=torch_cautious_decay,
    checks=[cautious_decay],
)

# ---------- absolute decay ----------


def optax_absolute_decay(h):
    """The base without decay, and after its learning rate the decay by itself."""
    bare = {"adamw": optax.scale_by_adam(), "lion": optax.scale_by_lion(0.9, 0.99)}[h.base]
    return optax_run(
        optax.chain(bare, optax.scale_by_learning_rate(0.05), optax.add_decayed_weights(-BASE_DECAY)),
    )


BASE_DECAY = 0.1

rule(
    "absolute-decay",
    "optax.add_decayed_weights 0.2.8 after optax.scale_by_adam or scale_by_lion and the learning rate, which it does not "
    "see: Loshchilov and Hutter 2019, algorithm 2, with a schedule of 1",
    hyper={},
    options={"base": "adamw"},
    cases={"lion": {"base": "lion"}},
    oracle=optax_absolute_decay,
    checks=[lambda h: wrapped(lambda x, u, decay, t: x - u - BASE_DECAY * x, h)],
)
