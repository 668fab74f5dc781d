"""Rules that keep a sum or an average of the whole run: MADGRAD, FTRL, ASGD."""

import madgrad as authors
import numpy as np
import pytorch_optimizer
import torch
from harness import per_tensor, rule, torch_run

# ---------- MADGRAD ----------


def madgrad(x, gradients, gamma, momentum, eps, decay):
    """Defazio and Jelassi 2021, algorithm 1, with the authors' code's epsilon added to the learning rate."""
    x0 = x
    s = np.zeros_like(x)
    nu = np.zeros_like(x)
    c = 1 - momentum
    for k, g in enumerate(gradients):
        g = g + decay * x
        lam = (gamma + eps) * np.sqrt(k + 1)
        s = s + lam * g
        nu = nu + lam * g**2
        z = x0 - s / (np.cbrt(nu) + eps)
        x = (1 - c) * x + c * z
        yield x


rule(
    "madgrad",
    "madgrad.MADGRAD 1.3, the authors' code (it adds epsilon to the learning rate, as does optax, with sqrt(t) in "
    "float32; the paper does not; decay coupled)",
    hyper={"learningRate": 0.01, "momentum": 0.9, "epsilon": 1e-6, "weightDecay": 0.0},
    cases={
        "no momentum": {"momentum": 0.0},
        "weight decay": {"weightDecay": 0.1},
        "all": {"learningRate": 0.1, "momentum": 0.5, "epsilon": 1e-3, "weightDecay": 0.3},
    },
    oracle=lambda h: torch_run(
        lambda p: authors.MADGRAD(p, h.learningRate, momentum=h.momentum, weight_decay=h.weightDecay, eps=h.epsilon)
    ),
    checks=[
        lambda h: per_tensor(madgrad, gamma=h.learningRate, momentum=h.momentum, eps=h.epsilon, decay=h.weightDecay),
    ],
    tolerance=1e-12,
)

# ---------- FTRL ----------


def ftrl(w, gradients, alpha, beta, lambda1, lambda2):
    """McMahan et al. 2013, algorithm 1 (FTRL-Proximal): w follows from z alone, whatever it began as."""
    z = np.zeros_like(w)
    n = np.zeros_like(w)
    for g in gradients:
        sigma = (np.sqrt(n + g**2) - np.sqrt(n)) / alpha
        z = z + g - sigma * w
        n = n + g**2
        step = -(z - np.sign(z) * lambda1) / ((beta + np.sqrt(n)) / alpha + lambda2)
        w = np.where(np.abs(z) <= lambda1, 0.0, step)
        yield w


rule(
    "ftrl",
    "pytorch_optimizer.FTRL 4.1.0, which is the paper's (Keras and TensorFlow start n at 0.1 and have 2 l2 for l2); an "
    "element without a gradient so far is set to 0 at the first step",
    hyper={"learningRate": 0.1, "beta": 1.0, "l1": 0.0, "l2": 0.0},
    cases={
        "l1": {"l1": 1.0},
        "just above l1": {"learningRate": 0.5, "beta": 0.1, "l1": 0.616, "l2": 0.3},
        "l2": {"l2": 1.0},
        "beta": {"beta": 0.01},
        "all": {"learningRate": 0.5, "beta": 0.1, "l1": 0.5, "l2": 0.3},
    },
    oracle=lambda h: torch_run(
        lambda p: pytorch_optimizer.FTRL(p, h.learningRate, beta=h.beta, lambda_1=h.l1, lambda_2=h.l2)
    ),
    checks=[lambda h: per_tensor(ftrl, alpha=h.learningRate, beta=h.beta, lambda1=h.l1, lambda2=h.l2)],
    tolerance=1e-12,
)

# ---------- ASGD ----------


def asgd(w, gradients, lr, lambd, alpha, t0, weight_decay):
    """Bottou's averaged SGD (Polyak and Juditsky 1992) in PyTorch's form; yields the parameters and their average."""
    eta = lr
    mu = 1.0
    average = w
    for t, g in enumerate(gradients, 1):
        g = g + weight_decay * w
        w = w * (1 - lambd * eta) - eta * g
        average = average + mu * (w - average)
        eta = lr / (1 + lambd * lr * t) ** alpha
        mu = 1 / max(1, t - t0)
        yield w, average


rule(
    "asgd",
    "torch.optim.ASGD 2.14.1 (view: its average ax; lambd is lambda)",
    hyper={"learningRate": 0.01, "lambda": 1e-4, "alpha": 0.75, "t0": 1e6, "weightDecay": 0.0},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "t0": {"t0": 20.0},
        "all": {"learningRate": 0.1, "lambda": 0.5, "alpha": 0.5, "t0": 10.0, "weightDecay": 0.1},
    },
    oracle=lambda h: torch_run(
        lambda p: torch.optim.ASGD(p, h.learningRate, getattr(h, "lambda"), h.alpha, h.t0, weight_decay=h.weightDecay),
        view=lambda o, p: {k: o.state[x]["ax"].numpy().copy() for k, x in p.items()},
    ),
    checks=[
        lambda h: per_tensor(
            asgd,
            lr=h.learningRate,
            lambd=getattr(h, "lambda"),
            alpha=h.alpha,
            t0=h.t0,
            weight_decay=h.weightDecay,
        )
    ],
)
