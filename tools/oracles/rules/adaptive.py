"""Adagrad, Adadelta, RMSprop, Rprop: a step size per element, without a first moment."""

import numpy as np
import torch
from harness import per_tensor, rule, torch_run

# ---------- Adagrad ----------


def adagrad(x, gradients, lr, lr_decay, weight_decay, initial_accumulator_value, eps):
    """Duchi, Hazan, Singer 2011, diagonal form."""
    G = np.full_like(x, initial_accumulator_value)
    for t, g in enumerate(gradients):
        g = g + weight_decay * x
        G = G + g * g
        x = x - lr / (1 + t * lr_decay) * g / (np.sqrt(G) + eps)
        yield x


adagrad_arguments = lambda h: {
    "lr": h.learningRate,
    "lr_decay": h.lrDecay,
    "weight_decay": h.weightDecay,
    "initial_accumulator_value": h.initialAccumulatorValue,
    "eps": h.epsilon,
}
rule(
    "adagrad",
    "torch.optim.Adagrad 2.14.1",
    hyper={
        "learningRate": 0.01,
        "lrDecay": 0.0,
        "weightDecay": 0.0,
        "initialAccumulatorValue": 0.0,
        "epsilon": 1e-10,
    },
    cases={
        "learning rate decay": {"lrDecay": 0.1},
        "weight decay": {"weightDecay": 0.1},
        "initial accumulator value": {"initialAccumulatorValue": 0.1},
        "epsilon": {"epsilon": 1e-3},
        "all": {
            "learningRate": 0.1,
            "lrDecay": 0.05,
            "weightDecay": 0.1,
            "initialAccumulatorValue": 0.1,
            "epsilon": 1e-7,
        },
    },
    oracle=lambda h: torch_run(lambda p: torch.optim.Adagrad(p, **adagrad_arguments(h))),
    checks=[lambda h: per_tensor(adagrad, **adagrad_arguments(h))],
)

# ---------- RMSprop ----------


def rmsprop(x, gradients, lr, alpha, eps, weight_decay, momentum, centered):
    """Tieleman and Hinton 2012, lecture 6.5; centered as Graves 2013, with epsilon outside the root as PyTorch."""
    n = np.zeros_like(x)
    mean = np.zeros_like(x)
    delta = np.zeros_like(x)
    for g in gradients:
        g = g + weight_decay * x
        n = alpha * n + (1 - alpha) * g**2
        mean = alpha * mean + (1 - alpha) * g
        root = np.sqrt(n - mean**2) if centered else np.sqrt(n)
        delta = momentum * delta + g / (root + eps)
        x = x - lr * delta
        yield x


rmsprop_arguments = lambda h: {
    "lr": h.learningRate,
    "alpha": h.alpha,
    "eps": h.epsilon,
    "weight_decay": h.weightDecay,
    "momentum": h.momentum,
    "centered": h.centered,
}
rule(
    "rmsprop",
    "torch.optim.RMSprop 2.14.1",
    hyper={"learningRate": 0.01, "alpha": 0.99, "epsilon": 1e-8, "weightDecay": 0.0, "momentum": 0.0},
    options={"centered": False},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "momentum": {"momentum": 0.9},
        "centered": {"centered": True},
        "epsilon": {"epsilon": 1e-3},
        "centered, momentum": {"momentum": 0.9, "centered": True},
        "all": {
            "learningRate": 1e-3,
            "alpha": 0.9,
            "epsilon": 1e-6,
            "weightDecay": 0.1,
            "momentum": 0.9,
            "centered": True,
        },
    },
    oracle=lambda h: torch_run(lambda p: torch.optim.RMSprop(p, **rmsprop_arguments(h))),
    checks=[lambda h: per_tensor(rmsprop, **rmsprop_arguments(h))],
)

# ---------- Adadelta ----------


def adadelta(x, gradients, lr, rho, eps, weight_decay):
    """Zeiler 2012, algorithm 1; the learning rate is PyTorch's addition (1 in the paper)."""
    Eg2 = np.zeros_like(x)
    Edx2 = np.zeros_like(x)
    for g in gradients:
        g = g + weight_decay * x
        Eg2 = rho * Eg2 + (1 - rho) * g**2
        dx = -np.sqrt(Edx2 + eps) / np.sqrt(Eg2 + eps) * g
        Edx2 = rho * Edx2 + (1 - rho) * dx**2
        x = x + lr * dx
        yield x


adadelta_arguments = lambda h: {
    "lr": h.learningRate,
    "rho": h.rho,
    "eps": h.epsilon,
    "weight_decay": h.weightDecay,
}
rule(
    "adadelta",
    "torch.optim.Adadelta 2.14.1",
    hyper={"learningRate": 1.0, "rho": 0.9, "epsilon": 1e-6, "weightDecay": 0.0},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "rho": {"rho": 0.95},
        "epsilon": {"epsilon": 1e-3},
        "all": {"learningRate": 0.5, "rho": 0.8, "epsilon": 1e-4, "weightDecay": 0.1},
    },
    oracle=lambda h: torch_run(lambda p: torch.optim.Adadelta(p, **adadelta_arguments(h))),
    checks=[lambda h: per_tensor(adadelta, **adadelta_arguments(h))],
)

# ---------- Rprop ----------


def rprop(w, gradients, lr, eta_minus, eta_plus, delta_min, delta_max):
    """Riedmiller and Braun 1993 in the form without backtracking (Rprop-, with the gradient zeroed at a flip)."""
    delta = np.full_like(w, lr)
    previous = np.zeros_like(w)
    for g in gradients:
        product = g * previous
        delta = np.where(product > 0, np.minimum(delta * eta_plus, delta_max), delta)
        delta = np.where(product < 0, np.maximum(delta * eta_minus, delta_min), delta)
        g = np.where(product < 0, 0.0, g)
        w = w - np.sign(g) * delta
        previous = g
        yield w


rule(
    "rprop",
    "torch.optim.Rprop 2.14.1",
    hyper={"learningRate": 0.01, "etaMinus": 0.5, "etaPlus": 1.2, "stepSizeMin": 1e-6, "stepSizeMax": 50.0},
    cases={
        "etas": {"etaMinus": 0.8, "etaPlus": 1.05},
        "step sizes": {"stepSizeMin": 5e-3, "stepSizeMax": 0.015},
        "all": {
            "learningRate": 0.1,
            "etaMinus": 0.7,
            "etaPlus": 1.1,
            "stepSizeMin": 1e-2,
            "stepSizeMax": 0.2,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: torch.optim.Rprop(
            p, h.learningRate, etas=(h.etaMinus, h.etaPlus), step_sizes=(h.stepSizeMin, h.stepSizeMax)
        )
    ),
    checks=[
        lambda h: per_tensor(
            rprop,
            lr=h.learningRate,
            eta_minus=h.etaMinus,
            eta_plus=h.etaPlus,
            delta_min=h.stepSizeMin,
            delta_max=h.stepSizeMax,
        )
    ],
)
