"""Rules that turn Adam's moments into a step in another way: LaProp, Adam-atan2, Grams, StableAdamW."""

from math import sqrt

import numpy as np
import pytorch_optimizer
import timm.optim
from adam_atan2_pytorch import AdamAtan2
from harness import per_tensor, rule, torch_run

arguments = lambda h: {"eta": h.learningRate, "beta1": h.beta1, "beta2": h.beta2}

# ---------- LaProp ----------


def laprop(theta, gradients, eta, mu, nu, eps):
    """Ziyin, Wang, Ueda 2020, algorithm 1: momentum of the normalised gradient."""
    n = np.zeros_like(theta)
    m = np.zeros_like(theta)
    for t, g in enumerate(gradients, 1):
        n = nu * n + (1 - nu) * g**2
        m = mu * m + (1 - mu) * g / (np.sqrt(n / (1 - nu**t)) + eps)
        theta = theta - eta / (1 - mu**t) * m
        yield theta


rule(
    "laprop",
    "timm.optim.LaProp 1.0.31 without weight decay (which timm applies after the step, the paper not at all)",
    hyper={"learningRate": 4e-4, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-15},
    cases={
        "betas and epsilon": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3},
        "all": {"learningRate": 0.05, "beta1": 0.85, "beta2": 0.98, "epsilon": 1e-6},
    },
    oracle=lambda h: torch_run(lambda p: timm.optim.LaProp(p, h.learningRate, betas=(h.beta1, h.beta2), eps=h.epsilon)),
    checks=[lambda h: per_tensor(laprop, eta=h.learningRate, mu=h.beta1, nu=h.beta2, eps=h.epsilon)],
)

# ---------- Adam-atan2 ----------


def adam_atan2(theta, gradients, eta, beta1, beta2, a, b, decay):
    """Everett et al. 2024, equation 2 and appendix: atan2 where Adam divides and needs an epsilon."""
    m = np.zeros_like(theta)
    v = np.zeros_like(theta)
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        direction = a * np.arctan2(m / (1 - beta1**t), b * np.sqrt(v / (1 - beta2**t)))
        theta = theta - eta * decay * theta - eta * direction
        yield theta


rule(
    "adam-atan2",
    "adam_atan2_pytorch.AdamAtan2 0.4.1 (weight decay times the learning rate)",
    hyper={"learningRate": 1e-4, "beta1": 0.9, "beta2": 0.99, "a": 1.27, "b": 1.0, "weightDecay": 0.0},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "a and b": {"a": 1.0, "b": 2.0},
        "all": {
            "learningRate": 0.05,
            "beta1": 0.8,
            "beta2": 0.95,
            "a": 1.5,
            "b": 0.5,
            "weightDecay": 0.3,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: AdamAtan2(p, h.learningRate, betas=(h.beta1, h.beta2), a=h.a, b=h.b, weight_decay=h.weightDecay)
    ),
    checks=[lambda h: per_tensor(adam_atan2, **arguments(h), a=h.a, b=h.b, decay=h.weightDecay)],
)

# ---------- Grams ----------


def grams(w, gradients, eta, beta1, beta2, eps, decay):
    """Cao, Li, Song 2024, algorithm 1: the size of Adam's step, the sign of the gradient."""
    m = np.zeros_like(w)
    v = np.zeros_like(w)
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        u = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        w = w - eta * decay * w - eta * np.sign(g) * np.abs(u)
        yield w


rule(
    "grams",
    "pytorch_optimizer.Grams 4.1.0 with weight_decouple",
    hyper={"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6, "weightDecay": 0.0},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "all": {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "weightDecay": 0.3},
    },
    oracle=lambda h: torch_run(
        lambda p: pytorch_optimizer.Grams(
            p,
            h.learningRate,
            betas=(h.beta1, h.beta2),
            eps=h.epsilon,
            weight_decay=h.weightDecay,
            weight_decouple=True,
        )
    ),
    checks=[lambda h: per_tensor(grams, **arguments(h), eps=h.epsilon, decay=h.weightDecay)],
)

# ---------- StableAdamW ----------


def stable_adamw(theta, gradients, alpha, beta1, beta2, eps, decay):
    """Wortsman et al. 2023, algorithm 2: AdamW with AdaFactor's update clipping, betas with the correction inside."""
    v = np.zeros_like(theta)
    u = np.zeros_like(theta)
    for t, g in enumerate(gradients, 1):
        b1 = beta1 * (1 - beta1 ** (t - 1)) / (1 - beta1**t)
        b2 = beta2 * (1 - beta2 ** (t - 1)) / (1 - beta2**t)
        v = b1 * v + (1 - b1) * g
        u = b2 * u + (1 - b2) * g**2
        rms = sqrt(np.mean(g**2 / np.maximum(u, eps**2)))
        eta = alpha / max(1, rms)
        theta = theta - eta * decay * theta - eta * v / (np.sqrt(u) + eps)
        yield theta


rule(
    "stable-adamw",
    "pytorch_optimizer.StableAdamW 4.1.0",
    hyper={"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8, "weightDecay": 0.01},
    cases={
        "no weight decay": {"weightDecay": 0.0},
        "betas and epsilon": {"beta1": 0.8, "beta2": 0.999, "epsilon": 1e-3},
        "all": {"learningRate": 0.05, "beta1": 0.85, "beta2": 0.95, "epsilon": 1e-6, "weightDecay": 0.3},
    },
    oracle=lambda h: torch_run(
        lambda p: pytorch_optimizer.StableAdamW(
            p, h.learningRate, betas=(h.beta1, h.beta2), eps=h.epsilon, weight_decay=h.weightDecay
        )
    ),
    checks=[
        lambda h: per_tensor(
            stable_adamw,
            alpha=h.learningRate,
            beta1=h.beta1,
            beta2=h.beta2,
            eps=h.epsilon,
            decay=h.weightDecay,
        )
    ],
)
