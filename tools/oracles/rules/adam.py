"""Adam, AdamW, AMSGrad (an option of both), Adamax, NAdam, NAdamW, RAdam: PyTorch's own Adam family."""

from math import sqrt

import numpy as np
import torch
from harness import per_tensor, rule, torch_run

BETAS = {"beta1": 0.9, "beta2": 0.999}

# ---------- Adam, AdamW ----------


def adam(theta, gradients, alpha, beta1, beta2, eps, weight_decay, amsgrad, decoupled=False):
    """Kingma and Ba 2015, algorithm 1; decoupled: Loshchilov and Hutter 2019, the decay times the learning rate.

    AMSGrad (Reddi et al. 2018) with the bias corrections, taken after the maximum, as PyTorch.
    """
    m = np.zeros_like(theta)
    v = np.zeros_like(theta)
    largest = np.zeros_like(theta)
    for t, g in enumerate(gradients, 1):
        if decoupled:
            theta = theta - alpha * weight_decay * theta
        else:
            g = g + weight_decay * theta
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        largest = np.maximum(largest, v)
        m_hat = m / (1 - beta1**t)
        v_hat = (largest if amsgrad else v) / (1 - beta2**t)
        theta = theta - alpha * m_hat / (np.sqrt(v_hat) + eps)
        yield theta


theirs = lambda h: {
    "lr": h.learningRate,
    "betas": (h.beta1, h.beta2),
    "eps": h.epsilon,
    "weight_decay": h.weightDecay,
}
letters = lambda h: {
    "alpha": h.learningRate,
    "beta1": h.beta1,
    "beta2": h.beta2,
    "eps": h.epsilon,
    "weight_decay": h.weightDecay,
}
rule(
    "adam",
    "torch.optim.Adam 2.14.1",
    hyper={"learningRate": 1e-3, **BETAS, "epsilon": 1e-8, "weightDecay": 0.0},
    options={"amsgrad": False},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "amsgrad": {"amsgrad": True},
        "betas and epsilon": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3},
        "beta1 0": {"beta1": 0.0},
        "all": {
            "learningRate": 0.05,
            "beta1": 0.85,
            "beta2": 0.98,
            "epsilon": 1e-6,
            "weightDecay": 0.1,
            "amsgrad": True,
        },
    },
    oracle=lambda h: torch_run(lambda p: torch.optim.Adam(p, **theirs(h), amsgrad=h.amsgrad)),
    checks=[lambda h: per_tensor(adam, **letters(h), amsgrad=h.amsgrad)],
)
rule(
    "adamw",
    "torch.optim.AdamW 2.14.1",
    hyper={"learningRate": 1e-3, **BETAS, "epsilon": 1e-8, "weightDecay": 0.01},
    options={"amsgrad": False},
    cases={
        "weight decay 0.5": {"weightDecay": 0.5},
        "no weight decay": {"weightDecay": 0.0},
        "amsgrad": {"amsgrad": True},
        "all": {
            "learningRate": 0.05,
            "beta1": 0.85,
            "beta2": 0.98,
            "epsilon": 1e-6,
            "weightDecay": 0.3,
            "amsgrad": True,
        },
    },
    oracle=lambda h: torch_run(lambda p: torch.optim.AdamW(p, **theirs(h), amsgrad=h.amsgrad)),
    checks=[lambda h: per_tensor(adam, **letters(h), amsgrad=h.amsgrad, decoupled=True)],
)

# ---------- Adamax ----------


def adamax(theta, gradients, alpha, beta1, beta2, eps, weight_decay):
    """Kingma and Ba 2015, algorithm 2, with PyTorch's epsilon inside the maximum."""
    m = np.zeros_like(theta)
    u = np.zeros_like(theta)
    for t, g in enumerate(gradients, 1):
        g = g + weight_decay * theta
        m = beta1 * m + (1 - beta1) * g
        u = np.maximum(beta2 * u, np.abs(g) + eps)
        theta = theta - alpha / (1 - beta1**t) * m / u
        yield theta


rule(
    "adamax",
    "torch.optim.Adamax 2.14.1",
    hyper={"learningRate": 2e-3, **BETAS, "epsilon": 1e-8, "weightDecay": 0.0},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "betas and epsilon": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3},
        "all": {"learningRate": 0.05, "beta1": 0.85, "beta2": 0.98, "epsilon": 1e-6, "weightDecay": 0.1},
    },
    oracle=lambda h: torch_run(lambda p: torch.optim.Adamax(p, **theirs(h))),
    checks=[lambda h: per_tensor(adamax, **letters(h))],
)

# ---------- NAdam, NAdamW ----------


def nadam(theta, gradients, alpha, beta1, beta2, eps, weight_decay, psi, decoupled):
    """Dozat 2016 with the momentum schedule of its section 3.6 and its product, as PyTorch."""
    mu = lambda t: beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    m = np.zeros_like(theta)
    n = np.zeros_like(theta)
    product = 1.0
    for t, g in enumerate(gradients, 1):
        if decoupled:
            theta = theta - alpha * weight_decay * theta
        else:
            g = g + weight_decay * theta
        product = product * mu(t)
        m = beta1 * m + (1 - beta1) * g
        n = beta2 * n + (1 - beta2) * g**2
        m_bar = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        n_hat = n / (1 - beta2**t)
        theta = theta - alpha * m_bar / (np.sqrt(n_hat) + eps)
        yield theta


NADAM = {"learningRate": 2e-3, **BETAS, "epsilon": 1e-8, "weightDecay": 0.0, "momentumDecay": 4e-3}
nadam_variants = {
    "momentum decay": {"momentumDecay": 0.1},
    "betas and epsilon": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3},
    "all": {
        "learningRate": 0.05,
        "beta1": 0.85,
        "beta2": 0.98,
        "epsilon": 1e-6,
        "weightDecay": 0.3,
        "momentumDecay": 0.05,
    },
}
rule(
    "nadam",
    "torch.optim.NAdam 2.14.1",
    hyper=NADAM,
    cases={"weight decay": {"weightDecay": 0.1}, **nadam_variants},
    oracle=lambda h: torch_run(lambda p: torch.optim.NAdam(p, **theirs(h), momentum_decay=h.momentumDecay)),
    checks=[lambda h: per_tensor(nadam, **letters(h), psi=h.momentumDecay, decoupled=False)],
)
rule(
    "nadamw",
    "torch.optim.NAdam 2.14.1 with decoupled_weight_decay",
    hyper=NADAM | {"weightDecay": 0.01},
    cases={"weight decay 0.5": {"weightDecay": 0.5}, **nadam_variants},
    oracle=lambda h: torch_run(
        lambda p: torch.optim.NAdam(p, **theirs(h), momentum_decay=h.momentumDecay, decoupled_weight_decay=True)
    ),
    checks=[lambda h: per_tensor(nadam, **letters(h), psi=h.momentumDecay, decoupled=True)],
)

# ---------- RAdam ----------


def radam(theta, gradients, alpha, beta1, beta2, eps, weight_decay, decoupled):
    """Liu et al. 2020, algorithm 2, with rho > 5 and PyTorch's uncorrected epsilon."""
    m = np.zeros_like(theta)
    v = np.zeros_like(theta)
    rho_inf = 2 / (1 - beta2) - 1
    for t, g in enumerate(gradients, 1):
        if decoupled:
            theta = theta - alpha * weight_decay * theta
        else:
            g = g + weight_decay * theta
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t)
        rho = rho_inf - 2 * t * beta2**t / (1 - beta2**t)
        if rho > 5:
            l = sqrt(1 - beta2**t) / (np.sqrt(v) + eps)
            r = sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))
            theta = theta - alpha * r * m_hat * l
        else:
            theta = theta - alpha * m_hat
        yield theta


rule(
    "radam",
    "torch.optim.RAdam 2.14.1",
    hyper={"learningRate": 1e-3, **BETAS, "epsilon": 1e-8, "weightDecay": 0.0},
    options={"decoupled": False},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "decoupled weight decay": {"weightDecay": 0.1, "decoupled": True},
        "betas and epsilon": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3},
        "rho of 5.0015 at step 6": {"beta2": 0.84},
        "all": {
            "learningRate": 0.05,
            "beta1": 0.85,
            "beta2": 0.98,
            "epsilon": 1e-6,
            "weightDecay": 0.3,
            "decoupled": True,
        },
    },
    oracle=lambda h: torch_run(lambda p: torch.optim.RAdam(p, **theirs(h), decoupled_weight_decay=h.decoupled)),
    checks=[lambda h: per_tensor(radam, **letters(h), decoupled=h.decoupled)],
)
