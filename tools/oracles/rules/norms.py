"""Rules with a norm or a mean per tensor: LAMB, LARS, MARS, Adafactor, NovoGrad, CAME, Fromage."""

from math import sqrt

import numpy as np
import optax
import pytorch_optimizer
import timm.optim
import torch
from harness import optax_run, per_tensor, rule, torch_run

norm = lambda x: sqrt(np.sum(np.square(x)))
rms = lambda x: sqrt(np.mean(np.square(x)))

# ---------- LAMB ----------


def lamb(x, gradients, eta, beta1, beta2, eps, decay):
    """You et al. 2020, algorithm 2, with phi the identity; a ratio of 1 where either norm is 0."""
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        r = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        u = r + decay * x
        ratio = norm(x) / norm(u) if norm(x) > 0 and norm(u) > 0 else 1.0
        x = x - eta * ratio * u
        yield x


rule(
    "lamb",
    "optax.lamb 0.2.8 (no global clipping, always the trust ratio)",
    hyper={"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6, "weightDecay": 0.01},
    cases={
        "no weight decay": {"weightDecay": 0.0},
        "weight decay": {"weightDecay": 0.5},
        "betas and epsilon": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3},
        "small parameters": {"on": {"parameters": 1e-5}},
        "from the origin": {"on": {"parameters": 0}},
        "all": {"learningRate": 0.05, "beta1": 0.85, "beta2": 0.98, "epsilon": 1e-8, "weightDecay": 0.3},
    },
    oracle=lambda h: optax_run(optax.lamb(h.learningRate, h.beta1, h.beta2, h.epsilon, weight_decay=h.weightDecay)),
    checks=[
        lambda h: per_tensor(
            lamb, eta=h.learningRate, beta1=h.beta1, beta2=h.beta2, eps=h.epsilon, decay=h.weightDecay
        ),
        lambda h: torch_run(
            lambda p: timm.optim.Lamb(
                p,
                h.learningRate,
                betas=(h.beta1, h.beta2),
                eps=h.epsilon,
                weight_decay=h.weightDecay,
                max_grad_norm=None,
                always_adapt=True,
            )
        ),
    ],
)

# ---------- LARS ----------


def lars(w, gradients, gamma, m, eta, beta, eps, dampening, nesterov):
    """You, Gitman, Ginsburg 2017, algorithm 1, in PyTorch's SGD form: the learning rate outside of the momentum.

    A ratio of 1 where either norm is 0.
    """
    v = None
    for g in gradients:
        ratio = eta * norm(w) / (norm(g) + beta * norm(w) + eps) if norm(w) > 0 and norm(g) > 0 else 1.0
        d = ratio * (g + beta * w)
        if m:
            v = d if v is None else m * v + (1 - dampening) * d
            d = d + m * v if nesterov else v
        w = w - gamma * d
        yield w


rule(
    "lars",
    "timm.optim.Lars 1.0.31 with always_adapt (ratio over ||g|| + weightDecay ||p|| + epsilon, learning rate outside)",
    hyper={
        "learningRate": 1.0,
        "momentum": 0.9,
        "dampening": 0.0,
        "weightDecay": 0.0,
        "trustCoefficient": 1e-3,
        "epsilon": 1e-8,
    },
    options={"nesterov": False},
    cases={
        "no momentum": {"momentum": 0.0},
        "weight decay": {"weightDecay": 0.1},
        "small parameters": {"weightDecay": 0.1, "on": {"parameters": 1e-5}},
        "nesterov": {"nesterov": True},
        "dampening": {"dampening": 0.5},
        "dampening without momentum": {"momentum": 0.0, "dampening": 0.5},
        "all": {
            "learningRate": 0.5,
            "momentum": 0.8,
            "weightDecay": 0.3,
            "trustCoefficient": 0.02,
            "epsilon": 1e-3,
            "nesterov": True,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: timm.optim.Lars(
            p,
            h.learningRate,
            momentum=h.momentum,
            dampening=h.dampening,
            weight_decay=h.weightDecay,
            nesterov=h.nesterov,
            trust_coeff=h.trustCoefficient,
            eps=h.epsilon,
            always_adapt=True,
        )
    ),
    checks=[
        lambda h: per_tensor(
            lars,
            gamma=h.learningRate,
            m=h.momentum,
            eta=h.trustCoefficient,
            beta=h.weightDecay,
            eps=h.epsilon,
            dampening=h.dampening,
            nesterov=h.nesterov,
        )
    ],
)

# ---------- MARS ----------


def mars(x, gradients, eta, beta1, beta2, gamma, eps, decay, variant, optimize_1d):
    """Yuan et al. 2024, algorithms 1 to 3 (MARS-AdamW, MARS-Lion), x_1 = x_0: no difference at the first step.

    Without optimize_1d, vectors and scalars get plain AdamW, as the authors' code.
    """
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    before = gradients[0]
    for t, g in enumerate(gradients, 1):
        corrected = optimize_1d or x.ndim >= 2
        c = g
        if corrected:
            c = g + gamma * beta1 / (1 - beta1) * (g - before)
            c = c / norm(c) if norm(c) > 1 else c
        m = beta1 * m + (1 - beta1) * c
        v = beta2 * v + (1 - beta2) * c**2
        if corrected and variant == "lion":
            u = np.sign(m)
        else:
            u = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        x = x - eta * (u + decay * x)
        before = g
        yield x


rule(
    "mars",
    "timm.optim.Mars 1.0.31 (c_1 = g_1, as the paper's x_1 = x_0; the authors' code starts from a zero gradient)",
    hyper={
        "learningRate": 3e-3,
        "beta1": 0.9,
        "beta2": 0.99,
        "gamma": 0.025,
        "epsilon": 1e-8,
        "weightDecay": 0.0,
    },
    options={"variant": "adamw", "optimize1d": False},
    cases={
        "vectors too": {"optimize1d": True},
        "weight decay": {"weightDecay": 0.1},
        "gamma": {"gamma": 0.3},
        "small gradients": {"on": {"gradients": 1e-4}},
        "lion": {"variant": "lion"},
        "betas and epsilon": {"beta1": 0.95, "beta2": 0.9, "epsilon": 1e-3},
        "all": {
            "learningRate": 0.05,
            "beta1": 0.8,
            "beta2": 0.95,
            "gamma": 0.1,
            "epsilon": 1e-6,
            "weightDecay": 0.3,
            "variant": "lion",
            "optimize1d": True,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: timm.optim.Mars(
            p,
            h.learningRate,
            betas=(h.beta1, h.beta2),
            eps=h.epsilon,
            weight_decay=h.weightDecay,
            gamma=h.gamma,
            mars_type=h.variant,
            optimize_1d=h.optimize1d,
        )
    ),
    checks=[
        lambda h: per_tensor(
            mars,
            eta=h.learningRate,
            beta1=h.beta1,
            beta2=h.beta2,
            gamma=h.gamma,
            eps=h.epsilon,
            decay=h.weightDecay,
            variant=h.variant,
            optimize_1d=h.optimize1d,
        )
    ],
)

# ---------- Adafactor ----------


def adafactor(X, gradients, rho, beta2_decay, eps1, eps2, d, weight_decay):
    """Shazeer and Stern 2018, algorithms 4 and 5, in PyTorch's form.

    PyTorch clamps the estimates at epsilon 1 (its square for the root) where the paper adds epsilon 1 to g^2, and
    takes min(lr, 1/sqrt t) for the relative step size.
    """
    R = C = V = 0.0
    for t, G in enumerate(gradients, 1):
        rho_t = min(rho, 1 / sqrt(t))
        alpha = max(eps2, rms(X)) * rho_t
        beta2 = 1 - t**beta2_decay
        X = X - rho * weight_decay * X
        if X.ndim > 1:
            R = beta2 * R + (1 - beta2) * np.mean(G**2, axis=-1, keepdims=True)
            C = beta2 * C + (1 - beta2) * np.mean(G**2, axis=-2, keepdims=True)
            V = R @ C / max(np.mean(R), eps1)
        else:
            V = beta2 * V + (1 - beta2) * G**2
        U = G / np.sqrt(np.maximum(V, eps1**2))
        X = X - alpha * U / max(1.0, rms(U) / d)
        yield X


rule(
    "adafactor",
    "torch.optim.Adafactor 2.14.1 (epsilon1's default is the dtype's machine epsilon, here float64's; d is "
    "clipThreshold)",
    hyper={
        "learningRate": 0.01,
        "beta2Decay": -0.8,
        "epsilon1": 2.0**-52,
        "epsilon2": 1e-3,
        "clipThreshold": 1.0,
        "weightDecay": 0.0,
    },
    cases={
        "weight decay": {"weightDecay": 0.1},
        "beta2 decay": {"beta2Decay": -0.5},
        "epsilons": {"epsilon1": 1e-4, "epsilon2": 0.1},
        "small gradients": {"epsilon1": 1e-4, "on": {"gradients": 1e-5}},
        "clip threshold": {"clipThreshold": 2.0},
        "learning rate": {"learningRate": 0.3},
        "all": {
            "learningRate": 0.2,
            "beta2Decay": -0.6,
            "epsilon1": 1e-6,
            "epsilon2": 0.05,
            "clipThreshold": 1.5,
            "weightDecay": 0.3,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: torch.optim.Adafactor(
            p,
            h.learningRate,
            beta2_decay=h.beta2Decay,
            eps=(h.epsilon1, h.epsilon2),
            d=h.clipThreshold,
            weight_decay=h.weightDecay,
        )
    ),
    checks=[
        lambda h: per_tensor(
            adafactor,
            rho=h.learningRate,
            beta2_decay=h.beta2Decay,
            eps1=h.epsilon1,
            eps2=h.epsilon2,
            d=h.clipThreshold,
            weight_decay=h.weightDecay,
        )
    ],
)

# ---------- NovoGrad ----------


def novograd(w, gradients, eta, beta1, beta2, eps, decay):
    """Ginsburg et al. 2019, algorithm 1: a second moment per tensor, started at the first squared norm."""
    v = m = None
    for g in gradients:
        v = norm(g) ** 2 if v is None else beta2 * v + (1 - beta2) * norm(g) ** 2
        d = g / (sqrt(v) + eps) + decay * w
        m = d if m is None else beta1 * m + d
        w = w - eta * m
        yield w


rule(
    "novograd",
    "optax.novograd 0.2.8 (beta2 0.25; the paper's experiments and timm 0.98 with beta1 0.95)",
    hyper={"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.25, "epsilon": 1e-6, "weightDecay": 0.0},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "betas and epsilon": {"beta1": 0.95, "beta2": 0.98, "epsilon": 1e-3},
        "all": {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.9, "epsilon": 1e-4, "weightDecay": 0.3},
    },
    oracle=lambda h: optax_run(optax.novograd(h.learningRate, h.beta1, h.beta2, h.epsilon, weight_decay=h.weightDecay)),
    checks=[
        lambda h: per_tensor(
            novograd, eta=h.learningRate, beta1=h.beta1, beta2=h.beta2, eps=h.epsilon, decay=h.weightDecay
        ),
        lambda h: torch_run(
            lambda p: timm.optim.NvNovoGrad(
                p, h.learningRate, betas=(h.beta1, h.beta2), eps=h.epsilon, weight_decay=h.weightDecay
            )
        ),
    ],
)

# ---------- CAME ----------


def inverse_root(rows, columns):
    """The factored estimate's inverse root, from the means of rows and of columns."""
    return np.sqrt(np.mean(rows) / rows)[:, None] / np.sqrt(columns)[None, :]


def came(theta, gradients, eta, beta1, beta2, beta3, eps1, eps2, d, decay):
    """Luo et al. 2023, algorithm 2; tensors that are not matrices keep a full second moment and no confidence."""
    m = np.zeros_like(theta)
    r = c = R = C = v = 0.0
    for g in gradients:
        squared = g**2 + eps1
        if theta.ndim == 2:
            r = beta2 * r + (1 - beta2) * squared.mean(axis=1)
            c = beta2 * c + (1 - beta2) * squared.mean(axis=0)
            u = g * inverse_root(r, c)
        else:
            v = beta2 * v + (1 - beta2) * squared
            u = g / np.sqrt(v)
        u = u / max(1, rms(u) / d)
        m = beta1 * m + (1 - beta1) * u
        step = m
        if theta.ndim == 2:
            U = (u - m) ** 2 + eps2
            R = beta3 * R + (1 - beta3) * U.mean(axis=1)
            C = beta3 * C + (1 - beta3) * U.mean(axis=0)
            step = m * inverse_root(R, C)
        theta = theta - eta * decay * theta - eta * step
        yield theta


rule(
    "came",
    "pytorch_optimizer.CAME 4.1.0 (decay times the learning rate)",
    hyper={
        "learningRate": 2e-4,
        "beta1": 0.9,
        "beta2": 0.999,
        "beta3": 0.9999,
        "epsilon1": 1e-30,
        "epsilon2": 1e-16,
        "clipThreshold": 1.0,
        "weightDecay": 0.0,
    },
    cases={
        "weight decay": {"weightDecay": 0.1},
        "betas": {"beta1": 0.8, "beta2": 0.95, "beta3": 0.99},
        "epsilons": {"epsilon1": 1e-6, "epsilon2": 1e-4},
        "all": {
            "learningRate": 0.01,
            "beta1": 0.85,
            "beta2": 0.98,
            "beta3": 0.995,
            "epsilon1": 1e-10,
            "epsilon2": 1e-6,
            "clipThreshold": 2.0,
            "weightDecay": 0.3,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: pytorch_optimizer.CAME(
            p,
            h.learningRate,
            betas=(h.beta1, h.beta2, h.beta3),
            weight_decay=h.weightDecay,
            clip_threshold=h.clipThreshold,
            eps1=h.epsilon1,
            eps2=h.epsilon2,
        )
    ),
    checks=[
        lambda h: per_tensor(
            came,
            eta=h.learningRate,
            beta1=h.beta1,
            beta2=h.beta2,
            beta3=h.beta3,
            eps1=h.epsilon1,
            eps2=h.epsilon2,
            d=h.clipThreshold,
            decay=h.weightDecay,
        )
    ],
)

# ---------- Fromage ----------


def fromage(W, gradients, eta):
    """Bernstein et al. 2020, algorithm 1; the plain gradient where either norm is 0."""
    for g in gradients:
        if norm(W) > 0 and norm(g) > 0:
            g = g * norm(W) / norm(g)
        W = (W - eta * g) / sqrt(1 + eta**2)
        yield W


rule(
    "fromage",
    "pytorch_optimizer.Fromage 4.1.0 (optax.fromage also clips both norms from below)",
    hyper={"learningRate": 0.01},
    cases={
        "learning rate 0.3": {"learningRate": 0.3},
        "small parameters": {"on": {"parameters": 1e-5}},
        "from the origin": {"on": {"parameters": 0}},
    },
    oracle=lambda h: torch_run(lambda p: pytorch_optimizer.Fromage(p, h.learningRate)),
    checks=[lambda h: per_tensor(fromage, eta=h.learningRate)],
)
